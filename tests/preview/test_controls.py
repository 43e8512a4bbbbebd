"""The controls above a board."""

from typing import Any
from xml.etree import ElementTree

import pytest

from dashboards_py.board import read
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.interpolate import VariableValue
from dashboards_py.preview.controls import MOST_CHIPS, Controls, controls
from dashboards_py.preview.shapes import document
from dashboards_py.preview.theme import DARK
from tests.preview.svg import texts

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


def test_the_range_of_time_and_the_refresh_interval_are_shown() -> None:
    """With the links of the board."""
    links = [{"title": "Cilium boards", "type": "dashboards", "tags": ["cilium"]}]
    assert texts(svg(drawn([], {}, 1440, links=links, refresh="30s")))["control"] == [
        *("Refresh", "30s", "2026-11-25 09:00:00 to 2026-11-25 10:00:00 UTC", "Cilium boards")
    ]
