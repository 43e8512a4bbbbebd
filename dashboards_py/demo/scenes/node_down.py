"""The machine of node-4 dies 25 minutes before the end, and nobody has replaced it yet.

Prometheus cannot reach its agent, its Hubble and its Envoy: `up` is 0 and their series end. After a round of probes
every other agent counts one node that is unreachable (pkg/health/server), and relay has a peer that it cannot connect
to. Clients repeat their SYNs to pods that are gone. After five minutes Kubernetes starts these pods on other nodes,
which regenerates endpoints there.
"""

from collections.abc import Iterator

from dashboards_py.demo.motion import step
from dashboards_py.demo.scenes._evicted import AFTER, STARTED_IN, with_evicted
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._size import KNOWN_NODES, NODES
from dashboards_py.demo.scenes._story import faster, gauge, shifted

NODE = "node-4"
DOWN = -1500.0
NOTICED, SETTLED = DOWN + 90, DOWN + AFTER + STARTED_IN
OTHERS = float(NODES - 1)
KNOWN = float(KNOWN_NODES - 1)  # to an agent
UNREACHABLE = ("cilium_unreachable_nodes", "cilium_unreachable_health_endpoints")


def played(part: Part) -> Iterator[Part]:
    """What the lost node's targets and the other nodes show."""
    if part.node == NODE:
        yield part.moving(step(1.0, DOWN, 0.0)) if part.name == "up" else part.until(DOWN)
    else:
        yield _elsewhere(part)


def _elsewhere(part: Part) -> Part:
    labels = part.labels
    if part.name in UNREACHABLE:
        return gauge(part, (NOTICED - 1e-3, 0.0), (NOTICED, 1.0))
    if part.name == "cilium_node_health_connectivity_status" and labels["status"] in ("reachable", "unreachable"):
        return shifted(part, NOTICED, KNOWN if labels["status"] == "reachable" else 1.0)
    if part.name == "hubble_relay_pool_peer_connection_status" and labels["status"] in ("READY", "TRANSIENT_FAILURE"):
        return shifted(part, DOWN + 30, OTHERS if labels["status"] == "READY" else 1.0)
    if part.name == "hubble_tcp_flags_total" and labels["flag"] == "SYN":
        return faster(part, (DOWN, 1.5), (SETTLED, 1.0))
    if part.name == "hubble_tcp_flags_total" and labels["flag"] == "SYN-ACK":
        return faster(part, (DOWN, 0.8), (SETTLED, 1.0))
    return with_evicted(part, DOWN)
