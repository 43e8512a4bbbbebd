"""The machine of node-4 died 40 minutes before the end, and 15 minutes later it was removed from the cluster.

Until it is removed, everything is as in node-down. Then its targets are gone from Prometheus, with `up`, and its
CiliumNode from the cluster: the other agents know one node less and find all of them reachable. Only history has its
name.
"""

from collections.abc import Iterator

from dashboards_py.demo.motion import Level
from dashboards_py.demo.scenes._evicted import with_evicted
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._size import KNOWN_NODES, NODES
from dashboards_py.demo.scenes._story import gauge, shifted

NODE = "node-4"
DOWN, REMOVED = -2400.0, -1500.0
NOTICED = DOWN + 90
OTHERS = float(NODES - 1)
KNOWN = float(KNOWN_NODES - 1)  # to an agent
UNREACHABLE = ("cilium_unreachable_nodes", "cilium_unreachable_health_endpoints")


def played(part: Part) -> Iterator[Part]:
    """What the lost node's targets and the other nodes show."""
    if part.node == NODE:
        up = part.moving(Level(((DOWN - 1e-3, 1.0), (DOWN, 0.0))))
        yield up.until(REMOVED) if part.name == "up" else part.until(DOWN)
    else:
        yield _elsewhere(part)


def _elsewhere(part: Part) -> Part:
    labels = part.labels
    lost = ((NOTICED - 1e-3, 0.0), (NOTICED, 1.0), (REMOVED + 60, 1.0), (REMOVED + 60.001, 0.0))
    if part.name in UNREACHABLE:
        return gauge(part, *lost)
    if part.name == "cilium_node_health_connectivity_status" and labels["status"] == "unreachable":
        return gauge(part, *lost)
    if part.name == "cilium_node_health_connectivity_status" and labels["status"] == "reachable":
        return shifted(part, NOTICED, KNOWN)
    if part.name == "cilium_nodes_all_num":
        return shifted(part, REMOVED + 5, KNOWN)
    if part.name == "hubble_relay_pool_peer_connection_status" and labels["status"] == "READY":
        return shifted(part, DOWN + 30, OTHERS)
    if part.name == "hubble_relay_pool_peer_connection_status" and labels["status"] == "TRANSIENT_FAILURE":
        return gauge(part, (DOWN + 30 - 1e-3, 0.0), (DOWN + 30, 1.0), (REMOVED, 1.0), (REMOVED + 1e-3, 0.0))
    return with_evicted(part, DOWN)
