"""Agents that are missing, by the nodes that other agents know."""


def agents_too_few(matchers: str = "") -> str:
    """The number of nodes of each cluster without a scraped agent, for five minutes; negative after a removal.

    Agents are scraped at different moments, and learn of a new node one after the other; the nodes of meshed clusters,
    which they know as well, are not ours (pkg/node/manager). `matchers` are of all three metrics.
    """
    known = f"max by (cluster) (min_over_time(cilium_nodes_all_num{braces(matchers)}[5m]))"
    remote = (
        "max by (cluster, target_cluster) "
        f"(max_over_time(cilium_clustermesh_remote_cluster_nodes{braces(matchers)}[5m]))"
    )
    scraped = f"max_over_time(count by (cluster) (cilium_version{braces(matchers)})[5m:1m])"
    return f"{known} - (sum by (cluster) ({remote}) or 0 * {scraped}) - {scraped}"


def missing_agents(matchers: str = "") -> str:
    """The nodes of all clusters without an agent that is scraped."""
    return f"sum(clamp_min({agents_too_few(matchers)}, 0))"


def braces(matchers: str) -> str:
    """The matchers of a selector; nothing for none."""
    return f"{{{matchers}}}" if matchers else ""
