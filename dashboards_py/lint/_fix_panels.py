"""Panels with fixes that are certain: graphs as time series, where nothing is lost, and the board's data source."""

from collections.abc import Mapping
from typing import Any

from dashboards_py.board import Board, fields, read
from dashboards_py.lint._sources import hardcoded_sources
from dashboards_py.panel_data.old_graph import converted

Json = Mapping[str, Any]
# The settings of graphs alone, which Grafana drops as it opens a board (PanelModel.ts, mustKeepProps are the others).
_OWN = (
    "aliasColors bars dashLength dashes fill fillGradient hiddenSeries legend lines linewidth nullPointMode paceLength "
    "percentage pointradius points renderer seriesOverrides spaceLength stack steppedLine thresholds timeRegions "
    "tooltip xaxis yaxes yaxis"
)
OWN = frozenset(_OWN.split())
# Settings that every panel may have.
ALL_PANELS = frozenset(
    (
        *("alert", "cacheTimeout", "datasource", "description", "editable", "error", "fieldConfig", "gridPos", "id"),
        *("interval", "links", "maxDataPoints", "maxPerRow", "options", "pluginVersion", "repeat", "repeatDirection"),
        *("scopedVars", "span", "height", "minSpan", "targets", "timeFrom", "timeShift", "title", "transformations"),
        *("transparent", "type", "hideTimeOverride", "repeatIteration", "repeatPanelId"),
    )
)
OVERRIDES = frozenset(("alias", "$$hashKey", "fill", "linewidth", "fillBelowTo", "color"))
SWITCHES = [
    *(("yaxis", 1), ("yaxis", 2), ("lines", False), ("bars", True), ("stack", False), ("dashes", True)),
    ("transform", "negative-Y"),
]


def fixed_panel(panel: Json) -> dict[str, Any] | None:
    """A panel's JSON as a time series; None for one of another type, or with settings that would be lost."""
    if panel.get("type") != "graph" or "libraryPanel" in panel or not _is_certain(panel):
        return None
    raw = converted(read({"panels": [panel]}).panels[0]).raw
    return {key: value for key, value in raw.items() if key not in OWN}


def _is_certain(panel: Json) -> bool:
    """True if a time series can show all that the graph shows: its time axis, lines, one kind of limits."""
    axis, legend = fields.mapping(panel, "xaxis"), fields.mapping(panel, "legend")
    options = fields.mapping(panel, "options")
    return (
        panel.keys() <= OWN | ALL_PANELS
        and fields.text(axis, "mode") in ("", "time")
        and axis.get("show") is not False
        and not panel.get("timeRegions")
        and panel.get("nullPointMode") in (None, "null", "connected")
        and panel.get("points") is not True
        and not any(legend.get(key) for key in ("hideEmpty", "hideZero", "sideWidth"))
        and options.keys() <= {"alertThreshold", "dataLinks"}
        and not options.get("dataLinks")
        and all(item.get("op") == "gt" and not item.get("yaxis") for item in fields.mappings(panel, "thresholds"))
        and all(map(_is_certain_override, fields.mappings(panel, "seriesOverrides")))
    )


def _is_certain_override(override: Json) -> bool:
    """True if all settings of a series have a counterpart."""
    return all(key in OVERRIDES or (key, value) in SWITCHES for key, value in override.items())


def with_variable(query: Json, uid: str) -> dict[str, Any] | None:
    """A reference to a Prometheus data source, or a query of schema v2, with the data source `uid`; None for others."""
    if query.get("kind") == "DataQuery":
        source = fields.mapping(query, "datasource")
        is_other = query.get("group") == "prometheus" and hardcoded_sources(fields.text(source, "name"))
        return {**query, "datasource": {**source, "name": uid}} if is_other else None
    is_other = query.get("type") == "prometheus" and hardcoded_sources(fields.text(query, "uid"))
    return {**query, "uid": uid} if is_other else None


def datasource_variable(board: Board) -> str:
    """The board's only variable of Prometheus data sources, as a reference; "" if there is none, or several."""
    names = [variable.name for variable in board.variables if variable.type == "datasource"]
    is_prometheus = all(variable.query == "prometheus" for variable in board.variables if variable.name in names)
    return f"${{{names[0]}}}" if len(names) == 1 and is_prometheus else ""
