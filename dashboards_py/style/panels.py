"""All kinds of panels except tables: big numbers, rankings, graphs, states and histograms over time.

All take a title, a description (what the panel shows, and what to do when it looks bad), queries and their own options.
`w` and `h` are preferences, in columns of 24 and in units of 30 px.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, Unpack

from dashboards_py.model import (
    BarGauge,
    Heatmap,
    Legend,
    Level,
    Query,
    Stat,
    State,
    StateTimeline,
    Threshold,
    TimeSeries,
    Unit,
)
from dashboards_py.style.colors import series_colors
from dashboards_py.style.hues import (
    has_shades,
    line_styles,
    name_hues,
    query_hues,
    single_hues,
    styles_of_names,
)
from dashboards_py.style.lines import name_styles
from dashboards_py.style.options import PanelOptions, report_panel_title

# Points of a graph. Over an hour Grafana makes of either number a point each two minutes, whose rate covers these and
# one scrape (`$__rate_interval`): with more, windows overlap, and each sample is read several times for the same line.
POINTS = 30
POINTS_OF_MANY_SERIES = 20
PER_MINUTE: Unit = "count:/min"  # of what happens less than once a second: a line from point to point would zigzag
# Where nothing happens, Grafana's axis from 0 on ends at 100. These ends are those of the least that can happen: one,
# or one event in the two minutes of a point.
QUIET_ENDS: Mapping[Unit, float] = {
    **dict.fromkeys(("none", "short", PER_MINUTE), 1.0),
    **dict.fromkeys(("ops", "reqps", "eps", "count:pkt/s"), 0.01),
}
MANY_SERIES = re.compile(r"\bhubble_|_bucket\b")  # of which each node has hundreds


def query(
    expr: str,
    legend: str,
    *,
    unit: Unit | Literal[""] = "",
    decimals: int | None = None,
    secondary: bool = False,
    states: tuple[State, ...] = (),
    thresholds: tuple[Threshold, ...] = (),
    levels: tuple[Level, ...] = (),
) -> Query:
    """A PromQL query without scope matchers: the compiler adds `cluster` and `node`. Options as in model.Query.

    Numbers of events are whole: Prometheus extrapolates an increase to the whole range, and makes 1.01 of one event.
    """
    return Query(
        expr=expr.strip(),
        legend=legend,
        unit=unit,
        decimals=0 if counts_events(expr) else decimals,
        secondary=secondary,
        states=states,
        thresholds=thresholds,
        levels=levels,
    )


def counts_events(expr: str) -> bool:
    """True if the values of an expression are numbers of events, and not shares of them or quantiles.

    After `and` or `unless` is a condition, such as enough observations for a quantile, whose values are not shown.
    """
    values = re.split(r"\b(?:and|unless)\b", expr)[0]
    return "increase(" in values and "/" not in values and "histogram_quantile(" not in values


@report_panel_title
def stat(
    title: str,
    description: str,
    *queries: Query,
    unit: Unit = "none",
    decimals: int | None = None,
    w: int = 4,
    h: int = 4,
    **options: Unpack[PanelOptions],
) -> Stat:
    """One big number, or a few named ones; colored only by thresholds."""
    return Stat(
        title=title,
        description=description,
        queries=queries,
        unit=unit,
        decimals=decimals,
        width=w,
        height=h,
        **options,
    )


@report_panel_title
def bargauge(
    title: str,
    description: str,
    *queries: Query,
    unit: Unit,
    w: int = 8,
    h: int = 8,
    **options: Unpack[PanelOptions],
) -> BarGauge:
    """A ranking. The bars of shares (percentunit) end at 100 %."""
    return BarGauge(
        title=title,
        description=description,
        queries=queries,
        unit=unit,
        width=w,
        height=h,
        series_colors={} if "thresholds" in options else series_colors(queries),
        **options,
    )


@report_panel_title
def timeseries(
    title: str,
    description: str,
    *queries: Query,
    unit: Unit,
    legend: Legend = "table",
    bars: bool = False,
    rare: bool = False,
    w: int = 8,
    h: int = 8,
    **options: Unpack[PanelOptions],
) -> TimeSeries:
    """A graph. The legend is a table (last, max; largest first) of up to two lines below it.

    Of more lines it is `right` of it where there is width, or a `list` of names. A line through the few events of a
    point would zigzag: what is `rare`, as all that is counted per minute, has steps, or `bars` if their colors differ.
    Of the unit "none" are counts: only whole numbers stand at the axis (UPlotAxisBuilder in @grafana/ui). Means of them
    are "short".
    """
    return TimeSeries(
        title=title,
        description=description,
        queries=queries,
        unit=unit,
        width=w,
        height=h,
        max_data_points=_points(queries),
        legend=legend,
        soft_max=None if any(one.unit for one in queries) else QUIET_ENDS.get(unit),
        decimals=0 if unit == "none" else None,
        bars=bars,
        steps=(rare or unit == PER_MINUTE) and not bars,
        hues=query_hues(queries, bars=bars),
        has_shades=has_shades(queries, bars=bars),
        styles=() if bars else line_styles(queries),
        name_hues=name_hues(queries, bars=bars),
        series_colors={**single_hues(queries, bars=bars), **series_colors(queries)},
        name_styles={} if bars else {**styles_of_names(queries), **name_styles(queries)},
        **options,
    )


@report_panel_title
def state_timeline(
    title: str,
    description: str,
    *queries: Query,
    value_names: Mapping[str, str] | None = None,
    w: int = 12,
    h: int = 8,
    **options: Unpack[PanelOptions],
) -> StateTimeline:
    """States over time, with one lane per series; `value_names` are texts for values (`{"0": "not ready"}`)."""
    return StateTimeline(
        title=title,
        description=description,
        queries=queries,
        unit="none",
        width=w,
        height=h,
        max_data_points=_points(queries),
        value_names=value_names or {},
        **options,
    )


@report_panel_title
def heatmap(
    title: str,
    description: str,
    *queries: Query,
    unit: Unit,
    w: int = 12,
    h: int = 8,
    **options: Unpack[PanelOptions],
) -> Heatmap:
    """A histogram over time: queries return rates by `le`, and `unit` is the unit of the buckets."""
    return Heatmap(
        title=title,
        description=description,
        queries=queries,
        unit=unit,
        width=w,
        height=h,
        max_data_points=_points(queries),
        **options,
    )


def _points(queries: Sequence[Query]) -> int:
    """The number of points of a graph of these queries: fewer where they read many series."""
    return POINTS_OF_MANY_SERIES if any(MANY_SERIES.search(one.expr) for one in queries) else POINTS
