"""Label sets of the scenes' cluster that replace those of the synthetic one, which has every combination of values.

Those of Cilium's agents and operators are what real ones of 1.20 exposed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """A label set that occurs, and its rate per second for each flow and node."""

    rate: float
    labels: Mapping[str, str] = field(default_factory=dict)


def _rows(names: str, *rows: tuple[object, ...]) -> tuple[Row, ...]:
    """Rows of a table: the values of the labels, then the rate."""
    labels = names.split()
    return tuple(Row(float(str(row[-1])), dict(zip(labels, map(str, row[:-1]), strict=True))) for row in rows)


# Columns that are no labels. The proxy of a row: conversations with the DNS server have no row of HTTP, and the others
# none of DNS. Whether a name was asked for in a search domain, where there is none (`options ndots:5` of resolv.conf).
PROXY, SEARCHED = "proxy", "searched"
DNS, HTTP = "dns", "http"

# Label sets of counters that replace those of the synthetic cluster.
_DROPS = (
    ("Policy denied", "INGRESS", 0.021),
    ("Policy denied", "EGRESS", 0.012),
    ("Stale or unroutable IP", "EGRESS", 0.008),
    ("FIB lookup failed", "EGRESS", 0.0015),
    ("TTL exceeded", "INGRESS", 0.0006),
)
PACKET = 81  # bytes
# Requests per second to Envoy by class of the response. Its own listeners answer probes and scrapes, the others those
# of pods and of the Gateway, which they pass on: a backend has those of its listener.
_CLASSES = {"1": 0.0, "2": 11.0, "3": 0.3, "4": 0.2, "5": 0.006}
_CODES = {"200": 11.0, "301": 0.3, "403": 0.05, "404": 0.15, "503": 0.006}
_LISTENERS = {"listener-insecure": 1.0, "proxy": 0.4}
_OWN_LISTENERS = {
    "admin": 0.04,
    "envoy-health-listener": 0.2,
    "envoy-prometheus-metrics-listener": 0.04,
    "async-client": 0.4,
}
_BACKENDS = {
    "default/cilium-gateway-web/default_web_8080": _LISTENERS["listener-insecure"],
    "egress-cluster": 0.6 * _LISTENERS["proxy"],
    "egress-cluster-tls": 0.1 * _LISTENERS["proxy"],
    "ingress-cluster": 0.25 * _LISTENERS["proxy"],
    "ingress-cluster-tls": 0.05 * _LISTENERS["proxy"],
}
_OWN_BACKENDS = {"/envoy-admin": 0.04, "xds-grpc-cilium": 0.02}
_OF_LISTENERS = _rows(
    "envoy_http_conn_manager_prefix",
    *_OWN_LISTENERS.items(),
    *((listener, sum(_CLASSES.values()) * busy) for listener, busy in _LISTENERS.items()),
)
_OF_BACKENDS = _rows(
    "envoy_cluster_name",
    *_OWN_BACKENDS.items(),
    *((backend, sum(_CLASSES.values()) * busy) for backend, busy in _BACKENDS.items()),
)
# By the name of a series, or of a histogram.
ROWS: Mapping[str, tuple[Row, ...]] = {
    "hubble_flows_processed_total": _rows(
        f"type subtype protocol verdict {PROXY}",
        ("Trace", "to-endpoint", "TCP", "FORWARDED", "", 6.2),
        ("Trace", "to-network", "TCP", "FORWARDED", "", 3.4),
        ("Trace", "to-stack", "TCP", "FORWARDED", "", 1.9),
        ("Trace", "to-endpoint", "ICMPv4", "FORWARDED", "", 0.05),
        ("PolicyVerdict", "", "TCP", "FORWARDED", "", 1.3),
        ("PolicyVerdict", "", "TCP", "REDIRECTED", HTTP, 1.0),
        ("PolicyVerdict", "", "UDP", "REDIRECTED", DNS, 0.7),
        ("PolicyVerdict", "", "TCP", "DROPPED", "", 0.004),
        ("Drop", "", "TCP", "DROPPED", "", 0.006),
        ("L7", "HTTP", "HTTP", "FORWARDED", HTTP, 6.1),
        ("L7", "DNS", "DNS", "FORWARDED", DNS, 3.6),
        ("L7", "HTTP", "HTTP", "DROPPED", HTTP, 0.002),
    ),
    "hubble_policy_verdicts_total": _rows(
        f"action direction match {PROXY}",
        ("forwarded", "egress", "l3-l4", "", 1.1),
        ("forwarded", "ingress", "l3-l4", "", 1.1),
        ("redirected", "egress", "l3-l4", DNS, 0.7),
        ("redirected", "ingress", "l3-l4", HTTP, 1.0),
        ("forwarded", "egress", "l7/dns", DNS, 0.7),
        ("forwarded", "ingress", "l7/http", HTTP, 1.0),
        ("dropped", "ingress", "none", "", 0.003),
        ("dropped", "egress", "none", "", 0.001),
        ("dropped", "ingress", "l7/http", HTTP, 0.001),
    ),
    "hubble_drop_total": _rows(
        f"reason protocol {PROXY}",
        ("POLICY_DENIED", "TCP", "", 0.006),
        ("STALE_OR_UNROUTABLE_IP", "TCP", "", 0.002),
        ("TTL_EXCEEDED", "UDP", "", 0.0006),
        ("DROP_REASON_UNKNOWN", "HTTP", HTTP, 0.001),
    ),
    # A client that follows flows ends its stream by disconnecting; user interfaces ask for nodes and status.
    "grpc_server_started_total": _rows(
        "grpc_method grpc_type",
        ("GetFlows", "server_stream", 0.003),
        ("GetNodes", "unary", 0.01),
        ("ServerStatus", "unary", 0.05),
    ),
    "grpc_server_handled_total": _rows(
        "grpc_method grpc_type grpc_code",
        ("GetFlows", "server_stream", "Canceled", 0.003),
        ("GetFlows", "server_stream", "Unavailable", 0.0),
        ("GetNodes", "unary", "OK", 0.01),
        ("ServerStatus", "unary", "OK", 0.05),
    ),
    "grpc_server_msg_sent_total": _rows(
        "grpc_method grpc_type",
        ("GetFlows", "server_stream", 42.0),
        ("GetNodes", "unary", 0.01),
        ("ServerStatus", "unary", 0.05),
    ),
    "hubble_tcp_flags_total": _rows(
        "flag family",
        ("SYN", "IPv4", 2.6),  # both ends report a packet, and a policy the first one again
        ("FIN", "IPv4", 1.25),
        ("RST", "IPv4", 0.01),
    ),
    "hubble_http_requests_total": _rows(
        "method protocol status reporter",
        ("GET", "HTTP/1.1", "200", "server", 2.3),
        ("POST", "HTTP/1.1", "200", "server", 0.7),
        ("DELETE", "HTTP/1.1", "200", "server", 0.05),
        ("GET", "HTTP/1.1", "404", "server", 0.012),
        ("POST", "HTTP/1.1", "403", "server", 0.001),
        ("GET", "HTTP/1.1", "503", "server", 0.001),
    ),
    "hubble_dns_queries_total": _rows(
        f"qtypes rcode ips_returned {SEARCHED}",
        ("A", "", "0", "", 0.699),
        ("AAAA", "", "0", "", 0.678),
        ("A", "", "0", "yes", 0.021),
        ("AAAA", "", "0", "yes", 0.022),
        ("A", "Policy denied", "0", "", 0.0004),
    ),
    "hubble_dns_responses_total": _rows(
        f"qtypes rcode ips_returned {SEARCHED}",
        ("A", "No Error", "2", "", 0.695),
        ("AAAA", "No Error", "0", "", 0.674),
        ("A", "Non-Existent Domain", "0", "yes", 0.021),
        ("AAAA", "Non-Existent Domain", "0", "yes", 0.022),
        ("A", "Server Failure", "0", "", 0.0008),
    ),
    # A subsystem that logs nothing has no series, but `init` has (pkg/metrics/logging_hook.go).
    "cilium_errors_warnings_total": _rows(
        "level subsystem",
        ("WARN", "unspecified", 0.0005),
        ("WARN", "endpoint-manager", 0.00022),
        ("WARN", "k8s-watcher", 0.00015),
        ("WARN", "hubble", 0.0001),
        ("ERROR", "unspecified", 0.00006),
        ("ERROR", "endpoint-manager", 0.00004),
        ("ERROR", "init", 0.0),
        ("WARN", "init", 0.0),
    ),
    "cilium_operator_errors_warnings_total": _rows(
        "level subsystem",
        ("WARN", "unspecified", 0.0007),
        ("ERROR", "unspecified", 0.00015),
        ("ERROR", "init", 0.0),
        ("WARN", "init", 0.0),
    ),
    "cilium_hive_jobs_runs_failed": _rows(
        "module_id job_name", ("envoy-proxy", "version-check", 0.00006), ("link-cache", "sync", 0.00004)
    ),
    "cilium_operator_hive_jobs_runs_failed": _rows(
        "module_id job_name", ("network-policy", "cnp-validation", 0.00012), ("network-policy", "ccnp-validation", 0.0)
    ),
    # Why an endpoint regenerated, and of failures what failed (pkg/endpoint/regeneration/failure_reason.go).
    "cilium_endpoint_regenerations_total": _rows(
        "reason outcome error",
        ("PeriodicRegeneration", "success", "", 0.02),
        ("LabelsUpdate", "success", "", 0.008),
        ("PolicyUpdate", "success", "", 0.006),
        ("SelectorPolicyStale", "success", "", 0.002),
        ("DeviceConfigurationChanged", "success", "", 0.0),
        ("LabelsUpdate", "fail", "EndpointStateInvalid", 0.00008),
        ("PolicyUpdate", "fail", "PolicyRegenerationError", 0.00005),
    ),
    "cilium_kubernetes_events_received_total": _rows(
        "scope action valid equal",
        ("CiliumEndpoint", "update", "true", "false", 0.12),
        ("CiliumEndpoint", "create", "true", "false", 0.02),
        ("Pod", "update", "true", "false", 0.08),
        ("Pod", "create", "true", "false", 0.012),
        ("CiliumNode", "update", "true", "false", 0.05),
        ("Node", "update", "true", "false", 0.03),
        ("CiliumNetworkPolicy", "create", "true", "false", 0.0004),
        ("CiliumNetworkPolicy", "update", "true", "false", 0.0006),
        ("CiliumClusterwideNetworkPolicy", "update", "true", "false", 0.0003),
        ("Namespace", "create", "true", "false", 0.0002),
    ),
    "cilium_kubernetes_events_total": _rows(
        "scope action status",
        ("CiliumEndpoint", "update", "success", 0.12),
        ("CiliumNode", "update", "success", 0.05),
        ("Node", "update", "success", 0.03),
        ("CiliumNetworkPolicy", "update", "success", 0.001),
        ("CiliumNetworkPolicy", "update", "failed", 0.0),
        ("CiliumClusterwideNetworkPolicy", "update", "success", 0.0003),
    ),
    "cilium_drop_count_total": _rows("reason direction", *_DROPS),
    "cilium_drop_bytes_total": _rows("reason direction", *((*labels, rate * PACKET) for *labels, rate in _DROPS)),
    "envoy_http_downstream_rq_xx": _rows(
        "envoy_http_conn_manager_prefix envoy_response_code_class",
        *((listener, "2", rate) for listener, rate in _OWN_LISTENERS.items()),
        *(
            (listener, code_class, rate * busy)
            for listener, busy in _LISTENERS.items()
            for code_class, rate in _CLASSES.items()
        ),
    ),
    "envoy_cluster_upstream_rq_xx": _rows(
        "envoy_cluster_name envoy_response_code_class",
        *((backend, "2", rate) for backend, rate in _OWN_BACKENDS.items()),
        *(
            (backend, code_class, rate * busy)
            for backend, busy in _BACKENDS.items()
            for code_class, rate in _CLASSES.items()
        ),
    ),
    "envoy_cluster_upstream_rq": _rows(
        "envoy_cluster_name envoy_response_code",
        *((backend, "200", rate) for backend, rate in _OWN_BACKENDS.items()),
        *((backend, code, rate * busy) for backend, busy in _BACKENDS.items() for code, rate in _CODES.items()),
    ),
    "envoy_http_rq_total": _OF_LISTENERS,
    "envoy_http_downstream_rq_total": _OF_LISTENERS,
    "envoy_http_downstream_rq_completed": _OF_LISTENERS,
    "envoy_http_downstream_rq_time": _OF_LISTENERS,
    "envoy_cluster_upstream_rq_total": _OF_BACKENDS,
    "envoy_cluster_upstream_rq_time": _OF_BACKENDS,
    # What is received has one of the other verdicts (UpdateProxyStatistics, pkg/endpoint/endpoint.go).
    "cilium_policy_l7_total": _rows(
        "proxy_type rule",
        ("envoy", "received", 24.003),  # requests and responses
        ("envoy", "forwarded", 24.0),
        ("envoy", "denied", 0.002),
        ("envoy", "parse_errors", 0.001),
        ("fqdn", "received", 20.007),
        ("fqdn", "forwarded", 20.0),
        ("fqdn", "denied", 0.007),
        ("fqdn", "parse_errors", 0.0),
    ),
    "hubble_port_distribution_total": _rows(
        f"protocol port {PROXY}",
        ("TCP", "8080", HTTP, 3.1),
        ("UDP", "53", DNS, 2.4),
        ("TCP", "443", HTTP, 0.9),
        ("TCP", "5432", HTTP, 0.5),
        ("TCP", "9090", HTTP, 0.2),
        ("ICMPv4", "0", "", 0.05),
    ),
    "cilium_nodes_all_events_received_total": _rows(
        "event_type source",
        ("add", "custom-resource", 0.0),
        ("update", "custom-resource", 0.0034),
        ("update", "local", 0.0011),
        ("update", "clustermesh", 0.0028),
    ),
}

# Label sets of what a server sends back to the client, if they are others (ProcessFlow in pkg/hubble/metrics/tcp):
# each packet has the labels of its own source and destination.
ANSWER_ROWS: Mapping[str, tuple[Row, ...]] = {
    "hubble_tcp_flags_total": _rows(
        "flag family", ("SYN-ACK", "IPv4", 1.3), ("FIN", "IPv4", 1.25), ("RST", "IPv4", 0.01)
    ),
}
