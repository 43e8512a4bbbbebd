"""Expressions of Cluster Mesh that several boards use, and its states in words."""

from dashboards_py.model import State
from dashboards_py.style.agents import braces

# What is connected to remote clusters, by the part of its metrics' names that is its own.
MEMBERS = {"clustermesh": "agents", "kvstoremesh": "kvstoremesh", "operator_clustermesh": "operators"}
# Agents, without which nothing is known of the services that pods use: the operator's view alone does not judge a mesh.
MESH_AGENTS = "cilium_clustermesh_remote_cluster_readiness_status"
NO_MESH, NO_AGENT_IN_MESH = "no mesh seen", "no agent in a mesh seen"
# Of a flag of 0 and 1; the worst of several.
SYNCED = (
    State(text="not done", color="red", low=0, high=0.999),
    State(text="done", color="green", low=1, high=1),
)


def mesh_ready(matchers: str = "") -> str:
    """1 for each remote cluster that all agents and operators, and kvstoremesh, are connected to, and 0 for others.

    With kvstoremesh, which is on by default, agents read its copy and stay ready while it has lost the cluster
    (pkg/clustermesh/kvstoremesh).
    """
    of_each = (f"cilium_{member}_remote_cluster_readiness_status{braces(matchers)}" for member in MEMBERS)
    return f"min by (cluster, target_cluster) ({' or '.join(of_each)})"
