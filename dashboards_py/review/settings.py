"""The settings of panels and boards by name: without defaults, ids, and what Grafana writes as it saves."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.board import Board, Panel, fields
from dashboards_py.documents.value import with_plain_numbers
from dashboards_py.review.defaults import BOARD, panel_defaults

Json = Mapping[str, Any]
# Compared in another way, or of no meaning to a reader of the board.
PANEL_IGNORED = frozenset(
    {"id", "gridPos", "targets", "pluginVersion", "datasource", "scopedVars", "repeatIteration", "repeatPanelId"}
    | {"libraryPanel", "editable", "error", "isNew", "renderer", "span", "height", "queriesLoading", "repeatedByRow"}
    | {"cacheTimeout", "queryCachingTTL", "datasourceUid", "hideTimeOverride", "thresholds"}
)
BOARD_IGNORED = frozenset(
    {"id", "version", "schemaVersion", "panels", "rows", "templating", "annotations", "links", "uid", "iteration"}
    | {"ciliumDashboards", "pluginVersion", "preload", "liveNow", "weekStart", "style", "timepicker", "gnetId", "meta"}
    | {"hideControls", "sharedCrosshair", "originalTitle", "time_options", "snapshot", "folderUid", "folderTitle"}
    | {"__inputs", "__requires", "__elements", "revision", "scopedMeta"}
)
NAMES = {
    "title": "title",
    "description": "description",
    "type": "type of panel",
    "fieldConfig.defaults.unit": "unit",
    "fieldConfig.defaults.decimals": "decimals",
    "fieldConfig.defaults.min": "minimum",
    "fieldConfig.defaults.max": "maximum",
    "fieldConfig.defaults.noValue": "text without data",
    "fieldConfig.defaults.displayName": "display name",
    "fieldConfig.defaults.thresholds": "thresholds",
    "fieldConfig.defaults.mappings": "value mappings",
    "fieldConfig.defaults.color": "colors",
    "maxDataPoints": "maximum of data points",
    "interval": "minimum interval",
    "timeFrom": "relative time",
    "timeShift": "time shift",
    "repeat": "repeated for",
    "transparent": "transparent",
    "graphTooltip": "shared tooltip",
    "time": "time range",
}
WHOLE = ("thresholds", "color", "time", "mappings")  # shown as one setting, not by its parts
EMPTY: tuple[Any, ...] = (None, "", False)


def panel_settings(panel: Panel) -> dict[str, str]:
    """The settings of a panel apart from its queries and its place, by name, as texts."""
    raw = {key: value for key, value in panel.raw.items() if key not in PANEL_IGNORED and not key.startswith("$")}
    config = fields.mapping(raw, "fieldConfig")
    defaults = _with_base(fields.mapping(config, "defaults"))
    if panel.type == "timeseries" and not _uses_thresholds(config):
        defaults = {key: value for key, value in defaults.items() if key != "thresholds"}
    raw["fieldConfig"] = {"defaults": defaults}
    if panel.type == "table" and fields.mapping(raw, "options", "footer").get("show") is not True:
        raw["options"] = {key: value for key, value in fields.mapping(raw, "options").items() if key != "footer"}
    result = {
        _name(path): text for path, text in _settings(raw, panel_defaults(panel.type), ("links", "transformations"))
    }
    result |= _links("link", fields.mappings(raw, "links"))
    result |= _links("data link", fields.mappings(fields.mapping(config, "defaults"), "links"))
    result |= _overrides(config)
    for number, one in enumerate(fields.mappings(raw, "transformations"), start=1):
        options = without_empty(fields.mapping(one, "options"))
        result[f"transformation {number}"] = f"{fields.text(one, 'id')} {_json(options) if options else ''}".strip()
    if library := panel.library:
        result["library panel"] = library
    return result


def default_settings(kind: str) -> dict[str, str]:
    """The defaults of a type of panel that say something, by the names of `panel_settings`, as texts."""
    known = _flat(with_plain_numbers(panel_defaults(kind)), "")
    return {_name(path): _text(path, value) for path, value in known if not _is_empty(value)}


def board_settings(board: Board) -> dict[str, str]:
    """The settings of a board apart from its panels, by name, as texts: also variables, annotations and links."""
    raw = {key: value for key, value in board.raw.items() if key not in BOARD_IGNORED and not key.startswith("$")}
    if isinstance(raw.get("tags"), list):
        raw["tags"] = sorted(map(str, raw["tags"]))
    result = {_name(path): text for path, text in _settings(raw, BOARD, ())}
    result |= _links("link", fields.mappings(board.raw, "links"))
    return result


def _uses_thresholds(config: Json) -> bool:
    """True if a graph shows its thresholds, as lines, areas or colors; the editor writes them in any case."""
    style = fields.mapping(config, "defaults", "custom", "thresholdsStyle")
    mode = fields.text(fields.mapping(config, "defaults", "color"), "mode")
    shown = fields.text(style, "mode") not in ("", "off") or mode == "thresholds"
    return shown or "threshold" in json.dumps(config.get("overrides"), default=str)


def _with_base(defaults: Json) -> Json:
    """The defaults of fields; the value of the lowest threshold may be missing, null or minus infinity."""
    thresholds = fields.mapping(defaults, "thresholds")
    if not thresholds:
        return defaults
    steps = [dict(step) for step in fields.mappings(thresholds, "steps")]
    if steps and not isinstance(steps[0].get("value"), int | float):
        steps[0].pop("value", None)
    return {**defaults, "thresholds": {**thresholds, "steps": steps}}


def _settings(raw: Json, defaults: Json, skipped: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each setting that differs from the default, by path."""
    values = dict(_flat(with_plain_numbers(raw), ""))
    known = dict(_flat(with_plain_numbers(defaults), ""))
    for path, value in values.items():
        is_default = value == known[path] if path in known and not _is_empty(known[path]) else _is_empty(value)
        if is_default or path.split(".")[-1] in skipped:
            continue
        yield path, _text(path, value)


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Each value of a JSON value by its path; lists, and what is shown as a whole, are one value."""
    if isinstance(value, Mapping) and (path.split(".")[-1] not in WHOLE or path.startswith("options.")):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    else:
        yield path, without_empty(value) if isinstance(value, Mapping) else value


def _is_empty(value: Any) -> bool:
    return value in ([], {}) or any(value is empty for empty in EMPTY) or value == ""


def without_empty(value: Any) -> Any:
    """The value without keys that are null or empty."""
    if isinstance(value, Mapping):
        inner = {key: without_empty(one) for key, one in value.items()}
        return {key: one for key, one in inner.items() if one is not None and one not in ({}, [], "")}
    return [without_empty(one) for one in value] if isinstance(value, list) else value


def _text(path: str, value: Any) -> str:
    last = path.split(".")[-1]
    if last == "thresholds" and isinstance(value, Mapping):
        return _thresholds(value)
    if last == "time" and isinstance(value, Mapping):
        return f"{value.get('from', '')} to {value.get('to', '')}"
    if last == "color" and isinstance(value, Mapping):
        return " ".join(str(value[key]) for key in ("mode", "fixedColor", "seriesBy") if key in value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else _json(value)


def _thresholds(value: Json) -> str:
    """`green, orange from 70, red from 90`."""
    percent = "%" if fields.text(value, "mode") == "percentage" else ""
    steps = [
        fields.text(step, "color") + (f" from {_json(step['value'])}{percent}" if "value" in step else "")
        for step in fields.mappings(value, "steps")
    ]
    return ", ".join(steps)


def _links(kind: str, links: Iterator[Json]) -> dict[str, str]:
    """Links by title: where they lead, and their flags."""
    result = {}
    for link in links:
        flags = [flag for flag in ("includeVars", "keepTime", "targetBlank", "asDropdown") if link.get(flag) is True]
        flags += [tooltip] if (tooltip := fields.text(link, "tooltip")) else []
        url = fields.text(link, "url")
        leads_to_boards = fields.text(link, "type") == "dashboards" or not url
        where = f"boards with the tags {', '.join(fields.texts(link, 'tags'))}" if leads_to_boards else url
        name, number = f"{kind} {fields.text(link, 'title') or fields.text(link, 'type')}", 2
        while name in result:
            name, number = f"{name} ({number})", number + 1
        result[name] = " ".join((where, *(f"[{flag}]" for flag in flags)))
    return result


def _overrides(config: Json) -> dict[str, str]:
    """Properties of overrides by matcher; the last one of a property counts, as in Grafana."""
    result = {}
    for override in fields.mappings(config, "overrides"):
        matcher = fields.mapping(override, "matcher")
        options = matcher.get("options")
        chosen = options if isinstance(options, str) else _json(options)
        word = {"byName": "", "byRegexp": "names like ", "byFrameRefID": "query ", "byType": "type "}
        named = word.get(fields.text(matcher, "id"), f"{fields.text(matcher, 'id')} ")
        for one in fields.mappings(override, "properties"):
            name = fields.text(one, "id").removeprefix("custom.")
            value = with_plain_numbers(one.get("value"))
            whole = {"value": value} if not isinstance(value, Mapping) else without_empty(value)
            thresholds = name == "thresholds" and isinstance(value, Mapping)
            result[f"{name} of {named}{chosen}"] = (
                _thresholds(fields.mapping(_with_base({"thresholds": value}), "thresholds"))
                if thresholds
                else _text(name, whole.get("value", whole) if not isinstance(value, Mapping) else whole)
            )
    return result


def _name(path: str) -> str:
    if path in NAMES:
        return NAMES[path]
    for prefix in ("fieldConfig.defaults.custom.", "fieldConfig.defaults.", "options."):
        if path.startswith(prefix):
            return path.removeprefix(prefix)
    return path


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def row_settings(board: Board) -> dict[str, str]:
    """What the headings of rows repeat, and when they are shown, by setting and title."""
    rows = (*fields.mappings(board.raw, "rows"), *fields.mappings(board.raw, "panels"))
    return {
        f"{NAMES.get(key, 'shown if')} of row {fields.text(row, 'title')}": _text(key, without_empty(row[key]))
        for row in rows
        if "type" not in row or row["type"] == "row"
        for key in ("repeat", "conditionalRendering")
        if row.get(key)
    }


def raw_variable(board: Board, name: str) -> Json:
    """The JSON of a variable; empty if there is none."""
    listed = fields.mappings(fields.mapping(board.raw, "templating"), "list")
    return next((one for one in listed if one.get("name") == name), {})
