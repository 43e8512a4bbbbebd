"""Expressions of Cluster Mesh that several boards use."""

_OF_EACH = (
    f"cilium_{component}_remote_cluster_readiness_status"
    for component in ("clustermesh", "kvstoremesh", "operator_clustermesh")
)
# 1 for each remote cluster that all agents and operators, and kvstoremesh, are connected to. With kvstoremesh, which is
# on by default, agents read its copy and stay ready while it has lost the cluster (pkg/clustermesh/kvstoremesh).
MESH_READY = f"min by (cluster, target_cluster) ({' or '.join(_OF_EACH)})"
