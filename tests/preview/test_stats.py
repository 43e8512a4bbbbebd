"""Stats and bar gauges: several values, names, wrapping, what does not fit."""

from xml.etree import ElementTree

import pytest

from dashboards_py.preview.fonts import MEDIUM, text_width
from dashboards_py.preview.picture import Picture
from dashboards_py.preview.repeat import Grid, cells
from dashboards_py.preview.shapes import Box
from tests.preview.panels import panel_picture
from tests.preview.svg import TEXT, texts

MANY = {f"node-{number}": [float(number)] * 60 for number in range(60)}
NO_ROOM = "60 of 60 values have no room for their texts, which are cut"


@pytest.mark.fault("values of a stat with very many of them cover each other")
def test_texts_that_have_no_room_are_cut_at_their_cells_and_named() -> None:
    """A panel that sets the size of its texts, with more values than that leaves room for."""
    sizes = {"text": {"titleSize": 13, "valueSize": 32}}
    picture = panel_picture("stat", series=MANY, options=sizes, size=(6, 6))
    assert [sentence for _, sentence in picture.problems] == [NO_ROOM]
    assert texts(picture.svg)["problem"] == [NO_ROOM[: len(texts(picture.svg)["problem"][0])]]
    assert picture.svg.count("clip-path") >= 60


def _values(picture: Picture) -> list[tuple[str | None, str | None, str | None]]:
    elements = ElementTree.fromstring(picture.svg).iter(TEXT)
    return [(one.get("y"), one.get("font-size"), one.text) for one in elements if one.get("class") == "value"]


@pytest.mark.fault("the note that values have no room moves the values")
def test_the_note_that_values_have_no_room_moves_none() -> None:
    """They are where they are in a panel that is wide enough, as Grafana has no note."""
    narrow, wide = (
        panel_picture("stat", series={"": [123456789.0]}, options={"text": {"valueSize": 90}}, size=(width, 4))
        for width in (3, 24)
    )
    assert (len(narrow.problems), wide.problems) == (1, ())
    assert _values(narrow) == _values(wide) != []


def test_texts_without_a_size_of_their_own_are_as_large_as_fits() -> None:
    """All values of a panel have the same size, and are within its cells."""
    picture = panel_picture("stat", series=MANY, options={"graphMode": "none"}, size=(24, 12))
    assert picture.problems == ()
    drawn = [element for element in ElementTree.fromstring(picture.svg).iter(TEXT) if element.get("class") == "value"]
    assert len(drawn) == 60
    assert len({element.get("font-size") for element in drawn}) == 1


@pytest.mark.parametrize(
    ("width", "height", "count", "columns"),
    [(400, 100, 2, 2), (400, 100, 6, 6), (300, 200, 6, 3), (100, 400, 3, 1), (200, 200, 5, 3)],
)
def test_values_are_in_a_grid_of_near_squares(width: float, height: float, count: int, columns: int) -> None:
    """As calculateGridDimensions in @grafana/ui has them; the last row fills the width."""
    boxes = cells(Box(0, 0, width, height), Grid(count=count, spacing=3))
    assert len([box for box in boxes if box.y == 0]) == columns
    last = [box for box in boxes if box.y == boxes[-1].y]
    assert last[-1].right == pytest.approx(width)


def test_words_wrap_where_they_have_no_room() -> None:
    """In a narrow panel; the text is whole."""
    wide, narrow = (
        panel_picture(
            "stat", series={}, defaults={"noValue": "no RPC ended"}, options={"text": {"valueSize": 32}}, size=(w, 4)
        )
        for w in (6, 3)
    )
    assert texts(wide.svg)["value"] == ["no RPC ended"]
    assert texts(narrow.svg)["value"] == ["no RPC", "ended"]
    assert narrow.problems == ()


@pytest.mark.parametrize(
    ("mode", "names", "values"),
    [
        ("auto", ["node-1", "node-2"], ["13", "26"]),
        ("value", [], ["13", "26"]),
        ("name", [], ["node-1", "node-2"]),
        ("none", [], []),
    ],
)
def test_names_and_values_are_shown_as_the_panel_says(mode: str, names: list[str], values: list[str]) -> None:
    """Both, only one of them, or neither."""
    drawn = texts(panel_picture("stat", options={"textMode": mode}).svg)
    assert drawn.get("name", []) == names
    assert drawn.get("value", []) == values


def test_the_change_is_shown_with_three_digits() -> None:
    """The last value compared with the first."""
    series = {"a": [100.0, *[50.0] * 58, 112.3456]}
    drawn = texts(panel_picture("stat", series=series, options={"showPercentChange": True}).svg)
    assert drawn["change-of-value"] == ["12.3%"]


@pytest.mark.parametrize(("size", "is_vertical"), [((12, 6), True), ((6, 20), False)])
def test_bars_stand_in_panels_that_are_wider_than_high(size: tuple[int, int], is_vertical: bool) -> None:
    """Without a choice of the panel."""
    drawn = ElementTree.fromstring(panel_picture("bargauge", size=size).svg)
    positions = {element.get("y") for element in drawn.iter(TEXT) if element.get("class") == "name"}
    assert (len(positions) == 1) == is_vertical


@pytest.mark.fault("two spaces in a unit make a gap that Grafana does not have")
def test_several_spaces_are_drawn_as_one() -> None:
    """As a browser does: Grafana puts a space before the suffix of `suffix: days`, which begins with one."""
    drawn = texts(panel_picture("stat", defaults={"unit": "suffix: days"}, series={"a": [48.7]}).svg)
    assert (drawn["value"], drawn["suffix"]) == (["48.7"], [" days"])
    assert text_width("a   b", 14) == text_width("a b", 14) < text_width("a   b", 14, is_code=True)


@pytest.mark.fault("there is a gap between some numbers and their unit")
def test_a_number_ends_where_its_unit_begins() -> None:
    """Kerning makes 0.122 narrower than its digits: each part ends at a point that is known, and not begins there."""
    root = ElementTree.fromstring(panel_picture("stat", defaults={"unit": "pps"}, series={"a": [0.122]}).svg)
    ends = {
        element.get("class"): (float(element.get("x", "")), element.get("text-anchor"), element)
        for element in root.iter(TEXT)
    }
    (value, value_anchor, _), (suffix, suffix_anchor, element) = ends["value"], ends["suffix"]
    assert (value_anchor, suffix_anchor) == ("end", "end")
    width = text_width(element.text or "", float(element.get("font-size", "")), MEDIUM)
    assert suffix - width == pytest.approx(value, abs=0.1)


def _charts(custom: dict[str, object], series: dict[str, list[float | None]]) -> list[list[tuple[float, float]]]:
    """The points of the lines behind the values of a stat."""
    picture = panel_picture("stat", series=series, defaults=custom, options={"orientation": "horizontal"}, size=(8, 12))
    lines = ElementTree.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}polyline")
    lines_in_charts = [line.get("points", "") for line in lines if len(line.get("points", "").split()) > 8]
    return [
        [(float(x), float(y)) for x, _, y in (pair.partition(",") for pair in one.split())] for one in lines_in_charts
    ]


@pytest.mark.parametrize(
    ("defaults", "share"), [({}, 0.1), ({"fieldMinMax": True}, 1.0)], ids=["of all values", "each of its own"]
)
def test_charts_of_values_have_one_range(defaults: dict[str, object], share: float) -> None:
    """That of all values of the panel, as Grafana's; a field may have its own."""
    waves: dict[str, list[float | None]] = {
        name: [most * (number % 2) for number in range(60)] for name, most in (("a", 1.0), ("b", 10.0))
    }
    small, large = (max(y for _, y in line) - min(y for _, y in line) for line in _charts(defaults, waves))
    assert small / large == pytest.approx(share, rel=0.01)


def test_a_chart_of_equal_values_is_level_whatever_their_rounding() -> None:
    """Numbers that differ in decimals that the field does not write are one value."""
    (line,) = _charts({"decimals": 2}, {"a": [0.1 + 1e-9 * (n % 2) for n in range(60)]})
    assert max(y for _, y in line) - min(y for _, y in line) < 0.01


def test_a_chart_covers_the_time_of_the_panel_and_has_gaps() -> None:
    """A series that ends halfway is not stretched, and no line bridges a gap."""
    half = _charts({}, {"a": [float(n) for n in range(30)]})
    broken = _charts({}, {"a": [*map(float, range(20)), *[None] * 10, *map(float, range(30))]})
    whole = _charts({}, {"a": [float(n) for n in range(60)]})
    widths = [max(x for x, _ in line) - min(x for x, _ in line) for line in (*half, *whole)]
    assert widths[0] == pytest.approx(widths[1] / 2, rel=0.05)
    assert len(broken) == 2
