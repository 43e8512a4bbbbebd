"""An alert and the panels have one opinion: critical is red, a warning is yellow, and info has no color."""

from collections.abc import Iterator
from functools import cache

import pytest

from dashboards_py.catalog import RELEASES, Release
from dashboards_py.dashboards import build as build_board
from dashboards_py.dashboards import names as board_names
from dashboards_py.model import Alert, Panel, State, Threshold
from dashboards_py.rules import build, names

FAULT = pytest.mark.fault("an alert pages for what is yellow on its panel, or is a warning where that is red")
COLORS = {"critical": "red", "warning": "yellow"}
# Alerts that compare by themselves, and what the number of their panel is when they fire.
SHOWN = {
    "CiliumEnvoyNotServing": 1.0,
    "CiliumEnvoyWithoutPolicy": 1.0,
    "CiliumMeshEtcdWithoutLeader": 1.0,
    "CiliumOperatorAbsent": 0.0,
    "CiliumPodsPending": 1.0,
    "CiliumTargetDown": 1.0,
    "HubbleRelayAbsent": 1.0,
}


def alerts(release: Release) -> Iterator[Alert]:
    for name in names():
        yield from build(name, release).alerts


@cache
def steps(release: Release) -> dict[tuple[str, str], list[tuple[Threshold, ...]]]:
    """The thresholds of each panel of all boards, and those of its queries, by uid and title."""
    boards = [build_board(name, release) for name in board_names()]
    return {(board.uid, panel.title): _steps(panel) for board in boards for row in board.rows for panel in row.panels}


def _steps(panel: Panel) -> list[tuple[Threshold, ...]]:
    return [own for own in (panel.thresholds, *(query.thresholds for query in panel.queries)) if own]


@cache
def states(release: Release) -> dict[tuple[str, str], list[tuple[State, ...]]]:
    """The states of the queries of each panel of all boards, by uid and title."""
    boards = [build_board(name, release) for name in board_names()]
    return {
        (board.uid, panel.title): [query.states for query in panel.queries if query.states]
        for board in boards
        for row in board.rows
        for panel in row.panels
    }


def color_at(own: tuple[Threshold, ...], value: float, *, below: bool = False) -> str:
    """The color of a number, or with `below` of one that is just less."""
    reached = (step for step in own if step.value is None or step.value < value or (step.value == value and not below))
    return [step.color for step in reached][-1]


@FAULT
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_severity_is_the_level_of_the_limit(release: Release) -> None:
    """An alert at the critical level of a limit, at which panels turn red, is critical, at the other a warning."""
    judged = {alert.name: (alert.severity, alert.limit.name) for alert in alerts(release) if alert.limit}
    assert judged
    assert {name: pair for name, pair in judged.items() if pair[0] != pair[1]} == {}


@FAULT
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_the_panel_of_an_alert_has_its_color(release: Release) -> None:
    """Where it has thresholds of the same limit: the color of that level is the alert's."""
    colors = {
        alert.name: (color_at(own, alert.limit.value, below=alert.below), alert.severity)
        for alert in alerts(release)
        if alert.limit
        for own in steps(release)[alert.panel.uid, alert.panel.title]
        if alert.limit.qualified_name in {step.level for step in own}
    }
    assert len(colors) > 15
    assert {name: pair for name, pair in colors.items() if COLORS.get(pair[1]) != pair[0]} == {}


@FAULT
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_alerts_without_a_limit_have_the_color_of_their_panel(release: Release) -> None:
    """At the number or the state that it shows then; rankings without thresholds judge nothing."""
    without = [alert for alert in alerts(release) if not alert.limit]
    colors = {
        alert.name: (color, alert.severity)
        for alert in without
        for color in colors_at(release, (alert.panel.uid, alert.panel.title), SHOWN.get(alert.name, 0))
    }
    assert {*colors} == {*SHOWN}
    assert {name: pair for name, pair in colors.items() if COLORS.get(pair[1]) != pair[0]} == {}


def colors_at(release: Release, panel: tuple[str, str], value: float) -> Iterator[str]:
    """The colors of a panel's thresholds and states at a number."""
    yield from (color_at(own, value) for own in steps(release)[panel])
    yield from (state.color for own in states(release)[panel] for state in own if state.low <= value <= state.high)
