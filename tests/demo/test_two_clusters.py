"""Two clusters whose nodes have the same names, in one Prometheus: each series of a node names its cluster."""

from collections.abc import Iterator

import numpy as np
import pytest

from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.shapes import Shape
from dashboards_py.demo.engine import Engine, labels
from dashboards_py.demo.engine.vector import Floats, Integers
from dashboards_py.panel_data import opening_values
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.requests import requests
from tests.demo.boards import BOARDS
from tests.demo.memory import Memory, Stored
from tests.live.cluster import END, full_cluster, metrics

CLUSTERS = ("east", "west")
SECONDS = 1200
WINDOW = Window(begin=END - 600, end=END)


def stored() -> Iterator[Stored]:
    """The series that our boards read, of two clusters with a node each."""
    times = np.arange(round(1000 * (END - SECONDS)), round(1000 * END) + 1, 30_000)
    for series in generate(full_cluster(nodes=1, clusters=CLUSTERS), end=END, only=metrics(BOARDS)):
        pairs = {"__name__": series.name, **dict(series.labels)}
        yield Stored(labels.of(pairs), times, values(series.shape, times), np.zeros(len(times), dtype=bool))


def values(shape: Shape, times: Integers) -> Floats:
    """The values of a series at these times."""
    return np.array([shape.at(time / 1000 - END + SECONDS) for time in times.tolist()])


@pytest.mark.fault("equal node names of two clusters are merged")
def test_series_of_nodes_keep_their_cluster() -> None:
    """No query of any panel has one result for `node-1` of both clusters; most have one for each."""
    source = Engine(Memory(stored()))
    count = 0
    for board in BOARDS:
        variables = opening_values(board, WINDOW, source, {}).values
        for panel in board.panels:
            for request in requests(panel, WINDOW, variables):
                of_nodes = [one.labels for one in source.instant(request.expr, END) if "node" in one.labels]
                assert all("cluster" in one for one in of_nodes), (board.uid, panel.title)
                count += {one["cluster"] for one in of_nodes} == {*CLUSTERS}
    assert count > 10
