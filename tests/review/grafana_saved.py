"""A board as Grafana's editor saves it: with the settings that its panels have there, filled in.

The settings are those of panels in boards that Grafana saved: stat 12.1.0, bargauge 12.2.0, table 11.6.1,
state-timeline 11.3.8, time series 11.3.1 (the board in the chart of Cilium 1.20.0), by their `pluginVersion`.
"""

import copy
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
LEGEND = {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": True}
REDUCE = {"calcs": ["lastNotNull"], "fields": "", "values": False}
HIDE = {"legend": False, "tooltip": False, "viz": False}
OPTIONS: Mapping[str, Json] = {
    "timeseries": {"legend": LEGEND, "tooltip": {"hideZeros": False, "mode": "single", "sort": "none"}},
    "stat": {
        "colorMode": "value",
        "graphMode": "area",
        "justifyMode": "auto",
        "orientation": "auto",
        "percentChangeColorMode": "standard",
        "reduceOptions": REDUCE,
        "showPercentChange": False,
        "textMode": "auto",
        "wideLayout": True,
    },
    "bargauge": {
        "displayMode": "gradient",
        "legend": {**LEGEND, "showLegend": False},
        "maxVizHeight": 300,
        "minVizHeight": 16,
        "minVizWidth": 8,
        "namePlacement": "auto",
        "orientation": "auto",
        "reduceOptions": REDUCE,
        "showUnfilled": True,
        "sizing": "auto",
        "valueMode": "color",
    },
    "table": {
        "cellHeight": "sm",
        "footer": {"countRows": False, "fields": "", "reducer": ["sum"], "show": False},
        "showHeader": True,
    },
    "state-timeline": {
        "alignValue": "left",
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "mergeValues": True,
        "rowHeight": 0.9,
        "showValue": "auto",
        "tooltip": {"mode": "single", "sort": "none"},
    },
}
CUSTOM: Mapping[str, Json] = {
    "timeseries": {
        "axisBorderShow": False,
        "axisCenteredZero": False,
        "axisColorMode": "text",
        "axisLabel": "",
        "axisPlacement": "auto",
        "barAlignment": 0,
        "barWidthFactor": 0.6,
        "drawStyle": "line",
        "fillOpacity": 0,
        "gradientMode": "none",
        "hideFrom": HIDE,
        "insertNulls": False,
        "lineInterpolation": "linear",
        "lineWidth": 1,
        "pointSize": 5,
        "scaleDistribution": {"type": "linear"},
        "showPoints": "auto",
        "spanNulls": False,
        "stacking": {"group": "A", "mode": "none"},
        "thresholdsStyle": {"mode": "off"},
    },
    "table": {"align": "auto", "cellOptions": {"type": "auto"}, "inspect": False},
    "state-timeline": {
        "axisPlacement": "auto",
        "fillOpacity": 70,
        "hideFrom": HIDE,
        "insertNulls": False,
        "lineWidth": 0,
        "spanNulls": False,
    },
}
BUILT_IN = {
    "builtIn": 1,
    "datasource": {"type": "grafana", "uid": "-- Grafana --"},
    "enable": True,
    "hide": True,
    "iconColor": "rgba(0, 211, 255, 1)",
    "name": "Annotations & Alerts",
    "type": "dashboard",
}


def saved(board: Json) -> Json:
    """The board after a save, with its keys in alphabetical order, as Grafana writes them."""
    result = copy.deepcopy(board)
    for panel in _panels(result):
        _save_panel(panel)
    result |= {"id": 17, "version": 4, "preload": False, "weekStart": "", "timepicker": {}, "fiscalYearStartMonth": 0}
    result.setdefault("editable", True)
    result.setdefault("refresh", "")
    annotations = result.setdefault("annotations", {}).setdefault("list", [])
    if not any(one.get("builtIn") for one in annotations):
        annotations.insert(0, BUILT_IN)
    for variable in result.get("templating", {}).get("list", []):
        variable.setdefault("options", [])
        variable.setdefault("current", {"text": "All", "value": "$__all"} if variable.get("includeAll") else {})
        variable.setdefault("regex", "")
        if variable["type"] == "query" and isinstance(variable["query"], str):
            text = variable["query"]
            variable |= {"definition": text, "query": {"qryType": 1, "query": text, "refId": "PrometheusVariableQuery"}}
    ordered: Json = _sorted(result)
    return ordered


def _panels(board: Json) -> list[Json]:
    panels = []
    for panel in board["panels"]:
        panels += [panel, *panel.get("panels", [])]
    return panels


def _save_panel(panel: Json) -> None:
    if panel["type"] == "row":
        panel.setdefault("panels", [])
        panel.setdefault("collapsed", False)
        return
    _fill(panel, {"options": OPTIONS.get(panel["type"], {}), "fieldConfig": {"defaults": {}, "overrides": []}})
    defaults = panel["fieldConfig"]["defaults"]
    mode = "palette-classic" if panel["type"] == "timeseries" else "thresholds"
    steps = [{"color": "green"}, {"color": "red", "value": 80}]
    filled = {"mappings": [], "color": {"mode": mode}, "thresholds": {"mode": "absolute", "steps": steps}}
    _fill(defaults, {**filled, "custom": CUSTOM.get(panel["type"], {})})
    steps = defaults["thresholds"]["steps"]
    steps[0].setdefault("value", None)
    panel["pluginVersion"] = "12.2.0"
    for target in panel.get("targets", []):
        target.setdefault("datasource", panel.get("datasource"))
        target["editorMode"] = "code"
        target.setdefault("range", not target.get("instant", False))


def _fill(target: Json, defaults: Mapping[str, Any]) -> None:
    for key, value in defaults.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            _fill(target[key], value)
        else:
            target.setdefault(key, copy.deepcopy(value))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value
