"""Cluster Mesh: are remote clusters connected, and are our servers of the mesh sound?"""

from dashboards_py.model import RuleGroup
from dashboards_py.release import Release
from dashboards_py.style.agents import started_lately
from dashboards_py.style.alert_limits import ETCD_QUORUM, MESH_FLAPS, SYNC_ERRORS
from dashboards_py.style.alerts import alert, group, panel
from dashboards_py.style.limits import AGENTS_NOT_CONNECTED, ETCD_DISK, ETCD_SPACE, REMOTE_CLUSTERS

ETCD = 'pod=~"clustermesh-apiserver.*"'
SERVERS = ("clustermesh_apiserver", "kvstoremesh")
QUORUM_ERRORS = (
    "cilium_kvstore_quorum_errors_total",
    "cilium_kvstoremesh_kvstore_quorum_errors_total",
    "cilium_clustermesh_apiserver_kvstore_quorum_errors_total",
)
OF_REMOTE = "cluster, target_cluster"


def _ready(component: str) -> str:
    return f"cilium_{component}_remote_cluster_readiness_status"


def _lost(component: str) -> str:
    """The connections, each of a pod, that were not ready for ten minutes of the last hour.

    Each attempt to connect again counts as a failure (pkg/clustermesh/common/remote_cluster.go), for an hour after the
    last one. Ten minutes count only if the pod was there at their beginning and at their end: a new one is not ready at
    first.
    """
    ready = _ready(component)
    whole = f"max_over_time({ready}[10m]) and {ready} and {ready} offset 10m"
    return f"min_over_time(({whole})[50m:5m]) == 0"


def _etcd_disk(part: str) -> str:
    return f"sum by (cluster, pod) (rate(etcd_disk_wal_fsync_duration_seconds_{part}{{{ETCD}}}[10m]))"


def rules(_: Release) -> RuleGroup:
    """Remote clusters, kvstoremesh and etcd."""
    return group(
        "cilium-clustermesh",
        alert(
            "CiliumRemoteClusterDown",
            f"count by ({OF_REMOTE}) ({_ready('clustermesh')} == 0 unless on (cluster, node) "
            f"{started_lately('cluster, node', 600)})",
            above=AGENTS_NOT_CONNECTED.level("critical"),
            hold="10m",
            severity="critical",
            summary="{{ $value }} agents are not connected to cluster {{ $labels.target_cluster }}",
            description="{{ $value }} agents are not connected to {{ $labels.target_cluster }}: they keep what they "
            "know of its pods and services, and learn nothing new.",
            action="cilium-dbg troubleshoot clustermesh on one of them tests address, TLS and etcd.",
            panel=panel("cilium-clustermesh", "Agents not connected", remote="target_cluster"),
        ),
        alert(
            "CiliumKVStoreMeshNotReady",
            f"count by ({OF_REMOTE}) ({_ready('kvstoremesh')} == 0)",
            above=REMOTE_CLUSTERS.level("critical"),
            hold="10m",
            severity="critical",
            summary="kvstoremesh is not connected to cluster {{ $labels.target_cluster }}",
            description="{{ $value }} kvstoremesh are not connected to {{ $labels.target_cluster }}. Agents read its "
            "copy and look ready, but what they know of that cluster grows old.",
            action="kubectl exec into clustermesh-apiserver, container kvstoremesh: clustermesh-apiserver "
            "kvstoremesh-dbg troubleshoot.",
            panel=panel("cilium-clustermesh", "kvstoremesh readiness", remote="target_cluster"),
        ),
        alert(
            "CiliumRemoteClusterFlapping",
            *(
                f"max by ({OF_REMOTE}) (increase(cilium_{component}_remote_cluster_failures[1h])"
                f" unless on (cluster, node, pod, target_cluster) {_lost(component)})"
                for component in ("clustermesh", "kvstoremesh")
            ),
            above=MESH_FLAPS.level("warning"),
            hold="15m",  # after which a connection that is lost is known to be
            severity="warning",
            summary="The connection to cluster {{ $labels.target_cluster }} fails again and again",
            description="The connection to {{ $labels.target_cluster }} failed {{ $value | humanize }} times in the "
            "last hour.",
            action="Look at the load balancer of the remote clustermesh-apiserver and at its etcd.",
            panel=panel("cilium-clustermesh", "Connection failures", remote="target_cluster"),
        ),
        alert(
            "CiliumMeshSyncErrors",
            *(f"sum by (cluster) (increase(cilium_{server}_kvstore_sync_errors_total[15m]))" for server in SERVERS),
            above=SYNC_ERRORS.level("warning"),
            hold="5m",
            keep_firing_for="10m",
            severity="warning",
            summary="Cluster Mesh cannot write to its kvstore",
            description="{{ $value | humanize }} writes to the kvstore of Cluster Mesh failed in 15 minutes: remote "
            "clusters miss changes of this one.",
            action="Look at etcd in the pods of clustermesh-apiserver: leader, space and disk.",
            panel=panel("cilium-clustermesh", "Sync errors"),
        ),
        alert(
            "CiliumMeshEtcdWithoutLeader",
            f"min by (cluster, pod) (etcd_server_has_leader{{{ETCD}}}) == 0",
            hold="5m",
            severity="critical",
            summary="etcd of {{ $labels.pod }} has no leader",
            description="etcd of {{ $labels.pod }} has no leader: remote clusters can neither read nor follow this "
            "one.",
            action="Read the log of container etcd in that pod, and look at the disk of its node.",
            panel=panel("cilium-clustermesh", "etcd"),
        ),
        alert(
            "CiliumMeshEtcdSpaceLow",
            f"max by (cluster, pod) (etcd_mvcc_db_total_size_in_bytes{{{ETCD}}}) / "
            f"max by (cluster, pod) (etcd_server_quota_backend_bytes{{{ETCD}}})",
            above=ETCD_SPACE.level("critical"),
            hold="15m",
            severity="critical",
            summary="etcd of {{ $labels.pod }} is nearly full",
            description="etcd of {{ $labels.pod }} uses {{ $value | humanizePercentage }} of its quota; the limit is "
            "[limit]. When it is full it refuses all writes.",
            action="Restart clustermesh-apiserver: its etcd is filled again from Kubernetes.",
            panel=panel("cilium-clustermesh", "etcd space"),
        ),
        alert(
            "CiliumMeshEtcdDiskSlow",
            f"{_etcd_disk('sum')} / {_etcd_disk('count')}",
            above=ETCD_DISK.level("warning"),
            hold="15m",
            severity="warning",
            summary="etcd of {{ $labels.pod }} writes slowly",
            description="A write of etcd in {{ $labels.pod }} takes {{ $value | humanizeDuration }} in the mean; the "
            "limit is [limit].",
            action="Move the pod to a node with a faster disk, or find what uses the disk.",
            panel=panel("cilium-clustermesh", "etcd disk time, mean"),
        ),
        alert(
            "CiliumKVStoreQuorumErrors",
            *(f"max by (cluster) (sum by (cluster, pod) (increase({metric}[15m])))" for metric in QUORUM_ERRORS),
            above=ETCD_QUORUM.level("critical"),
            hold="5m",
            keep_firing_for="10m",
            severity="critical",
            summary="The kvstore has no quorum",
            description="In 15 minutes {{ $value | humanize }} quorum checks of the kvstore failed in one pod.",
            action="See how many members of etcd run, and whether agents reach them.",
            panel=panel("cilium-clustermesh", "Events and errors"),
        ),
    )
