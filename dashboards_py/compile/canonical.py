"""Canonical, minimal JSON: only what differs from Grafana's own defaults, in one order, the same bytes everywhere."""

import json
from typing import Any

Json = dict[str, Any]

# What Grafana assumes where a key is missing, by panel type; "*" holds for every panel. Read from what its UI saves.
LEGEND = {"displayMode": "list", "placement": "bottom", "calcs": [], "showLegend": True}
TOOLTIP = {"mode": "single", "sort": "none"}
REDUCE = {"calcs": ["lastNotNull"], "fields": "", "values": False}
CUSTOM_LINES = {
    "axisPlacement": "auto",
    "axisLabel": "",
    "barAlignment": 0,
    "drawStyle": "line",
    "fillOpacity": 0,
    "gradientMode": "none",
    "hideFrom": {"tooltip": False, "viz": False, "legend": False},
    "lineInterpolation": "linear",
    "lineWidth": 1,
    "pointSize": 5,
    "scaleDistribution": {"type": "linear", "log": 2},
    "showPoints": "auto",
    "spanNulls": False,
    "stacking": {"mode": "none", "group": "A"},
    "thresholdsStyle": {"mode": "off"},
}
PANEL_DEFAULTS: dict[str, Json] = {
    "*": {
        "editable": True,
        "error": False,
        "hideTimeOverride": False,
        "transparent": False,
        "fieldConfig": {"defaults": {"thresholds": {"mode": "absolute"}}},
    },
    "timeseries": {
        "fieldConfig": {"defaults": {"color": {"mode": "palette-classic"}, "custom": CUSTOM_LINES}},
        "options": {"legend": LEGEND, "tooltip": TOOLTIP},
    },
    "stat": {
        "fieldConfig": {"defaults": {"color": {"mode": "thresholds"}}},
        "options": {
            "textMode": "auto",
            "colorMode": "value",
            "graphMode": "area",
            "justifyMode": "auto",
            "orientation": "auto",
            "reduceOptions": REDUCE,
        },
    },
    "bargauge": {
        "fieldConfig": {"defaults": {"color": {"mode": "thresholds"}}},
        "options": {"displayMode": "gradient", "orientation": "auto", "reduceOptions": REDUCE, "namePlacement": "auto"},
    },
    "table": {
        "color": {"mode": "thresholds"},
        "fontSize": "100%",
        "fieldConfig": {
            "defaults": {
                "color": {"mode": "thresholds"},
                "custom": {"align": "auto", "displayMode": "auto", "filterable": False},
            }
        },
        "options": {"showHeader": True, "cellHeight": "sm"},
    },
    "state-timeline": {
        "fieldConfig": {"defaults": {"color": {"mode": "thresholds"}, "custom": {"lineWidth": 0, "fillOpacity": 70}}},
        "options": {
            "mergeValues": True,
            "showValue": "auto",
            "alignValue": "left",
            "rowHeight": 0.9,
            "legend": LEGEND,
            "tooltip": TOOLTIP,
        },
    },
    "heatmap": {"options": {"calculate": False}},
    "text": {"maxDataPoints": 100, "options": {"mode": "markdown"}},
    "row": {"maxDataPoints": 100, "collapsed": False},
}
TARGET_DEFAULTS: Json = {"format": "time_series", "hide": False, "instant": False, "intervalFactor": 2, "step": 10}
VARIABLE_DEFAULTS: Json = {
    "hide": 0,
    "includeAll": False,
    "multi": False,
    "useTags": False,
    "auto": False,
    "auto_min": "10s",
    "auto_count": 30,
    "current": {"selected": False, "tags": []},
}
# What Grafana reads of a variable that asks no data source; it makes the rest from these.
VARIABLE_KEYS = {
    "datasource": ("name", "label", "type", "query"),
    "custom": ("name", "label", "type", "query", "current"),
}
LINK_DEFAULTS: Json = {"icon": "external link", "targetBlank": False, "tooltip": "", "url": ""}
BOARD_DEFAULTS: Json = {
    "editable": True,
    "hideControls": False,
    "sharedCrosshair": False,
    "style": "dark",
    "graphTooltip": 0,
    "version": 0,
}

# What Grafana's own types (@grafana/schema) require of each entry of these lists, be it null or empty.
REQUIRED: dict[str, Json] = {"steps": {"value": None}, "transformations": {"options": {}}}

# grafanalib says these for other kinds of target or for Grafanas of long ago.
NOISE = frozenset({"query", "target", "metric", "step", "intervalFactor"})
BOARD_NOISE = frozenset({"rows", "timepicker", "__inputs"})

ORDER = (
    *("uid", "title", "type", "name", "label", "description", "id", "tags", "folder", "collapsed", "text", "content"),
    *("datasource", "expr", "legendFormat", "refId", "format", "instant", "range", "query", "regex", "refresh"),
    *("allValue", "includeAll", "multi", "current", "hide", "sort", "options", "targets", "maxDataPoints", "interval"),
    *("fieldConfig", "defaults", "unit", "decimals", "min", "max", "noValue", "mode", "fixedColor", "color", "value"),
    *("thresholds", "steps", "mappings", "custom", "links", "overrides", "matcher", "properties", "transformations"),
    *("gridPos", "x", "y", "w", "h", "schemaVersion", "editable", "graphTooltip", "time", "from", "to", "timezone"),
    *("annotations", "templating", "list", "panels"),
)
RANK = {key: rank for rank, key in enumerate(ORDER)}


def dump(board: Json) -> str:
    """The board as text: ordered keys, two-space indent, a final newline, no byte that depends on the machine."""
    return json.dumps(_ordered(board), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def minimal(board: Json) -> Json:
    """The board without nulls, empty lists and texts, and without what Grafana assumes anyway, but for `REQUIRED`."""
    slim = {key: value for key, value in board.items() if key not in BOARD_NOISE}
    slim["panels"] = [_panel(panel) for panel in board["panels"]]
    slim["templating"] = {"list": [_variable(each) for each in board["templating"]["list"]]}
    slim["links"] = [_without(link, LINK_DEFAULTS) for link in board["links"]]
    found: Json = _without(slim, BOARD_DEFAULTS)
    return found


def _panel(panel: Json) -> Json:
    found = dict(panel)
    found["targets"] = [
        _without({key: value for key, value in target.items() if key not in NOISE}, TARGET_DEFAULTS)
        for target in panel.get("targets", ())
    ]
    nested = [_panel(inner) for inner in panel.get("panels", ())]
    found.pop("panels", None)
    for defaults in (PANEL_DEFAULTS["*"], PANEL_DEFAULTS.get(panel["type"], {})):
        found = _without(found, defaults)
    return found | ({"panels": nested} if nested else {})


def _variable(variable: Json) -> Json:
    found: Json = _without(variable, VARIABLE_DEFAULTS)
    kept = VARIABLE_KEYS.get(variable["type"], found.keys())
    found = {key: value for key, value in found.items() if key in kept}
    if variable["type"] == "custom":
        found["current"] = {key: value for key, value in found["current"].items() if key != "selected"}
    return found


def _without(value: Any, defaults: Any) -> Any:
    """`value` less what equals `defaults` at the same place, less nulls and emptiness."""
    if isinstance(value, dict):
        known = defaults if isinstance(defaults, dict) else {}
        slim = {
            key: _entries(inner, REQUIRED[key])
            if key in REQUIRED and isinstance(inner, list)
            else _without(inner, known.get(key))
            for key, inner in value.items()
            if key not in known or inner != known[key]
        }
        return {key: inner for key, inner in slim.items() if not _empty(inner)}
    if isinstance(value, list):
        return [_without(inner, None) for inner in value]
    return value


def _entries(values: list[Json], required: Json) -> list[Json]:
    """The entries of a list of objects, without what may be left out of each."""
    return [required | _without(value, None) for value in values]


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=lambda key: (RANK.get(key, len(RANK)), key))}
    if isinstance(value, list):
        return [_ordered(inner) for inner in value]
    return value
