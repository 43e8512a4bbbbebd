"""Whatever a board contains, it is drawn, or what is not drawn is named: no traceback, and always a valid picture."""

import json
import math
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from dashboards_py.board import read
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.source import Series
from dashboards_py.preview.draw import draw
from dashboards_py.preview.painter import PAINTERS
from dashboards_py.preview.picture import PictureOptions
from dashboards_py.review import board_reviewed
from tests.fuzz.mutate import documents
from tests.fuzz.test_readers import many

NUMBERS = (0.0, 1.5, -3.0, math.nan, math.inf, -math.inf, 1e300, 1e-300, 5.0)
OPTIONS = PictureOptions(window=Window(begin=1000.0, end=4600.0))


class OddSource:
    """A source whose values are odd numbers."""

    def range(self, _expr: str, start: float, end: float, step: float) -> tuple[Series, ...]:
        """Two series, one with gaps."""
        times = [start + number * step for number in range(min(int((end - start) / step), 200) + 1)] if step > 0 else []
        values = list(islice(cycle(NUMBERS), len(times)))
        return (
            Series({"__name__": "a", "le": "0.5", "node": "n1"}, tuple(zip(times, values, strict=True))),
            Series({"le": "+Inf", "node": "<&>"}, tuple(zip(times[::3], values[::3], strict=True))),
        )

    def instant(self, expr: str, time: float) -> tuple[Series, ...]:
        """The last of these."""
        return tuple(Series(series.labels, ((time, 7.0),)) for series in self.range(expr, time, time + 1, 1))

    def label_values(self, _label: str, _selector: str, _start: float, _end: float) -> tuple[str, ...]:
        """Values of each variable."""
        return ("n1", "<&>", "")


def panel(number: int, panel_type: str) -> dict[str, Any]:
    """A panel of a type with many options."""
    return {
        "id": number,
        "type": panel_type,
        "title": f"P{number}",
        "description": "D",
        "gridPos": {"x": number % 2 * 12, "y": number * 8, "w": 12, "h": 8},
        "fieldConfig": {
            "defaults": {
                "unit": "s",
                "min": 0,
                "decimals": 1,
                "color": {"mode": "thresholds"},
                "mappings": [{"type": "value", "options": {"1": {"text": "one", "color": "red"}}}],
                "thresholds": {
                    "mode": "absolute",
                    "steps": [{"color": "green", "value": None}, {"color": "red", "value": 2}],
                },
                "custom": {
                    "fillOpacity": 10,
                    "stacking": {"mode": "normal"},
                    "thresholdsStyle": {"mode": "line+area"},
                    "axisPlacement": "right",
                    "cellOptions": {"type": "gauge"},
                    "hideFrom": {"legend": False},
                },
            },
            "overrides": [
                {"matcher": {"id": "byRegexp", "options": "/n/"}, "properties": [{"id": "unit", "value": "short"}]}
            ],
        },
        "options": {
            "content": "# T\n- one\n1. **two** [l](u)",
            "legend": {
                "showLegend": True,
                "displayMode": "table",
                "placement": "right",
                "calcs": ["max"],
                "sortBy": "Max",
            },
            "reduceOptions": {"calcs": ["lastNotNull"], "values": False},
            "sortBy": [{"displayName": "node", "desc": True}],
            "text": {"titleSize": 12, "valueSize": 20},
            "color": {"scheme": "Blues", "steps": 9},
            "yAxis": {"unit": "s"},
        },
        "transformations": [{"id": "organize", "options": {"renameByName": {"node": "n"}}}],
        "targets": [{"refId": "A", "expr": "a", "legendFormat": "{{node}}", "format": "time_series"}],
    }


TYPES = (*(name.replace("_", "-") for name in PAINTERS.names()), "graph", "gauge", "nodeGraph")
BOARD = {
    "uid": "u",
    "title": "T",
    "schemaVersion": 41,
    "templating": {"list": [{"name": "node", "type": "query", "query": "label_values(a, node)", "includeAll": True}]},
    "annotations": {"list": [{"name": "A", "enable": True, "expr": "a", "iconColor": "red"}]},
    "panels": [panel(number, panel_type) for number, panel_type in enumerate(TYPES, start=1)],
}


# Rarer options, by panel type: those of `panel` with these in their place.
RARE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "timeseries",
        {
            "gradientMode": "scheme",
            "lineInterpolation": "smooth",
            "lineStyle": {"fill": "dash", "dash": [3, 9]},
            "axisLabel": "a",
            "axisColorMode": "series",
            "axisBorderShow": True,
            "axisWidth": 50,
            "spanNulls": 60_000,
            "pointSize": 3,
            "lineWidth": 2,
            "transform": "constant",
        },
        {"legend": {"placement": "right", "width": 100, "displayMode": "list"}},
    ),
    (
        "timeseries",
        {
            "drawStyle": "bars",
            "barAlignment": 1,
            "barWidthFactor": 0.5,
            "barMaxWidth": 9,
            "stacking": {"mode": "percent", "group": "A"},
            "axisCenteredZero": True,
            "axisSoftMax": 5,
        },
        {},
    ),
    ("timeseries", {"scaleDistribution": {"type": "log", "log": 10}, "gradientMode": "hue"}, {}),
    (
        "timeseries",
        {"scaleDistribution": {"type": "symlog", "log": 10, "linearThreshold": 2}, "fillOpacity": 20},
        {"timezone": ["Asia/Tokyo", ""]},
    ),
    (
        "stat",
        {},
        {"colorMode": "background", "showPercentChange": True, "wideLayout": False, "text": {"percentSize": 9}},
    ),
    ("bargauge", {}, {"displayMode": "lcd", "sizing": "manual", "minVizHeight": 9, "maxVizHeight": 90}),
    ("bargauge", {}, {"displayMode": "gradient", "orientation": "vertical", "minVizWidth": 9, "namePlacement": "top"}),
    ("table", {"cellOptions": {"type": "color-background", "applyToRow": True}, "minWidth": 90, "width": 70}, {}),
    (
        "table",
        {"footer": {"reducers": ["sum", "countAll"]}, "align": "center"},
        {"footer": {"show": True, "reducer": ["mean"], "fields": ["node"], "countRows": False}},
    ),
    ("state-timeline", {"lineWidth": 1}, {"perPage": 1, "mergeValues": False, "alignValue": "right", "rowHeight": 0.5}),
    (
        "heatmap",
        {},
        {
            "color": {"mode": "opacity", "fill": "red", "exponent": 2, "min": 0, "max": 9},
            "cellGap": 1,
            "cellRadius": 2,
            "filterValues": {"le": 0, "ge": 9},
            "yAxis": {"reverse": True, "axisLabel": "a", "axisWidth": 30, "decimals": 1},
        },
    ),
]


def rare_panels() -> Iterator[dict[str, Any]]:
    """Panels with rarer options."""
    for panel_type, custom, options in RARE:
        base = panel(1, panel_type)
        defaults = {**base["fieldConfig"]["defaults"], "custom": custom}
        config = {**base["fieldConfig"], "defaults": defaults}
        yield {**base, "fieldConfig": config, "options": {**base["options"], **options}}


def boards() -> Iterator[dict[str, Any]]:
    """One board for each type of panel: smaller ones are changed more thoroughly."""
    for one_panel in [*BOARD["panels"], *rare_panels()]:  # type: ignore[misc]
        yield {**BOARD, "panels": [one_panel]}


def drawn(document: Any) -> Any:
    """The picture of a board, or None if it is not a board."""
    try:
        board = read(document if isinstance(document, dict) else json.dumps(document))
    except DashboardsError:
        return None
    picture = draw(board, OddSource(), OPTIONS, {})
    ElementTree.fromstring(picture.svg)
    assert not board_reviewed(board, board).is_different
    return picture


def test_each_type_is_drawn() -> None:
    """The base of the changes below: only what has no painter is named."""
    picture = drawn(BOARD)
    assert {problem for _, problem in picture.problems if "not drawn" in problem} == {
        "nodeGraph: this type of panel is not drawn",
        "values of 1e+300 or more are not drawn",
        "its legend is not drawn",
    }


@many
@given(st.sampled_from(list(boards())).flatmap(documents))
def test_any_board_is_drawn(document: Any) -> None:
    """Values of wrong types, numbers that are too large, texts that no terminal should see."""
    drawn(document)
