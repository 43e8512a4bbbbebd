"""Agents that are missing, by the nodes that other agents know, and agents that started lately."""

from dashboards_py.style.hubble import HUBBLE_SCRAPED

REMOTE_NODES = "cilium_clustermesh_remote_cluster_nodes"


def agents_too_few(matchers: str = "") -> str:
    """The number of nodes of each cluster without a scraped agent, for five minutes; negative after a removal.

    Agents are scraped at different moments. `matchers` are of all three metrics.
    """
    scraped = f"max_over_time(count by (cluster) (cilium_version{braces(matchers)})[5m:1m])"
    return _nodes_without(scraped, matchers, of_five_minutes=True)


def scraped_lately(matchers: str = "") -> str:
    """The agents that are scraped, and those that were five minutes ago.

    During a rollout each node has one of these; two moments are a tenth of the samples of five minutes.
    """
    agents = f"cilium_version{braces(matchers)}"
    return f"({agents} or {agents} offset 5m)"


def more_nodes_than_agents(matchers: str = "") -> str:
    """The number of nodes of each cluster without an agent that is `scraped_lately`; a cheap `agents_too_few`."""
    scraped = f"count by (cluster) (count by (cluster, node) ({scraped_lately(matchers)}))"
    return f"({_nodes_without(scraped, matchers, of_five_minutes=False)} > 0)"


def nodes_without_agent() -> str:
    """The number of nodes of each cluster whose agent has not been scraped for ten minutes.

    During a rollout there is always some node without an agent, but none for so long.
    """
    scraped = "count by (cluster) (count by (cluster, node) (last_over_time(cilium_version[10m])))"
    return _nodes_without(scraped, of_five_minutes=True)


def started_lately(by: str, seconds: int) -> str:
    """The number of agents that started within so many seconds.

    Until an agent has connected and others have probed its node again, what is missing there is no fault.
    """
    return f"count by ({by}) (cilium_process_start_time_seconds > time() - {seconds})"


def hubbles_too_few(matchers: str = "") -> str:
    """The number of nodes of each cluster without a scraped Hubble, as `agents_too_few`; nothing if none is scraped."""
    targets = f"count by (cluster, node, instance) ({HUBBLE_SCRAPED}{braces(matchers)})"
    return _nodes_without(f"max_over_time(count by (cluster) ({targets})[5m:1m])", matchers, of_five_minutes=True)


def nodes_without_hubble(matchers: str = "") -> str:
    """1 for each of these nodes that has an agent, or had one an hour ago and is still a node.

    A Hubble whose targets have no label `node` could be that of any node of its cluster.
    """
    agents, hubbles = (f"{metric}{braces(matchers)}" for metric in ("cilium_version", HUBBLE_SCRAPED))
    by_node = "count by (cluster, node)"
    lost = f"{by_node} ({agents} offset 1h) and on (cluster) ({agents_too_few(matchers)} > 0)"
    without = f"(({by_node} ({agents}) or {lost}) ^ 0 unless on (cluster, node) {by_node} ({hubbles}))"
    of_no_node = braces(", ".join(filter(None, (matchers, 'node=""'))))
    nameless = f"{by_node} ({HUBBLE_SCRAPED}{of_no_node})"
    return f"({without} unless on (cluster) {nameless}) and on (cluster) ({hubbles_too_few(matchers)} > 0)"


def missing_agents(matchers: str = "") -> str:
    """The nodes of all clusters without an agent that is scraped."""
    return f"sum(clamp_min({agents_too_few(matchers)}, 0))"


def _nodes_without(scraped: str, matchers: str = "", *, of_five_minutes: bool) -> str:
    """The nodes that agents know, now or `of_five_minutes`, less those that are `scraped`.

    Agents learn of a new node one after the other; the nodes of meshed clusters, which they know as well, are not ours
    (pkg/node/manager).
    """
    known, remote = (f"{metric}{braces(matchers)}" for metric in ("cilium_nodes_all_num", REMOTE_NODES))
    if of_five_minutes:
        known, remote = f"min_over_time({known}[5m])", f"max_over_time({remote}[5m])"
    of_others = f"sum by (cluster) (max by (cluster, target_cluster) ({remote}))"
    return f"max by (cluster) ({known}) - ({of_others} or 0 * {scraped}) - {scraped}"


def braces(matchers: str) -> str:
    """The matchers of a selector; nothing for none."""
    return f"{{{matchers}}}" if matchers else ""
