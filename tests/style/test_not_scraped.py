"""The table of targets that are not scraped, in a cluster with any way of scraping."""

from collections.abc import Iterable, Mapping

import numpy as np
import pytest

from dashboards_py.demo.engine import Engine, labels
from dashboards_py.model import Query
from dashboards_py.style import not_scraped, not_scraped_on_nodes, query, unless_not_scraped
from dashboards_py.style.agents import hubbles_too_few, nodes_without_hubble
from tests.demo.memory import Memory, Stored

END = 1_800_000_000  # Unix time
INTERVAL = 30
MATCHERS = 'cluster=~".*"'
DEAD_NODE = pytest.mark.fault("a node whose agent is lost is named on no board")
Samples = Mapping[str, object]

# What `up` says of an agent, and of a target of somebody else, by the way of scraping.
WAYS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "the chart's ServiceMonitor": (
        {"job": "cilium-agent", "service": "cilium-agent", "pod": "cilium-x7k2p", "node": "n1"},
        {"job": "kubelet", "service": "kubelet", "node": "n1"},
    ),
    "annotations of pods": (
        {"job": "kubernetes-pods", "pod": "cilium-x7k2p", "node": "n1"},
        {"job": "kubernetes-pods", "pod": "checkout-5d8f7c-a1b2c", "node": "n1"},
    ),
    "annotations of services": (
        {"job": "kubernetes-service-endpoints", "service": "cilium-agent", "node": "n1"},
        {"job": "kubernetes-service-endpoints", "service": "coredns", "node": "n1"},
    ),
    "a job of one's own": ({"job": "cilium", "node": "n1"}, {"job": "node-exporter", "node": "n1"}),
}


def stored(name: str, values: Iterable[tuple[int, float]], **pairs: str) -> Stored:
    """A series with values at times in seconds before the end."""
    samples = sorted(values, reverse=True)
    times = np.array([1000 * (END - before) for before, _ in samples])
    numbers = np.array([value for _, value in samples])
    return Stored(labels.of({"__name__": name, **pairs}), times, numbers, np.zeros(len(times), dtype=bool))


def scraped(since: int, until: int, value: float = 1.0) -> list[tuple[int, float]]:
    """The same value at each scrape, in seconds before the end."""
    return [(before, value) for before in range(until, since, INTERVAL)]


AGENT_ELSEWHERE = stored("cilium_version", scraped(7200, 0), cluster="another", node="m1")
COMPONENTS = (
    "cilium_operator_process_start_time_seconds",
    "envoy_server_live",
    "hubble_metrics_http_handler_requests_total",
    "hubble_relay_pool_peer_connection_status",
)
OTHERS_ELSEWHERE = tuple(stored(metric, scraped(7200, 0), cluster="another") for metric in COMPONENTS)
UNLABELLED = tuple(stored(metric, scraped(7200, 0)) for metric in COMPONENTS)
ALL_ELSEWHERE = (AGENT_ELSEWHERE, *OTHERS_ELSEWHERE, *UNLABELLED)


def rows(*series: Stored, by_node: bool = False) -> dict[tuple[str, str], str]:
    """The states in the table, by node and component."""
    query = not_scraped_on_nodes(MATCHERS) if by_node else not_scraped(MATCHERS)
    return states(query, *series, *ALL_ELSEWHERE)


def states(query: Query, *series: Stored) -> dict[tuple[str, str], str]:
    """The states of a query's rows, by node and component."""
    answer = Engine(Memory(iter(series))).instant(query.expr, END)
    values = {
        (one.labels.get("node", ""), one.labels.get("cilium_component", "")): float(str(one.samples[0][1]))
        for one in answer
    }
    return {
        key: next(state.text for state in query.states if state.low <= value <= state.high)
        for key, value in values.items()
    }


def test_without_any_agent_the_table_is_not_empty() -> None:
    """Where Prometheus has no agent, the table reports it: that nothing is missing would be wrong."""
    assert states(not_scraped_on_nodes(MATCHERS)) == {("", "cilium-agent"): "not scraped"}
    assert states(not_scraped(MATCHERS)) == {
        ("", "cilium-agent"): "not scraped",
        ("", "cilium-operator"): "not scraped",
        ("", "cilium-envoy"): "maybe off",
        ("", "hubble"): "maybe off",
        ("", "hubble-relay"): "maybe off",
    }


@pytest.mark.fault("below the heading that Hubble is not scraped a table says that no target is missing")
@pytest.mark.parametrize(
    ("mode", "state"),
    [("standalone", {("", "cilium-envoy"): "not scraped"}), ("embedded", {})],
)
def test_what_cilium_has_is_missed(mode: str, state: dict[tuple[str, str], str]) -> None:
    """Agents know whether there are Envoys of their own; Hubble and its relay may be off."""
    agent = stored(
        "cilium_feature_adv_connect_and_lb_envoy_proxy_enabled", scraped(7200, 0), cluster="another", mode=mode
    )
    assert states(not_scraped(MATCHERS), AGENT_ELSEWHERE, agent) == {
        **state,
        ("", "cilium-operator"): "not scraped",
        ("", "hubble"): "maybe off",
        ("", "hubble-relay"): "maybe off",
    }


@pytest.mark.fault("a cluster without an operator, Hubble or Envoy misses nothing if another cluster has them")
def test_a_component_is_missed_in_its_cluster() -> None:
    """Two clusters: what one has and the other has not is named with the other; where agents are not, nothing is."""
    one = stored("cilium_version", scraped(7200, 0), cluster="one", node="n1")
    mode = stored(
        "cilium_feature_adv_connect_and_lb_envoy_proxy_enabled", scraped(7200, 0), cluster="one", mode="standalone"
    )
    elsewhere = (AGENT_ELSEWHERE, *OTHERS_ELSEWHERE)
    answer = Engine(Memory(iter((one, mode, *elsewhere)))).instant(not_scraped(MATCHERS).expr, END)
    assert {
        (row.labels["cluster"], row.labels["cilium_component"]): float(str(row.samples[0][1])) for row in answer
    } == {
        ("one", "cilium-operator"): -1.0,
        ("one", "cilium-envoy"): -1.0,
        ("one", "hubble"): -2.0,
        ("one", "hubble-relay"): -2.0,
    }


@pytest.mark.fault("where only the agents' job sets the label cluster, the overview says that all else is not scraped")
def test_a_component_without_the_label_is_that_of_the_agents_with_it() -> None:
    """Unless there are agents without the label as well, whose component it is."""
    assert states(not_scraped(MATCHERS), AGENT_ELSEWHERE, *UNLABELLED) == {}
    unlabelled_agent = stored("cilium_version", scraped(7200, 0), node="n2")
    both = states(not_scraped(MATCHERS), AGENT_ELSEWHERE, unlabelled_agent, *UNLABELLED)
    assert {component for _, component in both} == {"cilium-operator", "cilium-envoy", "hubble", "hubble-relay"}


@pytest.mark.fault("where all jobs but the agents' set the label cluster, what they scrape is said to be not scraped")
def test_a_component_with_the_label_is_that_of_the_agents_without_it() -> None:
    """Unless there are agents with the label as well, whose component it is."""
    agent = stored("cilium_version", scraped(7200, 0), node="n1")
    assert states(not_scraped(MATCHERS), agent, *OTHERS_ELSEWHERE) == {}
    both = states(not_scraped(MATCHERS), agent, AGENT_ELSEWHERE, *OTHERS_ELSEWHERE)
    assert {component for _, component in both} == {"cilium-operator", "cilium-envoy", "hubble", "hubble-relay"}


@pytest.mark.fault("of two clusters one has no Hubble, and the table of namespaces says that there is no outlier")
def test_a_table_by_cluster_names_the_cluster_without_the_component() -> None:
    """Beside the rows of the other cluster; not where all have it, and not one whose agents are not scraped."""
    (hubble,) = (metric for metric in COMPONENTS if metric.startswith("hubble_metrics"))
    drops = query("sum by (cluster, node) (hubble_drop_total)", "drops")
    ranking = unless_not_scraped(drops, hubble)
    dropping = stored("hubble_drop_total", scraped(7200, 0), cluster="another", node="m1")
    scraped_hubble = stored(hubble, scraped(7200, 0), cluster="another", node="m1")
    without = stored("cilium_version", scraped(7200, 0), cluster="one", node="n1")

    def seen(*series: Stored) -> dict[tuple[str, str], float]:
        answer = Engine(Memory(iter(series))).instant(ranking.expr, END)
        return {(one.labels.get("cluster", ""), one.labels["node"]): float(str(one.samples[0][1])) for one in answer}

    assert seen(AGENT_ELSEWHERE, scraped_hubble, dropping, without) == {("another", "m1"): 1, ("one", "All"): -1}
    assert seen(AGENT_ELSEWHERE, scraped_hubble, dropping) == {("another", "m1"): 1}
    assert seen(without) == {("one", "All"): -1}
    assert seen() == {("", "All"): -1}


KNOWN = "cilium_nodes_all_num"
HUBBLE = next(metric for metric in COMPONENTS if metric.startswith("hubble_metrics"))


def lacking(*series: Stored) -> tuple[set[str], float]:
    """The nodes without Hubble, and their number."""
    engine = Engine(Memory(iter(series)))
    number = sum(float(str(row.samples[0][1])) for row in engine.instant(hubbles_too_few(), END))
    return {row.labels["node"] for row in engine.instant(nodes_without_hubble(), END)}, number


@pytest.mark.fault(
    "nodes that an autoscaler removed are said to lack Hubble, and all nodes if Hubble's job has no node"
)
def test_the_nodes_without_hubble() -> None:
    """Those with an agent, or that had one and still are nodes; none is named if Hubble's node is not known."""
    agents = [stored("cilium_version", scraped(7200, 0), node=node, instance=node) for node in ("n1", "n2", "n3")]
    hubbles = [stored(HUBBLE, scraped(7200, 0), node=node, instance=node) for node in ("n1", "n2", "n3")]
    lost = stored("cilium_version", scraped(7200, 900), node="n4", instance="n4")
    three, four = (stored(KNOWN, scraped(7200, 0, count), node="n1") for count in (3.0, 4.0))
    assert lacking(*agents, *hubbles, three) == (set(), 0)
    assert lacking(*agents, *hubbles[1:], three) == ({"n1"}, 1)
    assert lacking(*agents, lost, *hubbles, four) == ({"n4"}, 1)
    assert lacking(*agents, lost, *hubbles[1:], three) == ({"n1"}, 1)
    nameless = [stored(HUBBLE, scraped(7200, 0), instance=instance) for instance in ("n1", "n2")]
    assert lacking(*agents, *nameless, three) == (set(), 1)
    assert lacking(*agents, three) == (set(), 0)


def test_what_is_gone_is_not_named_twice() -> None:
    """A relay of an hour ago is gone, and surely not off."""
    relay = stored("up", scraped(7200, 900), job="hubble-relay", pod="hubble-relay-1-a")
    assert rows(relay) == {("", "hubble-relay"): "gone"}
    assert states(not_scraped(MATCHERS), relay)["", "hubble-relay"] == "gone"


@DEAD_NODE
@pytest.mark.parametrize("by_node", [True, False])
@pytest.mark.parametrize("way", WAYS)
def test_an_agent_is_named_whatever_scrapes_it(way: str, by_node: bool) -> None:
    """An agent that is down, for more than an hour too, and one that is gone; no target of another project."""
    agent, other = WAYS[way]
    others = stored("up", scraped(7200, 0, 0.0), **other)
    assert rows(stored("up", scraped(7200, 0), **agent), others, by_node=by_node) == {}
    assert rows(stored("up", scraped(7200, 0, 0.0), **agent), others, by_node=by_node) == {
        ("n1", "cilium-agent"): "down"
    }
    assert rows(stored("up", scraped(7200, 1200), **agent), others, by_node=by_node) == {("n1", "cilium-agent"): "gone"}


@DEAD_NODE
def test_a_node_without_up_is_named_by_its_version() -> None:
    """Where `up` is not there, as in a Prometheus that federates, a node whose version was there is gone."""
    kept, lost = {"node": "n1"}, {"node": "n2"}
    series = [stored("cilium_version", scraped(7200, 0), **kept), stored("cilium_version", scraped(7200, 900), **lost)]
    assert rows(*series) == {("n2", "cilium-agent"): "gone"}


@DEAD_NODE
def test_a_rollout_misses_nothing() -> None:
    """The pod of a node has another name since a rollout, and an operator other pods: nothing is missing."""
    agent = {"job": "cilium-agent", "node": "n1"}
    operator = {"job": "cilium-operator"}
    series = [
        stored("up", scraped(7200, 1800), pod="cilium-aaaaa", **agent),
        stored("up", scraped(1770, 0), pod="cilium-bbbbb", **agent),
        stored("up", scraped(7200, 1800), pod="cilium-operator-1-a", **operator),
        stored("up", scraped(1770, 0), pod="cilium-operator-2-b", **operator),
    ]
    assert rows(*series) == rows(*series, by_node=True) == {}


def test_one_of_two_operators_is_missed() -> None:
    """Of pods without a node the number is compared: a second operator that is no target any more is missed."""
    series = [
        stored("up", scraped(7200, 0), job="cilium-operator", pod="cilium-operator-1-a"),
        stored("up", scraped(7200, 900), job="cilium-operator", pod="cilium-operator-1-b"),
    ]
    assert rows(*series) == {("", "cilium-operator"): "gone"}


@pytest.mark.fault("a pod that moved to another node, or a node that was removed, looks lost for an hour")
def test_a_pod_that_moved_is_not_missed() -> None:
    """An operator and a relay that run on another node than an hour ago, seen of all nodes or of the former one."""
    series = []
    for name in ("cilium-operator", "hubble-relay"):
        series += [
            stored("up", scraped(7200, 1800), job=name, pod=f"{name}-1-a", node="n1"),
            stored("up", scraped(1770, 0), job=name, pod=f"{name}-1-b", node="n2"),
        ]
    assert rows(*series) == rows(*series, by_node=True) == rows(*series[::2], by_node=True) == {}
    assert rows(*series[::2]) == {("", "cilium-operator"): "gone", ("", "hubble-relay"): "gone"}


@pytest.mark.fault("a pod that moved to another node, or a node that was removed, looks lost for an hour")
@pytest.mark.parametrize("by_node", [True, False])
@pytest.mark.parametrize(("known", "state"), [(1.0, "removed"), (2.0, "gone")])
def test_a_removed_node_is_told_from_a_lost_one(known: float, state: str, by_node: bool) -> None:
    """Agents know one node less where it was removed; where they still know it, it is gone. One row for it all."""
    kept, lost = {"node": "n1"}, {"node": "n2"}
    series = [
        stored("cilium_version", scraped(7200, 0), **kept),
        stored("cilium_version", scraped(7200, 900), **lost),
        stored("cilium_nodes_all_num", scraped(600, 0, known), **kept),
    ]
    for name in ("cilium", "cilium-envoy"):
        series += [
            stored("up", scraped(7200, 0), pod=f"{name}-aaaaa", **kept),
            stored("up", scraped(7200, 900), pod=f"{name}-bbbbb", **lost),
        ]
    envoy = {} if state == "removed" else {("n2", "cilium-envoy"): "gone"}
    assert rows(*series, by_node=by_node) == {("n2", "cilium-agent"): state, **envoy}


def test_an_envoy_that_is_gone_is_not_a_removed_node() -> None:
    """The node's agent is there, and all nodes are known: the Envoy is missed."""
    node = {"node": "n1"}
    series = [
        stored("cilium_version", scraped(7200, 0), **node),
        stored("cilium_nodes_all_num", scraped(600, 0), **node),
        stored("up", scraped(7200, 0), pod="cilium-aaaaa", **node),
        stored("up", scraped(7200, 900), pod="cilium-envoy-aaaaa", **node),
    ]
    assert rows(*series) == {("n1", "cilium-envoy"): "gone"}


@pytest.mark.fault("equal node names of two clusters are merged")
def test_a_node_of_one_cluster_is_not_that_of_another() -> None:
    """With equal names of nodes in two clusters, the one that is gone is named with its cluster."""
    agent = {"job": "cilium-agent", "pod": "cilium-aaaaa", "node": "n1"}
    series = [
        stored("up", scraped(7200, 0), cluster="east", **agent),
        stored("up", scraped(7200, 900), cluster="west", **agent),
    ]
    (answer,) = Engine(Memory(iter((*series, *ALL_ELSEWHERE)))).instant(not_scraped(MATCHERS).expr, END)
    assert answer.labels["cluster"] == "west"
