"""Alerts that fire, on the boards."""

import re

import numpy as np
import pytest

from dashboards_py.board import read
from dashboards_py.catalog import RELEASES, Release
from dashboards_py.compile import compile_boards
from dashboards_py.compile.rules import compile_rules
from dashboards_py.demo.engine import Engine, labels
from dashboards_py.panel_data import opening_values, panel_data
from dashboards_py.panel_data.frame import Window
from dashboards_py.promql import selectors
from dashboards_py.style.firing import ABOUT_CILIUM, BOARDS, BOARDS_OF_PODS, OVERVIEW
from tests.demo.memory import Memory, Stored
from tests.live.cluster import END
from tests.stories._lines import boards, lines


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


MARKS = {
    board.uid: mark.expr
    for board in (read(compiled.json) for compiled in compile_boards())
    for mark in board.annotations
    if mark.name == "Firing alerts"
}
ALERTS = [alert.alert for alert in compile_rules().alerts]


def marked(uid: str, name: str, pod: str = "") -> bool:
    """Whether a board marks an alert, by the matchers of its annotation."""
    labels = {"cluster": "", "alertstate": "firing", "alertname": name, "severity": "critical", "pod": pod}
    expr = MARKS[uid].replace("$cluster", ".*")
    return any(
        all(accepts(matcher.op, matcher.value, labels.get(matcher.label, "")) for matcher in selector.matchers)
        for selector in selectors(expr)
    )


def accepts(op: str, pattern: str, value: str) -> bool:
    """Whether a matcher accepts a label's value."""
    return (value == pattern if op in ("=", "!=") else bool(re.fullmatch(pattern, value))) == op.startswith("=")


@pytest.mark.fault("a board is red at the time of an alert that is about another one")
@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_is_marked_where_it_leads(name: str) -> None:
    """On the overview, and on the one board that shows it."""
    leads_to = next((uid for pattern, uid in BOARDS.items() if re.fullmatch(pattern, name)), BOARDS_OF_PODS[".*"])
    assert {uid for uid in MARKS if marked(uid, name)} == {OVERVIEW, leads_to}


def test_an_alert_without_a_board_is_marked_by_its_pod() -> None:
    """One about any target of Cilium; a board without alerts has no mark."""
    of_pods = {"hubble-relay-7d9": "hubble-relay", "cilium-envoy-x1": "cilium-envoy", "cilium-ag001": "cilium-agent"}
    for pod, board in of_pods.items():
        assert {uid for uid in MARKS if marked(uid, "CiliumTargetDown", pod)} == {OVERVIEW, board}
    assert "hubble-network" not in MARKS


@pytest.mark.fault("a mark changes the color of a state, so that green looks olive")
def test_states_have_no_marks() -> None:
    """The filter of an annotation excludes the panels of states: filterAnnotations.ts in @grafana/scenes applies it."""
    for board in (read(compiled.json) for compiled in compile_boards()):
        states = {panel.raw["id"] for panel in board.panels if panel.type == "state-timeline"}
        for mark in board.annotations:
            chosen = mark.raw.get("filter", {})
            assert {*chosen.get("ids", ())} == states, board.uid
            assert chosen.get("exclude") is (True if states else None), board.uid


def rows(*alerts: dict[str, str]) -> list[tuple[str, ...]]:
    """The rows of the table, without its link: the name of the alert, its node, what it is about, and its severity."""
    times = np.array([round(1000 * (END + shift)) for shift in (-60, 0)])
    firing = {"__name__": "ALERTS", "alertstate": "firing", "severity": "warning"}
    stored = (Stored(labels.of({**firing, **one}), times, np.ones(2), np.zeros(2, dtype=bool)) for one in alerts)
    board = boards()[OVERVIEW]
    (panel,) = (panel for panel in board.panels if panel.title == "Firing alerts")
    source = Engine(Memory(stored))
    window = Window(begin=END - 600, end=END)
    data = panel_data(panel, window, opening_values(board, window, source, {}).values, source)
    assert not data.problems
    columns = ("alertname", "node", "about", "next_node")
    return [tuple(line.values.get(column, "") for column in columns) for line in lines(panel, data)]


@pytest.mark.fault("the table of alerts shows All where an alert has no node, and names nothing else")
@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"node": "n1"}, ("n1", "", "n1")),
        ({"pod": "cilium-envoy-x1"}, ("", "cilium-envoy-x1", "All")),
        ({"source_namespace": "shop"}, ("", "shop", "All")),
        ({"target_cluster": "west"}, ("", "west", "All")),
        ({"node": "n1", "map_name": "ct4_global"}, ("n1", "ct4_global", "n1")),
        ({"destination_namespace": "shop", "destination_app": "cart"}, ("", "shop cart", "All")),
        ({"node": "n1", "family": "ipv4", "protocol": "TCP"}, ("n1", "ipv4 TCP", "n1")),
        ({"namespace": "shop", "pod": "a-1", "error": "no_state"}, ("", "shop a-1 no_state", "All")),
        ({}, ("", "", "All")),
    ],
    ids=str,
)
def test_an_alert_names_what_it_is_about(about: dict[str, str], expected: tuple[str, ...]) -> None:
    """By the labels that it has; `All` is only what the link sets."""
    assert rows({"alertname": "CiliumX", **about}) == [("CiliumX", *expected)]


@pytest.mark.fault('the table of alerts says "more than 3", and not of what')
def test_an_alert_of_many_is_one_row() -> None:
    """It tells of what there are more: of nodes only if these are more, and not each named several times."""
    nodes = ({"alertname": "CiliumX", "node": f"n{number}"} for number in range(4))
    maps = ({"alertname": "CiliumY", "node": "n1", "map_name": f"map{number}"} for number in range(4))
    pods = ({"alertname": "CiliumZ", "pod": f"pod{number}"} for number in range(4))
    assert rows(*nodes, *maps, *pods) == [
        ("CiliumX", "", "more than 3 nodes", "All"),
        ("CiliumY", "", "more than 3 alerts", "All"),
        ("CiliumZ", "", "more than 3 alerts", "All"),
    ]
