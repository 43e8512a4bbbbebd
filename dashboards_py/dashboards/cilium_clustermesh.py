"""Reader: who runs several clusters. Is every remote cluster connected, from every node? Is the data complete and fresh? Are our clustermesh-apiserver, kvstoremesh and etcd healthy? Variables: datasource, cluster, node, remote (`label_values(cilium_clustermesh_remote_cluster_readiness_status, target_cluster)`, All `.*`; applies as `target_cluster=~"$remote"`). Every panel: nv `Cluster Mesh is not configured`. Left out: endpoint counts per EndpointSlice sync (detail of one controller), API limiter of the mesh servers. Cheap: a few series per remote cluster and node. Samples: open 1.5 M, all 1.6 M."""

from grafanalib.core import RowPanel

from dashboards_py.catalog.release import Release
from dashboards_py.style import (
    Board,
    above,
    at_most,
    cluster,
    dashboard,
    either,
    node,
    query,
    row,
    stat,
    state_timeline,
    table,
    timeseries,
)


def board(cilium: Release) -> Board:
    """TODO variables: datasource, cluster, node, remote (`label_values(cilium_clustermesh_remote_cluster_readiness_status, target_cluster)`, All `.*`; applies as `target_cluster=~"$remote"`)"""
    return dashboard(
        uid="cilium-clustermesh",
        title="Cilium / Cluster Mesh",
        about="For who runs several clusters. Is every remote cluster connected, from every node? Is the data complete and fresh? Are our clustermesh-apiserver, kvstoremesh and etcd healthy?",
        replaces=(),
        variables=(
            cluster("cilium_version"),
            node("cilium_version"),
        ),
        rows=(
            connected(cilium),
            complete_and_fresh(cilium),
            our_servers(cilium),
        ),
    )


def connected(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "Connected?",
        stat(
            "Remote clusters",
            "Not ready on some node: graph below [needs: clustermesh configured]",
            query(
                'sum(min by (cluster, target_cluster) (cilium_clustermesh_remote_cluster_readiness_status{target_cluster=~"$remote"}))',
                "ready everywhere",
            ),
            query(
                'count(count by (cluster, target_cluster) (cilium_clustermesh_remote_cluster_readiness_status{target_cluster=~"$remote"}))',
                "configured",
            ),
        ),
        state_timeline(
            "Readiness",
            "Worst agent per remote cluster: `cilium clustermesh status`",
            query(
                'min by (target_cluster) (cilium_clustermesh_remote_cluster_readiness_status{target_cluster=~"$remote"})',
                "{{target_cluster}}",
            ),
            limits=either(bad=0, good=1),
        ),
        timeseries(
            "Agents not connected",
            "Few: these nodes; all: the remote apiserver, its load balancer or certificates",
            query(
                'count by (target_cluster) (cilium_clustermesh_remote_cluster_readiness_status{target_cluster=~"$remote"} == 0)',
                "{{target_cluster}}",
            ),
            unit="short",
            limits=above(critical=1),
            no_value="none",
        ),
        timeseries(
            "Connection failures",
            "Steps are reconnects: network or remote restarts",
            query(
                'max by (target_cluster) (cilium_clustermesh_remote_cluster_failures{target_cluster=~"$remote"})',
                "agents, worst {{target_cluster}}",
            ),
            query(
                'max by (target_cluster) (cilium_kvstoremesh_remote_cluster_failures{target_cluster=~"$remote"})',
                "kvstoremesh {{target_cluster}}",
            ),
            query(
                'max by (target_cluster) (cilium_operator_clustermesh_remote_cluster_failures{target_cluster=~"$remote"})',
                "operator {{target_cluster}}",
            ),
            unit="short",
        ),
        table(
            "Last failure",
            "How long ago: recent and rising failures above = still flapping",
            query(
                'time() - max by (target_cluster) (cilium_clustermesh_remote_cluster_last_failure_ts{target_cluster=~"$remote"} > 0)',
                "agents",
            ),
            query(
                'time() - max by (target_cluster) (cilium_kvstoremesh_remote_cluster_last_failure_ts{target_cluster=~"$remote"} > 0)',
                "kvstoremesh",
            ),
            unit="s",
            limits=at_most(warning=600),
            no_value="none since start",
        ),
    )


def complete_and_fresh(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "Complete and fresh?",
        timeseries(
            "Nodes imported",
            "The two must meet and equal the remote node count",
            query(
                'min by (target_cluster) (cilium_clustermesh_remote_cluster_nodes{target_cluster=~"$remote"})',
                "{{target_cluster}} fewest",
            ),
            query(
                'max by (target_cluster) (cilium_clustermesh_remote_cluster_nodes{target_cluster=~"$remote"})',
                "{{target_cluster}} most",
            ),
            unit="short",
        ),
        timeseries(
            "Services, endpoints imported",
            "A fall without a change there: sync stopped",
            query(
                'max by (target_cluster) (cilium_clustermesh_remote_cluster_services{target_cluster=~"$remote"})',
                "services {{target_cluster}}",
            ),
            query(
                'max by (target_cluster) (cilium_clustermesh_remote_cluster_endpoints{target_cluster=~"$remote"})',
                "endpoints {{target_cluster}}",
            ),
            *([query("max(cilium_clustermesh_global_services)", "global services")] if cilium <= (1, 18) else []),
            unit="short",
        ),
        timeseries(
            "Cache revocations",
            "The remote was gone too long and its data was dropped [releases 1.19+]",
            query(
                'max by (target_cluster) (cilium_clustermesh_remote_cluster_cache_revocations{target_cluster=~"$remote"})',
                "agents {{target_cluster}}",
            ),
            query(
                'max by (target_cluster) (cilium_kvstoremesh_remote_cluster_cache_revocations{target_cluster=~"$remote"})',
                "kvstoremesh {{target_cluster}}",
            ),
            unit="short",
        ),
    )


def our_servers(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "Our servers",
        timeseries(
            "Sync queues and errors",
            "A queue that stays: etcd too slow [needs: clustermesh.useAPIServer]",
            query("max by (scope) (cilium_clustermesh_apiserver_kvstore_sync_queue_size)", "apiserver queue {{scope}}"),
            query("max by (scope) (cilium_kvstoremesh_kvstore_sync_queue_size)", "kvstoremesh queue {{scope}}"),
            query(
                "sum by (scope) (rate(cilium_clustermesh_apiserver_kvstore_sync_errors_total[$__rate_interval])) * 60",
                "errors per min {{scope}}",
            ),
            unit="short",
        ),
        table(
            "Initial sync",
            "0: remote clusters see incomplete data [needs: clustermesh.useAPIServer]",
            query("min by (scope) (cilium_clustermesh_apiserver_kvstore_initial_sync_completed)", "apiserver"),
            query("min by (scope) (cilium_kvstoremesh_kvstore_initial_sync_completed)", "kvstoremesh"),
            query("max(cilium_clustermesh_apiserver_bootstrap_seconds)", "apiserver start s"),
            query("max(cilium_kvstoremesh_bootstrap_seconds)", "kvstoremesh start s"),
        ),
        state_timeline(
            "kvstoremesh readiness",
            "Red: the mirror of that cluster stands still; leaders must be 1 [needs: kvstoremesh]",
            query(
                'min by (target_cluster) (cilium_kvstoremesh_remote_cluster_readiness_status{target_cluster=~"$remote"})',
                "{{target_cluster}}",
            ),
            query("sum(cilium_kvstoremesh_leader_election_master_status)", "leaders"),
            limits=either(bad=0, good=1),
        ),
        timeseries(
            "kvstore time and quorum",
            "Slow etcd; quorum errors on cilium-agent, row kvstore [needs: clustermesh.useAPIServer]",
            query(
                "sum by (action) (rate(cilium_kvstoremesh_kvstore_operations_duration_seconds_sum[$__rate_interval])) / sum by (action) (rate(cilium_kvstoremesh_kvstore_operations_duration_seconds_count[$__rate_interval]))",
                "kvstoremesh {{action}}",
            ),
            query(
                "sum by (action) (rate(cilium_clustermesh_apiserver_kvstore_operations_duration_seconds_sum[$__rate_interval])) / sum by (action) (rate(cilium_clustermesh_apiserver_kvstore_operations_duration_seconds_count[$__rate_interval]))",
                "apiserver {{action}}",
            ),
            unit="s",
            limits=above(warning=0.1, critical=1),
        ),
        timeseries(
            "etcd",
            "No leader or fsync above 10 ms: disk of that node [needs: clustermesh.apiserver.metrics.etcd.enabled]",
            query('min(etcd_server_has_leader{pod=~"clustermesh-apiserver.*"})', "has leader"),
            query(
                'max(etcd_mvcc_db_total_size_in_bytes{pod=~"clustermesh-apiserver.*"}) / max(etcd_server_quota_backend_bytes{pod=~"clustermesh-apiserver.*"})',
                "share of quota",
            ),
            query(
                'sum(rate(etcd_disk_wal_fsync_duration_seconds_sum{pod=~"clustermesh-apiserver.*"}[$__rate_interval])) / sum(rate(etcd_disk_wal_fsync_duration_seconds_count{pod=~"clustermesh-apiserver.*"}[$__rate_interval]))',
                "fsync s",
            ),
            unit="short",
        ),
        table(
            "Service export and slices",
            "The reason names the conflict [needs: clustermesh.mcsapi.enabled or enableEndpointSliceSynchronization]",
            query(
                'topk(20, sum by (namespace, serviceexport, condition, reason) (cilium_operator_mcsapi_serviceexport_status_condition{status="False"}))',
                "exports not in order",
            ),
            query(
                "sum by (result) (increase(cilium_operator_clustermesh_endpoint_slice_syncs[$__range]))",
                "slice syncs in the range",
            ),
            no_value="MCS API is off",
        ),
        closed=True,
    )
