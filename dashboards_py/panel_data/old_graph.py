"""Panels of the old type graph, which Grafana turns into time series as it opens a board.

Source: migrations.ts of the timeseries panel in Grafana.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from dashboards_py.board import Panel
from dashboards_py.board import fields as json_fields

Json = Mapping[str, Any]
# A value of the old legend, and the calculation that it is now (aliasIds in fieldReducer.ts of packages/grafana-data).
CALCULATIONS = {"avg": "mean", "current": "lastNotNull", "max": "max", "min": "min", "total": "sum"}


def converted(panel: Panel) -> Panel:
    """The panel as a time series if it is an old graph, otherwise as it is."""
    if panel.type != "graph":
        return panel
    raw, config = panel.raw, json_fields.mapping(panel.raw, "fieldConfig")
    left, right = (*json_fields.mappings(raw, "yaxes"), {}, {})[:2]
    defaults = {**json_fields.mapping(config, "defaults"), **_axis(left)}
    steps = list(_steps(raw))
    if steps:
        defaults["thresholds"] = {"mode": "absolute", "steps": steps}
    custom = {**_style(raw), **_axis_options(left), **json_fields.mapping(defaults, "custom")}
    if steps:
        custom["thresholdsStyle"] = {"mode": "line+area" if any(_fills(raw)) else "line"}
    overrides = [*json_fields.mappings(config, "overrides"), *_colors(raw), *_series(raw, right)]
    upgraded = {
        **raw,
        "type": "timeseries",
        "fieldConfig": {"defaults": {**defaults, "custom": custom}, "overrides": overrides},
        "options": {"legend": _legend(json_fields.mapping(raw, "legend")), **_tooltip(raw)},
    }
    return replace(panel, type="timeseries", raw=upgraded)


def _axis(axis: Json) -> dict[str, Any]:
    """The unit, limits and decimals of an old axis, as options of a field."""
    options = {"unit": json_fields.text(axis, "format") or "short"}
    limits = {name: _number(axis.get(name)) for name in ("min", "max", "decimals")}
    return {**options, **{name: value for name, value in limits.items() if value is not None}}


def _number(value: object) -> float | int | None:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _axis_options(axis: Json) -> dict[str, Any]:
    """What an old axis says of label, scale and whether it is shown."""
    options: dict[str, Any] = {}
    if label := json_fields.text(axis, "label"):
        options["axisLabel"] = label
    if (base := _number(axis.get("logBase"))) and base > 1:
        options["scaleDistribution"] = {"type": "log", "log": base}
    if axis.get("show") is False:
        options["axisPlacement"] = "hidden"
    return options


def _style(graph: Json) -> dict[str, Any]:
    """How the series are drawn."""
    fill = _number(graph.get("fill"))
    gradient = _number(graph.get("fillGradient")) or 0
    style: dict[str, Any] = {
        "drawStyle": "bars" if graph.get("bars") is True else "line",
        "lineWidth": _number(graph.get("linewidth")) if graph.get("lines") is not False else 0,
        "fillOpacity": gradient * 10 if gradient else (1 if fill is None else fill) * 10,
        "showPoints": "always" if graph.get("points") is True else "never",
        "spanNulls": graph.get("nullPointMode") == "connected",
    }
    if graph.get("bars") is True:
        style["fillOpacity"] = 100
    elif graph.get("lines") is False and graph.get("points") is True:
        style["drawStyle"] = "points"
    if style["lineWidth"] is None:
        style["lineWidth"] = 1
    if gradient:
        style["gradientMode"] = "opacity"
    if graph.get("steppedLine") is True:
        style["lineInterpolation"] = "stepAfter"
    if graph.get("dashes") is True:
        style["lineStyle"] = {"fill": "dash"}
    if graph.get("stack") is True:
        style["stacking"] = {"mode": "normal", "group": "A"}  # Grafana does not take `percentage` over
    return style


def _fills(graph: Json) -> Iterator[bool]:
    return (threshold.get("fill") is True for threshold in json_fields.mappings(graph, "thresholds"))


def _steps(graph: Json) -> Iterator[dict[str, Any]]:
    """Thresholds from which on a value is bad."""
    colors = {"critical": "red", "warning": "orange", "ok": "green"}
    known = [(_number(old.get("value")), old) for old in json_fields.mappings(graph, "thresholds")]
    for number, (value, old) in enumerate(
        sorted((pair for pair in known if pair[0] is not None), key=lambda pair: pair[0] or 0)
    ):
        if number == 0:
            yield {"value": None, "color": "transparent"}
        color = json_fields.text(old, "lineColor") or json_fields.text(old, "fillColor")
        yield {"value": value, "color": colors.get(json_fields.text(old, "colorMode"), color or "red")}


def _legend(legend: Json) -> dict[str, Any]:
    """The legend with its calculations, in the order of the JSON; Grafana does not take its order over."""
    shown = [name for name in legend if legend.get("values") is True and legend.get(name) is True]
    return {
        "showLegend": legend.get("show") is not False,
        "displayMode": "table" if legend.get("alignAsTable") is True else "list",
        "placement": "right" if legend.get("rightSide") is True else "bottom",
        "calcs": [CALCULATIONS[name] for name in shown if name in CALCULATIONS],
    }


def _tooltip(graph: Json) -> dict[str, Any]:
    """Whether the tooltip is of all series, and in which order; {} if the graph does not say it."""
    old = json_fields.mapping(graph, "tooltip")
    if not isinstance(old.get("shared"), bool):
        return {}
    orders = {1: "asc", 2: "desc"}
    order = {"sort": orders.get(json_fields.integer(old, "sort"), "none")} if old["shared"] else {}
    return {"tooltip": {"mode": "multi" if old["shared"] else "single", **order}}


def _colors(graph: Json) -> Iterator[dict[str, Any]]:
    for name, color in json_fields.mapping(graph, "aliasColors").items():
        if isinstance(color, str):
            yield _override(name, {"color": {"mode": "fixed", "fixedColor": color}})


# What an old override may set, and its property now: for numbers a factor, else the value that has one.
NUMBERS = {"fill": ("custom.fillOpacity", 10), "linewidth": ("custom.lineWidth", 1)}
SWITCHES: Mapping[tuple[str, Any], tuple[str, Any]] = {
    ("lines", False): ("custom.lineWidth", 0),
    ("bars", True): ("custom.drawStyle", "bars"),
    ("stack", False): ("custom.stacking", {"mode": "none"}),
    ("dashes", True): ("custom.lineStyle", {"fill": "dash"}),
    ("transform", "negative-Y"): ("custom.transform", "negative-Y"),
}


def _series(graph: Json, right: Json) -> Iterator[dict[str, Any]]:
    """Overrides of single series, by name or by a regular expression between slashes."""
    for old in json_fields.mappings(graph, "seriesOverrides"):
        numbers = ((new, factor, _number(old.get(name))) for name, (new, factor) in NUMBERS.items())
        properties: dict[str, Any] = {new: number * factor for new, factor, number in numbers if number is not None}
        properties |= dict(new for (name, value), new in SWITCHES.items() if old.get(name) == value)
        if below := json_fields.text(old, "fillBelowTo"):
            properties = {"custom.fillOpacity": 35, **properties, "custom.fillBelowTo": below}
        if color := json_fields.text(old, "color"):
            properties["color"] = {"mode": "fixed", "fixedColor": color}
        if old.get("yaxis") == 2:
            properties |= {"custom.axisPlacement": "right", **_axis(right)}
        if properties:
            yield _override(json_fields.text(old, "alias"), properties)


def _override(alias: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    matcher = "byRegexp" if alias.startswith("/") else "byName"
    return {
        "matcher": {"id": matcher, "options": alias},
        "properties": [{"id": name, "value": value} for name, value in properties.items()],
    }
