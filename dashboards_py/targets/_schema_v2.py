"""Classic boards in Grafana's schema v2.

Each key becomes what Grafana's own conversion makes of it (v1_to_v2alpha1.go in
apps/dashboard/pkg/migration/conversion); the keys are those of `@grafana/schema` 13.2 (schema/dashboard/v2). A key
that a classic board may leave out, and schema v2 may not, gets Grafana's default.
"""

from collections.abc import Mapping
from typing import Any, Final

from dashboards_py.board.sections import sections
from dashboards_py.board.v2_variables import HIDE, LEGACY, REFRESH, SORT, TYPES
from dashboards_py.errors import DashboardsError

Json = Mapping[str, Any]
KINDS: Final = {type_: kind for kind, type_ in TYPES.items()}
CURSORS: Final = ("Off", "Crosshair", "Tooltip")
QUERY_OPTIONS: Final = (
    *("maxDataPoints", "interval", "timeFrom", "timeShift"),
    *("cacheTimeout", "hideTimeOverride", "queryCachingTTL"),
)
REFRESH_INTERVALS: Final = ("5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d")
LINK: Final = {
    "title": "",
    "type": "link",
    "icon": "",
    "tooltip": "",
    "tags": (),
    "asDropdown": False,
    "targetBlank": False,
    "includeVars": False,
    "keepTime": False,
}
OPTION: Final = {"text": "", "value": ""}
CHOICES: Final = {"options": (), "multi": False, "includeAll": False, "allowCustomValue": True}
# By a variable's classic type: its own keys with their defaults.
VARIABLE_KEYS: Final[Mapping[str, Json]] = {
    "query": {"current": OPTION, "refresh": 0, "regex": "", "sort": 0, **CHOICES},
    "datasource": {"current": OPTION, "refresh": 0, "regex": "", **CHOICES},
    "custom": {"query": "", "current": OPTION, **CHOICES},
    "constant": {"query": "", "current": OPTION},
    "textbox": {"query": "", "current": OPTION},
    "interval": {
        "query": "",
        "current": OPTION,
        "options": (),
        "refresh": 2,
        "auto": False,
        "auto_min": "",
        "auto_count": 0,
    },
    "switch": {"current": "", "enabledValue": "", "disabledValue": ""},
    "adhoc": {"baseFilters": (), "filters": (), "defaultKeys": (), "allowCustomValue": True},
    "groupby": {"current": OPTION, "options": (), "multi": True},
}
OPTIONAL_KEYS: Final = (
    *("label", "description", "allValue", "definition", "regexApplyTo"),
    *("staticOptions", "staticOptionsOrder", "valuesFormat", "defaultValue"),
)


def spec_v2(board: Json) -> dict[str, Any]:
    """The spec of a classic board in schema v2; the ids of its panels are distinct.

    Raises DashboardsError for a type of variable that Grafana does not have.
    """
    time = board.get("time") or {}
    elements: dict[str, Any] = {}
    rows = [_row(heading, panels, elements) for heading, panels in sections(board.get("panels") or ())]
    return {
        "title": board.get("title", ""),
        **_selected(board, "description", "liveNow"),
        "editable": board.get("editable", True),
        "preload": board.get("preload", False),
        "tags": board.get("tags") or [],
        "cursorSync": CURSORS[board.get("graphTooltip") or 0],
        "links": [_filled(LINK, link, "url", "placement") for link in board.get("links") or ()],
        "timeSettings": {
            "from": time.get("from", "now-6h"),
            "to": time.get("to", "now"),
            "autoRefresh": board.get("refresh") or "",
            "autoRefreshIntervals": list(REFRESH_INTERVALS),
            "hideTimepicker": False,
            "fiscalYearStartMonth": board.get("fiscalYearStartMonth", 0),
            **_selected(board, "timezone", "weekStart"),
        },
        "variables": [_variable(variable) for variable in (board.get("templating") or {}).get("list") or ()],
        "annotations": [_annotation(annotation) for annotation in (board.get("annotations") or {}).get("list") or ()],
        "elements": elements,
        "layout": {"kind": "RowsLayout", "spec": {"rows": rows}},
    }


def _row(heading: Json | None, panels: list[Json], elements: dict[str, Any]) -> Json:
    """A row of the layout, whose panels are added to the elements."""
    top = -1 if heading is None else (heading.get("gridPos") or {}).get("y", 0)
    items = []
    for panel in panels:
        name = f"panel-{panel.get('id', 0)}"
        elements[name] = _element(panel)
        items.append({"kind": "GridLayoutItem", "spec": _item(panel, name, top)})
    own = heading or {}
    return {
        "kind": "RowsLayoutRow",
        "spec": {
            "title": own.get("title", ""),
            "collapse": bool(own.get("collapsed")),
            **({"hideHeader": True} if heading is None else {}),
            **({"repeat": {"mode": "variable", "value": own["repeat"]}} if own.get("repeat") else {}),
            "layout": {"kind": "GridLayout", "spec": {"items": items}},
        },
    }


def _item(panel: Json, name: str, top: int) -> Json:
    """The place of a panel in its row; `top` is the row's own in the classic grid, whose heading is 1 high."""
    position = panel.get("gridPos") or {}
    item = {
        "x": position.get("x", 0),
        "y": position.get("y", 0) - top - 1,
        "width": position.get("w", 6),
        "height": position.get("h", 3),
        "element": {"kind": "ElementReference", "name": name},
    }
    if panel.get("repeat"):
        direction = panel.get("repeatDirection") or "h"
        item["repeat"] = {"mode": "variable", "value": panel["repeat"], "direction": direction}
        item["repeat"] |= _selected(panel, "maxPerRow")
    return item


def _element(panel: Json) -> Json:
    """A panel, or a reference to a library panel."""
    spec: dict[str, Any] = {"id": panel.get("id", 0), "title": panel.get("title", "")}
    if "libraryPanel" in panel:
        return {"kind": "LibraryPanel", "spec": {**spec, "libraryPanel": panel["libraryPanel"]}}
    data = {
        "queries": [_query(target, panel) for target in panel.get("targets") or ()],
        "transformations": [
            {"kind": "Transformation", "group": item["id"], "spec": {"options": {}, **_without(item, "id")}}
            for item in panel.get("transformations") or ()
        ],
        "queryOptions": _selected(panel, *QUERY_OPTIONS),
    }
    config = panel.get("fieldConfig") or {}
    visual = {
        "options": panel.get("options") or {},
        "fieldConfig": {"defaults": _field(config.get("defaults") or {}), "overrides": config.get("overrides") or []},
    }
    return {
        "kind": "Panel",
        "spec": {
            **spec,
            "description": panel.get("description", ""),
            "links": panel.get("links") or [],
            "data": {"kind": "QueryGroup", "spec": data},
            "vizConfig": {
                "kind": "VizConfig",
                "group": panel.get("type", ""),
                "version": panel.get("pluginVersion", ""),
                "spec": visual,
            },
            **_selected(panel, "transparent"),
        },
    }


def _field(defaults: Json) -> Json:
    """The field config of all fields: thresholds have a mode."""
    if not isinstance(defaults.get("thresholds"), Mapping):
        return defaults
    return {**defaults, "thresholds": {"mode": "absolute", **defaults["thresholds"]}}


def _query(target: Json, panel: Json) -> Json:
    spec = _without(target, "refId", "hide", "datasource")
    query = _data_query(spec, target.get("datasource") or panel.get("datasource"))
    hidden = bool(target.get("hide"))
    return {"kind": "PanelQuery", "spec": {"refId": target.get("refId", ""), "hidden": hidden, "query": query}}


def _data_query(spec: Json, source: Any) -> Json:
    """A query with its data source: an object, or the uid or name alone."""
    reference = source if isinstance(source, Mapping) else {"uid": source or ""}
    query = {"kind": "DataQuery", "group": reference.get("type") or "prometheus", "version": "v0", "spec": spec}
    return {**query, "datasource": {"name": reference["uid"]}} if reference.get("uid") else query


def _variable(variable: Json) -> Json:
    type_ = str(variable.get("type"))
    if type_ not in KINDS:
        cause = f"its type {type_!r} is none of {', '.join(sorted(KINDS))}"
        raise DashboardsError(f"variable {variable.get('name')!r}", cause=cause)
    spec = {
        "name": variable.get("name", ""),
        "hide": _name(HIDE, variable.get("hide", 0)),
        "skipUrlSync": variable.get("skipUrlSync", False),
        **_filled(VARIABLE_KEYS[type_], variable, *OPTIONAL_KEYS),
    }
    spec |= {key: _name(names, spec[key]) for key, names in (("refresh", REFRESH), ("sort", SORT)) if key in spec}
    kind: dict[str, Any] = {"kind": KINDS[type_], "spec": spec}
    query = variable.get("query", "")
    if type_ == "query":
        spec["query"] = _data_query({LEGACY: query} if isinstance(query, str) else query, variable.get("datasource"))
    elif type_ == "datasource":
        spec["pluginId"] = query
    elif type_ in ("adhoc", "groupby"):
        kind |= _selected(_data_query({}, variable.get("datasource")), "group", "datasource")
    return kind


def _annotation(annotation: Json) -> Json:
    """An annotation; keys that only its data source knows are `legacyOptions`."""
    own = ("name", "enable", "hide", "iconColor", "filter", "mappings", "builtIn", "datasource", "target")
    options = _without(annotation, *own)
    return {
        "kind": "AnnotationQuery",
        "spec": {
            "name": annotation.get("name", ""),
            "enable": annotation.get("enable", False),
            "hide": annotation.get("hide", False),
            "iconColor": annotation.get("iconColor", ""),
            "query": _data_query(annotation.get("target") or {}, annotation.get("datasource")),
            **_selected(annotation, "filter", "mappings"),
            **({"builtIn": bool(annotation["builtIn"])} if "builtIn" in annotation else {}),
            **({"legacyOptions": options} if options else {}),
        },
    }


def _name(names: Mapping[str, int], number: Any) -> str:
    """The name of a number of classic JSON; the first one for what is no number of these."""
    return next((name for name, own in names.items() if str(own) == str(number)), next(iter(names)))


def _filled(defaults: Json, source: Json, *optional: str) -> dict[str, Any]:
    """The keys of `defaults`, and those of the optional ones that are there, as the source has them."""
    return {
        **{key: source.get(key, list(value) if value == () else value) for key, value in defaults.items()},
        **_selected(source, *optional),
    }


def _selected(source: Json, *keys: str) -> dict[str, Any]:
    return {key: source[key] for key in keys if key in source}


def _without(source: Json, *keys: str) -> dict[str, Any]:
    return {key: value for key, value in source.items() if key not in keys}
