"""The kinds of panel, thin functions over grafanalib.

Each takes a title, a description (what it means, and what to do when it is bad), its queries, and the few things that
differ between panels: unit, thresholds (`limits`), what no data means (`no_value`), and where to look next (`links`).
Sizes are wishes in Grafana's 24 columns; the compiler places panels and fills its lines.
"""

from collections.abc import Sequence
from typing import Any

from grafanalib.core import Panel, Stat, StateTimeline, Table, Target, TimeSeries

from dashboards_py.style.colours import meanings, scheme
from dashboards_py.style.limits import Steps
from dashboards_py.style.links import To
from dashboards_py.style.modern import BarGauge, Heatmap
from dashboards_py.style.query import Query
from dashboards_py.style.variables import SOURCE

PLAIN = {"mode": "fixed", "fixedColor": "text"}
NEUTRAL = {"mode": "fixed", "fixedColor": "blue"}
BY_LIMIT = {"mode": "thresholds"}
LAST = {"calcs": ["lastNotNull"]}


def refs(queries: Sequence[Query], **kind: Any) -> list[Target]:
    """Targets with the ids A, B, C ... in the order written."""
    return [
        Target(expr=query.expr, legendFormat=query.legend, refId=chr(ord("A") + place), **kind)
        for place, query in enumerate(queries)
    ]


def _common(
    title: str,
    description: str,
    unit: str,
    limits: Steps | None,
    no_value: str,
    links: Sequence[To],
    extra: dict[str, Any],
) -> dict[str, Any]:
    """What every kind of panel shares, as grafanalib's arguments; `extra` is laid over the panel's JSON."""
    defaults: dict[str, Any] = {"unit": unit}
    defaults |= {"thresholds": {"steps": limits}} if limits else {}
    defaults |= {"noValue": no_value} if no_value else {}
    defaults |= (
        {"links": [{"to": link.uid, "title": link.title, "carry": dict(link.carry)} for link in links]} if links else {}
    )
    over = dict(extra)
    config = dict(over.pop("fieldConfig", {}))
    defaults |= config.pop("defaults", {})
    return {
        "title": title,
        "description": description,
        "dataSource": SOURCE,
        "extraJson": {"fieldConfig": {"defaults": defaults, **config}, **over},
    }


def _by_ref(queries: Sequence[Query]) -> list[dict[str, Any]]:
    """Overrides for queries drawn in another unit or on the right axis."""
    overrides = []
    for place, query in enumerate(queries):
        properties = [{"id": "unit", "value": query.unit}] if query.unit else []
        properties += [{"id": "custom.axisPlacement", "value": "right"}] if query.right else []
        if properties:
            overrides.append(
                {"matcher": {"id": "byFrameRefID", "options": chr(ord("A") + place)}, "properties": properties}
            )
    return overrides


def timeseries(
    title: str,
    description: str,
    *queries: Query,
    unit: str,
    limits: Steps | None = None,
    no_value: str = "",
    links: Sequence[To] = (),
    points: int = 120,
    stacked: bool = False,
    w: int = 8,
    h: int = 8,
    **beside: Any,
) -> Panel:
    """Lines over time with a legend table (last, max); `points` bounds the samples read per series."""
    custom: dict[str, Any] = {"fillOpacity": 30 if stacked else 8, "showPoints": "never"}
    custom |= {"stacking": {"mode": "normal"}} if stacked else {}
    custom |= {"thresholdsStyle": {"mode": "dashed"}} if limits else {}
    extra = {
        "fieldConfig": {
            "defaults": {"color": scheme(queries), "custom": custom, "min": 0},
            "overrides": meanings(queries) + _by_ref(queries),
        },
        "options": {
            "legend": {"displayMode": "table", "calcs": ["lastNotNull", "max"]},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        "beside": {"w": w, "h": h, **beside},
    }
    return TimeSeries(
        targets=refs(queries), maxDataPoints=points, **_common(title, description, unit, limits, no_value, links, extra)
    )


def stat(
    title: str,
    description: str,
    *queries: Query,
    unit: str = "none",
    limits: Steps | None = None,
    no_value: str = "",
    links: Sequence[To] = (),
    decimals: int | None = None,
    w: int = 4,
    h: int = 4,
    **beside: Any,
) -> Panel:
    """One big number, or a few named ones, read once (instant): green, yellow or red only where `limits` are given."""
    extra = {
        "fieldConfig": {"defaults": {"color": BY_LIMIT if limits else PLAIN}, "overrides": _by_ref(queries)},
        "options": {"colorMode": "value", "graphMode": "none", "reduceOptions": LAST},
        "beside": {"w": w, "h": h, **beside},
    }
    given = _common(title, description, unit, limits, no_value, links, extra)
    return Stat(
        targets=refs(queries, instant=True),
        maxDataPoints=None,
        noValue=None,
        format=unit,
        decimals=decimals,
        reduceCalc="lastNotNull",
        **given,
    )


def bargauge(
    title: str,
    description: str,
    *queries: Query,
    unit: str,
    limits: Steps | None = None,
    no_value: str = "",
    links: Sequence[To] = (),
    w: int = 8,
    h: int = 8,
    **beside: Any,
) -> Panel:
    """A ranking read once (instant). Shares (percentunit) are drawn against 100 %."""
    bounds = {"min": 0, "max": 1} if unit == "percentunit" else {"min": 0}
    extra = {
        "fieldConfig": {
            "defaults": {"color": BY_LIMIT if limits else NEUTRAL, **bounds},
            "overrides": _by_ref(queries),
        },
        "options": {
            "orientation": "horizontal",
            "displayMode": "basic",
            "reduceOptions": LAST,
            "namePlacement": "left",
        },
        "beside": {"w": w, "h": h, **beside},
    }
    return BarGauge(  # type: ignore[call-arg]  # attrs adds grafanalib's own arguments
        targets=refs(queries, instant=True),
        maxDataPoints=None,
        **_common(title, description, unit, limits, no_value, links, extra),
    )


def table(
    title: str,
    description: str,
    *queries: Query,
    unit: str = "none",
    limits: Steps | None = None,
    no_value: str = "",
    links: Sequence[To] = (),
    w: int = 12,
    h: int = 8,
    **beside: Any,
) -> Panel:
    """Instant queries side by side: rows are merged by their labels, each query's legend heads its column.

    A column `node` sets this board's `$node` on click.
    """
    many = len(queries) > 1
    names = {
        (f"Value #{chr(ord('A') + place)}" if many else "Value"): query.legend for place, query in enumerate(queries)
    }
    overrides: list[dict[str, Any]] = [
        {"matcher": {"id": "byName", "options": query.legend}, "properties": [{"id": "unit", "value": query.unit}]}
        for query in queries
        if query.unit
    ]
    if many and no_value:  # said once where the table is empty, not in every empty cell
        overrides.append(
            {"matcher": {"id": "byRegexp", "options": "/.*/"}, "properties": [{"id": "noValue", "value": "–"}]}
        )
    organize = {"id": "organize", "options": {"excludeByName": {"Time": True}, "renameByName": names}}
    extra = {
        "fieldConfig": {
            "defaults": {"custom": {"cellOptions": {"type": "color-text"}} if limits else {}},
            "overrides": overrides,
        },
        "options": {"cellHeight": "sm", "sortBy": [{"displayName": queries[0].legend, "desc": True}]},
        "transformations": ([{"id": "merge", "options": {}}] if many else []) + [organize],
        "beside": {"w": w, "h": h, **beside},
    }
    given = _common(title, description, unit, limits, no_value, links, extra)
    return Table(targets=refs(queries, instant=True, format="table"), maxDataPoints=None, span=None, **given)


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
    mapping = [
        {
            "type": "value",
            "options": {
                value: {"text": text, "index": place} for place, (value, text) in enumerate((words or {}).items())
            },
        }
    ]
    extra = {
        "fieldConfig": {
            "defaults": {"color": BY_LIMIT, "mappings": mapping if words else []},
            "overrides": _by_ref(queries),
        },
        "options": {"showValue": "never", "legend": {"displayMode": "list"}},
        "beside": {"w": w, "h": h, **beside},
    }
    return StateTimeline(
        targets=refs(queries),
        maxDataPoints=points,
        **_common(title, description, "none", limits, no_value, links, extra),
    )


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
    extra = {
        "options": {
            "calculate": False,
            "cellValues": {"unit": "short"},
            "yAxis": {"unit": unit},
            "color": {"mode": "scheme", "scheme": "Oranges", "steps": 64},
        },
        "beside": {"w": w, "h": h, **beside},
    }
    return Heatmap(  # type: ignore[call-arg]  # attrs adds grafanalib's own arguments
        targets=refs(queries, format="heatmap"),
        maxDataPoints=points,
        **_common(title, description, unit, None, no_value, links, extra),
    )
