"""Expected values of the tables Not scraped."""

from tests.truth.values import Value, earlier, now

POD = "(cilium-envoy|cilium-operator|hubble-relay|clustermesh-apiserver|cilium)-.*"
GROUP = ("cluster", "node", "cilium_component")


def not_scraped(*matchers: str, by_node: bool = False, agents: bool = True) -> Value:
    """The number of targets that are down, by pod; a thousandth of it, of those that are gone."""
    targets = _named(now("up", f"pod~{POD}", *matchers))
    before = _named(earlier("up", 3600, f"pod~{POD}", *matchers))
    down = targets.equal(0).count("cluster", "node", "cilium_component", "pod")
    fewer = before.count(*GROUP) - (targets.count(*GROUP) | before.count(*GROUP) * 0) > 0
    missing = before.count(*GROUP).unless(targets.count(*GROUP)) if by_node else fewer
    versions = earlier("cilium_version", 3600).count("cluster", "node")
    nodes = versions.unless(now("cilium_version").count("cluster", "node")).unless(before, "cluster", "node")
    return down | ((missing | nodes) if agents else missing) * 0.001


def _named(targets: Value) -> Value:
    return targets.label_replace("cilium_component", "$1", "pod", POD).label_replace(
        "cilium_component", "cilium-agent", "cilium_component", "cilium"
    )
