"""The first row of Envoy's board names the nodes whose Envoy is in trouble."""

import pytest

from dashboards_py.board import Panel
from tests.stories._lines import boards, data_of, first_row, lines, scene

FAULT = pytest.mark.fault("Envoy's board names no node on its first screen")
BOARD = "cilium-envoy"


def table() -> Panel:
    """The table of the first row."""
    (panel,) = (panel for panel in first_row(boards()[BOARD]) if panel.title == "Nodes that need a look")
    return panel


@FAULT
def test_nodes_that_refuse_configuration_are_named() -> None:
    """Each node whose Envoy refuses updates is a row, in red, and in the healthy cluster there is none."""
    refusing = lines(table(), data_of(boards()[BOARD], table(), scene("envoy-refuses"), {}))
    assert {line.values["node"] for line in refusing} == {f"node-{number}" for number in range(1, 7)}
    assert all(line.has((), "red") for line in refusing)
    assert lines(table(), data_of(boards()[BOARD], table(), scene("healthy"), {})) == ()


@pytest.mark.fault("an Envoy that does not answer is on no board of Envoy")
def test_an_envoy_that_does_not_answer_is_counted_and_named() -> None:
    """On the first row of Envoy's board, and counted on the overview, where it is not one of those scraped."""
    down = scene("node-down")
    (line,) = lines(table(), data_of(boards()[BOARD], table(), down, {}))
    assert (line.values["node"], line.has(("1",), "red")) == ("node-4", True)
    for uid, title in ((BOARD, "Envoys"), ("cilium-overview", "Envoys not live")):
        (panel,) = (panel for panel in first_row(boards()[uid]) if panel.title == title)
        bad, scraped = lines(panel, data_of(boards()[uid], panel, down, {}))
        assert bad.has(("1",), "red"), uid
        assert scraped.has(("5",)), uid


@FAULT
@pytest.mark.parametrize("node", ["node-2", "node-5"])
def test_a_chosen_node_is_shown_alone(node: str) -> None:
    """With one node chosen, the table has that node only."""
    (line,) = lines(table(), data_of(boards()[BOARD], table(), scene("envoy-refuses"), {"node": [node]}))
    assert line.values["node"] == node
