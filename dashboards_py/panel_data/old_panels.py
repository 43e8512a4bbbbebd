"""Settings of panels in the forms of older boards, in today's, as Grafana turns them as it opens a board.

Sources: sharedSingleStatMigrationHandler in SingleStatBaseOptions.ts of packages/grafana-ui; angularToReactHeatmap in
public/app/plugins/panel/heatmap/migrations.ts; upgradeValueMappings in schemaversion/v30.go of apps/dashboard;
textPanelMigrationHandler.ts of public/app/plugins/panel/text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from dashboards_py.board import Board, Panel
from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.conversions import text
from dashboards_py.panel_data.javascript import to_number
from dashboards_py.panel_data.old_graph import converted
from dashboards_py.panel_data.old_tables import with_new_footer

Json = Mapping[str, Any]
SINGLE = ("stat", "gauge", "bargauge")
HEATMAP = {"dataFormat", "yAxis", "color", "cards", "legend", "yBucketBound", "reverseYBuckets", "hideZeroBuckets"}
WITH_NEW_MAPPINGS = 30  # the schema version whose boards have mappings in today's form
_OLD_STATS = {"avg": "mean", "current": "lastNotNull", "total": "sum"}
_VERSION = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))?")
WITH_TEXT_OPTIONS = (7, 1)  # the version whose text panels have options
_BUCKETS = {"upper": "ge", "lower": "le", "middle": "unknown"}


def upgraded(board: Board) -> Board:
    """The board with the settings of each panel in today's form; what cannot be turned is left as it is."""
    version = json_fields.integer(board.raw, "schemaVersion")
    return replace(
        board,
        rows=tuple(
            replace(row, panels=tuple(upgraded_panel(panel, version) for panel in row.panels)) for row in board.rows
        ),
    )


def upgraded_panel(panel: Panel, schema_version: int) -> Panel:
    """One panel of a board of a schema version."""
    panel, raw = converted(panel), converted(panel).raw
    is_old = schema_version < WITH_NEW_MAPPINGS
    if panel.type in SINGLE and (upgraded_raw := _single(raw)) is not None:
        raw, is_old = upgraded_raw, True
    elif panel.type == "heatmap" and not json_fields.mapping(raw, "options") and not HEATMAP.isdisjoint(raw):
        raw = {**raw, "options": _heatmap(raw)}
    elif panel.type == "table":
        raw = with_new_footer(raw)
    elif panel.type == "text":
        raw = _text(raw)
    return replace(panel, raw=_with_mappings(raw) if is_old else raw)


def _single(raw: Json) -> dict[str, Any] | None:
    """A panel of single values whose options have fieldOptions, or the valueOptions before them; None without them."""
    options = json_fields.mapping(raw, "options") or json_fields.mapping(raw, "options-gauge")
    if "fieldOptions" not in options and "valueOptions" not in options:
        return None
    old, values = json_fields.mapping(options, "fieldOptions"), json_fields.mapping(options, "valueOptions")
    defaults = {**json_fields.mapping(old, "defaults")}
    for source, key, new in (
        *((values, key, key) for key in ("unit", "decimals")),
        *((options, f"{key}Value", key) for key in ("min", "max")),
        *((options, "valueMappings", "mappings"), (old, "mappings", "mappings"), (defaults, "title", "displayName")),
    ):
        if source.get(key) is not None and defaults.get(new) is None:
            defaults[new] = source[key]
    defaults.pop("title", None)
    lists = (defaults.get("thresholds"), old.get("thresholds"), options.get("thresholds"))
    if steps := next((one for one in lists if isinstance(one, list) and one), None):
        defaults["thresholds"] = {"mode": "absolute", "steps": _steps(steps)}
    if isinstance(defaults.get("color"), str):
        defaults["color"] = {"mode": "fixed", "fixedColor": defaults["color"]}
    stat = json_fields.text(values, "stat")
    calcs = list(json_fields.texts(old, "calcs")) or ([stat] if stat else [])
    reduce = {"values": old.get("values") is True, "calcs": [_OLD_STATS.get(calc, calc) for calc in calcs]}
    if (limit := old.get("limit")) is not None:
        reduce["limit"] = limit
    config = json_fields.mapping(raw, "fieldConfig")
    overrides = [*json_fields.mappings(config, "overrides"), *json_fields.mappings(old, "overrides")]
    turned = ("fieldOptions", "thresholds", "valueMappings", "minValue", "maxValue")
    rest = {key: value for key, value in options.items() if key not in turned}
    if left := {key: value for key, value in values.items() if key in ("prefix", "suffix") and value}:
        rest |= left  # Grafana does not take them over either: they are named
    rest.pop("valueOptions", None)
    return {
        **raw,
        "options": {"reduceOptions": reduce, **rest},
        "fieldConfig": {"defaults": {**json_fields.mapping(config, "defaults"), **defaults}, "overrides": overrides},
    }


def _text(raw: Json) -> Json:
    """A text panel of before 7.1 has its text beside its type; later ones do not read it from there."""
    if "content" not in raw or "mode" not in raw:
        return raw
    rest = {key: value for key, value in raw.items() if key not in ("content", "mode")}
    version = _VERSION.match(json_fields.text(raw, "pluginVersion"))
    is_new = version is not None and tuple(map(int, version.groups(default="0"))) >= WITH_TEXT_OPTIONS
    return rest if is_new else {**rest, "options": {"content": raw["content"], "mode": raw["mode"]}}


def _steps(old: Iterable[Any]) -> list[dict[str, Any]]:
    """Thresholds in ascending order, the first of which has no value."""
    known = [step for step in old if isinstance(step, Mapping)]
    ordered = sorted(known, key=lambda step: (step.get("value") is not None, json_fields.number(step, "value") or 0.0))
    return [
        {"value": step.get("value") if index else None, "color": step.get("color")}
        for index, step in enumerate(ordered)
    ]


def _heatmap(raw: Json) -> dict[str, Any]:
    """The options of a heatmap that has them beside its type."""
    axis, color, cards = (json_fields.mapping(raw, key) for key in ("yAxis", "color", "cards"))
    old_scheme = json_fields.text(color, "colorScheme").removeprefix("interpolate")
    colors: dict[str, Any] = {"steps": 128, "fill": color.get("cardColor"), "exponent": 0.5}
    if color.get("mode") == "spectrum" and old_scheme:
        colors |= {"mode": "scheme", "scheme": old_scheme}
    elif color.get("mode") == "opacity":
        colors |= {"mode": "opacity", "scale": color.get("colorScale") or color.get("scale")}
    colors |= {key: color[key] for key in ("min", "max") if color.get(key) is not None}
    limits = {key: axis[key] for key in ("min", "max", "decimals") if axis.get(key) is not None}
    return {
        "calculate": raw.get("dataFormat") != "tsbuckets",
        "color": {key: value for key, value in colors.items() if value is not None},
        "cellGap": cards.get("cardPadding") or 1 if "cardPadding" in cards else 2,
        "cellRadius": cards.get("cardRound"),
        "yAxis": {
            "axisPlacement": "hidden" if axis.get("show") is False else "left",
            "reverse": raw.get("reverseYBuckets") is True,
            "axisWidth": axis.get("width"),
            "unit": json_fields.text(axis, "format"),
            **limits,
        },
        "rowsFrame": {"layout": _BUCKETS.get(json_fields.text(raw, "yBucketBound"), "auto")},
        "legend": {"show": json_fields.mapping(raw, "legend").get("show") is True},
        **({"filterValues": {"le": 1e-9}} if raw.get("hideZeroBuckets") is True else {}),
    }


def _with_mappings(raw: Json) -> Json:
    """The panel with the value mappings of its defaults and overrides in today's form."""
    config = json_fields.mapping(raw, "fieldConfig")
    if not config:
        return raw
    defaults = {**json_fields.mapping(config, "defaults")}
    if "mappings" in defaults:
        defaults["mappings"] = new_mappings(defaults["mappings"])
    overrides = [
        {
            **override,
            "properties": [
                {**item, "value": new_mappings(item.get("value"))} if item.get("id") == "mappings" else item
                for item in json_fields.mappings(override, "properties")
            ],
        }
        for override in json_fields.mappings(config, "overrides")
    ]
    return {**raw, "fieldConfig": {**config, "defaults": defaults, "overrides": overrides}}


def new_mappings(old: Any) -> Any:
    """Mappings of the types 1 (a value) and 2 (a range) as those of today; others stay as they are."""
    if not isinstance(old, list):
        return old
    return list(_new_mappings(one for one in old if isinstance(one, Mapping)))


def _new_mappings(old: Iterable[Json]) -> Iterator[Json]:
    for one in old:
        result = {"text": text(one.get("text"))} if one.get("text") is not None else {}
        value = one.get("value")
        if one.get("type") == 1 and value == "null":
            yield {"type": "special", "options": {"match": "null", "result": result}}
        elif one.get("type") == 1 and value is not None:
            yield {"type": "value", "options": {value if isinstance(value, str) else text(value): result}}
        elif one.get("type") == 2:
            ends = {key: None if one.get(key) in (None, "null", "") else _number(one[key]) for key in ("from", "to")}
            yield {"type": "range", "options": {**ends, "result": result}}
        else:
            yield one


def _number(value: Any) -> Any:
    return to_number(value) if isinstance(value, str) else value
