"""Envoy: is it up on every node, does it take configuration, and do requests fail in it or behind it?

For operators of Gateway API, Ingress or L7 policy. Listener `proxy` is L7 policy, `listener-...` Gateway API and
Ingress. All times are in milliseconds. All nodes have series for all backends, so panels by backend are instant top
tens. Left out are series per worker and per address, HTTP/2 codec counters, and the agent's L7 verdicts, which are on
cilium-policy.
"""

from dashboards_py.model import Table
from dashboards_py.release import Release
from dashboards_py.style import (
    ENOUGH,
    Dashboard,
    Row,
    above,
    below,
    cluster,
    dashboard,
    envoys_not_serving,
    label_variables,
    link_to,
    node,
    quantile,
    query,
    row,
    share,
    stat,
    table,
    timeseries,
    unless_not_scraped,
)
from dashboards_py.style.limits import (
    CERTIFICATE,
    CONFIGURATION_REFUSED,
    ENVOYS_DOWN,
    HTTP_SUCCESS,
    NODE_5XX,
    POLICY_STREAM,
)

LIVE = "envoy_server_live"
NOT_SERVING = envoys_not_serving('cluster=~"$cluster", node=~"$node"')
# Clusters of Envoy's bootstrap that are not services: the agent's stream and the admin interface. Source: Cilium's
# chart, files/cilium-envoy/configmap/bootstrap-config.yaml.
OWN = 'envoy_cluster_name=~"xds-grpc-.*|/envoy-.*"'
BACKENDS = 'envoy_cluster_name!~"xds-grpc-.*|/envoy-.*"'


def board(_: Release) -> Dashboard:
    """Health first, then clients, backends, configuration and resources."""
    return dashboard(
        uid="cilium-envoy",
        title="Cilium / Envoy",
        about="For operators of Gateway API, Ingress or L7 policy. Is Envoy up on every node, and does it accept "
        "configuration? Do requests fail in Envoy (denied, no route, overload) or behind it? Which listener "
        "or backend is slow?",
        replaces=(21329,),
        variables=(
            cluster("envoy_server_live"),
            node("envoy_server_live"),
            label_variables(
                "listener",
                "Listener",
                "envoy_http_downstream_rq_total",
                "envoy_http_conn_manager_prefix",
                regex="/^(?!admin|async-client|envoy-).*/",
                all_value="",
            ),
        ),
        rows=(
            health(),
            clients(),
            backends(),
            configuration_and_resources(),
        ),
    )


def nodes_that_need_a_look() -> Table:
    """Nodes whose Envoy does not serve or answer, has no policy, refuses configuration, or answers with 5xx."""
    nodes = "by (cluster, node)"
    refused = " or ".join(
        f'label_replace(increase(envoy_{kind}_update_rejected[$__range]), "kind", "{kind}", "", "")'
        for kind in ("cilium_npds", "listener_manager_lds", "cluster_manager_cds")
    )
    failed, responses = (
        f'sum {nodes} (rate(envoy_http_downstream_rq_xx{{{matchers}envoy_http_conn_manager_prefix=~"$listener"}}'
        "[$__rate_interval]))"
        for matchers in ('envoy_response_code_class="5", ', "")
    )
    return table(
        "Nodes that need a look",
        "Only outliers, the worst first: click a node to see this board for it alone. Many nodes refuse updates: the "
        "configuration is invalid; one does: its Envoy or agent, restart the pod. 5xx on one node: its path to the "
        "backends; no policy: its agent, or the socket to it.",
        unless_not_scraped(query(f"topk(8, sum {nodes} ({NOT_SERVING}) > 0)", "not serving"), LIVE),
        query(f"topk(8, count {nodes} (envoy_cilium_npds_control_plane_connected_state == 0))", "no policy"),
        query(f"topk(8, sum {nodes} ({refused}) > 0)", "refused"),
        query(
            f"topk(8, {share(failed, responses, more_than=ENOUGH)} > {NODE_5XX.warning})",
            "5xx",
            unit="percentunit",
            levels=(NODE_5XX.level("warning"),),
            thresholds=above(NODE_5XX),
        ),
        thresholds=above(critical=0),
        links=(link_to("cilium-agent", node="node"),),
        rank="columns",
        no_value="no outlier",
        w=24,
        h=6,
    )


def health() -> Row:
    """Live Envoys, rejected configuration, and responses."""
    return row(
        "Is it serving?",
        stat(
            "Envoys",
            "Envoys that do not serve requests or do not answer Prometheus, beside those that it scrapes. For minutes: "
            "Envoy waits for a response of the agent, or its node is down.",
            query(f"sum({NOT_SERVING})", "not serving"),
            query("count(envoy_server_live)", "scraped", secondary=True),
            thresholds=above(ENVOYS_DOWN),
            w=8,
            h=3,
        ),
        stat(
            "Policy stream down",
            "Envoys without a stream from the agent, which keep the old policy. The agent is down, or its socket is "
            "missing.",
            query(
                "count(envoy_cilium_npds_control_plane_connected_state == 0)"
                " or 0 * count(envoy_cilium_npds_control_plane_connected_state)",
                "nodes",
            ),
            thresholds=above(POLICY_STREAM),
            w=8,
            h=3,
        ),
        stat(
            "Configuration refused",
            "Updates that Envoy rejected within the time range: the last CiliumEnvoyConfig, Gateway or L7 rule is "
            "invalid. `kubectl -n kube-system logs ds/cilium | grep NACK` has the reason.",
            query("sum(increase(envoy_cilium_npds_update_rejected[$__range]))", "policy"),
            query("sum(increase(envoy_listener_manager_lds_update_rejected[$__range]))", "listeners"),
            query("sum(increase(envoy_cluster_manager_cds_update_rejected[$__range]))", "backends"),
            thresholds=above(CONFIGURATION_REFUSED),
            w=8,
            h=3,
        ),
        stat(
            "Requests without 5xx",
            "Share of requests without a server error. When it falls, compare the responses here with the "
            "backends below.",
            query(
                'sum(rate(envoy_http_downstream_rq_xx{envoy_response_code_class!="5",'
                ' envoy_http_conn_manager_prefix=~"$listener"}[$__rate_interval]))'
                ' / (sum(rate(envoy_http_downstream_rq_xx{envoy_http_conn_manager_prefix=~"$listener"}'
                "[$__rate_interval])) > 0)",
                "share",
            ),
            unit="percentunit",
            thresholds=below(HTTP_SUCCESS),
            decimals=2,
            no_value="no request seen",
            w=12,
            h=3,
        ),
        stat(
            "First certificate expires",
            "Days until the first certificate expires; 0: one has expired. Renew it.",
            query("min(envoy_server_days_until_first_cert_expiring < 10000)", "days"),
            unit="suffix: days",
            thresholds=below(CERTIFICATE),
            no_value="no certificate seen",
            w=12,
            h=3,
        ),
        nodes_that_need_a_look(),
        timeseries(
            "Responses by class",
            "Rising 4xx: clients or denials; 5xx: backends, or Envoy itself.",
            query(
                "sum by (envoy_response_code_class)"
                ' (rate(envoy_http_downstream_rq_xx{envoy_http_conn_manager_prefix=~"$listener"}[$__rate_interval]))',
                "{{envoy_response_code_class}}xx",
            ),
            unit="reqps",
            legend="right",
            no_value="no request seen",
            w=10,
        ),
        timeseries(
            "Request time, mean",
            "Mean time by listener, in milliseconds. The part beyond the time of the backends below is Envoy's.",
            query(
                "sum by (envoy_http_conn_manager_prefix) "
                '(rate(envoy_http_downstream_rq_time_sum{envoy_http_conn_manager_prefix=~"$listener"}[$__rate_interval]))'
                " / sum by (envoy_http_conn_manager_prefix) "
                '(rate(envoy_http_downstream_rq_time_count{envoy_http_conn_manager_prefix=~"$listener"}[$__rate_interval]))',
                "{{envoy_http_conn_manager_prefix}}",
            ),
            unit="ms",
            no_value="no request seen",
            w=7,
        ),
        timeseries(
            "Refused in Envoy",
            "Requests that Envoy rejects itself. Denied: see the policy board; no route or no backend: check the "
            "Gateway or Ingress object.",
            query("sum(rate(envoy_cilium_access_denied[$__rate_interval]))", "denied by policy"),
            query(
                'sum(rate(envoy_http_no_route{envoy_http_conn_manager_prefix=~"$listener"}[$__rate_interval]))',
                "no route",
            ),
            query(
                'sum(rate(envoy_http_no_cluster{envoy_http_conn_manager_prefix=~"$listener"}[$__rate_interval]))',
                "no backend",
            ),
            query(
                'sum(rate(envoy_http_downstream_rq_timeout{envoy_http_conn_manager_prefix=~"$listener"}[$__rate_interval]))',
                "time-out",
            ),
            query(
                'sum(rate(envoy_http_downstream_rq_too_large{envoy_http_conn_manager_prefix=~"$listener"}[$__rate_interval]))',
                "too large",
            ),
            unit="reqps",
            bars=True,
            legend="list",
            links=(link_to("cilium-policy"),),
            w=7,
        ),
    )


def clients() -> Row:
    """Connections and requests of clients."""
    return row(
        "Clients",
        timeseries(
            "Connections and requests open",
            "If open requests pile up, backends are slow.",
            query(
                "sum by (envoy_http_conn_manager_prefix)"
                ' (envoy_http_downstream_cx_active{envoy_http_conn_manager_prefix=~"$listener"})',
                "connections {{envoy_http_conn_manager_prefix}}",
            ),
            query(
                "sum by (envoy_http_conn_manager_prefix)"
                ' (envoy_http_downstream_rq_active{envoy_http_conn_manager_prefix=~"$listener"})',
                "requests {{envoy_http_conn_manager_prefix}}",
            ),
            unit="none",
            legend="list",
        ),
        timeseries(
            "Broken by client or Envoy",
            "Resets by clients are caused by latency; protocol errors by traffic on that port that is not HTTP.",
            query(
                'sum(rate(envoy_http_downstream_rq_rx_reset{envoy_http_conn_manager_prefix=~"$listener"}[$__rate_interval]))',
                "reset by client",
            ),
            query(
                'sum(rate(envoy_http_downstream_rq_tx_reset{envoy_http_conn_manager_prefix=~"$listener"}[$__rate_interval]))',
                "reset by Envoy",
            ),
            query(
                'sum(rate(envoy_http_downstream_cx_protocol_error{envoy_http_conn_manager_prefix=~"$listener"}[$__rate_interval]))',
                "protocol error",
            ),
            query("sum(rate(envoy_listener_downstream_cx_overflow[$__rate_interval]))", "listener full"),
            unit="reqps",
            bars=True,
            legend="list",
        ),
        timeseries(
            "Request time, p99",
            "The slowest requests, in milliseconds, of listeners with 100 requests or more for each point. Compare "
            "with the backends below.",
            query(
                quantile(
                    0.99,
                    "envoy_http_downstream_rq_time",
                    by="envoy_http_conn_manager_prefix",
                    matchers='envoy_http_conn_manager_prefix=~"$listener"',
                ),
                "{{envoy_http_conn_manager_prefix}}",
            ),
            unit="ms",
        ),
        collapsed=True,
    )


def backends() -> Row:
    """Errors and load of backends."""
    return row(
        "Backends",
        table(
            "Worst backends",
            "Every backend with a failure, however few, the worst first. Connect failures: no ready endpoint, or a "
            "policy; overflow: a circuit breaker; TLS errors: certificates.",
            unless_not_scraped(
                query(
                    "topk(10, sum by (cluster, envoy_cluster_name)"
                    f' (rate(envoy_cluster_upstream_rq_xx{{envoy_response_code_class="5", {BACKENDS}}}'
                    "[$__rate_interval])) > 0)",
                    "5xx",
                ),
                LIVE,
                "envoy_cluster_name",
            ),
            query(
                "topk(10, sum by (cluster, envoy_cluster_name)"
                f" (rate(envoy_cluster_upstream_cx_connect_fail{{{BACKENDS}}}[$__rate_interval])) > 0)",
                "connect failures",
                unit="eps",
            ),
            query(
                "topk(10, sum by (cluster, envoy_cluster_name)"
                f" (rate(envoy_cluster_upstream_rq_timeout{{{BACKENDS}}}[$__rate_interval])) > 0)",
                "time-outs",
            ),
            query(
                "topk(10, sum by (cluster, envoy_cluster_name)"
                f" (rate(envoy_cluster_upstream_rq_pending_overflow{{{BACKENDS}}}[$__rate_interval])) > 0)",
                "overflow",
            ),
            query(
                "topk(10, sum by (cluster, envoy_cluster_name)"
                f" (rate(envoy_cluster_ssl_connection_error{{{BACKENDS}}}[$__rate_interval])) > 0)",
                "TLS errors",
                unit="eps",
            ),
            rank="sum",
            unit="reqps",
            no_value="none seen",
            w=24,
        ),
        table(
            "Backends without healthy endpoints",
            "Endpoints that are not healthy, as the worst node sees them: check the Service's endpoints.",
            unless_not_scraped(
                query(
                    f"topk(20, max by (cluster, envoy_cluster_name) (envoy_cluster_membership_total{{{BACKENDS}}})"
                    f" - min by (cluster, envoy_cluster_name) (envoy_cluster_membership_healthy{{{BACKENDS}}}) > 0)",
                    "unhealthy",
                ),
                LIVE,
                "envoy_cluster_name",
            ),
            unit="short",
            no_value="none seen",
            h=5,
        ),
        table(
            "Busiest and slowest backends",
            "`ingress-cluster` and `egress-cluster` are L7 policy; the others are services of Gateway API and Ingress.",
            query(
                "topk(10, sum by (cluster, envoy_cluster_name)"
                f" (rate(envoy_cluster_upstream_rq_total{{{BACKENDS}}}[$__rate_interval])))",
                "requests",
                unit="reqps",
            ),
            query(
                "topk(10, sum by (cluster, envoy_cluster_name)"
                f" (rate(envoy_cluster_upstream_rq_time_sum{{{BACKENDS}}}[$__rate_interval]))"
                " / sum by (cluster, envoy_cluster_name)"
                f" (rate(envoy_cluster_upstream_rq_time_count{{{BACKENDS}}}[$__rate_interval])))",
                "mean",
                unit="ms",
            ),
            query(
                "topk(10, sum by (cluster, envoy_cluster_name)"
                f" (rate(envoy_cluster_upstream_rq_retry{{{BACKENDS}}}[$__rate_interval])))",
                "retries",
                unit="reqps",
            ),
            w=16,
        ),
        table(
            "Own connections",
            "Failures of Envoy's connections to the agent, `xds-grpc-cilium`, and to its own admin interface: the "
            "agent is down, or its socket is missing.",
            unless_not_scraped(
                query(
                    "sum by (cluster, envoy_cluster_name)"
                    f" (rate(envoy_cluster_upstream_cx_connect_fail{{{OWN}}}[$__rate_interval])) > 0",
                    "connect failures",
                ),
                LIVE,
                "envoy_cluster_name",
            ),
            unit="eps",
            no_value="none seen",
            w=8,
        ),
        collapsed=True,
    )


def configuration_and_resources() -> Row:
    """Configuration updates from the agent, and resources of Envoy."""
    return row(
        "Configuration and resources",
        timeseries(
            "Updates",
            "Updates that Envoy accepted, and from 1.18 on their results as seen by the agent. nack: Envoy rejected an "
            "update; the agent's log has the reason.",
            query("sum(rate(envoy_cilium_npds_update_success[$__rate_interval])) * 60", "policy"),
            query("sum(rate(envoy_listener_manager_lds_update_success[$__rate_interval])) * 60", "listeners"),
            query("sum(rate(envoy_cluster_manager_cds_update_success[$__rate_interval])) * 60", "backends"),
            query(
                "sum by (status) (rate(cilium_xds_events_count[$__rate_interval])) * 60",
                "agent saw {{status}}",
            ),
            unit="count:/min",
            legend="list",
        ),
        timeseries(
            "Warming",
            "Listeners and backends that wait, on the worst node. Long: a secret or a set of endpoints does not "
            "arrive.",
            query("max(envoy_listener_manager_total_listeners_warming)", "listeners"),
            query("max(envoy_cluster_manager_warming_clusters)", "backends"),
            unit="none",
            former_title="Warming and failed",
        ),
        timeseries(
            "Failed listeners",
            "Listeners that Envoy could not create: its log has the reason, such as a port in use.",
            query("sum(rate(envoy_listener_manager_listener_create_failure[$__rate_interval])) * 60", "all nodes"),
            unit="count:/min",
        ),
        timeseries(
            "Memory",
            "Memory grows with the number of backends times nodes: reduce the services that Envoy exposes.",
            query("max(envoy_server_memory_allocated)", "worst allocated"),
            query("avg(envoy_server_memory_allocated)", "mean allocated"),
            query("max(envoy_server_memory_heap_size)", "worst heap"),
            unit="bytes",
            legend="list",
        ),
        table(
            "Nodes",
            "Repeated short uptimes: out of memory.",
            query("topk(10, sum by (cluster, node) (envoy_server_total_connections))", "connections"),
            query("bottomk(10, min by (cluster, node) (envoy_server_uptime))", "uptime", unit="s"),
        ),
        collapsed=True,
    )
