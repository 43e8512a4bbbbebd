"""The controls above a board."""

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from dashboards_py.board import read
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.interpolate import VariableValue
from dashboards_py.panel_data.times import calendar_of
from dashboards_py.preview.axes import time_axis
from dashboards_py.preview.controls import MOST_CHIPS, Controls, controls
from dashboards_py.preview.shapes import Box, document
from dashboards_py.preview.theme import DARK
from tests.preview.svg import TEXT, texts

WINDOW = Window(begin=1_795_597_200, end=1_795_600_800)
RECT = "{http://www.w3.org/2000/svg}rect"


def drawn(names: list[str], values: dict[str, VariableValue], width: float, **fields: Any) -> Controls:
    """The controls of a board with these variables."""
    variables = [{"name": name, "type": "query", "query": "x", "multi": True} for name in names]
    raw = {"uid": "b", "title": "b", "schemaVersion": 41, "panels": [], "templating": {"list": variables}, **fields}
    return controls(read(raw), values, WINDOW, width, DARK)


def svg(top: Controls) -> str:
    """As a picture."""
    return document(2000, 500, top.elements)


def test_what_is_chosen_is_shown_as_chips() -> None:
    """One for each value; of many the first ones and how many more; one for All, however many values that is."""
    many = tuple(f"n{number}" for number in range(9))
    values = {
        "all": VariableValue(many, "All", is_multi=True),
        "two": VariableValue(("a", "b"), "a + b", is_multi=True),
        "one": VariableValue(("x + y",), "x + y", is_multi=True),
        "many": VariableValue(many, " + ".join(many), is_multi=True),
        "single": VariableValue(("c",), "c"),
    }
    assert texts(svg(drawn(list(values), values, 2000)))["variable-value"] == [
        *("All", "a", "b", "x + y", *many[:MOST_CHIPS], f"+{9 - MOST_CHIPS}", "c")
    ]


@pytest.mark.fault("variables that have no room beside the controls of time are left out of a picture")
@pytest.mark.parametrize("width", [400, 700, 1100, 1440])
def test_controls_wrap_and_do_not_cover_each_other(width: float) -> None:
    """All variables are shown at each width, and the board begins below the last line."""
    names = [f"v-{number}" for number in range(12)]
    links = [{"title": "A link of the board", "type": "link", "url": "x"}]
    top = drawn(names, {}, width, links=links, refresh="1m")
    picture = svg(top)
    assert texts(picture)["variable"] == names
    frames = [rect for rect in ElementTree.fromstring(picture).iter(RECT) if rect.get("height") == "31"]
    boxes = [[float(rect.get(name, "")) for name in ("x", "y", "width")] for rect in frames]
    corners = [(x, y, x + w) for x, y, w in boxes]
    assert all(y + 32 < top.bottom and right <= width for _, y, right in corners)
    in_lines = [(a, b) for a in corners for b in corners if a < b and a[1] == b[1]]
    assert in_lines
    assert all(a[2] <= b[0] or b[2] <= a[0] for a, b in in_lines)


def links_of(texts_and_boxes: str) -> list[tuple[float, float]]:
    """Where the texts of links begin: x and y."""
    root = ElementTree.fromstring(texts_and_boxes)
    return [
        (float(text.get("x", "")), float(text.get("y", ""))) for text in root.iter(TEXT) if (text.text or "") in LINKS
    ]


LINKS = ("One", "Another")


@pytest.mark.fault("links of a board stay on the first line where variables need a second one")
@pytest.mark.parametrize(
    ("count", "line", "is_right"),
    [(3, 0, True), (5, 1, False), (6, 1, True)],
    ids=["room for all", "no room beside the variables", "room beside the last variables"],
)
def test_links_are_where_grafana_has_them(count: int, line: int, is_right: bool) -> None:
    """After the variables: at the right of their last line, or at the left of one of their own. See docs/grafana."""
    links = [{"title": title, "type": "link", "url": "x"} for title in LINKS]
    names = [f"a-variable-{number}" for number in range(count)]
    drawn_links = links_of(svg(drawn(names, {}, 1440, links=links, refresh="1m")))
    (first, y), (second, same) = drawn_links
    assert y == same == pytest.approx(36 + 40 * line, abs=3)
    assert first < second
    assert (first > 500) == is_right


@pytest.mark.fault("times are in UTC although the board has a time zone of its own")
def test_times_are_in_the_zone_of_the_board() -> None:
    """In the range of time, and on the axes; named beside the range."""
    raw = {"uid": "b", "title": "b", "schemaVersion": 41, "panels": []}
    window = replace(WINDOW, calendar=calendar_of("", 0, "Asia/Kolkata"))
    shown = texts(svg(controls(read(raw), {}, window, 1440, DARK)))
    assert (shown["control"][1], shown["zone"]) == ("2026-11-25 14:30:00 to 2026-11-25 15:30:00", ["IST"])
    box = Box(0, 0, 1000, 100)
    labels = texts(document(2000, 500, list(time_axis(window, box, DARK))))["axis-time"]
    assert labels[:2] == ["14:30", "14:35"]
    assert texts(document(2000, 500, list(time_axis(WINDOW, box, DARK))))["axis-time"][:2] == ["09:00", "09:05"]
    day = replace(window, begin=WINDOW.begin - 5 * 86_400)
    midnights = texts(document(2000, 500, list(time_axis(day, Box(0, 0, 400, 100), DARK))))["axis-time"]
    assert midnights == ["11/21", "11/23", "11/25"]


def test_the_range_of_time_and_the_refresh_interval_are_shown() -> None:
    """With the links of the board."""
    links = [{"title": "Cilium boards", "type": "dashboards", "tags": ["cilium"]}]
    assert texts(svg(drawn([], {}, 1440, links=links, refresh="30s")))["control"] == [
        *("Refresh", "30s", "2026-11-25 09:00:00 to 2026-11-25 10:00:00", "Cilium boards")
    ]
