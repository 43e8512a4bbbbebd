"""The table of what is fullest: pod addresses and ports stand beside maps where they run out, on both boards."""

from collections.abc import Mapping

import numpy as np
import pytest

from dashboards_py.demo.engine import Engine, labels
from dashboards_py.panel_data import opening_values, panel_data
from dashboards_py.panel_data.frame import Window
from tests.demo.memory import Memory, Stored
from tests.stories._lines import Line, boards, lines, panel_of

WINDOW = Window(begin=1_000_000, end=1_000_600)
TABLES = {"cilium-overview": "Fullest maps and addresses", "cilium-capacity": "Nearly full"}
Series = Mapping[tuple[str, ...], float]  # values by metric, node and further labels


def shown(uid: str, series: Series) -> tuple[Line, ...]:
    """The rows of a board's table where Prometheus has these series."""
    times = np.arange(1000 * WINDOW.begin, 1000 * WINDOW.end + 1, 30_000).astype(np.int64)
    source = Engine(
        Memory(
            Stored(
                labels.of({"__name__": name, "node": node, **dict(pair.split("=") for pair in pairs)}),
                times,
                np.full(len(times), value),
                np.zeros(len(times), dtype=bool),
            )
            for (name, node, *pairs), value in series.items()
        )
    )
    board = boards()[uid]
    table = panel_of(board, TABLES[uid])
    data = panel_data(table, WINDOW, opening_values(board, WINDOW, source).values, source)
    assert not data.problems
    return lines(table, data)


def nodes(**used: float) -> dict[tuple[str, ...], float]:
    """Nodes with 100 pod addresses, so many of which are used, and a map that is half full."""
    series: dict[tuple[str, ...], float] = {}
    for node, addresses in used.items():
        series |= {
            ("cilium_version", node): 1.0,
            ("cilium_bpf_map_pressure", node, "map_name=ct4_global"): 0.5,
            ("cilium_ip_addresses", node, "family=ipv4"): addresses,
            ("cilium_ipam_capacity", node, "family=ipv4"): 100.0,
            ("cilium_nat_endpoint_max_connection", node, "family=ipv4"): 0.1,
        }
    return series


@pytest.mark.fault("used-up pod addresses stand on the overview only as an alert")
@pytest.mark.parametrize("uid", TABLES)
def test_a_node_without_free_addresses_is_the_first_row(uid: str) -> None:
    """With its name, and in red: its pods hang in ContainerCreating."""
    first, *others = shown(uid, nodes(one=40.0, two=99.0))
    assert first.has(("pod addresses", "two", "99"), "red")
    assert not any(line.has(("pod addresses",)) for line in others)


@pytest.mark.parametrize("uid", TABLES)
def test_a_node_with_few_free_source_ports_is_there(uid: str) -> None:
    """It stands before maps that are less full."""
    first, *_ = shown(uid, nodes(one=1.0) | {("cilium_nat_endpoint_max_connection", "one", "family=ipv4"): 0.75})
    assert first.has(("source ports", "one", "75"), "yellow")


@pytest.mark.fault("a pool that a cloud fills on demand is red, and nothing is wrong")
@pytest.mark.parametrize("uid", TABLES)
def test_pools_of_a_cloud_are_always_nearly_used(uid: str) -> None:
    """Also beside a node with pod addresses of its own, which is there."""
    series = nodes(one=99.0, two=97.0) | {
        ("cilium_feature_controlplane_ipam", "one", "mode=eni"): 1.0,
        ("cilium_feature_controlplane_ipam", "two", "mode=cluster-pool"): 1.0,
    }
    rows = [line for line in shown(uid, series) if line.has(("pod addresses",))]
    assert [line.has(("two",), "red") for line in rows] == [True]
