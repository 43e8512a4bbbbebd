"""Expected values of the panels of Cilium / Cluster Mesh."""

from collections.abc import Sequence

from tests.truth.values import Value, increase, mean, now, rate, time

COMPONENTS = ("clustermesh", "kvstoremesh", "operator_clustermesh")
READY = tuple(
    now(f"cilium_{component}_remote_cluster_readiness_status", "target_cluster~$remote") for component in COMPONENTS
)
WORST = (READY[0] | READY[1] | READY[2]).min("cluster", "target_cluster")
AGENTS = now("cilium_clustermesh_remote_cluster_readiness_status").count("cluster")


def _of_members(values: Sequence[Value]) -> dict[str, Value]:
    """The values of agents, kvstoremesh and operators, with a row for agents and operators that were not measured."""
    agents, kvstoremesh, operators = values
    return {
        "A": agents.or_not_scraped("cilium_clustermesh_remote_cluster_readiness_status", "target_cluster"),
        "B": kvstoremesh,
        "C": operators.or_not_scraped("cilium_operator_process_start_time_seconds", "target_cluster"),
    }


TRUTH: dict[str, dict[str, Value]] = {
    "Remote clusters failing": _of_members([ready.equal(0).count("cluster", "target_cluster") for ready in READY]),
    "Readiness": {
        "A": (WORST.equal(0) | WORST.where(AGENTS, "cluster")).min("target_cluster"),
    },
    "Agents not connected": {
        "A": now("cilium_clustermesh_remote_cluster_readiness_status", "target_cluster~$remote")
        .equal_bool(0)
        .sum("target_cluster"),
    },
    "Connection failures": {
        "A": now("cilium_clustermesh_remote_cluster_failures", "target_cluster~$remote").max("target_cluster"),
        "B": now("cilium_kvstoremesh_remote_cluster_failures", "target_cluster~$remote").max("target_cluster"),
        "C": now("cilium_operator_clustermesh_remote_cluster_failures", "target_cluster~$remote").max("target_cluster"),
    },
    "Last failure": _of_members(
        [
            time()
            - (now(f"cilium_{component}_remote_cluster_last_failure_ts", "target_cluster~$remote") > 0).max(
                "target_cluster"
            )
            for component in COMPONENTS
        ]
    ),
    "Nodes imported": {
        "A": now("cilium_clustermesh_remote_cluster_nodes", "target_cluster~$remote").min("target_cluster"),
        "B": now("cilium_clustermesh_remote_cluster_nodes", "target_cluster~$remote").max("target_cluster"),
    },
    "Services imported": {
        "A": now("cilium_clustermesh_remote_cluster_services", "target_cluster~$remote").max("target_cluster"),
    },
    "Endpoints imported": {
        "A": now("cilium_clustermesh_remote_cluster_endpoints", "target_cluster~$remote").max("target_cluster"),
    },
    "Cache revocations": {
        "A": now("cilium_clustermesh_remote_cluster_cache_revocations", "target_cluster~$remote").max("target_cluster"),
        "B": now("cilium_kvstoremesh_remote_cluster_cache_revocations", "target_cluster~$remote").max("target_cluster"),
    },
    "Sync queues": {
        "A": now("cilium_clustermesh_apiserver_kvstore_sync_queue_size").max("scope"),
        "B": now("cilium_kvstoremesh_kvstore_sync_queue_size").max("scope"),
    },
    "Sync errors": {
        "A": rate("cilium_clustermesh_apiserver_kvstore_sync_errors_total").sum("scope") * 60,
    },
    "Initial sync": {
        "A": now("cilium_clustermesh_apiserver_kvstore_initial_sync_completed").min("scope"),
        "B": now("cilium_kvstoremesh_kvstore_initial_sync_completed").min("scope"),
    },
    "Initial sync time": {
        "A": now("cilium_clustermesh_apiserver_bootstrap_seconds").max(),
        "B": now("cilium_kvstoremesh_bootstrap_seconds").max(),
    },
    "kvstoremesh readiness": {
        "A": now("cilium_kvstoremesh_remote_cluster_readiness_status", "target_cluster~$remote").min("target_cluster"),
        "B": now("cilium_kvstoremesh_leader_election_master_status").sum("cluster").equal_bool(1),
    },
    "kvstore time": {
        "A": mean("cilium_kvstoremesh_kvstore_operations_duration_seconds", by=("action",)),
        "B": mean("cilium_clustermesh_apiserver_kvstore_operations_duration_seconds", by=("action",)),
    },
    "etcd": {
        "A": now("etcd_server_has_leader", "pod~clustermesh-apiserver.*").equal_bool(0).sum(),
        "B": now("etcd_server_has_leader", "pod~clustermesh-apiserver.*").count(),
    },
    "etcd space": {
        "A": (
            now("etcd_mvcc_db_total_size_in_bytes", "pod~clustermesh-apiserver.*").max()
            / now("etcd_server_quota_backend_bytes", "pod~clustermesh-apiserver.*").max()
        ),
    },
    "etcd disk time, mean": {
        "A": mean("etcd_disk_wal_fsync_duration_seconds", "pod~clustermesh-apiserver.*"),
    },
    "Exports not in order": {
        "A": (
            (
                now("cilium_operator_mcsapi_serviceexport_status_condition", "condition!=Conflict", "status=False")
                | now("cilium_operator_mcsapi_serviceexport_status_condition", "condition=Conflict", "status=True")
            )
            .sum("cluster", "namespace", "serviceexport", "condition", "reason")
            .top(20)
        ).or_not_scraped("cilium_operator_mcsapi_serviceexport_status_condition", "namespace"),
    },
    "Slice syncs": {
        "A": (
            increase("cilium_operator_clustermesh_endpoint_slice_syncs", "result!=success").sum("cluster")
            / increase("cilium_operator_clustermesh_endpoint_slice_syncs").sum("cluster")
        ).nonzero(),
        "B": increase("cilium_operator_clustermesh_endpoint_slice_syncs", "result=success").sum("cluster").nonzero(),
    },
    "Operations": {
        "A": rate("cilium_kvstore_operations_duration_seconds_count").sum("scope", "action"),
    },
    "Operation time, mean": {
        "A": mean("cilium_kvstore_operations_duration_seconds", by=("scope", "action")),
    },
    "Events and errors": {
        "A": rate("cilium_kvstore_events_queue_seconds_count").sum("scope", "action"),
        "B": rate("cilium_kvstore_quorum_errors_total").sum("error"),
    },
}

# Expected values of queries that only the boards of older releases have.
OLDER: dict[str, dict[str, Value]] = {
    "Services imported": {
        "A": now("cilium_clustermesh_global_services").max(),
    },
}
