"""Alerts that fire, on the boards."""

import re

import pytest

from dashboards_py.catalog import RELEASES, Release
from dashboards_py.compile import compile_boards
from dashboards_py.compile.rules import compile_rules
from dashboards_py.style.firing import ABOUT_CILIUM, BOARDS, BOARDS_OF_PODS, FIRING_ALERTS


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_each_alert_leads_to_the_board_that_shows_it(release: Release) -> None:
    """From the overview; an alert that the overview itself shows leads to the agents' board."""
    for alert in compile_rules(release).alerts:
        of_name = (uid for pattern, uid in BOARDS.items() if re.fullmatch(pattern, alert.alert))
        next_board = next(of_name, BOARDS_OF_PODS[".*"])
        shows = "cilium-agent" if alert.uid == "cilium-overview" else alert.uid
        assert next_board == shows, alert.alert


def test_our_alerts_are_found_by_their_names() -> None:
    """Each of them, so that the table and the marks have them all."""
    pattern = re.search('alertname=~"([^"]+)"', ABOUT_CILIUM)
    assert pattern
    assert [alert.alert for alert in compile_rules().alerts if not re.fullmatch(pattern[1], alert.alert)] == []


@pytest.mark.fault("no board marks the time at which an alert fired")
def test_every_board_marks_them() -> None:
    """The graphs of all boards, in the chosen clusters."""
    for board in compile_boards():
        assert FIRING_ALERTS.name in board.json, board.uid
