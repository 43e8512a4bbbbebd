"""Panels that must have no values in a healthy cluster with every feature on, by board and title, with the reason."""

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
