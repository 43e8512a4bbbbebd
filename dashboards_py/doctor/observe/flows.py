"""Which kinds of flow has Hubble seen? Its handler `flow` tells; without it other handlers do, and agents' counters.

A handler counts flows, and has no series until there is one: what others counted tells whether it is off.
"""

from collections.abc import Collection, Iterable, Iterator

from dashboards_py.doctor.client import Client
from dashboards_py.doctor.observation import FLOWS, Flow, Labels
from dashboards_py.errors import DashboardsError

OF_FLOW = ("protocol", "type", "verdict")  # labels of the handler `flow`
PORTS = "hubble_port_distribution_total"
# The flows that a metric of another handler has seen at least (pkg/hubble/metrics/*/handler.go of cilium/cilium).
SEEN = {
    "hubble_dns_queries_total": Flow(protocol="DNS"),
    "hubble_dns_responses_total": Flow(protocol="DNS"),
    "hubble_drop_total": Flow(verdict="DROPPED"),
    "hubble_flows_to_world_total": Flow(),
    "hubble_http_requests_total": Flow(protocol="HTTP"),
    "hubble_icmp_total": Flow(protocol="ICMPv4", verdict="FORWARDED"),
    "hubble_policy_verdicts_total": Flow(type="PolicyVerdict"),
    "hubble_tcp_flags_total": Flow(protocol="TCP", verdict="FORWARDED"),
}
# Agents count packets in BPF maps that outlive them, so that an increase is needed (pkg/maps/metricsmap); the proxies'
# requests, which Hubble sees as flows of L7, since they started.
AGENT = "cilium_policy_l7_total"
PROXIED = {"fqdn": "DNS", "envoy": "HTTP"}
PACKETS = {"cilium_drop_count_total": Flow(verdict="DROPPED"), "cilium_forward_count_total": Flow()}
WINDOW = "10m"


def flows(client: Client, names: Collection[str], now: float) -> frozenset[Flow]:
    """The kinds of flow that metrics tell of; `names` are those that have series."""
    if FLOWS in names:
        return frozenset(_processed(client, now))
    return frozenset((*_of_others(client, names, now), *_of_agents(client, names, now)))


def _processed(client: Client, now: float) -> Iterator[Flow]:
    """Those of the handler `flow`; none if relabeling removes its labels."""
    for labels in _labels(client, f"count by ({', '.join(OF_FLOW)}) ({FLOWS})", now):
        if labels.keys() >= {*OF_FLOW}:
            yield Flow(*(labels[name] for name in OF_FLOW))


def _of_others(client: Client, names: Collection[str], now: float) -> Iterator[Flow]:
    yield from (flow._replace(told_by=name) for name, flow in SEEN.items() if name in names)
    if PORTS in names:
        for labels in _labels(client, f"count by (protocol) ({PORTS})", now):
            yield Flow(protocol=labels.get("protocol", ""), verdict="FORWARDED", told_by=PORTS)


def _of_agents(client: Client, names: Collection[str], now: float) -> Iterator[Flow]:
    for name, flow in PACKETS.items():
        if name in names and _labels(client, f"sum(increase({name}[{WINDOW}])) > 0", now):
            yield flow._replace(told_by=name)
    for labels in _labels(client, f'count by (proxy_type) ({AGENT}{{rule="received"}} > 0)', now):
        if protocol := PROXIED.get(labels.get("proxy_type", "")):
            yield Flow(protocol=protocol, told_by=AGENT)


def _labels(client: Client, expr: str, now: float) -> Iterable[Labels]:
    try:
        return [labels for labels, _ in client.query(expr, now)]
    except DashboardsError:
        return []
