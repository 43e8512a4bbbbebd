"""The connection tracking map of node-2 fills and is full for the last quarter of an hour.

A client that opens a connection for each request fills it from 62 % to 100 %. Then new connections cannot be tracked:
the datapath drops their packets (DROP_CT_CREATE_FAILED, "CT: Map insertion failed" for the agent and
CT_MAP_INSERTION_FAILED for Hubble), clients repeat their SYNs, and garbage collection takes longer over more entries.
A lookup is a new connection too: UDP to the DNS server is among what is dropped, on its way to the DNS proxy
(ct_create4 before the redirect, bpf/bpf_lxc.c), so that the proxy sees fewer queries and answers.
"""

from collections.abc import Iterator

from dashboards_py.demo.cluster.topology import CONVERSATIONS
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._story import appearing, at_rate, faster, gauge, longer

NODE, MAP = "node-2", "ct4_global"
FILLS, FULL = -3000.0, -900.0
# Packets a second that are dropped, by direction; a connection in Hubble gets a share.
DROPPED = {"EGRESS": 17.0, "INGRESS": 9.0}
CAPACITY = 524_288  # entries
FILLING = ((FILLS, 0.62), (FULL - 600, 0.93), (FULL, 1.0))
BYTES_PER_PACKET = 74.0
TRANSPORTS = ("TCP", "UDP")
DROPPED_OF_FLOW = 3.2
SIGNALS = 0.05  # a second: the datapath asks for garbage collection
PASSED = 0.55  # of the lookups


def played(part: Part) -> Iterator[Part]:
    """What the node with the full map shows; the others have nothing of it."""
    if part.node != NODE:
        yield part
    elif part.name == "cilium_bpf_map_pressure" and part.labels["map_name"] == MAP:
        yield gauge(part, *FILLING)
    elif part.name == "cilium_datapath_signals_handled_total":
        is_of_map = (part.labels["signal"], part.labels["data"]) == ("ct_fill_up", "ipv4")
        yield at_rate(part, FULL, SIGNALS) if is_of_map else part
    elif part.name in ("cilium_drop_count_total", "cilium_drop_bytes_total"):
        yield from _dropped(part)
    elif part.name == "hubble_drop_total":
        yield part
        if part.labels["reason"] == "POLICY_DENIED" and part.labels["protocol"] in TRANSPORTS:
            yield appearing(part, FULL, DROPPED_OF_FLOW, reason="CT_MAP_INSERTION_FAILED")
    elif part.name == "hubble_flows_processed_total":  # a drop is a flow
        is_drop = (part.labels["verdict"], part.labels["type"]) == ("DROPPED", "Drop") and _pair(part) in CONVERSATIONS
        is_lookup = part.labels["protocol"] == "DNS"
        yield at_rate(part, FULL, DROPPED_OF_FLOW) if is_drop else faster(part, (FULL, PASSED)) if is_lookup else part
    elif part.name.startswith("hubble_dns_"):
        yield faster(part, (FULL, PASSED))
    else:
        yield _slower(part)


def _pair(part: Part) -> tuple[str, ...]:
    return tuple(part.labels[f"{side}_{what}"] for side in ("source", "destination") for what in ("namespace", "app"))


def _dropped(part: Part) -> Iterator[Part]:
    yield part
    direction = part.labels["direction"]
    if part.labels["reason"] == "Policy denied" and direction in DROPPED:
        size = BYTES_PER_PACKET if "bytes" in part.name else 1.0
        yield appearing(part, FULL, DROPPED[direction] * size, reason="CT: Map insertion failed")


def _slower(part: Part) -> Part:
    labels = part.labels
    tcp = labels.get("family") == "ipv4" and labels.get("protocol") == "TCP"
    if part.name == "cilium_datapath_conntrack_gc_entries" and tcp and labels["status"] == "alive":
        return gauge(part, *((moment, share * CAPACITY) for moment, share in FILLING))
    if part.name.startswith("cilium_datapath_conntrack_gc_duration_seconds_") and tcp:
        return longer(part, (FILLS, 1.4), (FULL - 900, 2.2), (FULL, 4.5))
    if part.name == "hubble_tcp_flags_total" and labels["flag"] == "SYN":
        return faster(part, (FILLS, 1.7), (FULL, 2.6))
    if part.name == "hubble_tcp_flags_total" and labels["flag"] == "SYN-ACK":
        return faster(part, (FILLS, 1.7), (FULL, 1.1))
    return part
