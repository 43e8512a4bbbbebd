"""Pods of a node that is down: Kubernetes evicts them after five minutes, and starts them on the other nodes."""

from dashboards_py.demo.motion import Level
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._story import faster, ramped

AFTER, STARTED_IN = 300.0, 180.0  # seconds since the node is down, and until all pods have started
PODS = 6.0  # more on each other node
# Endpoints of each other node, by enforcement: together as many as are ready.
READY, ENFORCED = 37.0, {"none": 16.0, "ingress": 11.0, "egress": 4.0, "both": 6.0}


def with_evicted(part: Part, down: float) -> Part:
    """What another node shows of the pods that it gets from one that is down since then."""
    labels, begin, end = part.labels, down + AFTER, down + AFTER + STARTED_IN
    if part.name == "cilium_endpoint_state" and labels["endpoint_state"] == "ready":
        return ramped(part, begin, end, READY)
    if part.name == "cilium_policy_endpoint_enforcement_status" and labels["enforcement"] in ENFORCED:
        return ramped(part, begin, end, ENFORCED[labels["enforcement"]])
    if part.name == "cilium_ip_addresses":
        assert isinstance(part.motion, Level)
        return ramped(part, begin, end, part.motion.points[-1][1] + PODS)
    if part.name == "cilium_ipam_events_total" and labels["action"] == "allocate":
        return faster(part, (begin, 3.0), (end, 1.0))
    # New endpoints: no more of the others are built again than before.
    is_of_new = labels.get("reason", "LabelsUpdate") == "LabelsUpdate" and labels.get("outcome", "success") == "success"
    if part.name.startswith("cilium_endpoint_regeneration") and is_of_new:
        return faster(part, (begin, 6.0), (end, 1.0))
    return part
