"""Classic boards in Grafana's schema v2, as its types say (`@grafana/schema` 13.2): a board's twin."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.board.v2_variables import HIDE, LEGACY, REFRESH, SORT, TYPES

Json = dict[str, Any]
KINDS = {type_: kind for kind, type_ in TYPES.items()}
QUERY_OPTIONS = ("maxDataPoints", "interval", "timeFrom", "timeShift", "cacheTimeout", "hideTimeOverride")


def name_of(names: Mapping[str, int], number: Any) -> str:
    """The name of a number in classic JSON; texts are numbers there, too, in older boards."""
    return next((name for name, own in names.items() if own == number), next(iter(names)))


def data_query(query: Any, source: Any) -> Json:
    """A DataQuery with its data source."""
    source = source if isinstance(source, dict) else {"uid": source} if isinstance(source, str) else {}
    kind = {"kind": "DataQuery", "group": source.get("type", "prometheus"), "version": "v0"}
    return {**kind, **({"datasource": {"name": source["uid"]}} if source.get("uid") else {}), "spec": query}


def variable(classic: Json) -> Json:
    """A variable."""
    kind = KINDS[classic["type"]]
    rest = {key: value for key, value in classic.items() if key not in ("type", "datasource", "query")}
    spec: Json = {**rest, "hide": name_of(HIDE, classic.get("hide", 0))}
    if kind == "QueryVariable":
        spec["refresh"] = name_of(REFRESH, classic.get("refresh", 0))
        spec["sort"] = name_of(SORT, classic.get("sort", 0))
        query = classic.get("query", "")
        spec["query"] = data_query(query if isinstance(query, dict) else {LEGACY: query}, classic.get("datasource"))
    elif kind == "DatasourceVariable":
        spec["pluginId"] = classic.get("query", "")
    elif "query" in classic:
        spec["query"] = classic["query"]
    outer: Json = {"kind": kind, "spec": spec}
    if kind in ("AdhocVariable", "GroupByVariable"):
        source = classic.get("datasource") or {}
        outer |= {"group": source.get("type", "prometheus"), "datasource": {"name": source.get("uid", "")}}
    return outer


def annotation(classic: Json) -> Json:
    """An annotation; what only its data source knows is in `legacyOptions`."""
    own = ("name", "enable", "hide", "iconColor", "filter", "builtIn", "datasource", "target")
    spec: Json = {key: classic[key] for key in ("name", "enable", "hide", "iconColor", "filter") if key in classic}
    spec["query"] = data_query(classic.get("target") or {}, classic.get("datasource"))
    spec["builtIn"] = bool(classic.get("builtIn"))
    spec["legacyOptions"] = {key: value for key, value in classic.items() if key not in own}
    return {"kind": "AnnotationQuery", "spec": spec}


def element(panel: Json) -> Json:
    """A panel, or a reference to a library panel."""
    spec: Json = {"id": panel.get("id", 0), "title": panel.get("title", "")}
    if "libraryPanel" in panel:
        return {"kind": "LibraryPanel", "spec": {**spec, "libraryPanel": panel["libraryPanel"]}}
    queries = []
    for target in panel.get("targets") or []:
        query = {key: value for key, value in target.items() if key not in ("refId", "hide", "datasource")}
        inner = data_query(query, target.get("datasource") or panel.get("datasource"))
        query_spec = {"refId": target.get("refId", ""), "hidden": bool(target.get("hide")), "query": inner}
        queries.append({"kind": "PanelQuery", "spec": query_spec})
    transformations = [
        {"kind": "Transformation", "group": item["id"], "spec": {key: item[key] for key in item if key != "id"}}
        for item in panel.get("transformations") or []
    ]
    options = {key: panel[key] for key in QUERY_OPTIONS if key in panel}
    data = {"queries": queries, "transformations": transformations, "queryOptions": options}
    config = {"options": panel.get("options") or {}, "fieldConfig": panel.get("fieldConfig") or {}}
    spec |= {key: panel[key] for key in ("description", "links", "transparent") if key in panel}
    spec |= {"data": {"kind": "QueryGroup", "spec": data}}
    spec |= {"vizConfig": {"kind": "VizConfig", "group": panel.get("type", ""), "version": "13.2", "spec": config}}
    return {"kind": "Panel", "spec": spec}


def migrated(board: Json) -> Json:
    """The board as Grafana loads it before it writes schema v2: old graphs are time series with a unit."""
    panels = [_migrated(panel) for panel in board.get("panels") or []]
    rows = [
        {**row, "panels": [_migrated(panel) for panel in row.get("panels") or []]} for row in board.get("rows") or []
    ]
    return {**board, **({"panels": panels} if panels else {}), **({"rows": rows} if rows else {})}


def _migrated(panel: Json) -> Json:
    if panel.get("type") == "row":
        return {**panel, "panels": [_migrated(inner) for inner in panel.get("panels") or []]}
    unit = next((axis["format"] for axis in panel.get("yaxes") or [] if axis.get("format")), panel.get("format", ""))
    left = {key: value for key, value in panel.items() if key not in ("yaxes", "format", "seriesOverrides")}
    if panel.get("type") != "graph":
        return panel
    config = panel.get("fieldConfig") or {}
    defaults = {**({"unit": unit} if unit else {}), **(config.get("defaults") or {})}
    return {**left, "type": "timeseries", "fieldConfig": {**config, "defaults": defaults}}


def rows_of(board: Json) -> Iterator[tuple[Json, list[Json]]]:
    """Headings with their panels; those above the first heading have an empty one."""
    for row in board.get("rows") or []:
        yield row, row.get("panels") or []
    heading: Json = {}
    below: list[Json] = []
    for panel in board.get("panels") or []:
        if panel.get("type") != "row":
            below.append(panel)
            continue
        if heading or below:
            yield heading, below
        heading, below = panel, list(panel.get("panels") or [])
    if heading or below:
        yield heading, below


def twin(board: Json, layout: str = "RowsLayout") -> Json:
    """The spec of the same board in schema v2, with rows or with tabs."""
    elements: Json = {}
    sections = []
    for heading, panels in rows_of(board):
        items = []
        for panel in panels:
            name = f"panel-{len(elements)}"
            elements[name] = element(panel)
            position = panel.get("gridPos") or {}
            spec = {new: position.get(old, 0) for new, old in zip(("x", "y", "width", "height"), "xywh", strict=True)}
            spec |= {"element": {"kind": "ElementReference", "name": name}}
            if panel.get("repeat"):
                spec["repeat"] = {"mode": "variable", "value": panel["repeat"], "direction": "h"}
            items.append({"kind": "GridLayoutItem", "spec": spec})
        section = {"title": heading.get("title", ""), "layout": {"kind": "GridLayout", "spec": {"items": items}}}
        if layout == "RowsLayout":
            section |= {
                "collapse": bool(heading.get("collapsed") or heading.get("collapse")),
                "hideHeader": not heading,
            }
        if heading.get("repeat"):
            section["repeat"] = {"mode": "variable", "value": heading["repeat"]}
        sections.append({"kind": f"{layout}Row" if layout == "RowsLayout" else f"{layout}Tab", "spec": section})
    listed = {"rows" if layout == "RowsLayout" else "tabs": sections}
    return {
        "title": board.get("title", ""),
        "description": board.get("description", ""),
        "tags": board.get("tags") or [],
        "links": board.get("links") or [],
        "cursorSync": ("Off", "Crosshair", "Tooltip")[board.get("graphTooltip") or 0],
        "timeSettings": {"from": "now-1h", "to": "now", "autoRefresh": board.get("refresh") or ""},
        "variables": [variable(item) for item in (board.get("templating") or {}).get("list") or []],
        "annotations": [annotation(item) for item in (board.get("annotations") or {}).get("list") or []],
        "elements": elements,
        "layout": {"kind": layout, "spec": listed},
    }


def resource(board: Json, version: str = "v2", layout: str = "RowsLayout") -> Json:
    """The twin as a resource of Grafana's API."""
    metadata = {"name": board.get("uid", "")}
    return {
        "apiVersion": f"dashboard.grafana.app/{version}",
        "kind": "Dashboard",
        "metadata": metadata,
        "spec": twin(board, layout),
    }
