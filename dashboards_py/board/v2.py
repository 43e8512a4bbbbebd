"""Boards of Grafana's schema v2 as classic JSON, the form that everything here reads.

As written by Grafana 12.3 to 13.2 (`@grafana/schema`, src/schema/dashboard/v2alpha1, v2beta1 and v2): elements, and a
layout of grids, rows and tabs that names them. v2alpha1 has data sources beside queries, and plug-ins as kinds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards_py.board import fields
from dashboards_py.board.v2_variables import annotation, datasource, variable
from dashboards_py.documents.value import note

Json = Mapping[str, Any]
WIDTH = 24
COLUMNS = 3  # of an auto grid (AutoGridLayoutManager of Grafana)
ROW_HEIGHTS = {"short": 168, "standard": 320, "tall": 512}  # pixels
PIXELS = 38  # of a unit of height, with the gap
SCHEMA_VERSION = 41
CURSOR = {"Off": 0, "Crosshair": 1, "Tooltip": 2}


@dataclass(slots=True)
class _Flattened:
    """The classic panels of a layout so far, the variables of its sections, and what is odd."""

    elements: Json
    panels: list[dict[str, Any]] = field(default_factory=list)
    variables: list[Json] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    bottom: int = 0


def is_v2(spec: Json) -> bool:
    """True for the spec of a board in schema v2."""
    return isinstance(spec.get("elements"), Mapping) and not isinstance(spec.get("panels"), list)


def classic(spec: Json, uid: str = "") -> tuple[dict[str, Any], tuple[str, ...]]:
    """The classic JSON of a spec, and sentences about what is odd in it."""
    elements = fields.mapping(spec, "elements")
    flat = _Flattened(elements)
    _layout(fields.mapping(spec, "layout"), flat, "", None)
    time = fields.mapping(spec, "timeSettings")
    section_variables = {fields.text(fields.mapping(item, "spec"), "name"): item for item in flat.variables}
    own = list(fields.mappings(spec, "variables"))
    names = {fields.text(fields.mapping(item, "spec"), "name") for item in own}
    more = [item for name, item in section_variables.items() if name not in names]
    unplaced = [name for name in elements if name not in flat.shown]
    board = {
        "uid": uid,
        "title": fields.text(spec, "title"),
        **_selected_keys(spec, "description", "editable", "liveNow", "preload"),
        "tags": list(fields.texts(spec, "tags")),
        "graphTooltip": CURSOR.get(fields.text(spec, "cursorSync"), 0),
        "time": {"from": fields.text(time, "from") or "now-6h", "to": fields.text(time, "to") or "now"},
        "refresh": fields.text(time, "autoRefresh"),
        **_selected_keys(time, "timezone", "weekStart", "fiscalYearStartMonth"),
        "schemaVersion": SCHEMA_VERSION,
        "links": list(fields.mappings(spec, "links")),
        "templating": {"list": [variable(item) for item in (*own, *more)]},
        "annotations": {"list": [annotation(item) for item in fields.mappings(spec, "annotations")]},
        "panels": flat.panels,
    }
    notes = (
        *note("is in the layout, and not among the elements", flat.missing),
        *note("is an element that the layout does not show", unplaced),
    )
    return board, notes


def _layout(layout: Json, flat: _Flattened, above: str, heading: dict[str, Any] | None) -> None:
    """Append the panels of a layout; `above` are the titles of the tabs and rows around it."""
    spec = fields.mapping(layout, "spec")
    match fields.text(layout, "kind"):
        case "RowsLayout":
            for row in fields.mappings(spec, "rows"):
                _section(fields.mapping(row, "spec"), flat, above)
        case "TabsLayout":
            for tab in fields.mappings(spec, "tabs"):
                _section(fields.mapping(tab, "spec"), flat, above)
        case "AutoGridLayout":
            _append(flat, heading, list(_auto_grid(spec, flat)))
        case _:
            _append(flat, heading, list(_grid(spec, flat)))


def _section(section: Json, flat: _Flattened, above: str) -> None:
    """A row or tab: a heading of its titles, and what is below it."""
    title = " / ".join(filter(None, (above, fields.text(section, "title"))))
    flat.variables += fields.mappings(section, "variables")
    inner = fields.mapping(section, "layout")
    heading: dict[str, Any] = {
        "type": "row",
        "title": title,
        "collapsed": fields.flag(section, "collapse"),
        "panels": [],
    }
    if repeat := fields.text(fields.mapping(section, "repeat"), "value"):
        heading["repeat"] = repeat
    heading |= _condition(section)
    if fields.text(inner, "kind") in ("RowsLayout", "TabsLayout"):
        if "repeat" in heading or "conditionalRendering" in heading:
            _append(flat, heading, [])
        _layout(inner, flat, title, None)
        return
    hidden = fields.flag(section, "hideHeader") and not title and not flat.panels
    _layout(inner, flat, title, None if hidden else heading)


def _append(flat: _Flattened, heading: dict[str, Any] | None, panels: Sequence[dict[str, Any]]) -> None:
    """Append panels below all others, with their heading; a collapsed one holds them."""
    top = flat.bottom
    if heading is not None:
        flat.panels.append({**heading, "gridPos": {"x": 0, "y": top, "w": WIDTH, "h": 1}})
        top += 1
    moved = [{**panel, "gridPos": {**panel["gridPos"], "y": panel["gridPos"]["y"] + top}} for panel in panels]
    if heading is not None and heading["collapsed"]:
        flat.panels[-1]["panels"] = moved
        flat.bottom = top
        return
    flat.panels += moved
    flat.bottom = max([top, *(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in moved)])


def _grid(spec: Json, flat: _Flattened) -> Iterator[dict[str, Any]]:
    """Panels with positions; items may be rows in the first releases (GridLayoutRow of v2alpha1)."""
    items = [(item, fields.mapping(item, "spec")) for item in fields.mappings(spec, "items")]
    for item, own in items:
        if fields.text(item, "kind") == "GridLayoutRow":
            yield {
                "type": "row",
                "title": fields.text(own, "title"),
                "collapsed": fields.flag(own, "collapsed"),
                "panels": [],
                "gridPos": {"x": 0, "y": fields.integer(own, "y"), "w": WIDTH, "h": 1},
            }
            for panel in _grid({"items": own.get("elements")}, flat):
                panel["gridPos"]["y"] += fields.integer(own, "y") + 1
                yield panel
            continue
        position = {
            "x": fields.integer(own, "x"),
            "y": fields.integer(own, "y"),
            "w": fields.integer(own, "width"),
            "h": fields.integer(own, "height"),
        }
        yield from _panel(own, position, flat)


def _auto_grid(spec: Json, flat: _Flattened) -> Iterator[dict[str, Any]]:
    """Panels of one size, as many in a line as the grid allows."""
    columns = max(1, min(fields.integer(spec, "maxColumnCount", COLUMNS), WIDTH))
    mode = fields.text(spec, "rowHeightMode")
    pixels = fields.integer(spec, "rowHeight", 320) if mode == "custom" else ROW_HEIGHTS.get(mode, 320)
    w, h = WIDTH // columns, max(1, round(pixels / PIXELS))
    for index, item in enumerate(fields.mappings(spec, "items")):
        position = {"x": index % columns * w, "y": index // columns * h, "w": w, "h": h}
        yield from _panel(fields.mapping(item, "spec"), position, flat)


def _panel(item: Json, position: dict[str, int], flat: _Flattened) -> Iterator[dict[str, Any]]:
    """The classic panel of an item of a grid; nothing if its element is missing."""
    name = fields.text(fields.mapping(item, "element"), "name")
    element = fields.mapping(flat.elements, name)
    if not element:
        flat.missing.append(name)
        return
    flat.shown.add(name)
    spec = fields.mapping(element, "spec")
    placed: dict[str, Any] = {"id": spec.get("id"), "title": fields.text(spec, "title"), "gridPos": position}
    repeat = fields.mapping(item, "repeat")
    if value := fields.text(repeat, "value"):
        placed |= {"repeat": value, "repeatDirection": fields.text(repeat, "direction") or "h"}
        placed |= {"maxPerRow": repeat["maxPerRow"]} if "maxPerRow" in repeat else {}
    placed |= _condition(item)
    if fields.text(element, "kind") == "LibraryPanel":
        yield {**placed, "libraryPanel": fields.mapping(spec, "libraryPanel")}
        return
    yield {**placed, **_content(spec)}


def _content(spec: Json) -> dict[str, Any]:
    """Type, queries, transformations and configuration of a panel."""
    data, viz = fields.mapping(spec, "data", "spec"), fields.mapping(spec, "vizConfig")
    config = fields.mapping(viz, "spec")
    targets = [_target(query) for query in fields.mappings(data, "queries")]
    sources = [target["datasource"] for target in targets if "datasource" in target]
    options = fields.mapping(data, "queryOptions")
    content = {
        # v2alpha1 has the plug-in as the kind, later versions as the group.
        "type": fields.text(viz, "group") or fields.text(viz, "kind"),
        **_selected_keys(spec, "description", "links", "transparent"),
        **({"datasource": sources[0]} if sources and all(source == sources[0] for source in sources) else {}),
        "targets": targets,
        "fieldConfig": fields.mapping(config, "fieldConfig"),
        "options": fields.mapping(config, "options"),
        **options,
    }
    if transformations := [_transformation(item) for item in fields.mappings(data, "transformations")]:
        content["transformations"] = transformations
    return content


def _target(query: Json) -> dict[str, Any]:
    spec = fields.mapping(query, "spec")
    inner = fields.mapping(spec, "query")
    target = {**fields.mapping(inner, "spec"), "refId": fields.text(spec, "refId")}
    if source := datasource(inner, spec):
        target["datasource"] = source
    if fields.flag(spec, "hidden"):
        target["hide"] = True
    return target


def _transformation(item: Json) -> dict[str, Any]:
    spec = fields.mapping(item, "spec")
    id_ = fields.text(item, "group") or fields.text(spec, "id") or fields.text(item, "kind")
    return {**spec, "id": id_}


def _condition(source: Json) -> dict[str, Any]:
    """Conditional rendering, with the variables that decide it as Grafana writes variables elsewhere."""
    group = fields.mapping(source, "conditionalRendering")
    if not group:
        return {}
    names = [
        fields.text(fields.mapping(item, "spec"), "variable")
        for item in fields.mappings(fields.mapping(group, "spec"), "items")
    ]
    return {"conditionalRendering": {"variables": [f"${{{name}}}" for name in names if name]}}


def _selected_keys(source: Json, *keys: str) -> dict[str, Any]:
    return {key: source[key] for key in keys if key in source}
