"""Levels and rates of a mostly healthy cluster, by metric: first match wins. Units are those of the catalogue."""

import re
from collections.abc import Mapping
from functools import cache

BAD = re.compile(
    r"^(?!No Error).*(fail|error|denied|unreach|time-?out|dropped|degraded|stopped|refus|nack|uncompleted|warn)"
    r"|^[45]\d\d$|^[45]$",
    re.I,
)

# Values of labels that are seldom seen, besides what BAD matches.
RARE = frozenset(
    {"AUDIT", "audit", "Non-Existent Domain", "Not Implemented", "Format Error", "Server Failure", "Query Refused"}
)

# Series of these are compared with one another: they differ only as listed here.
PAIRED = re.compile(r"dns|grpc|tcp_flags|icmp")

# Rates of these are per node: series that differ in the metric's own labels share them.
SPLIT = re.compile(r"hubble_dns_(queries|responses)")

# Series of a counter with a rate of their own: (metric, label, value matched, times the metric's rate).
SHARES: tuple[tuple[str, str, str, float], ...] = (
    (r"policy_change", "outcome", r"^fail$", 0.0),
    (r"tcp_flags", "flag", r"^SYN$", 2.0),  # with a policy at each end: two packets and two verdicts, for two SYN-ACK
    (r"tcp_flags", "flag", r"^SYN-ACK$", 1.0),
    (r"tcp_flags", "flag", r"^RST$", 0.01),
    (r"icmp", "type", r"^EchoReply$", 0.97),
    (r"dns_responses", "rcode", r"^No Error$", 0.93),
    (r"dns_responses", "rcode", r"^Non-Existent Domain$", 0.03),
    (r"dns_responses", "rcode", r"", 0.002),
    (r"grpc_server_handled", "grpc_code", r"^(?!OK$)", 0.002),
)

CILIUM_DROPS = (
    "Policy denied",
    "Stale or unroutable IP",
    "FIB lookup failed",
    "TTL exceeded",
    "CT: Map insertion failed",
)
# Values that occur, where the catalogue knows many more: (metric, label, values).
VALUES_IN_USE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"^cilium_drop", "reason", CILIUM_DROPS),
    (r"^hubble_drop", "reason", ("POLICY_DENIED", "STALE_OR_UNROUTABLE_IP", "CT_MAP_INSERTION_FAILED", "TTL_EXCEEDED")),
    (r"^hubble_drop", "protocol", ("TCP", "UDP", "DNS", "HTTP")),  # the last two: denied at L7
    # Of the DNS proxy only answers with addresses and time-outs are timed (pkg/fqdn/messagehandler/message_handler.go).
    (r"proxy_upstream_reply", "error", ("allow", "timeout")),
    (
        r"proxy_upstream_reply",
        "scope",
        ("totalTime", "upstreamTime", "processingTime", "semaphoreTime", "policyGenerationTime", "dataplaneTime"),
    ),
    (r"icmp", "type", ("EchoRequest", "EchoReply", "DestinationUnreachable(Port)")),
    (r"conntrack_dump_resets", "name", ("dump_interrupts",)),
    (r"endpoint_regenerations", "error", ("", "PolicyRegenerationError")),
    (r"grpc_server", "grpc_type", ("server_stream",)),
    (r"grpc_server", "grpc_code", ("OK", "Unavailable", "DeadlineExceeded")),
    (r"grpc_server", "grpc_method", ("GetFlows", "GetNodes", "ServerStatus")),
)

# Rates of counters, per second and target.
RATES: tuple[tuple[str, float], ...] = (
    (r"policy_change", 0.0003),
    (r"update_rejected|imported|quorum_errors", 0.0),
    (r"grpc_server_(handled|started)", 0.0004),
    (r"grpc_server", 0.05),
    (r"dns_queries", 1.53),
    (r"proxy_upstream_reply", 4.0),
    (r"forward_count|forward_bytes", 2600.0),
    (r"_bytes(_total)?$", 900_000.0),
    (r"drop_count|drop_bytes", 1.2),
    (r"errors_warnings|_errors?(_total)?$|fail", 0.004),
    (r"process_cpu_seconds", 0.16),
    (r"hubble_flows_processed", 6.0),
    (r"hubble_lost_events", 0.01),
    (r"hubble_(tcp|http|dns|policy|port)", 1.5),
    (r"hubble_", 0.4),
    (r"envoy_.*(rq|cx)_(total|xx|completed|time$)", 12.0),
    (r"envoy_.*(fail|rejected|reset|timeout|overflow|denied|no_route|no_cluster|error|too_large)", 0.01),
    (r"envoy_", 0.4),
    (r"gc_runs|resync|controllers_runs", 0.02),
    (r"events_received|kubernetes_events", 0.8),
)

# Gauges: (metric, label matched or "", value matched, level).
GAUGES: tuple[tuple[str, str, str, float], ...] = (
    (r"controllers_failing", "node", r"node-3", 2.0),
    (r"controllers_failing|unreachable|drift_checker|config_delta", "", "", 0.0),
    (r"cilium_endpoint_state", "endpoint_state", r"^ready$", 31.0),
    (r"cilium_endpoint_state", "node", r"node-3", 1.0),
    (r"cilium_endpoint_state", "", "", 0.0),
    (r"bpf_map_pressure", "map_name", r"snat|ct4_global", 0.62),
    (r"bpf_map_pressure", "map_name", r"policy", 0.31),
    (r"bpf_map_pressure", "", "", 0.12),
    (r"nat_endpoint_max_connection", "", "", 0.23),
    (r"cilium_ip_addresses", "", "", 58.0),
    (r"cilium_ipam_capacity", "", "", 254.0),
    (r"nodes_all_num", "", "", 5.0),
    (r"identity_gc_entries", "status", r"alive", 640.0),
    (r"identity_gc_entries", "status", "", 12.0),
    (r"peer_connection_status", "status", r"^IDLE$", 5.0),  # nobody observes flows
    (r"peer_connection_status", "", "", 0.0),
    (
        r"session_state|readiness_status|envoy_server_live|_leader|exporter_up|connected_state|has_leader|sync_completed",
        "",
        "",
        1.0,
    ),
    (r"envoy_server_state", "", "", 0.0),
    (r"days_until_first_cert", "", "", 47.0),
    (r"warming|draining|unsatisfied|conflicting|unmanaged|needed_ips", "", "", 0.0),
    (r"connectivity_status", "status", r"^reachable$", 5.0),
    (r"connectivity_status", "", "", 0.0),
    (r"serviceexport_status_condition", "status", r"^False$", 1.0),
    (r"resident_memory|memory_alloc", "", "", 310e6),
    (r"virtual_memory|heap|_bytes", "", "", 1.9e9),
    (r"open_fds", "", "", 92.0),
    (r"max_fds", "", "", 1048576.0),
    (r"limit", "value", r"limit", 16.0),
    (r"_failures?$|revocations", "", "", 2.0),
    (r"hive_status", "status", r"^ok$|running|^OK$", 42.0),
    (r"hive_status|ipsec_xfrm_error|component_status", "", "", 0.0),
    (r"workqueue_depth|queue_size", "", "", 1.0),
)
# Counters that do not begin at 5000: streams that are open are those started and not handled.
STARTS = {"grpc_server_started_total": 7.0, "grpc_server_handled_total": 0.0}

BY_UNIT = {"bool": 1.0, "seconds": 0.02, "ratio": 0.3, "bytes": 64e6, "milliseconds": 8.0, "count": 7.0}

# Means of histograms and summaries, in their unit.
MEANS: tuple[tuple[str, float], ...] = (
    (r"policy_implementation_delay", 0.35),
    (r"regeneration_time", 0.12),
    (r"bpf_syscall", 0.00004),
    (r"etcd_disk", 0.003),
    (r"api_limiter|wait|queue", 0.004),
    (r"envoy_", 14.0),
    (r"dns|proxy_upstream", 0.006),
    (r"gc_duration|http_handler_request", 0.4),
)
MEAN_BY_UNIT = {"seconds": 0.025, "milliseconds": 12.0, "count": 9.0}


Case = tuple[str, str, float]  # a label ("": any labels), what its value contains, and the level or share


def rate(metric: str, labels: Mapping[str, str]) -> float:
    """The rate of a counter, per second and target: series whose labels say that something is bad are rare."""
    base = _base(metric)
    for label, wanted, share in _shares(metric):
        if label in labels and re.search(wanted, labels[label]):
            return base * share
    rare = any(_is_rare(value) for label, value in labels.items() if label not in ("reason", "name", "module_id"))
    return base * (0.004 if rare and base > 0.01 else 1.0)


@cache
def _base(metric: str) -> float:
    return next((value for pattern, value in RATES if re.search(pattern, metric)), 0.5)


@cache
def _shares(metric: str) -> tuple[Case, ...]:
    """The shares that a counter's labels may have, in order."""
    return tuple((label, wanted, share) for pattern, label, wanted, share in SHARES if re.search(pattern, metric))


@cache
def _is_rare(value: str) -> bool:
    return BAD.search(value) is not None or value in RARE


def level(metric: str, unit: str, labels: Mapping[str, str]) -> float:
    """The level of a gauge."""
    for label, wanted, value in _levels(metric):
        if not label or (label in labels and re.search(wanted, labels[label])):
            return value
    return BY_UNIT.get(unit, 1.0)


@cache
def _levels(metric: str) -> tuple[Case, ...]:
    """The levels that a gauge may have, by its labels, in order."""
    return tuple((label, wanted, value) for pattern, label, wanted, value in GAUGES if re.search(pattern, metric))


@cache
def mean(metric: str, unit: str) -> float:
    """The mean of a histogram's observations, in its unit."""
    return next((value for pattern, value in MEANS if re.search(pattern, metric)), MEAN_BY_UNIT.get(unit, 1.0))
