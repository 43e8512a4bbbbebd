"""Tables of what is worst: only what is wrong is in them, and the worst is in the first row."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from dashboards_py.board import Panel
from dashboards_py.demo.cluster.series import Series, generate
from dashboards_py.demo.cluster.shapes import Counter, Gauge, Shape
from dashboards_py.demo.engine import Engine, labels
from dashboards_py.panel_data import opening_values, panel_data
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.source import Source
from dashboards_py.promql import selectors
from dashboards_py.style.fullness import NO_ROOM_REASONS
from tests.demo.memory import Memory, Stored
from tests.live.cluster import END, full_cluster
from tests.stories._lines import Line, boards, data_of, lines, panel_of, scene

SECONDS = 1200
WINDOW = Window(begin=END - 600, end=END)
NODES = 13  # more than a table shows without scrolling
TABLE = "Nodes that need a look"
WORST_FIRST = pytest.mark.fault("the unhealthiest node is the last row of the table, among healthy ones")
Wrong = dict[tuple[str, str], float]  # by metric and node


def table() -> Panel:
    """The table of nodes."""
    return panel_of(boards()["cilium-agent"], TABLE)


def cluster(wrong: Wrong) -> Source:
    """Thirteen nodes in which little is wrong but for these rates and levels."""
    only = frozenset(selector.metric for query in table().queries for selector in selectors(query.expr))
    return Engine(
        Memory(_stored(_changed(one, wrong) for one in generate(full_cluster(nodes=NODES), only=only, end=END)))
    )


def _changed(series: Series, wrong: Wrong) -> Series:
    shape, node = series.shape, dict(series.labels).get("node", "")
    level = wrong.get((series.name, node))
    if dict(series.labels).get("reason") in NO_ROOM_REASONS.split("|"):
        return replace(series, shape=Counter(0.0, start=5.0))  # there is no rate of these that is well
    if isinstance(shape, Counter):
        return replace(series, shape=Counter(0.01 if level is None else level, start=5.0))
    if isinstance(shape, Gauge):
        return replace(series, shape=Gauge((0.2 if "pressure" in series.name else 0.0) if level is None else level))
    return series


def _stored(all_series: Iterator[Series]) -> Iterator[Stored]:
    times = np.arange(round(1000 * (END - SECONDS)), round(1000 * END) + 1, 30_000)
    for series in all_series:
        shape: Shape = series.shape
        values = np.array([shape.at(time / 1000 - END + SECONDS) for time in times.tolist()])
        pairs = {"__name__": series.name, **dict(series.labels)}
        yield Stored(labels.of(pairs), times, values, np.zeros(len(times), dtype=bool))


def shown(wrong: Wrong, node: str = "") -> tuple[Line, ...]:
    """The rows of the table, of a node that the reader chose alone."""
    source = cluster(wrong)
    board = boards()["cilium-agent"]
    opened = opening_values(board, WINDOW, source, {"node": [node]} if node else {})
    data = panel_data(table(), WINDOW, opened.values, source)
    assert not data.problems
    return lines(table(), data)


DROPS, LOST, FAILING = "cilium_drop_count_total", "cilium_unreachable_nodes", "cilium_controllers_failing"


@WORST_FIRST
def test_a_healthy_cluster_has_no_row() -> None:
    """Thirteen nodes that drop a few packets, as all do, are no outliers; the text for that is short."""
    assert shown({}) == ()
    assert table().no_value == "no outlier"


@WORST_FIRST
def test_the_worst_node_is_the_first_row() -> None:
    """A node that drops 79 packets a second comes before others that only have a failing loop; no other is there."""
    wrong = {(FAILING, f"node-{number}"): 1.0 for number in (2, 3, 5)} | {(DROPS, "node-9"): 79.0}
    first, *others = shown(wrong)
    assert "node-9" in first.texts
    assert {line.values["node"] for line in others} == {"node-2", "node-3", "node-5"}


@WORST_FIRST
def test_a_node_is_compared_with_its_peers() -> None:
    """Where all nodes have lost one node, that one is at fault: in the table is who has lost more than the others."""
    everywhere = {(LOST, f"node-{number}"): 1.0 for number in range(1, NODES + 1)}
    assert shown(everywhere) == ()
    assert [line.values["node"] for line in shown({**everywhere, (LOST, "node-7"): 12.0})] == ["node-7"]


def test_a_chosen_node_is_compared_with_all_others() -> None:
    """With `$node` on one node, it still is an outlier among all nodes."""
    wrong = {(DROPS, "node-9"): 79.0}
    assert [line.values["node"] for line in shown(wrong, "node-9")] == ["node-9"]
    assert shown(wrong, "node-8") == ()


@WORST_FIRST
def test_the_greatest_sum_is_the_first_row() -> None:
    """A backend with five connect failures a second comes before one with a 5xx; one without either is absent."""
    board = boards()["cilium-envoy"]
    (panel,) = (panel for panel in board.panels if panel.title == "Worst backends")
    rates = {
        ("envoy_cluster_upstream_rq_xx", "shop"): 1.0,
        ("envoy_cluster_upstream_cx_connect_fail", "payments"): 5.0,
        ("envoy_cluster_upstream_rq_timeout", "idle"): 0.0,
    }
    live = [*generate(full_cluster(nodes=1), only=frozenset(["envoy_server_live"]), end=END)]
    failing = (
        Series(
            name,
            (("envoy_cluster_name", backend), ("envoy_response_code_class", "5")),
            Counter(rate, 5.0),
            live[0].target,
        )
        for (name, backend), rate in rates.items()
    )
    source = Engine(Memory(_stored(iter((*live, *failing)))))
    data = panel_data(panel, WINDOW, opening_values(board, WINDOW, source, {}).values, source)
    assert [line.texts[0] for line in lines(panel, data)] == ["payments", "shop"]
    assert not any("rank" in line.values for line in lines(panel, data))


@pytest.mark.fault("the node that an upgrade has not reached is named nowhere")
def test_the_node_with_another_version_is_the_first_row() -> None:
    """The last of a rollout, on the overview; none where all agents have one version, or half of them each."""
    board = boards()["cilium-overview"]
    panel = panel_of(board, "Nodes on another version")
    (line,) = lines(panel, data_of(board, panel, scene("rolling-upgrade"), {}))
    assert (line.values["node"], line.values["others"]) == ("node-6", "5.0")
    assert lines(panel, data_of(board, panel, scene("healthy"), {})) == ()
