"""Panels without values: those of a healthy cluster, with the reason, and those of features that are off."""

from dashboards_py.board import Board
from dashboards_py.catalog import NEWEST, Release
from dashboards_py.values.check import check
from tests.live.panel_queries import Series

EXPECTED_EMPTY: dict[str, dict[str, str]] = {
    "cilium-agent": {
        "Not scraped": "every target is up",
        "IPsec errors": "the kernel refuses no packet of IPsec",
    },
    "cilium-bgp": {
        "Sessions down now": "every session is established",
        "Nodes advertising nothing": "every node advertises routes",
    },
    "cilium-capacity": {"Nearly full": "no map and no range of addresses is nearly full"},
    "cilium-clustermesh": {
        "Remote clusters failing": "every remote cluster is connected",
    },
    "cilium-envoy": {
        "Nodes that need a look": "every Envoy serves, and none refuses anything",
        "Backends without healthy endpoints": "every endpoint is healthy",
    },
    "cilium-operator": {"Refused calls": "no call is refused"},
    "cilium-overview": {
        "Not scraped": "every target is up",
        "Nodes on another version": "all agents have one version",
        "Critical alerts": "no alert fires",
        "Firing alerts": "no alert fires",
    },
    "hubble-overview": {"Nodes without Hubble": "every node has one"},
    "hubble-relay": {"Relays not scraped": "every relay is up"},
}


def reports_absence(series: Series, expr: str) -> bool:
    """Whether a series of the answer is the row of a table that tells in gray that nothing was measured."""
    return "absent(" in expr and {value for _, value in series.values} == {-1.0}


def off_by_default(board: Board, release: Release = NEWEST) -> frozenset[str]:
    """The titles of the board's panels that are empty with Cilium's defaults and the values that we need.

    Derived from what their queries need and from the chart's defaults, so that a panel of an optional feature is
    included automatically. tests/live/test_every_query.py compares it with the empty panels on a real Prometheus.
    """
    from tests.values.test_values import required_values_tree

    labels = {"release": "prometheus"}
    return frozenset(finding.panel for finding in check([board], required_values_tree(release), release, labels=labels))
