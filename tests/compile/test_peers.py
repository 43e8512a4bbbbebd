"""The label that names the pods at both ends of a flow."""

import json

import pytest

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST
from dashboards_py.catalog.hubble import PeerLabel
from dashboards_py.compile import compile_boards, find
from dashboards_py.configuration import Configuration
from dashboards_py.needs import needs

FAULT = pytest.mark.fault("pods of other nodes have no name: each pair across nodes is two half rows")


@FAULT
@pytest.mark.parametrize("label", ["workload", "pod"])
def test_one_label_everywhere(label: PeerLabel) -> None:
    """Queries, legends, columns, links and variables of all boards name the label, and nothing else changes."""
    for default, other in zip(compile_boards(), compile_boards(NEWEST, Configuration(peer_label=label)), strict=True):
        renamed = default.json.replace("source_app", f"source_{label}").replace(
            "destination_app", f"destination_{label}"
        )
        assert json.loads(other.json) == json.loads(renamed)


@FAULT
def test_by_default_a_label_that_every_node_knows() -> None:
    """No board queries the workload of a pod, which only the pod's own node knows."""
    assert not [board.uid for board in compile_boards() if "_workload" in board.json]


def test_the_values_follow() -> None:
    """The handlers' options are derived from the queries, so they name the label that was chosen."""
    board = read(find("hubble-http", NEWEST, Configuration(peer_label="workload")).json)
    labels = {label for need in needs(board, NEWEST) for label in need.labels}
    assert {"source_workload", "destination_workload"} <= labels
    assert not {"source_app", "destination_app"} & labels
