"""Panels as grafanalib objects, with options and field configuration that differ from Grafana's defaults."""

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
    TimeSeries,
    ref_id,
)
from dashboards_py.render import bar_gauge, heatmap, stat, state_timeline, table, time_series
from dashboards_py.render.kind import Kind, links, steps
from dashboards_py.render.objects import SOURCE, Panel, Target
from dashboards_py.shapes import Json


def panel(placed: PlacedPanel, box: GridPos) -> Panel:
    """A placed panel as a grafanalib object."""
    content = placed.panel
    kind = _kind(placed)
    is_gray = isinstance(content, Stat | BarGauge | Table)
    defaults: Json = {"unit": content.unit}
    defaults |= (
        {"thresholds": {"steps": steps(content.thresholds, gray_without_data=is_gray)}} if content.thresholds else {}
    )
    defaults |= {"noValue": content.no_value} if content.no_value else {}
    defaults |= {"links": links(placed.value_links)} if placed.value_links else {}
    config: Json = {"defaults": defaults | kind.defaults}
    config |= {"overrides": kind.overrides} if kind.overrides else {}
    return Panel(
        kind.type,
        {**({"options": kind.options} if kind.options else {}), "fieldConfig": config},
        title=content.title,
        description=_description(placed),
        id=placed.id,
        dataSource=SOURCE,
        targets=_targets(content.queries, kind),
        links=links(placed.header_links),
        maxDataPoints=kind.max_data_points,
        transformations=kind.transformations,
        gridPos=box,
    )


def _description(placed: PlacedPanel) -> str:
    """The panel's description, with the boards to which the links in its header lead."""
    boards = ", ".join(dict.fromkeys(link.title for link in placed.header_links))
    return f"{placed.panel.description} Next: {boards}." if boards else placed.panel.description


def _kind(placed: PlacedPanel) -> Kind:
    match placed.panel:
        case Stat() as content:
            return stat.kind(content)
        case BarGauge() as content:
            return bar_gauge.kind(content)
        case Table() as content:
            return table.kind(content, placed.column_links)
        case TimeSeries() as content:
            return time_series.kind(content)
        case StateTimeline() as content:
            return state_timeline.kind(content)
        case Heatmap() as content:
            return heatmap.kind(content)
        case content:
            raise TypeError(f"{type(content).__name__} is not a kind of panel")


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
