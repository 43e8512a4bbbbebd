"""Expected values of the panels of Cilium / Overview."""

from tests.truth.cilium_operator import FAILED_SHARE, OLDER_FAILED_SHARE
from tests.truth.hubble_relay import FAILING_PEERS
from tests.truth.limits import limit
from tests.truth.not_scraped import not_scraped
from tests.truth.values import Value, earlier, highest, hour_ago, increase, lowest, mean, now, rate

VERDICTS = rate("hubble_policy_verdicts_total", "source_namespace!=")
DENIED = rate("hubble_policy_verdicts_total", "source_namespace!=", "action=dropped").sum("source_namespace") / (
    VERDICTS.sum("source_namespace") > 0
)
TRIED = (
    (
        rate("hubble_dns_queries_total", "source_namespace!=")
        | rate(
            "hubble_policy_verdicts_total",
            "action=dropped",
            "match!~l7/.*",
            "destination_app~.*dns.*",
            "source_namespace!=",
        )
    )
    .sum("source_namespace")
    .where(now("hubble_dns_queries_total", "source_namespace!=").count("source_namespace"))
)
ANSWERED = (
    rate("hubble_dns_responses_total", "destination_namespace!=")
    .sum("destination_namespace")
    .label_replace("source_namespace", "$1", "destination_namespace", "(.*)")
    .sum("source_namespace")
)
FORWARDED = rate("cilium_forward_count_total").sum("cluster", "node")
DROPPED = rate("cilium_drop_count_total").sum("cluster", "node") | (0 * FORWARDED)
DROP_SHARE = (DROPPED / ((DROPPED + FORWARDED) > 0)).max()

KNOWN_NODES = lowest("cilium_nodes_all_num", 300).max("cluster")
REMOTE_NODES = highest("cilium_clustermesh_remote_cluster_nodes", 300).max("cluster", "target_cluster").sum("cluster")
AGENTS = now("cilium_version").count("cluster").highest_of(300, step=60)
MESH_READY = (
    now("cilium_clustermesh_remote_cluster_readiness_status")
    | now("cilium_kvstoremesh_remote_cluster_readiness_status")
    | now("cilium_operator_clustermesh_remote_cluster_readiness_status")
).min("cluster", "target_cluster")
FAILING = limit("namespace-failures.warning")

TRUTH: dict[str, dict[str, Value]] = {
    "Not scraped": {
        "A": not_scraped()
        .label_replace("next", "$1", "cilium_component", "(.*)")
        .label_replace("next", "cilium-clustermesh", "cilium_component", "clustermesh-apiserver")
        .label_replace("next", "cilium-agent", "cilium_component", "cilium|"),
    },
    "Agents missing": {
        "A": (KNOWN_NODES - (REMOTE_NODES | AGENTS * 0) - AGENTS).clamp_min(0).sum(),
    },
    "Versions running": {
        "A": now("cilium_version").count("version"),
        "B": now("cilium_operator_version").count("version"),
    },
    "Operators": {
        "A": now("cilium_operator_process_start_time_seconds").count()
        | (0 * earlier("cilium_operator_process_start_time_seconds", 3600).count()),
    },
    "Operator calls failed": {
        "A": FAILED_SHARE,
    },
    "Envoy refuses updates": {
        "A": (
            increase("envoy_cilium_npds_update_rejected").sum()
            + increase("envoy_listener_manager_lds_update_rejected").sum()
            + increase("envoy_cluster_manager_cds_update_rejected").sum()
        ),
    },
    "Failing controllers": {
        "A": now("cilium_controllers_failing").sum(),
    },
    "Unreachable": {
        "A": now("cilium_unreachable_nodes").max(),
        "B": now("cilium_unreachable_health_endpoints").max(),
    },
    "Envoys not live": {
        "A": now("envoy_server_live").equal_bool(0).sum(),
        "B": now("envoy_server_live").count(),
    },
    "Relay peers failing": {
        "A": FAILING_PEERS,
    },
    "Remote clusters failing": {
        "A": MESH_READY.equal(0).count() | (0 * MESH_READY.count()),
    },
    "BGP sessions": {
        "A": now("cilium_bgp_control_plane_session_state").equal_bool(0).sum(),
        "B": now("cilium_bgp_control_plane_session_state").count(),
    },
    "Namespaces in trouble": {
        "A": (DENIED > FAILING).top(10),
        "B": hour_ago(DENIED).where(DENIED > FAILING).top(10),
        "C": (1 - (ANSWERED | (0 * TRIED)) / (TRIED > 0.05) > FAILING).top(10),
        "D": (
            rate("hubble_http_requests_total", "source_namespace!=", "status~5..").sum("source_namespace")
            / (rate("hubble_http_requests_total", "source_namespace!=").sum("source_namespace") > 0)
            > limit("namespace-5xx.warning")
        ).top(10),
    },
    "Drop share": {
        "A": DROP_SHARE,
        "B": hour_ago(DROP_SHARE),
    },
    "Policy delay": {
        "A": mean("cilium_policy_implementation_delay"),
    },
    "Forwarded": {
        "A": rate("cilium_forward_count_total").sum("direction"),
    },
    "Drops by reason": {
        "A": rate("cilium_drop_count_total").sum("reason"),
    },
    "Errors logged": {
        "A": rate("cilium_errors_warnings_total").sum("level") * 60,
        "B": rate("cilium_operator_errors_warnings_total").sum("level") * 60,
    },
    "Fullest BPF maps": {
        "A": now("cilium_bpf_map_pressure").max("map_name").top(5),
    },
    "Pod addresses used": {
        "A": (
            now("cilium_ip_addresses").sum("cluster", "node", "family")
            / now("cilium_ipam_capacity").sum("cluster", "node", "family")
        ).max("family"),
    },
    "Source ports used": {
        "A": now("cilium_nat_endpoint_max_connection").max("family"),
    },
    "Identities": {
        "A": now("cilium_operator_identity_gc_entries", "status=alive").sum("cluster", "pod").max(),
    },
    "Modes": {
        "A": (now("cilium_feature_datapath_network").equal(1)).count("mode"),
        "B": (now("cilium_feature_controlplane_ipam").equal(1)).count("mode"),
        "C": (now("cilium_feature_controlplane_identity_allocation").equal(1)).count("mode"),
        "D": (now("cilium_feature_adv_connect_and_lb_transparent_encryption").equal(1)).count("mode"),
        "E": now("cilium_feature_adv_connect_and_lb_kube_proxy_replacement_enabled").sum(),
    },
    "Nodes with config drift": {
        "A": (now("cilium_drift_checker_config_delta") > 0).count()
        | (0 * now("cilium_drift_checker_config_delta").count()),
    },
}

OLDER: dict[str, dict[str, Value]] = {
    "Operator calls failed": {
        "A": OLDER_FAILED_SHARE,
    },
}
