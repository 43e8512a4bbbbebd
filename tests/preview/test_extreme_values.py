"""The smallest and the largest numbers that a query or a board can have."""

import re
from typing import Any

import pytest

from dashboards_py.board import Board, read
from dashboards_py.cli._changed_panels import changed_panels
from dashboards_py.preview.draw import draw, draw_changes
from dashboards_py.preview.grid import CELL, GAP, HIGHEST, TALLEST
from dashboards_py.preview.picture import PictureOptions
from tests.preview.panels import WAVES, WINDOW, Source, panel_picture
from tests.preview.svg import heights, texts

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


def tall_board(count: int) -> Board:
    """Panels of the greatest height below each other, and two small ones."""
    heights = [*[TALLEST] * count, 4, 4]
    tops = [sum(heights[:number]) for number in range(len(heights))]
    style = {"defaults": {"custom": {"drawStyle": "bars"}}}
    return read(
        {
            "schemaVersion": 41,
            "panels": [
                {
                    "id": number,
                    "type": "timeseries" if height == 4 else "text",
                    "title": f"P{number}",
                    "gridPos": {"x": 0, "y": top, "w": 12, "h": height},
                    "fieldConfig": style,
                    "targets": [{"refId": "A", "expr": "x", "interval": "60s"}],
                }
                for number, (top, height) in enumerate(zip(tops, heights, strict=True))
            ],
        }
    )


@pytest.mark.fault("what is below 100,000 pixels of a picture is drawn there, one over the other")
def test_panels_of_a_high_board_are_below_each_other() -> None:
    """Titles, and bars beside them: each bar begins within its panel."""
    drawn = draw(tall_board(6), Source(WAVES), PictureOptions(window=WINDOW), {})
    assert drawn.problems == ()
    top = 6 * TALLEST * (CELL + GAP)
    titles = heights(drawn.svg, "title")
    assert titles == sorted(set(titles))
    assert titles[-1] > top > 1e5
    bars = [float(y) for y in re.findall(r"M[0-9.]+,([0-9.]+)h", drawn.svg)]
    assert len(set(bars)) > 2
    assert min(bars) > top


@pytest.mark.fault("what is below 100,000 pixels of a picture is drawn there, one over the other")
def test_panels_without_room_in_a_picture_are_named() -> None:
    """Of a whole board, and of its changed panels."""
    count = HIGHEST // (TALLEST * (CELL + GAP))
    board, none = tall_board(count + 1), read({"schemaVersion": 41, "panels": []})
    options = PictureOptions(window=WINDOW)
    drawn = draw(board, Source(WAVES), options, {})
    assert drawn.problems == (("", "3 panels below 200,000 pixels are not drawn"),)
    assert texts(drawn.svg)["problem"] == ["3 panels below 200,000 pixels are not drawn"]
    assert drawn.height < HIGHEST + 500
    changes = draw_changes(changed_panels(none, board), board, Source(WAVES), options, {})
    assert changes.problems[0] == ("", "3 changed panels below 200,000 pixels are not drawn")
    assert changes.height < HIGHEST + 500
