"""Panels of the present: big numbers and rankings, each read once (instant)."""

from collections.abc import Sequence
from typing import Any

from grafanalib.core import Panel, Stat

from dashboards_py.style.limits import Steps
from dashboards_py.style.links import To
from dashboards_py.style.modern import BarGauge
from dashboards_py.style.panel import BY_LIMIT, LAST, by_query, given, targets
from dashboards_py.style.query import Query

PLAIN = {"mode": "fixed", "fixedColor": "text"}
NEUTRAL = {"mode": "fixed", "fixedColor": "blue"}
SIZES = {"text": {"titleSize": 13, "valueSize": 32}}  # px: the same on every board, however wide a panel is
LOW_BARS = {"sizing": "manual", "minVizHeight": 16, "maxVizHeight": 32, "text": {"titleSize": 13, "valueSize": 15}}


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
    """One big number, or a few named ones: green, yellow or red only where `limits` are given."""
    kept = given(
        title,
        description,
        unit=unit,
        limits=limits,
        no_value=no_value,
        links=links,
        size=(w, h),
        beside=beside,
        defaults={"color": BY_LIMIT if limits else PLAIN},
        overrides=by_query(queries),
        options={"colorMode": "value", "graphMode": "none", "justifyMode": "center", "reduceOptions": LAST, **SIZES},
    )
    drawn = targets(queries, instant=True)
    more = {"maxDataPoints": None, "noValue": None, "format": unit, "decimals": decimals, "reduceCalc": "lastNotNull"}
    return Stat(targets=drawn, **more, **kept)


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
    """A ranking. Shares (percentunit) are drawn against 100 %."""
    bounds = {"min": 0, "max": 1} if unit == "percentunit" else {"min": 0}
    kept = given(
        title,
        description,
        unit=unit,
        limits=limits,
        no_value=no_value,
        links=links,
        size=(w, h),
        beside=beside,
        defaults={"color": BY_LIMIT if limits else NEUTRAL, **bounds},
        overrides=by_query(queries),
        options={
            "orientation": "horizontal",
            "displayMode": "basic",
            "reduceOptions": LAST,
            "namePlacement": "left",
            **LOW_BARS,
        },
    )
    drawn = targets(queries, instant=True)
    return BarGauge(targets=drawn, maxDataPoints=None, **kept)  # type: ignore[call-arg]  # attrs: grafanalib's own
