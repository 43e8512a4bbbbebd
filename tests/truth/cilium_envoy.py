"""Expected values of the panels of Cilium / Envoy."""

from tests.truth.limits import limit
from tests.truth.values import Value, increase, mean, now, quantile, rate

BACKENDS = "envoy_cluster_name!~xds-grpc-.*|/envoy-.*"

RESPONSES = rate("envoy_http_downstream_rq_xx", "envoy_http_conn_manager_prefix~$listener").sum("cluster", "node")
FAILED = rate("envoy_http_downstream_rq_xx", "envoy_http_conn_manager_prefix~$listener", "envoy_response_code_class=5")
REFUSED = (
    increase("envoy_cilium_npds_update_rejected").label_replace("kind", "policy", "", "")
    | increase("envoy_listener_manager_lds_update_rejected").label_replace("kind", "listeners", "", "")
    | increase("envoy_cluster_manager_cds_update_rejected").label_replace("kind", "backends", "", "")
).sum("cluster", "node")
NOT_SERVING = now("envoy_server_live").equal_bool(0) | now("up", "pod~cilium-envoy.*").equal_bool(0)

TRUTH: dict[str, dict[str, Value]] = {
    "Envoys": {
        "A": NOT_SERVING.sum(),
        "B": now("envoy_server_live").count(),
    },
    "Policy stream down": {
        "A": (now("envoy_cilium_npds_control_plane_connected_state").equal(0)).count()
        | (0 * now("envoy_cilium_npds_control_plane_connected_state").count()),
    },
    "Configuration refused": {
        "A": increase("envoy_cilium_npds_update_rejected").sum(),
        "B": increase("envoy_listener_manager_lds_update_rejected").sum(),
        "C": increase("envoy_cluster_manager_cds_update_rejected").sum(),
    },
    "Requests without 5xx": {
        "A": (
            rate(
                "envoy_http_downstream_rq_xx",
                "envoy_response_code_class!=5",
                "envoy_http_conn_manager_prefix~$listener",
            ).sum()
            / (rate("envoy_http_downstream_rq_xx", "envoy_http_conn_manager_prefix~$listener").sum() > 0)
        ),
    },
    "First certificate expires": {
        "A": (now("envoy_server_days_until_first_cert_expiring") < 10000).min(),
    },
    "Nodes that need a look": {
        "A": (NOT_SERVING.sum("cluster", "node") > 0).top(8).or_not_scraped("envoy_server_live"),
        "B": now("envoy_cilium_npds_control_plane_connected_state").equal(0).count("cluster", "node").top(8),
        "C": (REFUSED > 0).top(8),
        "D": ((FAILED.sum("cluster", "node") | RESPONSES * 0) / (RESPONSES > 0.05) > limit("node-5xx.warning")).top(8),
    },
    "Responses by class": {
        "A": rate("envoy_http_downstream_rq_xx", "envoy_http_conn_manager_prefix~$listener").sum(
            "envoy_response_code_class"
        ),
    },
    "Request time, mean": {
        "A": mean(
            "envoy_http_downstream_rq_time",
            "envoy_http_conn_manager_prefix~$listener",
            by=("envoy_http_conn_manager_prefix",),
        ),
    },
    "Refused in Envoy": {
        "A": rate("envoy_cilium_access_denied").sum(),
        "B": rate("envoy_http_no_route", "envoy_http_conn_manager_prefix~$listener").sum(),
        "C": rate("envoy_http_no_cluster", "envoy_http_conn_manager_prefix~$listener").sum(),
        "D": rate("envoy_http_downstream_rq_timeout", "envoy_http_conn_manager_prefix~$listener").sum(),
        "E": rate("envoy_http_downstream_rq_too_large", "envoy_http_conn_manager_prefix~$listener").sum(),
    },
    "Connections and requests open": {
        "A": now("envoy_http_downstream_cx_active", "envoy_http_conn_manager_prefix~$listener").sum(
            "envoy_http_conn_manager_prefix"
        ),
        "B": now("envoy_http_downstream_rq_active", "envoy_http_conn_manager_prefix~$listener").sum(
            "envoy_http_conn_manager_prefix"
        ),
    },
    "Broken by client or Envoy": {
        "A": rate("envoy_http_downstream_rq_rx_reset", "envoy_http_conn_manager_prefix~$listener").sum(),
        "B": rate("envoy_http_downstream_rq_tx_reset", "envoy_http_conn_manager_prefix~$listener").sum(),
        "C": rate("envoy_http_downstream_cx_protocol_error", "envoy_http_conn_manager_prefix~$listener").sum(),
        "D": rate("envoy_listener_downstream_cx_overflow").sum(),
    },
    "Request time, p99": {
        "A": quantile(
            0.99,
            "envoy_http_downstream_rq_time",
            "envoy_http_conn_manager_prefix~$listener",
            by=("envoy_http_conn_manager_prefix",),
            least=100,
        ),
    },
    "Worst backends": {
        "A": (
            rate("envoy_cluster_upstream_rq_xx", BACKENDS, "envoy_response_code_class=5")
            .sum("cluster", "envoy_cluster_name")
            .nonzero()
            .top(10)
        ).or_not_scraped("envoy_server_live", "envoy_cluster_name"),
        "B": rate("envoy_cluster_upstream_cx_connect_fail", BACKENDS)
        .sum("cluster", "envoy_cluster_name")
        .nonzero()
        .top(10),
        "C": rate("envoy_cluster_upstream_rq_timeout", BACKENDS).sum("cluster", "envoy_cluster_name").nonzero().top(10),
        "D": rate("envoy_cluster_upstream_rq_pending_overflow", BACKENDS)
        .sum("cluster", "envoy_cluster_name")
        .nonzero()
        .top(10),
        "E": rate("envoy_cluster_ssl_connection_error", BACKENDS)
        .sum("cluster", "envoy_cluster_name")
        .nonzero()
        .top(10),
    },
    "Backends without healthy endpoints": {
        "A": (
            (
                (
                    now("envoy_cluster_membership_total", BACKENDS).max("cluster", "envoy_cluster_name")
                    - now("envoy_cluster_membership_healthy", BACKENDS).min("cluster", "envoy_cluster_name")
                )
                > 0
            ).top(20)
        ).or_not_scraped("envoy_server_live", "envoy_cluster_name"),
    },
    "Busiest and slowest backends": {
        "A": rate("envoy_cluster_upstream_rq_total", BACKENDS).sum("cluster", "envoy_cluster_name").top(10),
        "B": (mean("envoy_cluster_upstream_rq_time", BACKENDS, by=("cluster", "envoy_cluster_name"))).top(10),
        "C": rate("envoy_cluster_upstream_rq_retry", BACKENDS).sum("cluster", "envoy_cluster_name").top(10),
    },
    "Own connections": {
        "A": (
            rate("envoy_cluster_upstream_cx_connect_fail", "envoy_cluster_name~xds-grpc-.*|/envoy-.*").sum(
                "cluster", "envoy_cluster_name"
            )
            > 0
        ).or_not_scraped("envoy_server_live", "envoy_cluster_name"),
    },
    "Updates": {
        "A": rate("envoy_cilium_npds_update_success").sum() * 60,
        "B": rate("envoy_listener_manager_lds_update_success").sum() * 60,
        "C": rate("envoy_cluster_manager_cds_update_success").sum() * 60,
        "D": rate("cilium_xds_events_count").sum("status") * 60,
    },
    "Warming": {
        "A": now("envoy_listener_manager_total_listeners_warming").max(),
        "B": now("envoy_cluster_manager_warming_clusters").max(),
    },
    "Failed listeners": {
        "A": rate("envoy_listener_manager_listener_create_failure").sum() * 60,
    },
    "Memory": {
        "A": now("envoy_server_memory_allocated").max(),
        "B": now("envoy_server_memory_allocated").avg(),
        "C": now("envoy_server_memory_heap_size").max(),
    },
    "Nodes": {
        "A": now("envoy_server_total_connections").sum("cluster", "node").top(10),
        "B": now("envoy_server_uptime").min("cluster", "node").bottom(10),
    },
}
