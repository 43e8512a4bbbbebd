"""Agents that are missing, by the nodes that other agents know, and agents that started lately."""


def agents_too_few(matchers: str = "") -> str:
    """The number of nodes of each cluster without a scraped agent, for five minutes; negative after a removal.

    Agents are scraped at different moments. `matchers` are of all three metrics.
    """
    return _nodes_without(f"max_over_time(count by (cluster) (cilium_version{braces(matchers)})[5m:1m])", matchers)


def more_nodes_than_agents(matchers: str = "") -> str:
    """A value for each cluster in which a node has no scraped agent at the moment, a cheap `agents_too_few`."""
    agents = f"count by (cluster) (cilium_version{braces(matchers)})"
    remote = f"max by (cluster, target_cluster) (cilium_clustermesh_remote_cluster_nodes{braces(matchers)})"
    known = f"max by (cluster) (cilium_nodes_all_num{braces(matchers)})"
    return f"({known} - (sum by (cluster) ({remote}) or 0 * {agents}) > {agents})"


def nodes_without_agent() -> str:
    """The number of nodes of each cluster whose agent has not been scraped for ten minutes.

    During a rollout there is always some node without an agent, but none for so long.
    """
    return _nodes_without("count by (cluster) (count by (cluster, node) (last_over_time(cilium_version[10m])))")


def started_lately(by: str, seconds: int) -> str:
    """The number of agents that started within so many seconds.

    Until an agent has connected and others have probed its node again, what is missing there is no fault.
    """
    return f"count by ({by}) (cilium_process_start_time_seconds > time() - {seconds})"


def missing_agents(matchers: str = "") -> str:
    """The nodes of all clusters without an agent that is scraped."""
    return f"sum(clamp_min({agents_too_few(matchers)}, 0))"


def _nodes_without(scraped: str, matchers: str = "") -> str:
    """The nodes that agents know, less those that are `scraped`.

    Agents learn of a new node one after the other; the nodes of meshed clusters, which they know as well, are not ours
    (pkg/node/manager).
    """
    known = f"max by (cluster) (min_over_time(cilium_nodes_all_num{braces(matchers)}[5m]))"
    remote = (
        "max by (cluster, target_cluster) "
        f"(max_over_time(cilium_clustermesh_remote_cluster_nodes{braces(matchers)}[5m]))"
    )
    return f"{known} - (sum by (cluster) ({remote}) or 0 * {scraped}) - {scraped}"


def braces(matchers: str) -> str:
    """The matchers of a selector; nothing for none."""
    return f"{{{matchers}}}" if matchers else ""
