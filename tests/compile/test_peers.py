"""The label that names the pods at both ends of a flow."""

import json
import re

import pytest

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_boards, find
from dashboards_py.compile.peers import HALF_ROWS
from dashboards_py.configuration import Configuration
from dashboards_py.lint import lint
from dashboards_py.needs import needs
from dashboards_py.peer_label import PeerLabel

FAULT = pytest.mark.fault("pods of other nodes have no name: each pair across nodes is two half rows")


@FAULT
@pytest.mark.parametrize("label", ["workload", "pod"])
def test_one_label_everywhere(label: PeerLabel) -> None:
    """Queries, legends, columns, links and variables of all boards name the label, and nothing else changes.

    With workloads, panels of pairs say that they have half rows, and DNS servers are named as ever.
    """
    for default, other in zip(compile_boards(), compile_boards(NEWEST, Configuration(peer_label=label)), strict=True):
        renamed = re.sub("(source|destination)_app", rf"\1_{label}", default.json)
        changed = other.json.replace(f" {HALF_ROWS}", "")
        if label == "workload":
            changed = changed.replace("destination_app", "destination_workload")
        assert json.loads(changed) == json.loads(renamed)


@pytest.mark.fault("lint has findings on our own boards where a fork names pods by workload")
@pytest.mark.parametrize("label", ["workload", "pod"])
def test_lint_is_content_with_each_label(label: PeerLabel) -> None:
    """No board has findings, and the panels of pairs say in their description what workloads mean for them."""
    for compiled in compile_boards(NEWEST, Configuration(peer_label=label)):
        board = read(compiled.json)
        findings, excused = lint(board, NEWEST, compiled.excuses)
        assert findings == []
        described = {panel.title for panel in board.panels if HALF_ROWS in panel.description}
        assert described == {item.finding.panel for item in excused if item.finding.rule == "remote-workload"}


@pytest.mark.fault("lint has findings on our own boards where a fork names pods by workload")
def test_dns_servers_on_other_nodes_are_known() -> None:
    """A matcher of DNS servers is of their labels: a client's node does not know their workload."""
    json_text = find("hubble-dns", NEWEST, Configuration(peer_label="workload")).json
    assert 'destination_app=~\\".*dns.*\\"' in json_text
    assert 'destination_workload=~\\".*dns' not in json_text


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
