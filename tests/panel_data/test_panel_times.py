"""Ranges of time of panels that have one of their own. Expected values: what Grafana's code does, by its sources."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dashboards_py.board import Panel, read
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.interpolate import VariableValue
from dashboards_py.panel_data.panel_times import panel_time
from dashboards_py.panel_data.times import calendar_of
from tests.preview.panels import panel_picture
from tests.preview.svg import texts

OWN_TIME = pytest.mark.fault("a panel's own time is read otherwise than its header says, or than Grafana reads it")
VARIABLES = {"i": VariableValue(("2h",), "2h"), "empty": VariableValue(("",), "")}


def at(text: str) -> float:
    """The Unix seconds of a time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


NOW = at("2026-11-26T13:45:30")
BOARD = Window(begin=at("2026-11-26T12:45:30"), end=NOW, now=NOW)


def panel_with(**fields: Any) -> Panel:
    """A panel with these settings."""
    return read({"schemaVersion": 41, "panels": [{"type": "stat", "title": "P", **fields}]}).panels[0]


@OWN_TIME
@pytest.mark.parametrize(
    ("length", "begin", "end", "text"),
    [
        ("6h", "2026-11-26T07:45:30", "2026-11-26T13:45:30", "Last 6 hours"),
        ("1h", "2026-11-26T12:45:30", "2026-11-26T13:45:30", "Last 1 hour"),
        ("2M", "2026-09-26T13:45:30", "2026-11-26T13:45:30", "Last 2 months"),
        ("now-5m", "2026-11-26T13:40:30", "2026-11-26T13:45:30", "Last 5 minutes"),
        ("now/d", "2026-11-26T00:00:00", "2026-11-26T13:45:30", "Today so far"),
        ("now/w", "2026-11-23T00:00:00", "2026-11-26T13:45:30", "This week so far"),
        ("now/fQ", "2026-10-01T00:00:00", "2026-11-26T13:45:30", "This fiscal quarter so far"),
        ("1d/d", "2026-11-25T00:00:00", "2026-11-26T13:45:30", "Last 1 day"),
        ("+5m", "2026-11-26T13:45:30", "2026-11-26T13:50:30", "Next 5 minutes"),
        ("$i", "2026-11-26T11:45:30", "2026-11-26T13:45:30", "Last 2 hours"),
    ],
)
def test_a_relative_time_is_that_of_grafana(length: str, begin: str, end: str, text: str) -> None:
    """In each form that it accepts: until now, whatever the end of the board's range."""
    window = Window(begin=BOARD.begin, end=NOW - 600, now=NOW, calendar=calendar_of("monday", 3))
    shown = panel_time(panel_with(timeFrom=length), window, VARIABLES)
    assert (shown.window.begin, shown.window.end) == (at(begin), at(end))
    assert (shown.text, shown.problem) == (text, "")


@OWN_TIME
@pytest.mark.parametrize(
    "length",
    [*("bad", "now", "1h30m", "10", "-5m", " 5m", "5x", "5mm", "$unknown", "$empty", "0s", "99999999y", "now-5"), 5],
)
def test_what_is_no_relative_time_is_named(length: object) -> None:
    """The board's range is drawn, without a shift; the header says that too."""
    shown = panel_time(panel_with(timeFrom=length, timeShift="1d"), BOARD, VARIABLES)
    assert (shown.window, shown.text) == (BOARD, "invalid time override")
    assert shown.problem.endswith("is invalid: the board's is drawn")


@OWN_TIME
@pytest.mark.parametrize(
    ("shift", "begin", "end", "text"),
    [
        ("1d", "2026-11-25T12:45:30", "2026-11-25T13:45:30", "timeshift -1d"),
        ("1M", "2026-10-26T12:45:30", "2026-10-26T13:45:30", "timeshift -1M"),
        ("1d/d", "2026-11-25T00:00:00", "2026-11-25T23:59:59.999", "timeshift -1d/d"),
        ("$i", "2026-11-26T10:45:30", "2026-11-26T11:45:30", "timeshift -2h"),
    ],
)
def test_a_shift_is_that_of_grafana(shift: str, begin: str, end: str, text: str) -> None:
    """Of the board's range."""
    shown = panel_time(panel_with(timeShift=shift), BOARD, VARIABLES)
    assert [shown.window.begin, shown.window.end] == pytest.approx([at(begin), at(end)], abs=1e-3)
    assert (shown.text, shown.problem) == (text, "")


@OWN_TIME
@pytest.mark.parametrize("shift", ["bad", "-1h", "+1h", "now-1d", "1h30m", "200y", "$empty"])
def test_what_is_no_shift_is_named(shift: str) -> None:
    """The relative time before it is used."""
    shown = panel_time(panel_with(timeFrom="6h", timeShift=shift), BOARD, VARIABLES)
    assert (shown.window.begin, shown.window.end) == (NOW - 6 * 3600, NOW)
    assert shown.text == "invalid timeshift"
    assert shown.problem.endswith("is invalid: it is not shifted")


@OWN_TIME
def test_a_relative_time_is_not_used_on_a_board_with_fixed_times() -> None:
    """A shift is."""
    fixed = Window(begin=BOARD.begin, end=BOARD.end, now=NOW + 9e6, is_relative=False)
    shown = panel_time(panel_with(timeFrom="6h", timeShift="1h"), fixed, {})
    assert (shown.window.begin, shown.window.end) == (fixed.begin - 3600, fixed.end - 3600)
    assert shown.text == "timeshift -1h"


@OWN_TIME
@pytest.mark.parametrize("fields", [{"timeFrom": "bad"}, {"timeShift": "bad"}])
def test_a_picture_names_it_in_the_panel(fields: dict[str, Any]) -> None:
    """Also where the header hides what it says of times."""
    drawn = panel_picture("timeseries", **fields)
    assert [sentence for _, sentence in drawn.problems] == texts(drawn.svg)["problem"]
    assert "'bad' is invalid" in drawn.problems[0][1]
    hidden = panel_picture("timeseries", hideTimeOverride=True, **fields)
    assert "time" not in texts(hidden.svg)
    assert hidden.problems == drawn.problems
