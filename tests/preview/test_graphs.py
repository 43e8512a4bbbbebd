"""Time series: lines, areas, axes."""

import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from dashboards_py.preview.fonts import text_width
from tests.preview.panels import panel_picture
from tests.preview.svg import TEXT, texts

SVG = "{http://www.w3.org/2000/svg}"
GAP: list[float | None] = [*[1.0] * 20, *[None] * 3, *[2.0] * 20, *[None] * 10, *[3.0] * 7]


def graph(custom: dict[str, Any], **more: Any) -> ElementTree.Element:
    """A graph without points and legend."""
    options = {"legend": {"showLegend": False}}
    return ElementTree.fromstring(
        panel_picture("timeseries", custom={"showPoints": "never", **custom}, options=options, **more).svg
    )


def corners(root: ElementTree.Element, kind: str = "polyline") -> list[list[tuple[float, float]]]:
    """The points of the lines (or with `polygon` of the areas) in one color that a graph has, in order."""
    clip = next(group for group in root.iter(f"{SVG}g") if group.get("clip-path") or group.get("class") == "within")
    shapes = [element.get("points", "") for element in clip.iter(f"{SVG}{kind}")]
    return [[(float(x), float(y)) for x, _, y in (pair.partition(",") for pair in text.split())] for text in shapes]


@pytest.mark.fault("the label of an axis takes room but is not drawn")
@pytest.mark.parametrize(("placement", "angle"), [("left", -90), ("right", 90)])
def test_the_label_of_an_axis_is_drawn_along_it(placement: str, angle: int) -> None:
    """Turned, outside of the numbers."""
    root = graph({"axisLabel": "packets", "axisPlacement": placement})
    label = next(element for element in root.iter(TEXT) if element.get("class") == "axis")
    ticks = [float(element.get("x", "")) for element in root.iter(TEXT) if element.get("class") == "tick"]
    assert label.text == "packets"
    assert label.get("transform", "").startswith(f"rotate({angle}")
    outside = float(label.get("x", ""))
    assert all(outside < x for x in ticks) if placement == "left" else all(outside > x for x in ticks)


@pytest.mark.fault("smooth lines are drawn straight")
def test_a_smooth_line_goes_through_all_samples_without_overshooting() -> None:
    """It has more points than samples, and is never above or below two neighbours."""
    straight, smooth = (corners(graph({"lineInterpolation": name}))[0] for name in ("linear", "smooth"))
    assert len(smooth) > 2 * len(straight)
    for (x1, y1), (x2, y2) in pairwise(straight):
        between = [y for x, y in smooth if x1 <= x <= x2]
        assert between[0] == pytest.approx(y1, abs=0.02)
        assert between[-1] == pytest.approx(y2, abs=0.02)
        assert min(y1, y2) - 0.02 <= min(between) <= max(between) <= max(y1, y2) + 0.02


@pytest.mark.parametrize(
    ("spans", "runs"), [(False, 3), (True, 1), (5 * 60_000, 2), (20 * 60_000, 1), (60_000, 3)], ids=str
)
def test_gaps_are_bridged_as_the_field_says(spans: object, runs: int) -> None:
    """All, none, or those that are not longer than so many milliseconds."""
    assert len(corners(graph({"spanNulls": spans}, series={"a": GAP}))) == runs


@pytest.mark.fault("a gradient is drawn in one color")
@pytest.mark.parametrize(
    ("mode", "color", "gradients"),
    [
        ("opacity", {"mode": "palette-classic"}, 2),
        ("hue", {"mode": "palette-classic"}, 4),
        ("scheme", {"mode": "thresholds"}, 4),
        ("scheme", {"mode": "continuous-GrYlRd"}, 4),
        ("scheme", {"mode": "fixed", "fixedColor": "red"}, 0),
        ("none", {"mode": "thresholds"}, 0),
    ],
)
def test_gradients_are_drawn(mode: str, color: dict[str, str], gradients: int) -> None:
    """One for the area of each of two series, and one for its line where that has one in Grafana."""
    root = graph({"gradientMode": mode, "fillOpacity": 40}, defaults={"color": color})
    assert len(list(root.iter(f"{SVG}linearGradient"))) == gradients


def test_a_stack_is_that_of_its_series() -> None:
    """Positive ones above each other, mostly negative ones below zero; in percent up to 100 %."""
    series = {"a": [10.0] * 60, "b": [30.0] * 60, "c": [-20.0] * 60}
    lines = corners(graph({"stacking": {"mode": "normal"}, "lineWidth": 1}, series=series))
    a, b, c = (line[0][1] for line in lines)
    zero = a + (c - a) / 3  # a is 10 above it, and c is 20 below
    assert zero - b == pytest.approx(4 * (zero - a), abs=2)  # each is on whole pixels
    percent = panel_picture("timeseries", custom={"stacking": {"mode": "percent"}}, series={"a": [1.0], "b": [3.0]})
    assert {"0%", "100%"} <= set(texts(percent.svg)["tick"])


@pytest.mark.parametrize(("alignment", "shift"), [(-1, -1), (0, -0.5), (1, 0)])
def test_bars_are_aligned(alignment: int, shift: float) -> None:
    """Before, around or after their moment."""
    series = {"a": [None, None, 1.0, *[None] * 56, 1.0]}
    point = corners(graph({"drawStyle": "line", "spanNulls": True}, series=series))[0][0][0]
    root = graph({"drawStyle": "bars", "barAlignment": alignment}, series=series)
    clip = next(group for group in root.iter(f"{SVG}g") if group.get("clip-path") or group.get("class") == "within")
    first = re.match(r"M([\d.]+),[\d.]+h([\d.]+)v", next(clip.iter(f"{SVG}path")).get("d", ""))
    assert first
    assert float(first[1]) == pytest.approx(point + shift * float(first[2]), abs=1)  # both are on whole pixels


@pytest.mark.parametrize(
    ("distribution", "labels"),
    [({"type": "log", "log": 10}, ["1", "10", "100", "1000"]), ({"type": "log", "log": 2}, ["4", "8", "16", "32"])],
)
def test_a_logarithmic_axis_has_whole_powers(distribution: dict[str, Any], labels: list[str]) -> None:
    """Of its base, around the data."""
    values = [3.0, 500.0] if distribution["log"] == 10 else [5.0, 30.0]
    picture = panel_picture("timeseries", custom={"scaleDistribution": distribution}, series={"a": values})
    assert texts(picture.svg)["tick"] == labels


@pytest.mark.fault("values that are too large to draw are left out of a graph without a word")
def test_values_that_cannot_be_scaled_are_named() -> None:
    """In the panel and among the problems; infinite ones are gaps in Grafana too."""
    picture = panel_picture("timeseries", series={"a": [1.0, 1e300, -1e305, 2.0]})
    assert [sentence for _, sentence in picture.problems] == ["values of 1e+300 or more are not drawn"]
    assert texts(picture.svg)["problem"] == ["values of 1e+300 or more are not drawn"]
    assert panel_picture("timeseries", series={"a": [1.0, float("inf"), 2.0]}).problems == ()


def test_few_samples_have_points() -> None:
    """Each sample with ten pixels or more, unless the panel has them never; and samples alone between gaps, always."""

    def points(shows: str, values: list[float | None]) -> int:
        picture = panel_picture(
            "timeseries", custom={"showPoints": shows}, series={"a": values}, options={"legend": {"showLegend": False}}
        )
        return picture.svg.count('rx="2.5"')

    many: list[float | None] = [float(number) for number in range(60)]
    assert points("auto", many[:20]) == 20
    assert points("never", many[:20]) == 0
    assert points("never", [1.0, None, 2.0, 3.0, None, 4.0]) == 2
    assert points("always", many) == 60


@pytest.mark.parametrize(
    "defaults", [{"min": 1e305}, {"max": -1e305}, {"min": 50, "max": 3}, {"min": 1000}, {"max": -5}]
)
@pytest.mark.parametrize("distribution", [{}, {"type": "log", "log": 10}], ids=["linear", "logarithmic"])
def test_limits_that_no_data_reaches_are_no_traceback(defaults: dict[str, float], distribution: dict[str, Any]) -> None:
    """Beyond all data, the wrong way round, or too large to draw."""
    picture = panel_picture("timeseries", defaults=defaults, custom={"scaleDistribution": distribution})
    assert texts(picture.svg)["tick"]


@pytest.mark.parametrize("steps", [[], [{"color": "red", "value": None}], [{"color": "red", "value": 1e305}]], ids=str)
def test_any_thresholds_are_drawn_as_areas(steps: list[dict[str, Any]]) -> None:
    """Also none at all."""
    thresholds = {"mode": "absolute", "steps": steps}
    custom = {"thresholdsStyle": {"mode": "dashed+area"}, "gradientMode": "scheme", "fillOpacity": 9}
    defaults = {"thresholds": thresholds, "color": {"mode": "thresholds"}}
    assert panel_picture("timeseries", custom=custom, defaults=defaults).problems == ()


@pytest.mark.parametrize(
    ("custom", "defaults", "is_clipped"),
    [
        ({"showPoints": "never"}, {}, False),
        ({"showPoints": "never"}, {"max": 20}, True),
        ({"showPoints": "never"}, {"min": 12}, True),
        ({"showPoints": "always"}, {}, True),
        ({"showPoints": "never", "lineWidth": 3}, {}, True),
        ({"drawStyle": "bars"}, {}, True),
    ],
)
def test_what_is_beyond_the_axes_is_cut(custom: dict[str, Any], defaults: dict[str, Any], is_clipped: bool) -> None:
    """A clip path takes time: a graph has one if something may be outside of its plot."""
    assert ("clip-path" in ElementTree.tostring(graph(custom, defaults=defaults), encoding="unicode")) == is_clipped


@pytest.mark.fault("lines of one color have one sign in the legend although one of them is dashed")
@pytest.mark.parametrize(
    ("fill", "signs"), [("solid", [(14.0, "2")]), ("dash", [(6.0, "")] * 2), ("dot", [(4.0, "2")] * 3)]
)
@pytest.mark.parametrize("mode", ["list", "table"])
def test_the_sign_in_the_legend_has_the_style_of_the_line(fill: str, signs: list[tuple[float, str]], mode: str) -> None:
    """Whole, two dashes or three dots, 14 pixels wide together (SeriesIcon of @grafana/ui)."""
    custom = {"lineStyle": {"fill": fill}, "showPoints": "never"}
    options = {"legend": {"displayMode": mode}}
    picture = panel_picture("timeseries", custom=custom, options=options, series={"a": [1.0, 2.0]})
    boxes = [box for box in ElementTree.fromstring(picture.svg).iter(f"{SVG}rect") if box.get("height") == "4"]
    assert [(float(box.get("width", "")), box.get("rx", "")) for box in boxes] == signs
    assert float(boxes[-1].get("x", "")) + signs[0][0] - float(boxes[0].get("x", "")) == 14


@pytest.mark.fault("calculations of a legend that has no room for all of them lie over the names")
def test_calculations_without_room_begin_beside_the_names() -> None:
    """They end at the edge of the panel: Grafana scrolls the rest."""
    calcs = ["min", "max", "mean", "sum", "stdDev", "range", "delta", "count", "first", "last"]
    options = {"legend": {"displayMode": "table", "placement": "right", "calcs": calcs}}
    root = ElementTree.fromstring(panel_picture("timeseries", options=options).svg)
    name, *values = (e for e in root.iter(TEXT) if e.get("class") in ("legend", "legend-value"))
    assert len(values) > len(calcs)
    ends = [float(value.get("x", "")) - text_width(value.text or "", 12) for value in values[: len(calcs)]]
    assert ends[0] > float(name.get("x", "")) + text_width(name.text or "", 12)
