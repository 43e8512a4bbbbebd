"""Cluster Mesh: is every remote cluster connected, is its data complete and fresh, are our servers healthy?

For operators of several clusters; `$remote` selects remote clusters. Endpoint counts of EndpointSlice syncs and the API
limiter of the mesh servers are left out. Cheap: a few series per remote cluster and node.
"""

from dashboards_py.model import Query
from dashboards_py.release import Release
from dashboards_py.style import (
    ALWAYS_EXPOSED,
    MEMBERS,
    MESH_AGENTS,
    NO_AGENT_IN_MESH,
    NO_MESH,
    SYNCED,
    Dashboard,
    Row,
    above,
    cluster,
    dashboard,
    good_bad,
    label_variables,
    mesh_ready,
    node,
    query,
    row,
    stat,
    state_timeline,
    table,
    timeseries,
    unless_not_scraped,
    unless_not_seen,
)
from dashboards_py.style.limits import (
    AGENTS_NOT_CONNECTED,
    ETCD_DISK,
    ETCD_LEADER,
    ETCD_SPACE,
    KVSTORE_TIME,
    MESH_SYNCS_FAILED,
    REMOTE_CLUSTERS,
)

STATES = {"0": "not ready", "1": "ready"}


def board(cilium: Release) -> Dashboard:
    """Connections first, then imported data, then our own servers."""
    return dashboard(
        uid="cilium-clustermesh",
        title="Cilium / Cluster Mesh",
        about="For operators of several clusters. Is every remote cluster connected, from every node? Is its "
        "data complete and fresh? Are our clustermesh-apiserver, kvstoremesh and etcd healthy?",
        replaces=(),
        variables=(
            cluster("cilium_version"),
            node("cilium_version"),
            label_variables(
                "remote", "Remote cluster", "cilium_clustermesh_remote_cluster_readiness_status", "target_cluster"
            ),
        ),
        feature="Cluster Mesh",
        rows=(
            connections(),
            complete_and_fresh(cilium),
            our_servers(),
            kvstore(),
        ),
    )


def of_members(expr: str) -> tuple[Query, ...]:
    """The query of each component, whose name is `{}` in its metrics, with a row in gray where it was not measured.

    That kvstoremesh is not there is no fault: agents then read from the remote clusters.
    """
    agents, kvstoremesh, operators = (query(expr.format(name), heading) for name, heading in MEMBERS.items())
    return (
        unless_not_seen(agents, MESH_AGENTS, "none in a mesh", "target_cluster"),
        kvstoremesh,
        unless_not_scraped(operators, ALWAYS_EXPOSED["cilium-operator"], "target_cluster"),
    )


def worst_view() -> str:
    """0 for each remote cluster that a member is not connected to, 1 for others; without agents, none of these."""
    worst = mesh_ready('target_cluster=~"$remote"')
    return f"min by (target_cluster) ({worst} == 0 or {worst} and on (cluster) count by (cluster) ({MESH_AGENTS}))"


def connections() -> Row:
    """Connections to remote clusters."""
    return row(
        "Connected?",
        table(
            "Remote clusters failing",
            "Agents, kvstoremesh and operators that are not connected. Only kvstoremesh: agents read its copy of the "
            "cluster, which is stale. `kubectl -n kube-system exec deploy/clustermesh-apiserver -c kvstoremesh -- "
            "clustermesh-apiserver kvstoremesh-dbg status` shows the cause; for agents `cilium clustermesh status`.",
            *of_members(
                "count by (cluster, target_cluster)"
                ' (cilium_{}_remote_cluster_readiness_status{{target_cluster=~"$remote"}} == 0)'
            ),
            thresholds=above(REMOTE_CLUSTERS),
            no_value="none seen",
            rank="sum",
            w=12,
            h=6,
        ),
        state_timeline(
            "Readiness",
            "The worst view of each remote cluster: that of agents, of operators, or of kvstoremesh. Where no agent is "
            "scraped only what is not ready.",
            query(worst_view(), "{{target_cluster}}"),
            value_names=STATES,
            thresholds=good_bad(bad=0, good=1),
            w=6,
            h=6,
        ),
        timeseries(
            "Agents not connected",
            "Agents without a connection. A few: a problem of these nodes; all: the remote apiserver, its load "
            "balancer or its certificates.",
            query(
                "sum by (target_cluster) "
                '(cilium_clustermesh_remote_cluster_readiness_status{target_cluster=~"$remote"} == bool 0)',
                "{{target_cluster}}",
            ),
            unit="none",
            legend="list",
            thresholds=above(AGENTS_NOT_CONNECTED),
            no_value=NO_AGENT_IN_MESH,
            w=6,
            h=6,
        ),
        timeseries(
            "Connection failures",
            "Failures since start. One step: the connection was lost once, by the network or a restart on the remote "
            "side. Steps without end: it flaps if it is ready between them, else the remote side is not reached.",
            query(
                'max by (target_cluster) (cilium_clustermesh_remote_cluster_failures{target_cluster=~"$remote"})',
                "agents, worst {{target_cluster}}",
            ),
            query(
                'max by (target_cluster) (cilium_kvstoremesh_remote_cluster_failures{target_cluster=~"$remote"})',
                "kvstoremesh {{target_cluster}}",
            ),
            query(
                "max by (target_cluster) "
                '(cilium_operator_clustermesh_remote_cluster_failures{target_cluster=~"$remote"})',
                "operator {{target_cluster}}",
            ),
            unit="none",
            legend="list",
        ),
        table(
            "Last failure",
            "Time since a connection last failed, the latest first. If it is short, Readiness shows whether the "
            "connection flaps, or is lost.",
            *of_members(
                "time() - max by (target_cluster) "
                '(cilium_{}_remote_cluster_last_failure_ts{{target_cluster=~"$remote"}} > 0)'
            ),
            unit="s",
            no_value="none seen",
            rank="min",
        ),
        no_value=NO_MESH,
    )


def complete_and_fresh(cilium: Release) -> Row:
    """Imported nodes, services and endpoints of remote clusters."""
    return row(
        "Complete and fresh?",
        timeseries(
            "Nodes imported",
            "Known nodes of each remote cluster, on the agents that know fewest and most. Both should equal the "
            "number of nodes in that cluster.",
            query(
                'min by (target_cluster) (cilium_clustermesh_remote_cluster_nodes{target_cluster=~"$remote"})',
                "{{target_cluster}} fewest",
            ),
            query(
                'max by (target_cluster) (cilium_clustermesh_remote_cluster_nodes{target_cluster=~"$remote"})',
                "{{target_cluster}} most",
            ),
            unit="none",
            legend="list",
            w=6,
        ),
        timeseries(
            "Services imported",
            "A fall without a change in the remote cluster: data was lost. A stale copy does not move: see Readiness.",
            query(
                'max by (target_cluster) (cilium_clustermesh_remote_cluster_services{target_cluster=~"$remote"})',
                "{{target_cluster}}",
            ),
            *([query("max(cilium_clustermesh_global_services)", "global services")] if cilium <= (1, 18) else []),
            unit="none",
            legend="list",
            former_title="Services, endpoints imported",
            w=6,
        ),
        timeseries(
            "Endpoints imported",
            "Endpoints come and go with pods: if the line is flat while pods of that cluster change, the copy is "
            "stale.",
            query(
                'max by (target_cluster) (cilium_clustermesh_remote_cluster_endpoints{target_cluster=~"$remote"})',
                "{{target_cluster}}",
            ),
            unit="none",
            legend="list",
            w=6,
        ),
        timeseries(
            "Cache revocations",
            "The remote cluster was disconnected for too long, and its cached data was dropped.",
            query(
                "max by (target_cluster) "
                '(cilium_clustermesh_remote_cluster_cache_revocations{target_cluster=~"$remote"})',
                "agents {{target_cluster}}",
            ),
            query(
                "max by (target_cluster) "
                '(cilium_kvstoremesh_remote_cluster_cache_revocations{target_cluster=~"$remote"})',
                "kvstoremesh {{target_cluster}}",
            ),
            unit="none",
            legend="list",
            w=6,
        ),
        no_value=NO_AGENT_IN_MESH,
    )


def slice_syncs(result: str = "") -> str:
    """The writes of EndpointSlices in the time range; `result` is a matcher."""
    return f"sum by (cluster) (increase(cilium_operator_clustermesh_endpoint_slice_syncs{{{result}}}[$__range]))"


def our_servers() -> Row:
    """The mesh servers of this cluster."""
    failed_syncs, done_syncs = slice_syncs('result!="success"'), slice_syncs('result="success"')
    return row(
        "Our servers",
        timeseries(
            "Sync queues",
            "Pending writes of our servers. If a queue does not drain, etcd is too slow. Needs "
            "clustermesh.useAPIServer.",
            query("max by (scope) (cilium_clustermesh_apiserver_kvstore_sync_queue_size)", "apiserver {{scope}}"),
            query("max by (scope) (cilium_kvstoremesh_kvstore_sync_queue_size)", "kvstoremesh {{scope}}"),
            unit="none",
            legend="right",
            former_title="Sync queues and errors",
        ),
        timeseries(
            "Sync errors",
            "Writes of the apiserver that etcd does not take: remote clusters see old data. Needs "
            "clustermesh.useAPIServer.",
            query(
                "sum by (scope) (rate(cilium_clustermesh_apiserver_kvstore_sync_errors_total[$__rate_interval])) * 60",
                "{{scope}}",
            ),
            unit="count:/min",
            legend="list",
        ),
        table(
            "Initial sync",
            "Whether what is exported has been complete since the last start. Not done: remote clusters see incomplete "
            "data. Needs clustermesh.useAPIServer.",
            query(
                "min by (scope) (cilium_clustermesh_apiserver_kvstore_initial_sync_completed)",
                "apiserver",
                states=SYNCED,
            ),
            query("min by (scope) (cilium_kvstoremesh_kvstore_initial_sync_completed)", "kvstoremesh", states=SYNCED),
            thresholds=good_bad(bad=0, good=1),
            headings={"scope": "resource"},
        ),
        stat(
            "Initial sync time",
            "Time from the last start until data was complete. Until then, remote clusters see incomplete data. "
            "Needs clustermesh.useAPIServer.",
            query("max(cilium_clustermesh_apiserver_bootstrap_seconds)", "apiserver"),
            query("max(cilium_kvstoremesh_bootstrap_seconds)", "kvstoremesh"),
            unit="s",
            h=8,
            former_title="Time to start",
        ),
        state_timeline(
            "kvstoremesh readiness",
            "Red: the mirror of that cluster is stuck, or a cluster has no leader or several: `kubectl -n kube-system "
            "get lease` names them. Needs kvstoremesh.",
            query(
                "min by (target_cluster) "
                '(cilium_kvstoremesh_remote_cluster_readiness_status{target_cluster=~"$remote"})',
                "{{target_cluster}}",
            ),
            query(
                "sum by (cluster) (cilium_kvstoremesh_leader_election_master_status) == bool 1",
                "leader {{cluster}}",
            ),
            value_names=STATES,
            thresholds=good_bad(bad=0, good=1),
            w=10,
        ),
        timeseries(
            "kvstore time",
            "Slow operations: etcd is slow. Errors of its quorum are in the last row. Needs clustermesh.useAPIServer.",
            query(
                "sum by (action) "
                "(rate(cilium_kvstoremesh_kvstore_operations_duration_seconds_sum[$__rate_interval]))"
                " / sum by (action) "
                "(rate(cilium_kvstoremesh_kvstore_operations_duration_seconds_count[$__rate_interval]))",
                "kvstoremesh {{action}}",
            ),
            query(
                "sum by (action) "
                "(rate(cilium_clustermesh_apiserver_kvstore_operations_duration_seconds_sum[$__rate_interval])) "
                "/ sum by (action) "
                "(rate(cilium_clustermesh_apiserver_kvstore_operations_duration_seconds_count[$__rate_interval]))",
                "apiserver {{action}}",
            ),
            unit="s",
            former_title="kvstore time and quorum",
            legend="right",
            w=14,
            thresholds=above(KVSTORE_TIME),
        ),
        stat(
            "etcd",
            "Whether all members have a leader: without one nothing is written. Needs "
            "clustermesh.apiserver.metrics.etcd.enabled.",
            query('sum(etcd_server_has_leader{pod=~"clustermesh-apiserver.*"} == bool 0)', "without leader"),
            query('count(etcd_server_has_leader{pod=~"clustermesh-apiserver.*"})', "members", secondary=True),
            thresholds=above(ETCD_LEADER),
            h=8,
        ),
        timeseries(
            "etcd space",
            "Size of the database as a share of its quota. When it is full, etcd refuses writes: defragment it, or "
            "raise the quota. Needs clustermesh.apiserver.metrics.etcd.enabled.",
            query(
                'max(etcd_mvcc_db_total_size_in_bytes{pod=~"clustermesh-apiserver.*"}) / '
                'max(etcd_server_quota_backend_bytes{pod=~"clustermesh-apiserver.*"})',
                "of quota",
            ),
            unit="percentunit",
            thresholds=above(ETCD_SPACE),
        ),
        timeseries(
            "etcd disk time, mean",
            "Time of an fsync. Above 10 ms the disk of that node is slow. Needs "
            "clustermesh.apiserver.metrics.etcd.enabled.",
            query(
                'sum(rate(etcd_disk_wal_fsync_duration_seconds_sum{pod=~"clustermesh-apiserver.*"}[$__rate_interval]))'
                " / "
                'sum(rate(etcd_disk_wal_fsync_duration_seconds_count{pod=~"clustermesh-apiserver.*"}[$__rate_interval]))',
                "fsync",
            ),
            unit="s",
            thresholds=above(ETCD_DISK),
        ),
        table(
            "Exports not in order",
            "Service exports that are not valid, not ready, or in conflict with those of other clusters: the reason "
            "names which. Needs clustermesh.mcsapi.enabled.",
            # Conflict is false where all is well (pkg/clustermesh/mcsapi/serviceimport_controller.go).
            unless_not_seen(
                query(
                    "topk(20, sum by (cluster, namespace, serviceexport, condition, reason)"
                    ' (cilium_operator_mcsapi_serviceexport_status_condition{condition!="Conflict", status="False"}'
                    ' or cilium_operator_mcsapi_serviceexport_status_condition{condition="Conflict", status="True"}))',
                    "exports",
                ),
                "cilium_operator_mcsapi_serviceexport_status_condition",
                "no export seen",
                "namespace",
            ),
            no_value="none seen",
            w=24,
        ),
        table(
            "Slice syncs",
            "EndpointSlices of global services written in the time range, and the share that failed: if it is large, "
            "remote endpoints are missing in them. Needs EndpointSlice synchronisation.",
            query(
                f"{failed_syncs} / ({slice_syncs()} > 0) > 0",
                "failed",
                unit="percentunit",
                thresholds=above(MESH_SYNCS_FAILED),
            ),
            query(f"{done_syncs} > 0", "done"),
            rank="columns",
            unit="none",
            no_value="no slice seen",
            w=24,
            h=5,
        ),
        collapsed=True,
        no_value=NO_MESH,
    )


def kvstore() -> Row:
    """Operations of agents on etcd: that of Cluster Mesh, or the kvstore of identities."""
    duration = "rate(cilium_kvstore_operations_duration_seconds"
    return row(
        "kvstore",
        timeseries(
            "Operations",
            "Load of agents on etcd. A storm after a restart is normal; a lasting one is churn of identities.",
            query(f"sum by (scope, action) ({duration}_count[$__rate_interval]))", "{{scope}} {{action}}"),
            unit="ops",
        ),
        timeseries(
            "Operation time, mean",
            "Above 100 ms, check etcd's disk and the network to it.",
            query(
                f"sum by (scope, action) ({duration}_sum[$__rate_interval]))"
                f" / sum by (scope, action) ({duration}_count[$__rate_interval]))",
                "{{scope}} {{action}}",
            ),
            unit="s",
        ),
        timeseries(
            "Events and errors",
            "Events from the kvstore, and quorum errors, on which agents stop trusting the kvstore.",
            query(
                "sum by (scope, action) (rate(cilium_kvstore_events_queue_seconds_count[$__rate_interval]))",
                "{{scope}} {{action}}",
            ),
            query("sum by (error) (rate(cilium_kvstore_quorum_errors_total[$__rate_interval]))", "quorum {{error}}"),
            unit="eps",
        ),
        collapsed=True,
        no_value="no kvstore seen",
    )
