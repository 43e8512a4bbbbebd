"""Grafana's defaults of panels: what its editor writes into a board as it saves it, and what a missing setting means.

Sources: `defaultOptions` and `defaultFieldConfig` in public/app/plugins/panel/*/panelcfg.gen.ts and
packages/grafana-schema/src/common/common.gen.ts of Grafana 12.4; the standard options in
packages/grafana-data/src/field/standardFieldConfigEditorRegistry.tsx; boards saved by Grafana 10 to 12.
"""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

LEGEND: Json = {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": True}
TOOLTIP: Json = {"mode": "single", "sort": "none", "hideZeros": False}
REDUCE: Json = {"calcs": ["lastNotNull"], "fields": "", "values": False}
HIDDEN: Json = {"legend": False, "tooltip": False, "viz": False}
AXIS: Json = {
    "axisBorderShow": False,
    "axisCenteredZero": False,
    "axisColorMode": "text",
    "axisGridShow": True,
    "axisLabel": "",
    "axisPlacement": "auto",
    "scaleDistribution": {"type": "linear"},
    "hideFrom": HIDDEN,
}
GRAPH: Json = {
    **AXIS,
    "barAlignment": 0,
    "barWidthFactor": 0.6,
    "drawStyle": "line",
    "fillOpacity": 0,
    "gradientMode": "none",
    "insertNulls": False,
    "lineInterpolation": "linear",
    "lineStyle": {"fill": "solid"},
    "lineWidth": 1,
    "pointSize": 5,
    "showPoints": "auto",
    "showValues": False,
    "spanNulls": False,
    "stacking": {"group": "A", "mode": "none"},
    "thresholdsStyle": {"mode": "off"},
}
TIMELINE: Json = {"fillOpacity": 70, "lineWidth": 0, "insertNulls": False, "spanNulls": False, "hideFrom": HIDDEN}
SINGLE: Json = {"orientation": "auto", "reduceOptions": REDUCE, "text": {}}
PALETTE = frozenset({"timeseries", "barchart", "piechart", "histogram", "trend", "xychart"})
THRESHOLDS: Json = {"mode": "absolute", "steps": [{"color": "green"}, {"color": "red", "value": 80}]}

OPTIONS: Mapping[str, Json] = {
    "timeseries": {"legend": LEGEND, "tooltip": TOOLTIP},
    "stat": {
        **SINGLE,
        "colorMode": "value",
        "graphMode": "area",
        "justifyMode": "auto",
        "percentChangeColorMode": "standard",
        "showPercentChange": False,
        "textMode": "auto",
        "wideLayout": True,
    },
    "gauge": {
        **SINGLE,
        "barShape": "flat",
        "barWidthFactor": 0.5,
        "endpointMarker": "point",
        "minVizHeight": 75,
        "minVizWidth": 75,
        "segmentCount": 1,
        "segmentSpacing": 0.3,
        "shape": "gauge",
        "showThresholdLabels": False,
        "showThresholdMarkers": True,
        "sizing": "auto",
        "sparkline": True,
        "textMode": "auto",
    },
    "bargauge": {
        **SINGLE,
        "displayMode": "gradient",
        "legend": {**LEGEND, "showLegend": False},
        "maxVizHeight": 300,
        "minVizHeight": 16,
        "minVizWidth": 8,
        "namePlacement": "auto",
        "showUnfilled": True,
        "sizing": "auto",
        "textMode": "auto",
        "valueMode": "color",
    },
    "table": {
        "cellHeight": "sm",
        "enablePagination": False,
        "footer": {"countRows": False, "fields": "", "reducer": ["sum"], "show": False, "enablePagination": False},
        "frameIndex": 0,
        "showHeader": True,
        "showTypeIcons": False,
        "sortBy": [],
    },
    "state-timeline": {
        "alignValue": "left",
        "legend": LEGEND,
        "mergeValues": True,
        "perPage": 20,
        "rowHeight": 0.9,
        "showValue": "auto",
        "tooltip": TOOLTIP,
    },
    "status-history": {
        "colWidth": 0.9,
        "legend": LEGEND,
        "perPage": 20,
        "rowHeight": 0.9,
        "showValue": "auto",
        "tooltip": TOOLTIP,
    },
    "heatmap": {
        "calculate": False,
        "calculation": {},
        "cellGap": 1,
        "cellValues": {},
        "color": {
            "exponent": 0.5,
            "fill": "dark-orange",
            "mode": "scheme",
            "reverse": False,
            "scale": "exponential",
            "scheme": "Oranges",
            "steps": 64,
        },
        "exemplars": {"color": "rgba(255,0,255,0.7)"},
        "filterValues": {"le": 1e-9},
        "legend": {"show": True, "placement": "bottom"},
        "rowsFrame": {"layout": "auto"},
        "selectionMode": "x",
        "showValue": "auto",
        "tooltip": {"mode": "single", "showColorScale": False, "yHistogram": False},
        "yAxis": {"axisPlacement": "left", "reverse": False},
    },
    "barchart": {
        "barRadius": 0,
        "barWidth": 0.97,
        "fullHighlight": False,
        "groupWidth": 0.7,
        "legend": LEGEND,
        "orientation": "auto",
        "showValue": "auto",
        "stacking": "none",
        "tooltip": TOOLTIP,
        "xTickLabelRotation": 0,
        "xTickLabelSpacing": 0,
    },
    "piechart": {
        "displayLabels": [],
        "legend": {**LEGEND, "values": []},
        "pieType": "pie",
        "reduceOptions": REDUCE,
        "sort": "desc",
        "tooltip": TOOLTIP,
    },
    "text": {"mode": "markdown", "code": {"language": "plaintext", "showLineNumbers": False, "showMiniMap": False}},
}
CUSTOM: Mapping[str, Json] = {
    "timeseries": GRAPH,
    "state-timeline": {**AXIS, **TIMELINE},
    "status-history": {**AXIS, "fillOpacity": 70, "lineWidth": 1},
    "table": {
        "align": "auto",
        "cellOptions": {"type": "auto"},
        "filterable": False,
        "footer": {"reducers": []},
        "inspect": False,
    },
    "heatmap": {"hideFrom": HIDDEN, "scaleDistribution": {"type": "linear"}},
    "barchart": {**AXIS, "fillOpacity": 80, "gradientMode": "none", "lineWidth": 1, "thresholdsStyle": {"mode": "off"}},
    "piechart": {"hideFrom": HIDDEN},
}


def panel_defaults(kind: str) -> Json:
    """The defaults of a type of panel, in the form of its JSON; those of other types are not known."""
    return {
        "options": OPTIONS.get(kind, {}),
        "fieldConfig": {
            "defaults": {
                "color": {"mode": "palette-classic" if kind in PALETTE else "thresholds"},
                "custom": CUSTOM.get(kind, {}),
                "thresholds": THRESHOLDS,
            }
        },
        "repeatDirection": "h",
    }


BOARD: Json = {
    "editable": True,
    "graphTooltip": 0,
    "fiscalYearStartMonth": 0,
    "refresh": "",
    "time": {"from": "now-6h", "to": "now"},
    "timezone": "browser",
}
