"""Hubble queries that several boards share. Hubble counts events, not packets, connections or requests.

Both ends of a flow report it. If a policy selects a pod, the verdict on a connection's first packet is an additional
event (pkg/hubble/metrics/tcp/handler.go), and a packet that policy denies is two events, the verdict and the drop
(pkg/hubble/metrics/drop/handler.go). An L7 denial is a drop without a reason (pkg/hubble/parser/seven/parser.go).

Pods are identified by their label `app.kubernetes.io/name`, `k8s-app` or `app`, which is part of the identity and known
on all nodes; a pod's workload is known only on its own node (pkg/hubble/parser/common/endpoint.go).
"""

from dashboards_py.style.shares import share

CLIENT = "cluster, source_namespace, source_app"
SERVER = "cluster, destination_namespace, destination_app"
PAIR = f"{CLIENT}, destination_namespace, destination_app"
HUBBLE_SCRAPED = "hubble_metrics_http_handler_requests_total"  # Hubble's own scrapes: a series wherever it is scraped
# Drops because connection tracking, NAT or the map of a proxy has no room, as on the capacity board.
OF_NO_ROOM = '"CT_MAP_INSERTION_FAILED|NO_MAPPING_FOR_NAT_MASQUERADE|FAILED_TO_INSERT_INTO_PROXYMAP"'
HAS_NO_ROOM = f"reason=~{OF_NO_ROOM}"
ENOUGH = 0.05  # events per second of a namespace whose shares say something

DENIED = 'action="dropped"'  # verdicts in hubble_policy_verdicts_total: one for each denial, including L7
# The handler ignores L3/L4 verdicts whose source is reserved:host, and NOT_DENIED has no denials at all
# (ProcessFlowL3L4 in pkg/hubble/metrics/policy/handler.go, 1.16 to 1.20).
FROM_HOST = "L3/L4 denials of the host's own traffic are not counted."
# Drops in hubble_drop_total that policy did not cause. AUTH_REQUIRED is a verdict like the other two
# (bpf/lib/policy.h). All L7 drops are denials (pkg/hubble/parser/seven/parser.go), up to 1.19 also for Kafka and
# proxylib.
_NO_VERDICT = 'reason!~"POLICY_DENIED|POLICY_DENY|AUTH_REQUIRED"'
NOT_DENIED = f'{_NO_VERDICT}, protocol!~"DNS|HTTP|Kafka|Unknown L7"'

# Destinations that are DNS servers, by what they are called: coredns, kube-dns, node-local-dns. Packets to them that
# policy denies at L3/L4 never reach the DNS proxy: no query is counted, only a verdict (bpf/bpf_lxc.c).
DNS_SERVER = 'destination_app=~".*dns.*"'
L3_L4 = 'match!~"l7/.*"'  # verdicts that are not those of a proxy
# Drops on the client's side, before the proxy (ct_create4 before the redirect, bpf/bpf_lxc.c). The proxy has counted
# what is dropped at the server. Without the context `traffic_direction` there is no such label.
# TCP to these pods is mostly a scrape of their metrics, and rarely a lookup.
LOST_BEFORE = f'{DNS_SERVER}, {_NO_VERDICT}, protocol="UDP", traffic_direction!="ingress"'

# Relay's failing connections to agents, on the relay with the most. gRPC connects on first use, and an unused
# connection becomes idle, so IDLE is not a failure (pkg/hubble/relay/pool/client.go). A failing peer alternates
# between TRANSIENT_FAILURE and CONNECTING.
FAILING_PEERS = (
    "max(sum by (cluster, pod) ("
    'max_over_time(hubble_relay_pool_peer_connection_status{status=~"TRANSIENT_FAILURE|SHUTDOWN|NIL_CONNECTION"}[5m])'
    ' or min_over_time(hubble_relay_pool_peer_connection_status{status="CONNECTING"}[5m])))'
)


def lookups_by_namespace(matcher: str) -> str:
    """The rate of lookups that clients try, by `source_namespace`; `matcher` is of `source_namespace`."""
    return lookups(matcher, "cluster, source_namespace")


def lookups(matcher: str, labels: str = CLIENT, *, dropped: bool = True) -> str:
    """The rate of lookups that clients try, by labels of the client, of those whose queries Hubble sees.

    These are the queries that reach the DNS proxy, and the packets to servers that are denied or dropped before. Each
    kind has labels of its own, so that `or` keeps all. A client that tries again is counted again, whichever it is.
    Without those that are `dropped` they are what policy decides about.
    """
    queries = f"hubble_dns_queries_total{{{matcher}}}"
    denials = f"hubble_policy_verdicts_total{{{DENIED}, {L3_L4}, {DNS_SERVER}, {matcher}}}"
    lost = f"hubble_drop_total{{{LOST_BEFORE}, {matcher}}}"
    kinds = (queries, denials, lost) if dropped else (queries, denials)
    tried = " or ".join(f"rate({selector}[$__rate_interval])" for selector in kinds)
    return f"(sum by ({labels}) ({tried}) and count by ({labels}) ({queries}))"


def answers_by_client_namespace(matcher: str) -> str:
    """The rate of DNS answers by `source_namespace`, the client's, which in an answer is the destination's."""
    answers = f"rate(hubble_dns_responses_total{{{matcher}}}[$__rate_interval])"
    to_client = of_source("namespace", f"sum by (cluster, destination_namespace) ({answers})")
    return f"sum by (cluster, source_namespace) ({to_client})"


def answered_by_client_namespace(more_than: float = ENOUGH) -> str:
    """The share of lookups that get an answer, by `source_namespace`, the client's, if it has `more_than` a second."""
    answers = answers_by_client_namespace('destination_namespace!=""')
    return share(answers, lookups_by_namespace('source_namespace!=""'), more_than=more_than)


def http_by_server_namespace(matcher: str = "") -> str:
    """The rate of HTTP requests by the server's namespace; a server outside of the cluster has none."""
    matchers = ", ".join(filter(None, ('destination_namespace!=""', matcher)))
    return f"sum by (cluster, destination_namespace) (rate(hubble_http_requests_total{{{matchers}}}[$__rate_interval]))"


def of_source(label: str, expr: str) -> str:
    """The query with a label of the source (`namespace`, `app`) as its destination has it."""
    return f'label_replace({expr}, "source_{label}", "$1", "destination_{label}", "(.*)")'


def hour_ago(expr: str) -> str:
    """The query as of an hour ago."""
    return expr.replace("[$__rate_interval]", "[$__rate_interval] offset 1h")


def more_than_an_hour_ago(expr: str) -> str:
    """The series of a query that rose most, and by how much it is above its value of an hour ago; 0 if none rose.

    A series that is new rose by all that it has: a difference, unlike a share, has a value where there was none before.
    """
    return f"topk(1, clamp_min({expr} - ({hour_ago(expr)} or 0 * {expr}), 0))"
