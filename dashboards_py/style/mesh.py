"""Expressions of Cluster Mesh that several boards use, and its states in words."""

from dashboards_py.model import State

_OF_EACH = (
    f"cilium_{component}_remote_cluster_readiness_status"
    for component in ("clustermesh", "kvstoremesh", "operator_clustermesh")
)
# Agents, without which nothing is known of the services that pods use: the operator's view alone does not judge a mesh.
MESH_AGENTS = "cilium_clustermesh_remote_cluster_readiness_status"
# 1 for each remote cluster that all agents and operators, and kvstoremesh, are connected to. With kvstoremesh, which is
# on by default, agents read its copy and stay ready while it has lost the cluster (pkg/clustermesh/kvstoremesh).
MESH_READY = f"min by (cluster, target_cluster) ({' or '.join(_OF_EACH)})"
# Of a flag of 0 and 1; the worst of several.
SYNCED = (
    State(text="not done", color="red", low=0, high=0.999),
    State(text="done", color="green", low=1, high=1),
)
