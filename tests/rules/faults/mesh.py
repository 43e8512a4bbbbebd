"""Faults of Cluster Mesh, its etcd, and Envoy."""

from tests.rules.faults._fault import (
    NODE,
    Fault,
    at_first,
    changing,
    counted,
    counted_anew,
    labeled,
    level,
    on,
    rate,
    times,
)

REMOTE = "cilium_clustermesh_remote_cluster"

FAULTS = (
    Fault(
        name="remote-cluster-lost",
        story="Without kvstoremesh each agent connects to the remote cluster, whose load balancer is gone: not ready, "
        "and an attempt each minute.",
        fires=("CiliumRemoteClusterDown",),
        played=changing(
            on("cilium_clustermesh_remote_cluster_readiness_status", level(0.0), target_cluster="east"),
            on("cilium_clustermesh_remote_cluster_failures", counted(1 / 60), target_cluster="east"),
        ),
    ),
    Fault(
        name="one-agent-lost-a-cluster",
        story="One agent has an old certificate of the mesh: it alone is not connected.",
        fires=("CiliumRemoteClusterDown",),
        played=on("cilium_clustermesh_remote_cluster_readiness_status", level(0.0), node=NODE, target_cluster="west"),
    ),
    Fault(
        name="kvstoremesh-lost-a-cluster",
        story="kvstoremesh cannot read the remote etcd any more: its user was removed there. Agents read the copy.",
        fires=("CiliumKVStoreMeshNotReady",),
        played=on("cilium_kvstoremesh_remote_cluster_readiness_status", level(0.0), target_cluster="west"),
    ),
    Fault(
        name="remote-cluster-flaps",
        story="A load balancer closes idle connections: each is made again at once. The agent has restarted, and was "
        "not ready for five minutes. Another agent is not connected at all.",
        fires=("CiliumRemoteClusterFlapping", "CiliumRemoteClusterDown"),
        played=changing(
            on(f"{REMOTE}_(failures|readiness_status)", labeled(pod="cilium-new"), node=NODE, target_cluster="west"),
            on(f"{REMOTE}_failures", counted_anew(40, 1 / 300), pod="cilium-new"),
            on(f"{REMOTE}_readiness_status", at_first(0.0, 300), pod="cilium-new"),
            on(f"{REMOTE}_readiness_status", level(0.0), node="node-1", target_cluster="west"),
        ),
    ),
    Fault(
        name="mesh-not-written",
        story="etcd of the mesh refuses writes: no space (kvstore_sync_errors, pkg/kvstore/store).",
        fires=("CiliumMeshSyncErrors",),
        played=on("cilium_(clustermesh_apiserver|kvstoremesh)_kvstore_sync_errors_total", rate(0.05)),
    ),
    Fault(
        name="etcd-without-leader",
        story="etcd of the mesh has lost its data directory, and does not elect itself.",
        fires=("CiliumMeshEtcdWithoutLeader",),
        played=on("etcd_server_has_leader", level(0.0)),
    ),
    Fault(
        name="etcd-full",
        story="etcd of the mesh is not compacted: 98 % of its quota.",
        fires=("CiliumMeshEtcdSpaceLow",),
        played=on("etcd_mvcc_db_total_size_in_bytes", level(2.1e9)),
    ),
    Fault(
        name="etcd-disk-slow",
        story="A neighbor uses the disk of etcd's node: a write takes a quarter of a second.",
        fires=("CiliumMeshEtcdDiskSlow",),
        played=on("etcd_disk_wal_fsync_duration_seconds_sum", times(100.0)),
    ),
    Fault(
        name="kvstore-without-quorum",
        story="Two of three members of the kvstore are down: each check of each agent fails.",
        fires=("CiliumKVStoreQuorumErrors",),
        played=on("cilium_kvstore_quorum_errors_total", rate(0.02)),
    ),
    Fault(
        name="envoy-drains",
        story="Envoy of a node is stopped for a hot restart that does not come: live is 0.",
        fires=("CiliumEnvoyNotServing",),
        played=on("envoy_server_live", level(0.0), node=NODE),
    ),
    Fault(
        name="envoy-without-agent",
        story="The socket of the agent was removed from a node: its Envoy cannot connect.",
        fires=("CiliumEnvoyWithoutPolicy",),
        played=on("envoy_cilium_npds_control_plane_connected_state", level(0.0), node=NODE),
    ),
    Fault(
        name="envoy-refuses-clusters",
        story="A CiliumEnvoyConfig with an invalid cluster: CDS is rejected.",
        fires=("CiliumEnvoyRefusesConfiguration",),
        played=on("envoy_cluster_manager_cds_update_rejected", rate(1 / 200)),
    ),
    Fault(
        name="gateway-certificate-expires",
        story="The certificate of a Gateway expires in three days, and nobody renews it.",
        fires=("CiliumEnvoyCertificateExpiring",),
        played=on("envoy_server_days_until_first_cert_expiring", level(3.0), node=NODE),
    ),
    Fault(
        name="gateway-answers-5xx",
        story="The backends of a Gateway are down: a third of the responses is 503.",
        fires=("CiliumEnvoyServerErrors",),
        played=on(
            "envoy_http_downstream_rq_xx",
            rate(6.0),
            envoy_http_conn_manager_prefix="listener-insecure",
            envoy_response_code_class="5",
        ),
    ),
)
