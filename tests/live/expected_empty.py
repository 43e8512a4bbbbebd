"""Panels without values: those of a healthy cluster, with the reason, and those of features that are off."""

from dashboards_py.board import Board
from dashboards_py.catalog import NEWEST, Release
from dashboards_py.values import check

EXPECTED_EMPTY: dict[str, dict[str, str]] = {
    "cilium-agent": {},
    "cilium-bgp": {
        "Nodes without any session": "every node has its sessions",
        "Sessions down now": "every session is established",
        "Peers by failed sessions": "every session is established",
        "Nodes advertising nothing": "every node advertises routes",
    },
    "cilium-clustermesh": {"Agents not connected": "every agent is connected"},
    "cilium-envoy": {
        "Policy stream down": "every Envoy has its stream",
        "Backends without healthy endpoints": "every endpoint is healthy",
    },
    "cilium-overview": {
        "Targets down": "every target is up",
        "Nodes with config drift": "no agent's configuration drifts",
    },
}


def off_by_default(board: Board, release: Release = NEWEST) -> frozenset[str]:
    """The titles of the board's panels that are empty with Cilium's defaults and the values that we need.

    Derived from what their queries need and from the chart's defaults, so that a panel of an optional feature is
    included automatically. tests/live/test_every_query.py compares it with the empty panels on a real Prometheus.
    """
    from tests.values.test_values import required_values_tree

    labels = {"release": "prometheus"}
    return frozenset(finding.panel for finding in check([board], required_values_tree(release), release, labels=labels))
