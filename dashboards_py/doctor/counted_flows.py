"""Which flows do the handlers of Hubble count?"""

from collections.abc import Callable, Mapping

from dashboards_py.doctor.observation import Flow

Counts = Callable[[Flow], bool]
L4 = frozenset({"TCP", "UDP", "SCTP", "ICMPv4", "ICMPv6"})
# By labels of the handler flow (ProcessFlow in pkg/hubble/metrics/*/handler.go of cilium/cilium). DNS and HTTP are seen
# only where a policy or Gateway API sends traffic through a proxy. No label tells of the world, to which most clusters
# send something.
COUNTED: Mapping[str, Counts] = {
    "dns": lambda flow: flow.protocol == "DNS",
    "drop": lambda flow: flow.verdict == "DROPPED",
    "flow": lambda _: True,
    "http": lambda flow: flow.protocol == "HTTP",
    "httpV2": lambda flow: flow.protocol == "HTTP",
    "icmp": lambda flow: flow.protocol in ("ICMPv4", "ICMPv6"),
    "kafka": lambda flow: flow.protocol == "Kafka",
    "policy": lambda flow: flow.type == "PolicyVerdict",
    "port-distribution": lambda flow: flow.protocol in L4 and flow.verdict in ("FORWARDED", "REDIRECTED"),
    "sctp": lambda flow: flow.protocol == "SCTP",
    "tcp": lambda flow: flow.protocol == "TCP" and flow.verdict == "FORWARDED",
}
LIKELY: Mapping[str, Counts] = {
    "flows-to-world": lambda flow: flow.protocol in ("TCP", "UDP") and flow.verdict == "FORWARDED",
}


def counts_none(_: Flow) -> bool:
    """What is known of other handlers."""
    return False
