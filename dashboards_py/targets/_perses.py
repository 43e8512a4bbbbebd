"""Classic boards as dashboards of Perses: variables, annotations, links and layout.

The fields are those of perses/spec, and of the plug-ins' schemas in perses/plugins (`<plug-in>/schemas/*.cue`). What
Perses has no counterpart for is in docs/perses.md.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboards_py.board.perses import SORTS
from dashboards_py.board.sections import sections
from dashboards_py.errors import DashboardsError
from dashboards_py.targets._perses_panels import panel_plugin
from dashboards_py.targets._perses_values import perses_url

Json = Mapping[str, Any]
LABEL_VALUES: Final = re.compile(r"label_values\((?:(?P<selector>.*),)?\s*(?P<label>\w+)\s*\)", re.S)
QUERY_RESULT: Final = re.compile(r"query_result\((?P<expr>.*)\)", re.S)
CAPTURED: Final = re.compile(r'/?(?P<label>\w+)="')
DURATION: Final = re.compile(r"now-(\d+(?:ms|[smhdwy]))")


def perses_dashboard(board: Json) -> dict[str, Any]:
    """The spec of a board's dashboard of Perses.

    Raises DashboardsError for what would show something else there: repeated panels, other data sources, and variables
    that it does not have.
    """
    since = DURATION.fullmatch((board.get("time") or {}).get("from", ""))
    layouts, panels = list[Json](), dict[str, Any]()
    hidden = [variable["name"] for variable in _variables(board) if _is_of_titles(variable)]
    for heading, inside in sections(board.get("panels") or ()):
        layouts.append(_grid(heading, inside))
        panels |= {_name(panel): _panel(panel, hidden) for panel in inside}
    return {
        "display": {"name": board.get("title", ""), "description": board.get("description", "")},
        "duration": since[1] if since else "1h",
        **({"refreshInterval": board["refresh"]} if board.get("refresh") else {}),
        "variables": [_variable(variable) for variable in _variables(board) if not _is_of_titles(variable)],
        "annotations": [_annotation(item) for item in (board.get("annotations") or {}).get("list") or ()],
        "panels": panels,
        "layouts": layouts,
    }


def _variables(board: Json) -> Sequence[Json]:
    return (board.get("templating") or {}).get("list") or ()


def _is_of_titles(variable: Json) -> bool:
    """True for a hidden variable, a text of titles: Perses writes its name into the title if it has no value."""
    return variable.get("hide") == 2 and variable.get("type") == "query"


def _name(panel: Json) -> str:
    return f"panel-{panel.get('id', 0)}"


def _grid(heading: Json | None, panels: Sequence[Json]) -> Json:
    """A grid for a row; the places of its panels are counted from below its heading."""
    top = -1 if heading is None else (heading.get("gridPos") or {}).get("y", 0)
    items = []
    for panel in panels:
        position = panel.get("gridPos") or {}
        x, y = position.get("x", 0), position.get("y", 0) - top - 1
        size = {"width": position.get("w", 6), "height": position.get("h", 3)}
        items.append({"x": x, "y": y, **size, "content": {"$ref": f"#/spec/panels/{_name(panel)}"}})
    spec: dict[str, Any] = {"items": items}
    if heading is not None:
        is_open = not heading.get("collapsed")
        spec = {"display": {"title": heading.get("title", ""), "collapse": {"open": is_open}}, **spec}
        spec |= {"repeatVariable": heading["repeat"]} if heading.get("repeat") else {}
    return {"kind": "Grid", "spec": spec}


def _panel(panel: Json, hidden: Sequence[str]) -> Json:
    """A panel; its title loses the variables that are left out."""
    title = panel.get("title", "")
    if panel.get("repeat") or "libraryPanel" in panel:
        why = "a library panel" if "libraryPanel" in panel else "repeated by a variable"
        raise DashboardsError(f"panel {title!r}", cause=f"is {why}, which Perses does not have")
    for name in hidden:
        title = title.replace(f"${{{name}}}", "").replace(f"${name}", "")
    links = [*(panel.get("links") or ()), *((panel.get("fieldConfig") or {}).get("defaults") or {}).get("links", ())]
    urls = {perses_url(link["url"]): link.get("title", "") for link in links if link.get("url")}
    return {
        "kind": "Panel",
        "spec": {
            "display": {"name": title, "description": panel.get("description", "")},
            "plugin": panel_plugin(panel),
            "queries": [_query(target, panel) for target in panel.get("targets") or () if not target.get("hide")],
            **({"links": [_link(url, urls[url]) for url in urls]} if urls else {}),
        },
    }


def _link(url: str, name: str) -> Json:
    return {"name": name, "url": url, "renderVariables": True, "targetBlank": False}


def _query(target: Json, panel: Json) -> Json:
    spec: dict[str, Any] = {**_datasource(target.get("datasource") or panel.get("datasource"))}
    spec["query"] = target.get("expr", "")
    spec |= {"seriesNameFormat": target["legendFormat"]} if target.get("legendFormat") else {}
    spec |= {"minStep": target["interval"]} if target.get("interval") else {}
    spec["instant"] = bool(target.get("instant"))
    return {"kind": "TimeSeriesQuery", "spec": {"plugin": {"kind": "PrometheusTimeSeriesQuery", "spec": spec}}}


def _datasource(source: Any) -> dict[str, Any]:
    """The data source of a query: that of a variable, a named one, or the default."""
    reference = source if isinstance(source, Mapping) else {"uid": source or ""}
    kind, uid = reference.get("type") or "prometheus", str(reference.get("uid") or "")
    if kind != "prometheus":
        raise DashboardsError(f"data source {kind}", cause="only Prometheus is carried to Perses")
    if variable := re.fullmatch(r"\$\{?(\w+)\}?", uid):
        return {"datasource": f"${variable[1]}"}
    return {"datasource": {"kind": "PrometheusDatasource", "name": uid}} if uid else {}


def _annotation(annotation: Json) -> Json:
    expr = annotation.get("expr") or (annotation.get("target") or {}).get("expr", "")
    own = {**_datasource(annotation.get("datasource")), "expr": expr}
    title = annotation.get("titleFormat")
    return {
        "display": {"name": annotation.get("name", ""), "hidden": not annotation.get("enable")},
        "plugin": {"kind": "PrometheusPromQLAnnotation", "spec": {**own, **({"title": title} if title else {})}},
    }


def _variable(variable: Json) -> Json:
    name, type_, query = variable.get("name", ""), variable.get("type"), variable.get("query", "")
    display = {"name": variable.get("label") or name, "hidden": variable.get("hide") == 2}
    if type_ in ("textbox", "constant"):
        text: dict[str, Any] = {"name": name, "display": display, "value": str(query), "constant": type_ == "constant"}
        return {"kind": "TextVariable", "spec": text}
    value = (variable.get("current") or {}).get("value")
    spec: dict[str, Any] = {
        "name": name,
        "display": display,
        # Perses' own default data source is that of a variable without a value.
        **({"defaultValue": value} if value and type_ != "datasource" else {}),
        "allowAllValue": bool(variable.get("includeAll")),
        "allowMultiple": bool(variable.get("multi")),
        **({"customAllValue": variable["allValue"]} if variable.get("allValue") else {}),
        "sort": dict(enumerate(SORTS)).get(variable.get("sort") or 0, "none"),
        **_filter(variable),
        "plugin": _values(variable),
    }
    return {"kind": "ListVariable", "spec": spec}


def _filter(variable: Json) -> Json:
    """The pattern that values match; Perses takes what its groups capture (filterVariableList in perses/shared)."""
    pattern, query = variable.get("regex") or "", variable.get("query")
    text = query.get("query", "") if isinstance(query, Mapping) else query
    if not pattern or QUERY_RESULT.fullmatch(str(text).strip()):
        return {}
    pattern = pattern[1:].rpartition("/")[0] if pattern.startswith("/") else pattern
    return {"capturingRegexp": pattern if re.search(r"(?<!\\)\((?!\?)", pattern) else f"({pattern})"}


def _values(variable: Json) -> Json:
    """The plug-in that gives the values of a variable."""
    query = variable.get("query", "")
    text = str(query.get("query", "") if isinstance(query, Mapping) else query).strip()
    match variable.get("type"):
        case "datasource" if text == "prometheus":
            return {"kind": "DatasourceVariable", "spec": {"datasourcePluginKind": "PrometheusDatasource"}}
        case "custom" | "interval":
            return {"kind": "StaticListVariable", "spec": {"values": [_choice(part) for part in text.split(",")]}}
        case "query":
            own = _datasource(variable.get("datasource"))
            captured = CAPTURED.match(variable.get("regex") or "")
            if match := LABEL_VALUES.fullmatch(text):
                matchers = {"matchers": [match["selector"].strip()]} if match["selector"] else {}
                spec = {**own, "labelName": match["label"], **matchers}
                return {"kind": "PrometheusLabelValuesVariable", "spec": spec}
            if (match := QUERY_RESULT.fullmatch(text)) and captured:
                spec = {**own, "expr": match["expr"], "labelName": captured["label"]}
                return {"kind": "PrometheusPromQLVariable", "spec": spec}
    name = f"variable {variable.get('name')!r}"
    raise DashboardsError(name, cause=f"Perses has no counterpart of its type {variable.get('type')} and query {text}")


def _choice(part: str) -> Any:
    """A value of a list, with its label if it has one: `label : value`."""
    label, colon, value = part.strip().partition(" : ")
    return {"value": value.strip(), "label": label.strip()} if colon else label
