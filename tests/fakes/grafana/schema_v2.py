"""A classic board in the schema that Grafana 13 stores and exports (@grafana/schema, dashboardv2)."""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


def to_v2(board: Json) -> Json:
    """A classic board in schema v2: panels are elements by name, and a layout of rows and grids refers to them."""
    panels = [inner for panel in board.get("panels", []) for inner in (panel, *panel.get("panels", []))]
    return {
        "title": board["title"],
        "description": board.get("description", ""),
        "tags": board.get("tags", []),
        "editable": board.get("editable", True),
        "cursorSync": ("Off", "Crosshair", "Tooltip")[board.get("graphTooltip", 0)],
        "timeSettings": {
            "from": "now-6h",
            "to": "now",
            **board.get("time", {}),
            "autoRefresh": board.get("refresh", ""),
        },
        "elements": {f"panel-{panel['id']}": _element(panel) for panel in panels if panel.get("type") != "row"},
        "layout": _layout(board.get("panels", [])),
        "variables": [_variable(variable) for variable in board.get("templating", {}).get("list", [])],
        "annotations": [_annotation(annotation) for annotation in board.get("annotations", {}).get("list", [])],
        "links": board.get("links", []),
    }


def _element(panel: Json) -> Json:
    queries = [_panel_query(target, panel) for target in panel.get("targets", [])]
    options = {
        key: panel[old]
        for key, old in (("maxDataPoints", "maxDataPoints"), ("interval", "interval"), ("timeFrom", "timeFrom"))
        if old in panel
    }
    changes = [
        {
            "kind": transformation["id"],
            "spec": {"id": transformation["id"], "options": transformation.get("options", {})},
        }
        for transformation in panel.get("transformations", [])
    ]
    return {
        "kind": "Panel",
        "spec": {
            "id": panel["id"],
            "title": panel.get("title", ""),
            "description": panel.get("description", ""),
            "links": panel.get("links", []),
            "data": {
                "kind": "QueryGroup",
                "spec": {"queries": queries, "transformations": changes, "queryOptions": options},
            },
            "vizConfig": {
                "kind": "VizConfig",
                "group": panel.get("type", ""),
                "version": panel.get("pluginVersion", ""),
                "spec": {
                    "options": panel.get("options", {}),
                    "fieldConfig": panel.get("fieldConfig", {"defaults": {}, "overrides": []}),
                },
            },
        },
    }


def _panel_query(target: Json, panel: Json) -> Json:
    about = {"refId": target.get("refId", "A"), "hidden": bool(target.get("hide"))}
    return {"kind": "PanelQuery", "spec": {**about, "query": _query(target, panel)}}


def _query(target: Json, owner: Json) -> Json:
    source = target.get("datasource") or owner.get("datasource") or {}
    source = source if isinstance(source, dict) else {"uid": source}
    own = ("refId", "hide", "datasource")
    return {
        "kind": "DataQuery",
        "group": source.get("type", "prometheus"),
        "version": "v0",
        "datasource": {"name": source.get("uid", "")},
        "spec": {key: value for key, value in target.items() if key not in own},
    }


def _layout(panels: Iterable[Json]) -> Json:
    """Panels before the first row are in a row without a header; each row has its own panels, open or collapsed."""
    rows: list[tuple[Json, list[Json]]] = []
    for panel in panels:
        if panel.get("type") == "row":
            rows.append((panel, list(panel.get("panels", []))))
        elif rows:
            rows[-1][1].append(panel)
        else:
            rows.append(({"hideHeader": True}, [panel]))
    if not any(row.get("type") == "row" for row, _ in rows):
        return _grid(rows[0][1] if rows else [])
    return {"kind": "RowsLayout", "spec": {"rows": [_row(row, inner) for row, inner in rows]}}


def _row(row: Json, inner: list[Json]) -> Json:
    spec = {"title": row.get("title", ""), "collapse": bool(row.get("collapsed")), "layout": _grid(inner)}
    return {"kind": "RowsLayoutRow", "spec": spec | ({"hideHeader": True} if "hideHeader" in row else {})}


def _grid(panels: list[Json]) -> Json:
    items = []
    for panel in panels:
        grid = panel.get("gridPos", {})
        size = {"x": grid.get("x", 0), "y": grid.get("y", 0), "width": grid.get("w", 12), "height": grid.get("h", 8)}
        element = {"kind": "ElementReference", "name": f"panel-{panel['id']}"}
        items.append({"kind": "GridLayoutItem", "spec": {**size, "element": element}})
    return {"kind": "GridLayout", "spec": {"items": items}}


KINDS = {"query": "QueryVariable", "custom": "CustomVariable", "datasource": "DatasourceVariable"}


def _variable(variable: Json) -> Json:
    kind = variable.get("type", "query")
    spec = {key: value for key, value in variable.items() if key not in ("type", "datasource", "query", "definition")}
    query = variable.get("query", "")
    if kind == "datasource":
        spec["pluginId"] = query
    elif kind == "query":
        source = variable.get("datasource")
        text = query.get("query", "") if isinstance(query, dict) else query
        spec["query"] = _query({"query": text, "datasource": source}, {})
    else:
        spec["query"] = query
    return {"kind": KINDS.get(kind, f"{kind.title()}Variable"), "spec": spec}


def _annotation(annotation: Json) -> Json:
    about = ("name", "enable", "hide", "iconColor")
    spec: Json = {key: annotation[key] for key in about if key in annotation}
    spec["query"] = _query({key: value for key, value in annotation.items() if key not in about}, {})
    return {"kind": "AnnotationQuery", "spec": spec}
