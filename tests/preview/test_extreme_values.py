"""The smallest and the largest numbers that a query or a board can have."""

import re
from typing import Any

import pytest

from dashboards_py.preview.grid import CELL, GAP, TALLEST
from tests.preview.panels import panel_picture

NO_NUMBER = re.compile(r'"[^"]*\b(nan|inf)\b[^"]*"')
SYMLOG = {"scaleDistribution": {"type": "symlog", "log": 2, "linearThreshold": 1e-320}}
ROWS = {"reduceOptions": {"values": True, "limit": 1e299}}


@pytest.mark.parametrize(
    ("panel_type", "values", "more"),
    [
        pytest.param("timeseries", [5e-324], {}, id="the smallest number"),
        pytest.param("timeseries", [9e299, -9e299], {}, id="the largest ones"),
        pytest.param("timeseries", [9e299], {"custom": SYMLOG}, id="a scale that is linear up to nothing"),
        pytest.param("timeseries", [1.0], {"defaults": {"min": 9e299, "max": -9e299}}, id="limits the wrong way round"),
        pytest.param("bargauge", [1.0, 2.0], {"options": ROWS}, id="very many rows"),
        pytest.param("bargauge", [], {"series": {"a": [None], "b": [1e300]}}, id="a bar without an end"),
        pytest.param("stat", [1.7e308, -1.7e308, 1.0], {"options": {"colorMode": "background"}}, id="behind a value"),
    ],
)
def test_extreme_numbers_are_drawn(panel_type: str, values: list[float | None], more: dict[str, Any]) -> None:
    """Somewhere in the panel: no coordinate is infinite or not a number."""
    picture = panel_picture(panel_type, **{"series": {"a": values * 20}, **more})
    assert not NO_NUMBER.search(picture.svg.lower())


def test_a_panel_of_a_thousand_screens_is_drawn_shorter() -> None:
    """Its gauge has a cell for each few pixels; a sentence names it."""
    picture = panel_picture("bargauge", size=(12, 10_000_000), options={"displayMode": "lcd"})
    assert ("P", f"its height of 10000000 cells is drawn as {TALLEST}") in picture.problems
    assert picture.height < (TALLEST + 10) * (CELL + GAP)
