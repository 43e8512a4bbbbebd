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

# Panels without values where Cilium has its defaults and our values: by board and title, which feature is off.
OFF_BY_DEFAULT: dict[str, dict[str, str]] = {
    "cilium-agent": {
        "Events and errors": "no kvstore",
        "IPsec": "no IPsec",
        "Operation time, mean": "no kvstore",
        "Operations": "no kvstore",
        "Slice round trip": "no CiliumEndpointSlice",
    },
    "cilium-bgp": {
        "Reconcile errors": "no BGP control plane",
        "Reconcile time, mean": "no BGP control plane",
        "Routes advertised": "no BGP control plane",
        "Routes received": "no BGP control plane",
        "Sessions": "no BGP control plane",
        "Sessions over time": "no BGP control plane",
    },
    "cilium-capacity": {
        "LoadBalancer pools": "no LoadBalancer pool",
    },
    "cilium-clustermesh": {
        "Cache revocations": "no Cluster Mesh",
        "Connection failures": "no Cluster Mesh",
        "Initial sync": "no Cluster Mesh",
        "Last failure": "no Cluster Mesh",
        "Nodes imported": "no Cluster Mesh",
        "Readiness": "no Cluster Mesh",
        "Remote clusters": "no Cluster Mesh",
        "Exports not in order": "no Cluster Mesh",
        "Slice syncs": "no Cluster Mesh",
        "Time to start": "no Cluster Mesh",
        "Services, endpoints imported": "no Cluster Mesh",
        "Sync queues and errors": "no Cluster Mesh",
        "etcd": "no Cluster Mesh",
        "kvstore time and quorum": "no Cluster Mesh",
        "kvstoremesh readiness": "no Cluster Mesh",
    },
    "cilium-operator": {
        "Addresses": "no cloud IPAM",
        "Cloud API time and throttle": "no cloud IPAM",
        "Nodes by state": "no cloud IPAM",
        "Pool use": "no LoadBalancer pool",
        "Slice queue wait": "no CiliumEndpointSlice",
        "Subnets nearly empty": "no cloud IPAM",
    },
    "cilium-overview": {
        "BGP sessions": "no BGP control plane",
        "Remote clusters ready": "no Cluster Mesh",
    },
    "hubble-overview": {
        "Flow exporters": "no dynamic exporter",
    },
}
