"""Panels of classic boards as plug-ins of Perses, with the keys of perses/plugins (`<plug-in>/schemas/*.cue`)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from dashboards_py.errors import DashboardsError
from dashboards_py.targets._perses_tables import table, table_of_values, units_of_queries
from dashboards_py.targets._perses_values import (
    color,
    defaults_of,
    format_of,
    overridden,
    panel_format,
    threshold_steps,
    value_mappings,
)

Json = Mapping[str, Any]
CALCULATIONS: Final[Mapping[str, str]] = {
    "first": "first",
    "firstNotNull": "first-number",
    "last": "last",
    "lastNotNull": "last-number",
    "min": "min",
    "max": "max",
    "mean": "mean",
    "sum": "sum",
}
LINES: Final = {"solid": "solid", "dash": "dashed", "dot": "dotted"}


def panel_plugin(panel: Json) -> Json:
    """The plug-in that shows a panel; a type that Perses has no counterpart for raises DashboardsError."""
    type_ = panel.get("type", "")
    if type_ not in PLUGINS:
        raise DashboardsError(f"panel {panel.get('title')!r}", cause=f"Perses has no counterpart of its type {type_!r}")
    kind, spec = PLUGINS[type_]
    if type_ == "stat" and units_of_queries(panel):
        kind, spec = "Table", table_of_values
    return {"kind": kind, "spec": spec(panel)}


def _custom(panel: Json) -> Json:
    return defaults_of(panel).get("custom") or {}


def _calculation(panel: Json) -> str:
    names = ((panel.get("options") or {}).get("reduceOptions") or {}).get("calcs") or ["lastNotNull"]
    return CALCULATIONS.get(names[0], "last-number")


def _thresholds(panel: Json) -> dict[str, Any]:
    """The thresholds, if there are any: the lowest step is the default."""
    steps = [(step.get("value"), color(step.get("color"))) for step in threshold_steps(panel)]
    if not steps:
        return {}
    base = next((name for value, name in steps if value is None), None)
    own = [{"value": value, **({"color": name} if name else {})} for value, name in steps if value is not None]
    return {"thresholds": {"mode": "absolute", **({"defaultColor": base} if base else {}), "steps": own}}


def _stat(panel: Json) -> Json:
    options = panel.get("options") or {}
    mappings = value_mappings(defaults_of(panel).get("mappings") or ())
    legend = {"legendMode": "on"} if options.get("textMode") == "value_and_name" else {}
    return {
        "calculation": _calculation(panel),
        "format": panel_format(panel),
        **_thresholds(panel),
        **({"sparkline": {}} if options.get("graphMode") == "area" else {}),
        **({"mappings": mappings} if mappings else {}),
        **legend,
    }


def _bars(panel: Json) -> Json:
    return {"calculation": _calculation(panel), "format": panel_format(panel), "sort": "desc", "mode": "value"}


def _graph(panel: Json) -> Json:
    defaults, custom = defaults_of(panel), _custom(panel)
    axis = {"format": panel_format(panel)}
    axis |= {key: defaults[key] for key in ("min", "max") if defaults.get(key) is not None}
    style = (custom.get("thresholdsStyle") or {}).get("mode", "off")
    settings = _query_settings(panel)
    visual: dict[str, Any] = {"display": "bar" if custom.get("drawStyle") == "bars" else "line"}
    visual |= {"areaOpacity": custom["fillOpacity"] / 100} if "fillOpacity" in custom else {}
    visual |= {"lineWidth": min(3, max(0.25, custom["lineWidth"]))} if "lineWidth" in custom else {}
    visual |= {"stack": "all"} if (custom.get("stacking") or {}).get("mode", "none") != "none" else {}
    visual |= {"connectNulls": True} if custom.get("spanNulls") is True else {}
    return {
        **_legend(panel),
        "yAxis": axis,
        **(_thresholds(panel) if style != "off" else {}),
        "visual": visual,
        **({"querySettings": settings} if settings else {}),
    }


def _legend(panel: Json) -> dict[str, Any]:
    legend = (panel.get("options") or {}).get("legend") or {}
    if legend.get("showLegend") is False:
        return {}
    values = [CALCULATIONS[name] for name in legend.get("calcs") or () if name in CALCULATIONS]
    position = "right" if legend.get("placement") == "right" else "bottom"
    mode = "table" if legend.get("displayMode") == "table" else "list"
    return {"legend": {"position": position, "mode": mode, **({"values": values} if values else {})}}


def _query_settings(panel: Json) -> list[Json]:
    """What overrides change for all series of a query, by its index."""
    settings: dict[int, dict[str, Any]] = {}
    refs = [target.get("refId") for target in panel.get("targets") or () if not target.get("hide")]
    for matcher, options, id_, value in overridden(panel):
        if matcher != "byFrameRefID" or options not in refs:
            continue
        own = settings.setdefault(refs.index(options), {})
        if id_ == "color" and (shade := color((value or {}).get("fixedColor"))):
            own |= {"colorMode": "fixed", "colorValue": shade}
        elif id_ == "custom.lineStyle":
            own["lineStyle"] = LINES.get((value or {}).get("fill", ""), "solid")
        elif id_ == "custom.fillOpacity":
            own["areaOpacity"] = value / 100
        elif id_ == "unit":
            own["format"] = format_of(value)
    return [{"queryIndex": index, **own} for index, own in sorted(settings.items()) if own]


def _history(panel: Json) -> Json:
    """A status history, whose colors are those of value mappings: thresholds are ranges."""
    mappings = value_mappings(defaults_of(panel).get("mappings") or ())
    steps = [step for step in threshold_steps(panel) if step.get("value") is not None]
    ends = [*(step["value"] for step in steps[1:]), None]
    ranges = [
        {"from": step["value"], "to": end, "result": {"text": f"{step['value']:g}", "color": step.get("color")}}
        for step, end in zip(steps, ends, strict=True)
    ]
    return {
        "sorting": "asc",
        "mappings": mappings or value_mappings([{"type": "range", "options": own} for own in ranges]),
    }


def _markdown(panel: Json) -> Json:
    return {"text": (panel.get("options") or {}).get("content", "")}


PLUGINS: Final[Mapping[str, tuple[str, Callable[[Json], Json]]]] = {
    "stat": ("StatChart", _stat),
    "gauge": ("StatChart", _stat),
    "bargauge": ("BarChart", _bars),
    "timeseries": ("TimeSeriesChart", _graph),
    # Perses draws heatmaps of native histograms only (HeatMapChartPanel.tsx): classic buckets are lines.
    "heatmap": ("TimeSeriesChart", _graph),
    "state-timeline": ("StatusHistoryChart", _history),
    "status-history": ("StatusHistoryChart", _history),
    "table": ("Table", table),
    "text": ("Markdown", _markdown),
}
