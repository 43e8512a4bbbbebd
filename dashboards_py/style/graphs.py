"""Panels over time: lines, states, histograms."""

from collections.abc import Sequence
from typing import Any

from grafanalib.core import Panel, StateTimeline, TimeSeries

from dashboards_py.style.colours import meanings, scheme
from dashboards_py.style.limits import Steps
from dashboards_py.style.links import To
from dashboards_py.style.modern import Heatmap
from dashboards_py.style.panel import BY_LIMIT, Json, by_query, given, targets
from dashboards_py.style.query import Query

LEGEND_TABLE = {"displayMode": "table", "calcs": ["lastNotNull", "max"], "sortBy": "Last *", "sortDesc": True}


def timeseries(
    title: str,
    description: str,
    *queries: Query,
    unit: str,
    limits: Steps | None = None,
    no_value: str = "",
    links: Sequence[To] = (),
    points: int = 120,
    legend: str = "table",
    w: int = 8,
    h: int = 8,
    **beside: Any,
) -> Panel:
    """Lines over time; `points` bounds what is read per series.

    The legend is a table (last, max; largest first), or a `list` where a panel is low and names suffice.
    """
    custom: Json = {"fillOpacity": 8, "showPoints": "never"}
    custom |= {"thresholdsStyle": {"mode": "dashed"}} if limits else {}
    kept = given(
        title,
        description,
        unit=unit,
        limits=limits,
        no_value=no_value,
        links=links,
        size=(w, h),
        beside=beside,
        defaults={"color": scheme(queries), "custom": custom, "min": 0},
        overrides=meanings(queries) + by_query(queries),
        options={
            "legend": LEGEND_TABLE if legend == "table" else {},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
    )
    return TimeSeries(targets=targets(queries), maxDataPoints=points, **kept)


def state_timeline(
    title: str,
    description: str,
    *queries: Query,
    limits: Steps,
    words: dict[str, str] | None = None,
    no_value: str = "",
    links: Sequence[To] = (),
    points: int = 120,
    w: int = 12,
    h: int = 8,
    **beside: Any,
) -> Panel:
    """States over time, one lane a series; `words` names values (`{"0": "not ready"}`)."""
    named = {value: {"text": text, "index": place} for place, (value, text) in enumerate((words or {}).items())}
    kept = given(
        title,
        description,
        unit="none",
        limits=limits,
        no_value=no_value,
        links=links,
        size=(w, h),
        beside=beside,
        defaults={"color": BY_LIMIT, "mappings": [{"type": "value", "options": named}] if named else []},
        overrides=by_query(queries),
        options={"showValue": "never", "legend": {"showLegend": bool(named)}},
    )
    return StateTimeline(targets=targets(queries), maxDataPoints=points, **kept)


def heatmap(
    title: str,
    description: str,
    *queries: Query,
    unit: str,
    no_value: str = "",
    links: Sequence[To] = (),
    points: int = 60,
    w: int = 12,
    h: int = 8,
    **beside: Any,
) -> Panel:
    """A histogram over time: queries give rates by `le`; `unit` is the buckets' unit."""
    kept = given(
        title,
        description,
        unit=unit,
        limits=None,
        no_value=no_value,
        links=links,
        size=(w, h),
        beside=beside,
        defaults={},
        overrides=[],
        options={
            "calculate": False,
            "cellValues": {"unit": "short"},
            "yAxis": {"unit": unit},
            "color": {"mode": "scheme", "scheme": "Oranges", "steps": 64},
        },
    )
    drawn = targets(queries, format="heatmap")
    return Heatmap(targets=drawn, maxDataPoints=points, **kept)  # type: ignore[call-arg]  # attrs: grafanalib's own
