"""Expected values of the panels of Cilium / Overview."""

from tests.truth.agents import MISSING
from tests.truth.cilium_bgp import CONFIGURED, LOST_SESSIONS
from tests.truth.cilium_capacity import INSERTION_FAILURES, PORTS_AND_ADDRESSES, USED_ADDRESSES
from tests.truth.cilium_envoy import NOT_SERVING
from tests.truth.cilium_operator import FAILED_SHARE, OLDER_FAILED_SHARE
from tests.truth.hubble_relay import FAILING_PEERS
from tests.truth.namespaces import in_trouble
from tests.truth.not_scraped import not_scraped
from tests.truth.values import Value, earlier, hour_ago, increase, mean, now, rate

FORWARDED = rate("cilium_forward_count_total").sum("cluster", "node")
DROPPED = rate("cilium_drop_count_total").sum("cluster", "node") | (0 * FORWARDED)
DROP_SHARE = DROPPED / ((DROPPED + FORWARDED) > 0)

MESH_READY = (
    now("cilium_clustermesh_remote_cluster_readiness_status")
    | now("cilium_kvstoremesh_remote_cluster_readiness_status")
    | now("cilium_operator_clustermesh_remote_cluster_readiness_status")
).min("cluster", "target_cluster")

FIRING = ("alertstate=firing", "alertname~(Cilium|Hubble).+")
SEVERITY = (
    (
        3 * now("ALERTS", *FIRING, "severity=critical")
        | 2 * now("ALERTS", *FIRING, "severity=warning")
        | now("ALERTS", *FIRING)
    )
    .label_replace("about", "$1", "pod", "(.+)")
    .label_replace("about", "$1", "namespace", "(.+)")
)
OF_TARGETS = SEVERITY.max("cluster", "alertname", "node", "pod", "about")
OF_FEW = 3 - OF_TARGETS.count("cluster", "alertname")
NAMED = OF_TARGETS.where(OF_FEW >= 0, "cluster", "alertname")
ALERT_NODES = now("ALERTS", *FIRING, "node!=").count("cluster", "alertname", "node").count("cluster", "alertname")

AGENTS = now("cilium_version").count("cluster")
OTHERS = -1 * now("cilium_version").count("cluster", "version").matched("-", AGENTS, "cluster")
RARE = OTHERS.where(OTHERS.matched("-", AGENTS / 2, "cluster") >= 0)

TRUTH: dict[str, dict[str, Value]] = {
    "Not scraped": {
        "A": not_scraped()
        .label_replace("next_node", "$1", "node", "(.*)")
        .label_replace("next_node", "All", "node", "")
        .label_replace("next_node", "All", "cilium_component", "clustermesh-apiserver")
        .label_replace("next", "$1", "cilium_component", "(.*)")
        .label_replace("next", "hubble-overview", "cilium_component", "hubble")
        .label_replace("next", "cilium-clustermesh", "cilium_component", "clustermesh-apiserver")
        .label_replace("next", "cilium-agent", "cilium_component", "cilium|"),
    },
    "Firing alerts": {
        "A": (
            NAMED
            | SEVERITY.max("cluster", "alertname")
            .unless(NAMED, "cluster", "alertname")
            .where(ALERT_NODES - 3 > 0, "cluster", "alertname")
            .label_replace("about", "more than 3 nodes", "", "")
            | SEVERITY.max("cluster", "alertname")
            .unless(NAMED, "cluster", "alertname")
            .unless(ALERT_NODES - 3 > 0, "cluster", "alertname")
            .label_replace("about", "more than 3 alerts", "", "")
        )
        .label_replace("next_node", "$1", "node", "(.*)")
        .label_replace("next_node", "All", "node", "")
        .label_replace("pod", "", "", "")
        .label_replace("next", "cilium-agent", "", "")
        .label_replace("next", "cilium-capacity", "alertname", "CiliumMap.*")
        .label_replace("next", "hubble-dns", "alertname", "HubbleDNS.*"),
    },
    "Critical alerts": {
        "A": (OF_TARGETS > 2).count() | 0 * OF_TARGETS.count(),
        "B": OF_TARGETS.count(),
    },
    "Agents missing": {
        "A": MISSING,
    },
    "Versions running": {
        "A": now("cilium_version").count("version"),
        "B": now("cilium_operator_version").count("version"),
    },
    "Nodes on another version": {
        "A": now("cilium_version")
        .count("cluster", "node", "version")
        .matched("*", RARE, "cluster", "version")
        .top(10)
        .or_not_scraped("cilium_version"),
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
            increase("envoy_cilium_npds_update_rejected").sum().label_replace("kind", "policy", "", "")
            | increase("envoy_listener_manager_lds_update_rejected").sum().label_replace("kind", "listener", "", "")
            | increase("envoy_cluster_manager_cds_update_rejected").sum().label_replace("kind", "backend", "", "")
        ).sum(),
    },
    "Failing controllers": {
        "A": now("cilium_controllers_failing").sum(),
    },
    "Unreachable": {
        "A": now("cilium_unreachable_nodes").max(),
        "B": now("cilium_unreachable_health_endpoints").max(),
    },
    "Envoys not live": {
        "A": NOT_SERVING.sum(),
        "B": now("envoy_server_live").count(),
    },
    "Relay peers failing": {
        "A": FAILING_PEERS,
    },
    "Remote clusters failing": {
        "A": MESH_READY.equal(0).count() | (0 * now("cilium_clustermesh_remote_cluster_readiness_status").count()),
    },
    "BGP sessions": {
        "A": (now("cilium_bgp_control_plane_session_state").equal_bool(0) | (0 * LOST_SESSIONS + 1)).sum(),
        "B": CONFIGURED,
    },
    "Namespaces in trouble": {**in_trouble()},
    "Drop share": {
        "A": DROP_SHARE.top(1),
        "B": hour_ago(DROP_SHARE).max(),
        "C": INSERTION_FAILURES.sum().nonzero(),
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
    "Fullest maps and addresses": {
        "A": (now("cilium_bpf_map_pressure").max("cluster", "node", "map_name") | PORTS_AND_ADDRESSES)
        .greatest("map_name")
        .top(4),
    },
    "Pod addresses used": {
        "A": USED_ADDRESSES.max("family"),
    },
    "Source ports used": {
        "A": now("cilium_nat_endpoint_max_connection").max("family"),
    },
    "Identities": {
        "A": now("cilium_operator_identity_gc_entries", "status=alive").max(),
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
