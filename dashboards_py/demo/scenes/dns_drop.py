"""A new policy denies DNS to the namespace shop, half an hour before the end.

frontend has no rule for DNS any more: its packets to port 53 are denied by L3 and L4, so that no query reaches the DNS
proxy. A denial counts as a policy verdict and as a drop (pkg/hubble/metrics/drop, policy). checkout has a rule with a
wrong pattern: the proxy refuses its queries (rcode "Policy denied", pkg/hubble/metrics/dns), and they have no response.
Both cannot resolve names, so that calls from shop fail, which are half of those that Envoy passes on for policies (the
listener `proxy`, whose backends are called after its two directions); what is not of shop goes on as before. Ports are
counted of what is not denied alone (pkg/hubble/metrics/port-distribution).
"""

import re
from collections.abc import Callable, Iterator, Mapping

from dashboards_py.demo.motion import Count, Level
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._story import appearing, at_rate, faster, ramped, shifted, unchanged

APPLIED = -1800.0
SETTLED = APPLIED + 240
NAMESPACE, WITHOUT_RULE, REFUSED = "shop", "frontend", "checkout"
SERVER = ("kube-system", "coredns")
TO_SERVER = {"destination_namespace": SERVER[0], "destination_app": SERVER[1]}
DENIED, REPEATED = 2.4, 1.9  # packets, and queries that are asked again and again, per second and node
REMAINING = 0.12  # of the calls: connections that stay open
CALLS = ((APPLIED, 0.6), (SETTLED, REMAINING))
FEWER = ((APPLIED, 0.8), (SETTLED, 0.5 + 0.5 * REMAINING))  # of the requests to Envoy
OTHERS = 0.6  # of the queries: those of other namespaces
PORTS = {"53": ((APPLIED, OTHERS),), "8080": FEWER}
IMPORTED = {"source": "custom-resource", "operation": "update", "outcome": "success"}
ENFORCED = {"none": 10.0, "ingress": 5.0, "egress": 7.0, "both": 9.0}  # of the same endpoints as before


def played(part: Part) -> Iterator[Part]:
    """What moves of the metrics of policies, of DNS and of connections."""
    yield from _CHANGES.get(part.name, _envoy if part.name.startswith("envoy_") else unchanged)(part)


def _verdicts(part: Part) -> Iterator[Part]:
    is_denial = (part.labels["action"], part.labels["direction"]) == ("dropped", "egress")
    is_dropped = part.labels["action"] == "dropped"
    is_passed = part.labels["match"] == "l7/dns" and _client(part) in _CLIENTS
    if is_denial and _asks_server(part):
        yield at_rate(part, APPLIED, DENIED)
    elif not is_dropped and (is_passed or _asks_server(part)):
        yield faster(part, (APPLIED, 0.0))
    else:
        yield faster(part, *CALLS) if not is_dropped and _is_call(part) else part
    if is_denial and _client(part) == (NAMESPACE, REFUSED) and _end(part, "destination") == SERVER:
        yield appearing(part, APPLIED, REPEATED, match="l7/dns", **TO_SERVER)


def _drops(part: Part) -> Iterator[Part]:
    is_denial = part.labels["reason"] == "POLICY_DENIED"
    is_of_egress = part.labels["traffic_direction"] == "egress"
    of_both = 2 * DENIED  # the verdict and the drop event
    yield at_rate(part, APPLIED, of_both) if is_denial and is_of_egress and _asks_server(part) else part
    if is_denial:
        if _asks_server(part) and not is_of_egress:
            yield appearing(part, APPLIED, of_both, traffic_direction="egress")
        if _client(part) == (NAMESPACE, REFUSED):
            of_proxy = {"protocol": "DNS", "reason": "DROP_REASON_UNKNOWN", "traffic_direction": "egress"}
            yield appearing(part, APPLIED, REPEATED, **of_proxy, **TO_SERVER)


def _flows(part: Part) -> Iterator[Part]:
    if not _asks_server(part):
        is_passed = part.labels["protocol"] == "DNS" and _client(part) in _CLIENTS
        if is_passed:
            yield faster(part, (APPLIED, 0.0))
        else:
            yield faster(part, *CALLS) if part.labels["verdict"] != "DROPPED" and _is_call(part) else part
        if _client(part) == (NAMESPACE, REFUSED) and (part.labels["type"], part.labels["verdict"]) == ("L7", "DROPPED"):
            yield appearing(part, APPLIED, REPEATED, protocol="DNS", subtype="DNS", **TO_SERVER)
    elif part.labels["verdict"] == "DROPPED" and part.labels["type"] != "L7":
        yield at_rate(part, APPLIED, DENIED)
    else:
        yield faster(part, (APPLIED, 0.0))


def _queries(part: Part) -> Iterator[Part]:
    if _client(part) not in _CLIENTS:
        yield part
    elif part.labels["rcode"] and _client(part) == (NAMESPACE, REFUSED):
        yield at_rate(part, APPLIED, REPEATED)
    else:
        yield faster(part, (APPLIED, 0.0))


def _responses(part: Part) -> Iterator[Part]:
    yield faster(part, (APPLIED, 0.0)) if _ends(part) & _CLIENTS else part


def _calls(part: Part) -> Iterator[Part]:
    yield faster(part, *CALLS) if _is_call(part) else part


def _ports(part: Part) -> Iterator[Part]:
    yield faster(part, *PORTS.get(part.labels["port"], ((APPLIED, 1.0),)))


def _agent_drops(part: Part) -> Iterator[Part]:
    is_denial = (part.labels["reason"], part.labels["direction"]) == ("Policy denied", "EGRESS")
    size = 81.0 if "bytes" in part.name else 1.0
    yield at_rate(part, APPLIED, DENIED * size) if is_denial else part


def _envoy(part: Part) -> Iterator[Part]:
    names = (part.labels.get(label, "") for label in ("envoy_http_conn_manager_prefix", "envoy_cluster_name"))
    is_passed_on = any(name == "proxy" or name.startswith(("egress-cluster", "ingress-cluster")) for name in names)
    if not is_passed_on or not re.search("_(rq|cx)(_|$)", part.name):
        yield part
    elif isinstance(part.motion, Count):
        yield faster(part, *FEWER)
    else:
        assert isinstance(part.motion, Level)
        yield ramped(part, APPLIED, SETTLED, part.motion.points[-1][1] * FEWER[-1][1])


def _proxy(part: Part) -> Iterator[Part]:
    assert isinstance(part.motion, Count)
    others = part.motion.rate * OTHERS
    after = {"received": others + REPEATED, "forwarded": others, "denied": REPEATED}
    if part.labels["proxy_type"] == "envoy":
        yield faster(part, *FEWER)
        return
    is_moved = part.labels["proxy_type"] == "fqdn" and part.labels["rule"] in after
    yield at_rate(part, APPLIED, after[part.labels["rule"]]) if is_moved else part


def _enforcement(part: Part) -> Iterator[Part]:
    level = ENFORCED.get(part.labels["enforcement"])
    yield part if level is None else shifted(part, APPLIED, level)


def _regenerations(part: Part) -> Iterator[Part]:
    is_for_policy = (part.labels["reason"], part.labels["outcome"]) == ("PolicyUpdate", "success")
    yield at_rate(part, APPLIED, 0.5, until=APPLIED + 60) if is_for_policy else part


def _imports(part: Part) -> Iterator[Part]:
    """Each agent imports the one CiliumNetworkPolicy."""
    is_import = IMPORTED.items() <= part.labels.items()
    yield at_rate(part, APPLIED, 1 / 60, until=APPLIED + 60) if is_import else part


_CHANGES: Mapping[str, Callable[[Part], Iterator[Part]]] = {
    "cilium_drop_bytes_total": _agent_drops,
    "cilium_drop_count_total": _agent_drops,
    "cilium_endpoint_regenerations_total": _regenerations,
    "cilium_policy": lambda part: iter((shifted(part, APPLIED, 27.0),)),
    "cilium_policy_change_total": _imports,
    "cilium_policy_endpoint_enforcement_status": _enforcement,
    "cilium_policy_l7_total": _proxy,
    "hubble_dns_queries_total": _queries,
    "hubble_dns_response_types_total": _responses,
    "hubble_dns_responses_total": _responses,
    "hubble_drop_total": _drops,
    "hubble_flows_processed_total": _flows,
    "hubble_http_request_duration_seconds_bucket": _calls,
    "hubble_http_request_duration_seconds_count": _calls,
    "hubble_http_request_duration_seconds_sum": _calls,
    "hubble_http_requests_total": _calls,
    "hubble_policy_verdicts_total": _verdicts,
    "hubble_port_distribution_total": _ports,
    "hubble_tcp_flags_total": _calls,
}
_CLIENTS = {(NAMESPACE, WITHOUT_RULE), (NAMESPACE, REFUSED)}


def _asks_server(part: Part) -> bool:
    """Whether the series is of packets from frontend to the DNS server."""
    return _client(part) == (NAMESPACE, WITHOUT_RULE) and _end(part, "destination") == SERVER


def _is_call(part: Part) -> bool:
    """Whether the series is of calls from the namespace, for which a name is looked up."""
    ends = _ends(part)
    return bool(ends & _CLIENTS) and not ends & {SERVER, ("monitoring", "prometheus")}


def _client(part: Part) -> tuple[str, str]:
    return _end(part, "source")


def _ends(part: Part) -> set[tuple[str, str]]:
    return {_end(part, "source"), _end(part, "destination")}


def _end(part: Part, side: str) -> tuple[str, str]:
    return part.labels[f"{side}_namespace"], part.labels[f"{side}_app"]
