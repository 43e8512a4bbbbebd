"""Options of panels, with a value that is not Grafana's default, and what a picture makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DRAWN, NAMED, UNSEEN = "drawn", "named", "unseen"
THRESHOLDS = {"mode": "absolute", "steps": [{"color": "green", "value": None}, {"color": "red", "value": 15}]}
BY_THRESHOLDS = {"color": {"mode": "thresholds"}, "thresholds": THRESHOLDS}


@dataclass(frozen=True, slots=True)
class Case:
    """A value of an option of a panel type; `seen` as drawn, named or unseen: what only a mouse shows.

    `setting` is what else the panel has: custom, options, defaults, series, target, size.
    """

    panel_type: str
    path: str
    value: object
    seen: str = DRAWN
    setting: Mapping[str, Any] = field(default_factory=dict)


def _of(panel_type: str, *rows: tuple[Any, ...]) -> list[Case]:
    return [Case(panel_type, *row) for row in rows]


GAP = {"series": {"a": [1.0, None, 3.0, *[2.0] * 57]}}
BARS = {"custom": {"drawStyle": "bars"}}
FILLED = {"custom": {"fillOpacity": 50}, "defaults": BY_THRESHOLDS}
DASHED = {"custom": {"lineStyle": {"fill": "dash"}}}
TABLE = {"target": {"format": "table", "instant": True}, "defaults": BY_THRESHOLDS}
GAUGES = {"custom": {"cellOptions": {"type": "gauge"}}, **TABLE}
COLORED = {"custom": {"cellOptions": {"type": "color-background"}}, **TABLE}
BUCKETS = {
    "target": {"format": "heatmap", "legendFormat": "{{le}}"},
    "series": {"1": [float(number % 5) for number in range(60)], "2": [float(number % 9) for number in range(60)]},
}
OPAQUE = {**BUCKETS, "options": {"color": {"mode": "opacity"}}}
SAME = {"series": {"a": [1.0] * 60}}
OVERRIDDEN = {"options": {"legend": {"placement": "right"}}}

GRAPH_CUSTOM = _of(
    "timeseries",
    ("custom.axisBorderShow", True),
    ("custom.axisCenteredZero", True),
    ("custom.axisColorMode", "series"),
    ("custom.axisGridShow", False),
    ("custom.axisLabel", "packets"),
    ("custom.axisPlacement", "right"),
    ("custom.axisPlacement", "hidden"),
    ("custom.axisPlacement", "top", NAMED),
    ("custom.axisSoftMax", 500),
    ("custom.axisSoftMin", -500),
    ("custom.axisWidth", 200),
    ("custom.barAlignment", 1, DRAWN, BARS),
    ("custom.barMaxWidth", 2, DRAWN, BARS),
    ("custom.barWidthFactor", 0.2, DRAWN, BARS),
    ("custom.drawStyle", "bars"),
    ("custom.drawStyle", "points"),
    ("custom.fillBelowTo", "node-1"),
    ("custom.fillColor", "red", UNSEEN),  # in the types, but the panel does not read it
    ("custom.fillOpacity", 30),
    ("custom.gradientMode", "opacity", DRAWN, FILLED),
    ("custom.gradientMode", "hue", DRAWN, FILLED),
    ("custom.gradientMode", "scheme", DRAWN, FILLED),
    ("custom.hideFrom", {"legend": True, "tooltip": False, "viz": False}),
    ("custom.hideFrom", {"legend": False, "tooltip": False, "viz": True}),
    ("custom.hideFrom", {"legend": False, "tooltip": True, "viz": False}, UNSEEN),
    # With another interval of the query Grafana leaves the frame as it is (applyNullInsertThreshold).
    ("custom.insertNulls", 30_000, UNSEEN),
    ("custom.lineColor", "#123456"),
    ("custom.lineInterpolation", "smooth"),
    ("custom.lineInterpolation", "stepBefore"),
    ("custom.lineInterpolation", "stepAfter"),
    ("custom.lineStyle", {"fill": "dash"}),
    ("custom.lineStyle", {"fill": "dot", "dash": [0, 10]}),
    ("custom.lineStyle", {"fill": "dash", "dash": [30, 3]}, DRAWN, DASHED),
    ("custom.lineWidth", 5),
    ("custom.pointColor", "red", UNSEEN),
    ("custom.pointSize", 20),
    ("custom.pointSymbol", "circle", UNSEEN),
    ("custom.scaleDistribution", {"type": "log", "log": 10}),
    ("custom.scaleDistribution", {"type": "symlog", "log": 10}),
    ("custom.showPoints", "never"),
    ("custom.showValues", True, NAMED),
    ("custom.spanNulls", True, DRAWN, GAP),
    ("custom.spanNulls", 180_000, DRAWN, GAP),
    ("custom.stacking", {"mode": "normal", "group": "A"}),
    ("custom.stacking", {"mode": "percent", "group": "A"}),
    ("custom.thresholdsStyle", {"mode": "line"}, DRAWN, {"defaults": BY_THRESHOLDS}),
    ("custom.thresholdsStyle", {"mode": "dashed"}, DRAWN, {"defaults": BY_THRESHOLDS}),
    ("custom.thresholdsStyle", {"mode": "area"}, DRAWN, {"defaults": BY_THRESHOLDS}),
    ("custom.transform", "negative-Y"),
    ("custom.transform", "constant"),
)
GRAPH_OPTIONS = _of(
    "timeseries",
    ("options.legend", {"showLegend": False}),
    ("options.legend", {"displayMode": "table", "calcs": ["max"]}),
    ("options.legend", {"placement": "right"}),
    ("options.legend", {"placement": "right", "width": 200}, DRAWN, OVERRIDDEN),
    ("options.annotations", {"multiLane": True}, NAMED),
    ("options.disableKeyboardEvents", True, UNSEEN),
    ("options.orientation", "vertical", NAMED),
    ("options.timeCompare", {"timeCompare": True}, NAMED),
    ("options.timezone", ["Asia/Tokyo"]),
    ("options.timezone", ["utc", "Asia/Tokyo"]),
    ("options.timezone", ["Nowhere/City"], NAMED),
    ("options.tooltip", {"mode": "multi"}, UNSEEN),
)
STAT = _of(
    "stat",
    ("options.colorMode", "background"),
    ("options.colorMode", "background_solid"),
    ("options.colorMode", "none"),
    ("options.graphMode", "none"),
    ("options.justifyMode", "center"),
    ("options.orientation", "horizontal"),
    ("options.percentChangeColorMode", "inverted", DRAWN, {"options": {"showPercentChange": True}}),
    ("options.reduceOptions", {"calcs": ["max"]}),
    ("options.showPercentChange", True),
    ("options.text", {"titleSize": 9, "valueSize": 12}),
    ("options.text", {"percentSize": 30}, DRAWN, {"options": {"showPercentChange": True}}),
    ("options.textMode", "name"),
    ("options.wideLayout", False, DRAWN, {"size": (24, 3)}),
)
BAR_GAUGE = _of(
    "bargauge",
    ("options.displayMode", "basic", DRAWN, {"defaults": BY_THRESHOLDS}),
    ("options.displayMode", "lcd"),
    ("options.legend", {"showLegend": True}, NAMED),
    ("options.maxVizHeight", 20, DRAWN, {"options": {"sizing": "manual", "orientation": "horizontal"}}),
    ("options.minVizHeight", 200, DRAWN, {"options": {"sizing": "manual", "orientation": "horizontal"}}),
    ("options.minVizWidth", 900, DRAWN, {"options": {"sizing": "manual", "orientation": "vertical"}}),
    ("options.namePlacement", "hidden"),
    ("options.namePlacement", "left", DRAWN, {"options": {"orientation": "horizontal"}}),
    ("options.orientation", "horizontal"),
    ("options.reduceOptions", {"calcs": ["max"]}),
    ("options.showUnfilled", False),
    ("options.sizing", "manual", DRAWN, {"options": {"maxVizHeight": 20, "orientation": "horizontal"}}),
    ("options.text", {"titleSize": 9, "valueSize": 12}),
    ("options.valueMode", "hidden"),
    ("options.valueMode", "text", DRAWN, {"defaults": BY_THRESHOLDS}),
)
TABLE_CASES = _of(
    "table",
    ("options.cellHeight", "lg", DRAWN, TABLE),
    ("options.disableKeyboardEvents", True, UNSEEN, TABLE),
    ("options.pageSize", 7, UNSEEN, TABLE),  # of pages, which are named by themselves
    ("options.enablePagination", True, NAMED, TABLE),
    ("options.footer", {"show": True, "reducer": ["sum"]}, DRAWN, TABLE),
    ("options.footer", {"show": False, "reducer": ["sum"]}, UNSEEN, TABLE),
    ("options.frameIndex", 1, DRAWN, {}),
    ("options.frozenColumns", {"left": 1}, UNSEEN, TABLE),
    ("options.maxRowHeight", 200, UNSEEN, TABLE),
    ("options.showHeader", False, DRAWN, TABLE),
    ("options.showTypeIcons", True, NAMED, TABLE),
    ("options.sortBy", [{"displayName": "node", "desc": True}], DRAWN, TABLE),
    ("custom.align", "center", DRAWN, TABLE),
    ("custom.cellOptions", {"type": "color-text"}, DRAWN, TABLE),
    ("custom.cellOptions", {"type": "color-background"}, DRAWN, TABLE),
    ("custom.cellOptions", {"type": "color-background", "mode": "basic"}, DRAWN, COLORED),
    ("custom.cellOptions", {"type": "color-background", "applyToRow": True}, DRAWN, COLORED),
    ("custom.cellOptions", {"type": "gauge"}, DRAWN, TABLE),
    ("custom.cellOptions", {"type": "gauge", "mode": "lcd"}, DRAWN, GAUGES),
    ("custom.cellOptions", {"type": "gauge", "mode": "basic"}, DRAWN, GAUGES),
    ("custom.cellOptions", {"type": "gauge", "valueDisplayMode": "hidden"}, DRAWN, GAUGES),
    *(
        ("custom.cellOptions", {"type": name}, NAMED, TABLE)
        for name in ("image", "json-view", "data-links", "markdown", "sparkline", "pill", "actions", "geo")
    ),
    ("custom.cellOptions", {"type": "auto", "wrapText": True}, NAMED, TABLE),
    ("custom.displayMode", "color-text", DRAWN, TABLE),
    ("custom.displayMode", "image", NAMED, TABLE),
    ("custom.filterable", True, UNSEEN, TABLE),
    ("custom.footer", {"reducers": ["sum"]}, DRAWN, TABLE),
    ("custom.hideFrom", {"viz": True}, DRAWN, TABLE),
    ("custom.hidden", True, DRAWN, TABLE),
    ("custom.hideHeader", True, DRAWN, TABLE),
    ("custom.inspect", True, UNSEEN, TABLE),
    ("custom.minWidth", 900, DRAWN, TABLE),
    ("custom.sortable", False, UNSEEN, TABLE),
    ("custom.styleField", "node", NAMED, TABLE),
    ("custom.tooltip", {"field": "x"}, UNSEEN, TABLE),
    ("custom.width", 80, DRAWN, TABLE),
    ("custom.wrapHeaderText", True, NAMED, TABLE),
    ("custom.wrapText", True, NAMED, TABLE),
)
TIMELINE = _of(
    "state-timeline",
    ("options.annotations", {"multiLane": True}, NAMED),
    ("options.alignValue", "right", DRAWN, SAME),
    ("options.legend", {"showLegend": False}, DRAWN, {"defaults": BY_THRESHOLDS}),
    ("options.mergeValues", False, DRAWN, SAME),
    ("options.perPage", 1),
    ("options.rowHeight", 0.5),
    ("options.showValue", "always", DRAWN),
    ("options.showValue", "never", DRAWN, SAME),
    ("options.timezone", ["Asia/Tokyo"]),
    ("options.tooltip", {"mode": "multi"}, UNSEEN),
    ("custom.fillOpacity", 20),
    ("custom.lineWidth", 2),
    ("custom.hideFrom", {"legend": True}, DRAWN, {"defaults": {"color": {"mode": "palette-classic"}}}),
)
HEATMAP = _of(
    "heatmap",
    ("options.annotations", {"multiLane": True}, NAMED, BUCKETS),
    ("options.calculate", True, NAMED, BUCKETS),
    ("options.calculation", {"xBuckets": {"mode": "size"}}, UNSEEN, BUCKETS),  # of a calculated one
    ("options.cellGap", 5, DRAWN, BUCKETS),
    ("options.cellRadius", 5, DRAWN, BUCKETS),
    ("options.cellValues", {"unit": "s"}, DRAWN, BUCKETS),
    ("options.cellValues", {"decimals": 3}, DRAWN, BUCKETS),
    ("options.color", {"mode": "opacity", "fill": "blue"}, DRAWN, BUCKETS),
    ("options.color", {"mode": "opacity", "scale": "linear"}, DRAWN, OPAQUE),
    ("options.color", {"scheme": "Turbo"}, DRAWN, BUCKETS),
    ("options.color", {"reverse": True}, DRAWN, BUCKETS),
    ("options.color", {"steps": 4}, DRAWN, BUCKETS),
    ("options.color", {"min": 2, "max": 4}, DRAWN, BUCKETS),
    ("options.exemplars", {"color": "red"}, UNSEEN, BUCKETS),
    ("options.filterValues", {"le": 3}, DRAWN, BUCKETS),
    ("options.filterValues", {"ge": 3}, DRAWN, BUCKETS),
    ("options.legend", {"show": False}, DRAWN, BUCKETS),
    ("options.rowsFrame", {"layout": "ge"}, NAMED, BUCKETS),
    ("options.selectionMode", "x", UNSEEN, BUCKETS),
    ("options.showValue", "always", UNSEEN, BUCKETS),  # Grafana's editor does not offer it, nor does the panel read it
    ("options.tooltip", {"mode": "multi"}, UNSEEN, BUCKETS),
    ("options.yAxis", {"unit": "s"}, DRAWN, BUCKETS),
    ("options.yAxis", {"reverse": True}, DRAWN, BUCKETS),
    ("options.yAxis", {"axisLabel": "latency"}, DRAWN, BUCKETS),
    ("options.yAxis", {"axisPlacement": "right"}, DRAWN, BUCKETS),
    ("options.yAxis", {"axisWidth": 200}, DRAWN, BUCKETS),
    ("custom.hideFrom", {"tooltip": True}, UNSEEN, BUCKETS),
    ("custom.scaleDistribution", {"type": "log", "log": 10}, UNSEEN, BUCKETS),  # of a calculated one
)
TEXT = _of(
    "text",
    ("options.content", "other"),
    ("options.content", "| a | b |\n|---|---|\n| 1 | 2 |", NAMED),
    ("options.content", "![a picture](x.png)", NAMED),
    ("options.content", "a <b>word</b>", NAMED),
    ("options.mode", "html", NAMED, {"options": {"content": "x"}}),
    ("options.renderMode", "perRow", NAMED),
    ("options.mode", "code", NAMED, {"options": {"content": "x"}}),
    ("options.code", {"language": "json"}, UNSEEN, {"options": {"content": "x"}}),
)
CASES = [*GRAPH_CUSTOM, *GRAPH_OPTIONS, *STAT, *BAR_GAUGE, *TABLE_CASES, *TIMELINE, *HEATMAP, *TEXT]
