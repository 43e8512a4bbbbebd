"""A panel of each kind: options and field configuration, as far as they differ from what Grafana assumes."""

from collections.abc import Sequence

from grafanalib.core import GridPos

from dashboards_py.model import (
    BarGauge,
    Heatmap,
    PlacedPanel,
    Query,
    Stat,
    StateTimeline,
    Table,
    Threshold,
    TimeSeries,
    ref_id,
)
from dashboards_py.render import bar_gauge, heatmap, stat, state_timeline, table, time_series
from dashboards_py.render.kind import Kind
from dashboards_py.render.objects import SOURCE, Json, Panel, Target


def panel(placed: PlacedPanel, box: GridPos) -> Panel:
    """A panel."""
    it = placed.panel
    kind = _kind(placed)
    defaults: Json = {"unit": it.unit}
    defaults |= {"thresholds": {"steps": [_step(each) for each in it.thresholds]}} if it.thresholds else {}
    defaults |= {"noValue": it.no_value} if it.no_value else {}
    defaults |= {"links": [{"title": each.title, "url": each.url} for each in placed.links]} if placed.links else {}
    config: Json = {"defaults": defaults | kind.defaults}
    config |= {"overrides": kind.overrides} if kind.overrides else {}
    return Panel(
        kind.type,
        {"options": kind.options, "fieldConfig": config},
        title=it.title,
        description=it.description,
        id=placed.id,
        dataSource=SOURCE,
        targets=_targets(it.queries, kind),
        maxDataPoints=kind.max_data_points,
        transformations=kind.transformations,
        gridPos=box,
    )


def _kind(placed: PlacedPanel) -> Kind:
    match placed.panel:
        case Stat() as it:
            return stat.kind(it)
        case BarGauge() as it:
            return bar_gauge.kind(it)
        case Table() as it:
            return table.kind(it, placed.column_links)
        case TimeSeries() as it:
            return time_series.kind(it)
        case StateTimeline() as it:
            return state_timeline.kind(it)
        case Heatmap() as it:
            return heatmap.kind(it)
        case it:
            raise TypeError(f"{type(it).__name__} is no kind of panel")


def _step(threshold: Threshold) -> Json:
    """Grafana's types require the value of the lowest one, though it is null."""
    return {"color": threshold.color, "value": threshold.value}


def _targets(queries: Sequence[Query], kind: Kind) -> list[Target]:
    return [
        Target(
            expr=query.expr,
            legendFormat=query.legend,
            refId=ref_id(index),
            instant=kind.instant,
            format=kind.format,
        )
        for index, query in enumerate(queries)
    ]
