"""Dashboards as JSON: time range, links between boards, annotations, variables and rows."""

from collections.abc import Iterator
from typing import Any, assert_never

from grafanalib.core import Annotations, GridPos, Templating, Time

from dashboards_py.model import (
    Annotation,
    Box,
    CustomVariable,
    DatasourceVariable,
    LabelVariable,
    PlacedDashboard,
    PlacedRow,
    Variable,
)
from dashboards_py.render.objects import SOURCE, Dashboard, Link, Panel
from dashboards_py.render.panel import panel
from dashboards_py.shapes import Json

SCHEMA_VERSION = 41  # the newest classic schema that Grafana 12.2 converts; 11 to 13 read it
SHARED_CROSSHAIR = 1
SORT_ALPHABETICALLY = 1
ON_DASHBOARD_LOAD = 1
QUERY_REF = "PrometheusVariableQueryEditor-VariableQuery"
ALL = {"text": ["All"], "value": ["$__all"]}
# Grafana's default data source, whichever it is. Without it, the alphabetically first is selected: `getList` sorts by
# name, and only this text with this value adds the option (`defaultOptionEnabled` in Grafana's
# public/app/features/dashboard-scene/utils/variables.ts). If the default one has another type, the first is selected.
DEFAULT_SOURCE = {"text": "default", "value": "default"}


def dashboard(board: PlacedDashboard) -> Json:
    """The board as JSON."""
    data: Json = _plain(
        Dashboard(
            uid=board.uid,
            title=board.title,
            tags=["cilium", *board.tags],
            schemaVersion=SCHEMA_VERSION,
            graphTooltip=SHARED_CROSSHAIR,
            refresh="1m",
            timezone="browser",
            time=Time("now-1h", "now"),
            links=[Link(title="Cilium boards", tags=["cilium"], asDropdown=True, includeVars=True, keepTime=True)],
            annotations=Annotations(list=[_annotation(annotation) for annotation in board.annotations]),
            templating=Templating(list=[_variable(variable) for variable in board.variables]),
            panels=[_about(board), *(row_panel for row in board.rows for row_panel in _row(row))],
        )
    )
    if not board.annotations:
        del data["annotations"]
    return data


def _plain(value: Any) -> Any:
    """Convert a value to plain JSON, with `to_json_data` for objects of grafanalib."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, str | int | float) else _plain(value.to_json_data())


def _about(board: PlacedDashboard) -> Panel:
    options = {"transparent": True, "options": {"content": board.about}}
    return Panel("text", options, id=board.about_id, maxDataPoints=None, gridPos=grid(board.about_box))


def _row(row: PlacedRow) -> Iterator[Panel]:
    """A row's heading and its panels, which are inside the heading if the row is collapsed."""
    panels = [panel(placed, grid(placed.box)) for placed in row.panels]
    options: Json = {"collapsed": True, "panels": panels} if row.collapsed else {}
    yield Panel("row", options, title=row.title, id=row.id, maxDataPoints=None, gridPos=grid(row.box))
    yield from () if row.collapsed else panels


def grid(box: Box) -> GridPos:
    """A box as a grafanalib object."""
    return GridPos(h=box.h, w=box.w, x=box.x, y=box.y)


def _annotation(annotation: Annotation) -> Json:
    return {
        "name": annotation.name,
        "datasource": SOURCE,
        "enable": True,
        "hide": True,
        "iconColor": annotation.color,
        "expr": annotation.expr,
        "titleFormat": annotation.text,
        **({"step": annotation.step} if annotation.step else {}),
    }


def _variable(variable: Variable) -> Json:
    """A variable as JSON. grafanalib's Template would mostly write keys that we do not need."""
    head = {"name": variable.name, "label": variable.label}
    match variable:
        case DatasourceVariable():
            return {**head, "type": "datasource", "query": variable.type, "current": DEFAULT_SOURCE}
        case CustomVariable(options=options):
            current = {"text": options[0], "value": options[0]}
            return {**head, "type": "custom", "query": ",".join(options), "current": current}
        case LabelVariable():
            return {**head, **_label_values(variable)}
        case _:
            assert_never(variable)


def _label_values(variable: LabelVariable) -> dict[str, Any]:
    several: Json = {"includeAll": True, "multi": True, "current": ALL} if variable.multi else {}
    several |= {"allValue": variable.all_value} if variable.all_value else {}
    several |= {"regex": variable.regex} if variable.regex else {}
    return {
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": variable.query, "refId": QUERY_REF},
        "refresh": ON_DASHBOARD_LOAD,
        "sort": SORT_ALPHABETICALLY,
        **several,
    }
