"""Expected values of the tables Not scraped."""

from tests.truth.agents import TOO_FEW
from tests.truth.values import Value, earlier, now
from tests.truth.values import not_scraped as not_scraped_at_all

DEPLOYED = "cilium-operator|hubble-relay|clustermesh-apiserver"
POD = f"(cilium-envoy|{DEPLOYED}|cilium)-.*"
GROUP = ("cluster", "node", "cilium_component")
METRICS = {
    "cilium-agent": "cilium_version",
    "cilium-operator": "cilium_operator_process_start_time_seconds",
    "cilium-envoy": "envoy_server_live",
    "hubble": "hubble_metrics_http_handler_requests_total",
    "hubble-relay": "hubble_relay_pool_peer_connection_status",
}


def not_scraped() -> Value:
    """The number of targets that are down, by pod; a thousandth of those that are gone, less if their node is gone."""
    before, current = (_without_node(targets) for targets in _targets())
    targets = _with_nodes(_down(_targets()[1]), _fewer(before, current))
    modes = "cilium_feature_adv_connect_and_lb_envoy_proxy_enabled"
    envoys = _unseen("cilium-envoy")
    unseen = (
        _unseen("cilium-operator")
        | envoys.where(now(modes, "mode!=embedded").equal(1), "cluster")
        | 2 * envoys.unless(now(modes), "cluster")
        | 2 * _unseen("hubble")
        | 2 * _unseen("hubble-relay")
    ).unless(targets, "cluster", "cilium_component")
    nowhere = (
        _nowhere("cilium-agent")
        | _nowhere("cilium-operator")
        | 2 * (_nowhere("cilium-envoy") | _nowhere("hubble") | _nowhere("hubble-relay"))
    )
    return targets | unseen | nowhere.unless(now("cilium_version"), "").unless(targets, "cilium_component")


def not_scraped_on_nodes() -> Value:
    """The same, of a chosen node, where pods that may move are not missed."""
    matcher = "node~$node"
    before, current = _targets(matcher, f"pod!~({DEPLOYED}).*")
    targets = _with_nodes(_down(_targets(matcher)[1]), _fewer(before, current), of_all_nodes=True)
    return targets | _nowhere("cilium-agent").of_all_nodes().unless(targets, "cilium_component")


def relays_not_scraped() -> Value:
    """The same, of Hubble's relays."""
    before, current = _targets("pod~hubble-relay.*")
    missing = _fewer(_without_node(before), _without_node(current)) * 0.001
    targets = _down(current) | missing
    return targets | (2 * _nowhere("hubble-relay")).unless(targets, "cilium_component")


def _nowhere(component: str) -> Value:
    """-1 for a component without the metric that it always has."""
    return not_scraped_at_all(METRICS[component]).label_replace("cilium_component", component, "", "")


def _unseen(component: str) -> Value:
    """-1 for each cluster that has agents, but not the component."""
    clusters = now("cilium_version").count("cluster").unless(now(METRICS[component]), "cluster")
    return (clusters * 0 - 1).label_replace("cilium_component", component, "", "")


def _targets(*matchers: str) -> tuple[Value, Value]:
    """Those of an hour ago, and those of now."""
    before, current = earlier("up", 3600, f"pod~{POD}", *matchers), now("up", f"pod~{POD}", *matchers)
    return _named(before), _named(current)


def _down(targets: Value) -> Value:
    return targets.equal(0).count("cluster", "node", "cilium_component", "pod")


def _fewer(before: Value, current: Value) -> Value:
    return before.count(*GROUP) - (current.count(*GROUP) | before.count(*GROUP) * 0) > 0


def _with_nodes(down: Value, lost: Value, *, of_all_nodes: bool = False) -> Value:
    nodes = (
        earlier("cilium_version", 3600)
        .count("cluster", "node")
        .unless(now("cilium_version").count("cluster", "node"))
        .label_replace("cilium_component", "cilium-agent", "", "")
    )
    too_few = TOO_FEW.of_all_nodes() if of_all_nodes else TOO_FEW
    removed = nodes.where(1 - too_few > 0, "cluster")
    missing = (lost | nodes).unless(removed, "cluster", "node") * 0.001 | removed * 0.000001
    return down | missing.unless(down, *GROUP)


def _named(targets: Value) -> Value:
    return targets.label_replace("cilium_component", "$1", "pod", POD).label_replace(
        "cilium_component", "cilium-agent", "cilium_component", "cilium"
    )


def _without_node(targets: Value) -> Value:
    return targets.label_replace("node", "", "cilium_component", DEPLOYED)
