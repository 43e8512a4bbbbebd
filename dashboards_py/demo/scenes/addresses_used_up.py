"""The pod addresses of node-5 leak, and are used up for the last quarter of an hour.

The container runtime removes pods without asking the CNI plugin, so that their IPv4 addresses stay allocated. Of a /24
an agent gives out 254; then each new pod of the node hangs in ContainerCreating, while those that run are well. The
agent counts an allocation only if it succeeded (`allocateNextFamily` in pkg/ipam/allocator.go): its counter stands
still.
"""

from collections.abc import Iterator

from dashboards_py.demo.motion import Count
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._story import faster, gauge

NODE, FAMILY = "node-5", "ipv4"
LEAKS, USED_UP = -3000.0, -900.0
USED, CAPACITY = 58.0, 254.0
LEAKED_PER_SECOND = (CAPACITY - USED) / (USED_UP - LEAKS)


def played(part: Part) -> Iterator[Part]:
    """What the node without free addresses shows; the others have nothing of it."""
    if part.node == NODE and part.labels.get("family") == FAMILY:
        if part.name == "cilium_ip_addresses":
            part = gauge(part, (LEAKS, USED), (USED_UP, CAPACITY))
        elif part.name == "cilium_ipam_events_total":
            part = _counted(part)
    yield part


def _counted(part: Part) -> Part:
    """The allocations of what leaks, until none is left; nothing is released."""
    assert isinstance(part.motion, Count), part.name
    if part.labels["action"] == "release":
        return faster(part, (LEAKS, 0.0))
    return faster(part, (LEAKS, LEAKED_PER_SECOND / part.motion.rate), (USED_UP, 0.0))
