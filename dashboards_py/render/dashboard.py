"""Dashboards as JSON: time range, links between boards, annotations, variables and rows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from grafanalib.core import Annotations, GridPos, Templating, Time

from dashboards_py.model import (
    Annotation,
    Box,
    NoticeVariable,
    PlacedDashboard,
    PlacedRow,
    StateTimeline,
)
from dashboards_py.render.kind import links
from dashboards_py.render.objects import SOURCE, Dashboard, Link, Panel
from dashboards_py.render.panel import panel
from dashboards_py.render.variable import variable_json
from dashboards_py.shapes import Json

SCHEMA_VERSION = 41  # the newest classic schema that Grafana 12.2 converts; 11 to 13 read it
SHARED_CROSSHAIR = 1
SCALARS = (str, int, float)


def dashboard(board: PlacedDashboard) -> Json:
    """The board as JSON."""
    data: Json = _plain(
        Dashboard(
            uid=board.uid,
            title=board.title,
            description=board.about,
            tags=["cilium", *board.tags],
            schemaVersion=SCHEMA_VERSION,
            graphTooltip=SHARED_CROSSHAIR,
            refresh=board.refresh,
            timezone="browser",
            time=Time("now-1h", "now"),
            links=[
                Link(title="Cilium boards", tags=["cilium"], asDropdown=True, includeVars=True, keepTime=True),
                *({**link, "type": "link", "icon": "external link"} for link in links(board.menu)),
            ],
            annotations=Annotations(list=[_annotation(mark, _states(board)) for mark in board.annotations]),
            templating=Templating(list=[variable_json(variable) for variable in board.variables]),
            panels=[row_panel for row in _rows(board) for row_panel in _row(row)],
        )
    )
    if not board.annotations:
        del data["annotations"]
    return data


def _plain(value: Any) -> Any:
    """Convert a value to plain JSON, with `to_json_data` for objects of grafanalib."""
    if value is None or isinstance(value, SCALARS):
        return value
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else _plain(value.to_json_data())


def _rows(board: PlacedDashboard) -> Sequence[PlacedRow]:
    """The rows; their headings end with the board's notices, which are mostly empty."""
    first = next((row.title for row in board.rows), "")
    notices = [
        (variable.row or first, f"${{{variable.name}}}")
        for variable in board.variables
        if isinstance(variable, NoticeVariable)
    ]
    return [
        replace(row, title="".join([row.title, *(text for title, text in notices if title == row.title)]))
        for row in board.rows
    ]


def _row(row: PlacedRow) -> Iterator[Panel]:
    """A row's heading and its panels, which are inside the heading if the row is collapsed."""
    panels = [panel(placed, grid(placed.box)) for placed in row.panels]
    options: Json = {"collapsed": True, "panels": panels} if row.collapsed else {}
    yield Panel("row", options, title=row.title, id=row.id, maxDataPoints=None, gridPos=grid(row.box))
    yield from () if row.collapsed else panels


def grid(box: Box) -> GridPos:
    """A box as a grafanalib object."""
    return GridPos(h=box.h, w=box.w, x=box.x, y=box.y)


def _states(board: PlacedDashboard) -> list[int]:
    """The ids of panels of states, on whose colors a mark would lie.

    StateTimelinePanel.tsx draws all annotations that it gets, over the states. @grafana/scenes takes those out whose
    `filter` has `exclude` and lists the panel (layers/annotations/filterAnnotations.ts).
    """
    return [placed.id for row in board.rows for placed in row.panels if isinstance(placed.panel, StateTimeline)]


def _annotation(annotation: Annotation, not_on: list[int]) -> Json:
    return {
        "name": annotation.name,
        "datasource": SOURCE,
        "enable": True,
        "hide": True,
        "iconColor": annotation.color,
        "expr": annotation.expr,
        "titleFormat": annotation.text,
        **({"step": annotation.step} if annotation.step else {}),
        **({"filter": {"exclude": True, "ids": not_on}} if not_on else {}),
    }
