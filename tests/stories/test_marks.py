"""Marks in graphs: a new version is one, at whatever time range, and no start of an agent is without one."""

import pytest

from dashboards_py import demo
from dashboards_py.panel_data import opening_values
from dashboards_py.panel_data.annotations import Event, board_events
from dashboards_py.panel_data.frame import Window
from tests.stories._lines import boards, scene

STARTED = "cilium_process_start_time_seconds"


@pytest.mark.fault("marks of restarts are missing, and that of a version reads as the length of a rollout")
@pytest.mark.parametrize("hours", [1, 6, 24])
def test_each_start_of_an_agent_is_marked(hours: int) -> None:
    """In a rolling upgrade that began 48 minutes before the end; in a day several starts are one mark."""
    source, board = scene("rolling-upgrade"), boards()["cilium-agent"]
    window = Window(begin=demo.END - 3600 * hours, end=demo.END)
    events = board_events(board, window, opening_values(board, window, source, {}).values, source).events
    (version,) = (event for event in events if event.name == "Cilium version")
    assert version.begin == version.end
    last = [series.samples[-1][1] for series in source.range(STARTED, demo.END, demo.END, 60)]
    starts = {started for started in last if isinstance(started, float)}
    marks = [event for event in events if event.name == "Agent restarts"]
    late = 3600 * hours / 100 + 240
    assert starts
    for started in starts:
        is_in_window = started > window.begin
        assert any(_is_about(mark, started, late) for mark in marks) is is_in_window, (started - demo.END, marks)


def test_the_start_of_a_relay_is_marked() -> None:
    """In the same upgrade its pod was replaced once, 48 minutes before the end."""
    source, board = scene("rolling-upgrade"), boards()["hubble-relay"]
    window = Window(begin=demo.END - 3600, end=demo.END)
    events = board_events(board, window, opening_values(board, window, source, {}).values, source).events
    ((started, _),) = [(event.begin - demo.END, event.end) for event in events if event.name == "Relay restarts"]
    assert -2940 < started < -2700


def _is_about(mark: Event, started: float, late: float) -> bool:
    return mark.end >= started and mark.begin <= started + late
