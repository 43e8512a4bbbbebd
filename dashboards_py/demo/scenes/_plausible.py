"""What the scenes' cluster has otherwise than the one of the tests: levels and label sets that people know.

The synthetic cluster gives each series something to show; a cluster that people look at has few errors, many packets
and no series that no Cilium would have.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from zlib import crc32

from dashboards_py.catalog import split
from dashboards_py.demo.cluster.series import ANSWERS
from dashboards_py.demo.motion import Count, Level, Waves
from dashboards_py.demo.scenes._calls import CALLS
from dashboards_py.demo.scenes._durations import spread
from dashboards_py.demo.scenes._factors import FACTORS
from dashboards_py.demo.scenes._label_sets import ANSWER_ROWS, DNS, HTTP, PROXY, ROWS, SEARCHED, Row
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._size import KNOWN_NODES, NODES_OF_A_REMOTE_CLUSTER
from dashboards_py.demo.scenes._stages import together
from dashboards_py.demo.scenes._story import is_of_leader

SERVER = {"namespace": "kube-system", "app": "coredns"}
# Numbers of things that nothing happens to, and those that are the same on each node.
STILL = re.compile(
    "nodes_all|remote_cluster_nodes|connectivity_status|map_capacity|_uptime|gc_interval|quota"
    "|endpoint_(state|enforcement)|cilium_identity$|identity_label"
)
ALIKE = re.compile(
    "nodes_all|health|quota|map_capacity|gc_interval|relay|remote_cluster|cilium_policy$|enforcement|identity"
    "|endpoint_state|conntrack_gc_entries"
)
# Of operators the one that leads runs the loops and their queues (WithLeaderLifecycle in operator/cmd/root.go).
OF_LEADER = re.compile("operator_(identity_gc|endpoint_gc|ces_sync|controllers_group_runs)|k8s_workqueue")
OF_LOOKUPS = ("hubble_flows_processed_total", "hubble_policy_verdicts_total")
ENDS = re.compile(r"(source|destination)_(namespace|app|workload)$|query$")


# Of an export that is in order: its reasons, by status and condition.
EXPORTED = {("True", "Valid"): "Valid", ("True", "Ready"): "Exported", ("False", "Conflict"): "NoConflicts"}

# Levels of gauges: (metric, label, its values, level).
LEVELS: tuple[tuple[str, str, str, float], ...] = (
    # With the nodes of the meshed clusters, which agents know and probe too (pkg/node/manager, pkg/health/server).
    (r"cilium_nodes_all_num|node_health_connectivity_status", "status", r"^reachable$|^$", float(KNOWN_NODES)),
    (r"remote_cluster_nodes", "", "", float(NODES_OF_A_REMOTE_CLUSTER)),
    (r"hubble_relay_pool_peer", "status", r"READY", 6.0),
    (r"hubble_relay_pool_peer", "status", r"IDLE", 0.0),
    (r"cilium_controllers_failing", "", "", 0.0),
    (r"endpoint_state", "endpoint_state", r"^ready$", 31.0),
    (r"endpoint_state", "endpoint_state", r"waiting|regenerating|restoring|disconnecting", 0.0),
    (r"conntrack_gc_entries", "family", r"ipv6", 2_600.0),
    (r"conntrack_gc_entries", "status", r"deleted", 4_200.0),
    (r"conntrack_gc_entries", "protocol", r"non-TCP", 34_000.0),
    (r"conntrack_gc_entries", "status", r"alive", 0.62 * 524_288),  # as the pressure and the capacity of its map
    (r"conntrack_gc_interval", "", "", 450.0),
    # The defaults of pkg/option/config.go, and of the maps of load balancing.
    (r"bpf_map_capacity", "map_group", r"^(ct|nat|neigh)$", 524_288.0),
    (r"bpf_map_capacity", "map_group", r"^sock$", 262_144.0),
    (r"bpf_map_capacity", "map_group", r"^policy$", 16_384.0),
    (r"bpf_map_capacity", "", "", 65_536.0),
    # Cilium 1.20 always has them, and only the cloud's IPAM modes set them (operator/pkg/ipam/metrics).
    (r"operator_ipam_", "", "", 0.0),
    (r"envoy_server_uptime", "", "", 438_000.0),
    (r"envoy_server_total_connections", "", "", 96.0),
    # A connection has a request now and then: about a third have one at any moment.
    (r"envoy_http_downstream_cx_active", "envoy_http_conn_manager_prefix", r"^listener-insecure$", 24.0),
    (r"envoy_http_downstream_cx_active", "envoy_http_conn_manager_prefix", r"^proxy$", 10.0),
    (r"envoy_http_downstream_rq_active", "envoy_http_conn_manager_prefix", r"^listener-insecure$", 8.0),
    (r"envoy_http_downstream_rq_active", "envoy_http_conn_manager_prefix", r"^proxy$", 3.0),
    (r"envoy_cluster_upstream_cx_active", "envoy_cluster_name", r"^default/", 18.0),
    (r"envoy_cluster_upstream_cx_active", "envoy_cluster_name", r"^(egress|ingress)-cluster$", 6.0),
    (r"envoy_cluster_upstream_rq_active", "envoy_cluster_name", r"^default/", 6.0),
    (r"envoy_cluster_upstream_rq_active", "envoy_cluster_name", r"^(egress|ingress)-cluster$", 2.0),
    (r"envoy_(http_downstream|cluster_upstream)_cx_active", "", "", 1.0),
    (r"envoy_(http_downstream|cluster_upstream)_rq_active", "", "", 0.0),
    (r"_doublewrite_", "", "", 0.0),
    # Each of the endpoints that are ready.
    (r"endpoint_enforcement", "enforcement", r"^none$", 13.0),
    (r"endpoint_enforcement", "enforcement", r"^ingress$", 9.0),
    (r"endpoint_enforcement", "enforcement", r"^egress$", 4.0),
    (r"endpoint_enforcement", "enforcement", r"^both$", 5.0),
    (r"endpoint_enforcement", "enforcement", r"audit", 0.0),
    # Of the cluster's 74 those of the node's endpoints; each is counted once more by the sources of its labels.
    (r"cilium_identity$", "type", r"cluster_local", 26.0),
    (r"cilium_identity$", "type", r"node_local", 11.0),
    (r"cilium_identity$", "type", r"remote_node", 6.0),
    (r"cilium_identity$", "type", r"reserved", 10.0),
    (r"identity_gc_entries", "status", r"alive", 74.0),
    (r"identity_gc_entries", "", "", 3.0),
    (r"identity_gc_runs", "outcome", r"fail", 0.0),
    (r"restoration_endpoints", "outcome", r"fail|skip", 0.0),
    (r"restoration_endpoints", "", "", 31.0),
    (r"identity_label_sources", "source", r"k8s", 26.0),
    (r"identity_label_sources", "source", r"reserved", 10.0),
    (r"identity_label_sources", "source", r"cidr", 7.0),
    (r"identity_label_sources", "source", r"fqdn", 4.0),
    (r"cilium_policy$", "", "", 26.0),
    (r"missing_proxy_redirects|alive_zombie|conflicting|remote_cluster_(failures|cache_revocations)", "", "", 0.0),
    (r"api_limiter_requests_in_flight", "value", r"in-flight", 1.0),
    (r"nat_endpoint_max_connection", "", "", 0.18),
    (r"selector_cache_(identities|selectors)", "", "", 160.0),
    (r"selector_match_count_max", "", "", 38.0),
    (r"fqdn_active_(ips|names)", "", "", 24.0),
    (r"go_goroutines", "", "", 420.0),
    (r"db_total_size", "", "", 42e6),
    (r"quota_backend", "", "", 2147483648.0),
    (r"heap_inuse", "", "", 118e6),
    (r"bpf_maps_virtual", "", "", 164e6),
    (r"bpf_progs_virtual", "", "", 31e6),
    (r"envoy_server_memory_allocated", "", "", 38e6),
    (r"envoy_server_memory_heap", "", "", 61e6),
    (r"remote_cluster_endpoints", "", "", 214.0),
    (r"remote_cluster_services", "", "", 31.0),
    (r"_ces_|ceps_per", "", "", 24.0),
)


def plausible(parts: Iterable[Part]) -> Iterator[Part]:
    """The series with what people expect; DNS queries go to the cluster's DNS server."""
    known: set[object] = set()
    for part in together(parts):
        if part.name.startswith("cilium_feature_"):  # one of the values of each label is that of the cluster
            if (part.name, part.target) in known:
                continue
            known.add((part.name, part.target))
        if (condition := part.labels.get("condition")) and part.name.endswith("export_status_condition"):
            if (part.labels["status"], condition) not in EXPORTED or (part.name, part.target, condition) in known:
                continue
            known.add((part.name, part.target, condition))
            part = part.labeled(reason=EXPORTED[part.labels["status"], condition])
        if _is_idle(part):
            continue
        for realistic in _of_dns(_called(part)):
            if part.name not in ROWS:
                yield spread(_scaled(realistic), _observed(realistic))
                continue
            key = (part.target, *((label, value) for label, value in realistic.labels.items() if ENDS.match(label)))
            if key not in known:
                known.add(key)
                yield from _expanded(realistic)


def _is_idle(part: Part) -> bool:
    """Whether the series is of an operator's run that never happened: one that failed, or any of one that waits."""
    if part.name == "cilium_operator_identity_gc_latency" and part.labels["outcome"] == "fail":
        return True
    return part.target.component == "cilium-operator" and bool(OF_LEADER.search(part.name)) and not is_of_leader(part)


def _called(part: Part) -> Part:
    """The series with the labels of a call that clients make."""
    names, calls = CALLS.get(split(part.name)[0], ((), {}))
    call = calls.get(tuple(part.labels[name] for name in names))
    return part if call is None else part.labeled(**dict(zip(names, call, strict=True)))


def _expanded(part: Part) -> Iterator[Part]:
    assert isinstance(part.motion, Count)
    share = _share(part)
    rates: dict[tuple[tuple[str, str], ...], float] = {}
    for row in _rows(part):  # of which an older release may have fewer labels
        own = {**row.labels, **({"query": _searched(part)} if row.labels.get(SEARCHED) else {})}
        labels = tuple((name, value) for name, value in own.items() if name in part.labels)
        rates[labels] = rates.get(labels, 0.0) + row.rate
    for labels, rate in rates.items():
        yield part.labeled(**dict(labels)).moving(replace(part.motion, rate=rate * share))


def _searched(part: Part) -> str:
    """The name in the search domain of the client's namespace."""
    side = "destination" if part.name.startswith("hubble_dns_responses") else "source"
    return f"{part.labels.get('query')}{part.labels.get(f'{side}_namespace')}.svc.cluster.local."


def _rows(part: Part) -> Iterator[Row]:
    """The label sets of one conversation: those of the answers where the server is the source, and UDP with DNS."""
    rows = ROWS[part.name]
    if ANSWERS & set(part.labels.values()):
        rows = ANSWER_ROWS.get(part.name, rows)
    ends = _ends(part)
    if {None} == {app for _, app in ends.values()}:
        yield from rows
        return
    asks_dns = (SERVER["namespace"], SERVER["app"]) in ends.values()
    for row in rows:
        if row.labels.get(PROXY) != (HTTP if asks_dns else DNS):
            is_tcp = asks_dns and row.labels.get("protocol") == "TCP"
            yield replace(row, labels={**row.labels, "protocol": "UDP"}) if is_tcp else row


def _observed(part: Part) -> float | None:
    """The rate of a histogram's observations where its label sets are listed, 0.0 of one that is not among them."""
    rows = ROWS.get(split(part.name)[0])
    if rows is None:
        return None
    return _share(part) * sum(row.rate for row in rows if row.labels.items() <= part.labels.items())


def _ends(part: Part) -> dict[str, tuple[str | None, str | None]]:
    """The namespace and the application of both sides."""
    sides = ("source", "destination")
    return {side: (part.labels.get(f"{side}_namespace"), part.labels.get(f"{side}_app")) for side in sides}


def _share(part: Part) -> float:
    """How much busier one flow is than others, and a node; the same for queries and answers, whichever metric it is."""
    ends = sorted(value for label, value in part.labels.items() if ENDS.match(label) and label != "query")
    flow, node = crc32(repr(ends).encode()) % 1000 / 1000, crc32(f"node {part.target.number}".encode()) % 1000 / 1000
    return (0.3 + 1.5 * flow) * (0.7 + 0.6 * node)


def _scaled(part: Part) -> Part:
    motion, labels = part.motion, part.labels
    if isinstance(motion, Count):
        for pattern, label, values, factor in FACTORS:
            if re.search(pattern, part.name) and re.search(values, labels.get(label, "")):
                return part.moving(replace(motion, rate=motion.rate * factor))
    if isinstance(motion, Level):
        for pattern, label, values, level in LEVELS:
            if re.search(pattern, part.name) and re.search(values, labels.get(label, "")):
                waves = Waves() if STILL.search(part.name) else motion.waves
                return part.moving(replace(motion, points=((0.0, level * _of_target(part)),), waves=waves))
    return part


def _of_target(part: Part) -> float:
    """Nodes differ, but for what each of them counts alike."""
    if ALIKE.search(part.name):
        return 1.0
    return 0.82 + 0.06 * (part.target.number * 5 % 7)


def _of_dns(part: Part) -> Iterator[Part]:
    """A series of DNS with the DNS server at its other end; nobody speaks HTTP or TCP with that server.

    Who looks names up has flows to that server, and verdicts.
    """
    ends = _ends(part)
    server = (SERVER["namespace"], SERVER["app"])
    if part.name in OF_LOOKUPS and all(ends["source"]) and server not in ends.values():
        yield part.labeled(**{f"destination_{what}": value for what, value in SERVER.items()})
    if part.name.startswith("hubble_dns") and "source_app" in part.labels:
        side = "source" if part.name.startswith("hubble_dns_responses") else "destination"
        namespace, app = ends[side]
        if (namespace, app) != server:
            name = f"{app}.{namespace}.svc.cluster.local." if app else "api.stripe.com."
            yield part.labeled(query=name, **{f"{side}_namespace": SERVER["namespace"], f"{side}_app": SERVER["app"]})
    elif not (part.name.startswith(("hubble_http", "hubble_tcp")) and server in ends.values()):
        yield part
