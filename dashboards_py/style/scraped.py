"""Targets of Cilium that Prometheus does not scrape: those that are down, and those that are removed.

A target is Cilium's by its pod, service or job, whichever of these the way of scraping has: the chart's ServiceMonitors
and PodMonitors have `pod`, annotations of services have `service`, and a configuration of one's own a `job`. The label
that is read last wins: agents and Hubble's metrics, which are of the same pod, are one component.

`up` has a series for every target in the cluster: the matchers let Prometheus read those of Cilium only, each once.
"""

from dataclasses import replace

from dashboards_py.model import Query, State
from dashboards_py.style.agents import agents_too_few
from dashboards_py.style.components import ALWAYS_EXPOSED
from dashboards_py.style.links import NEXT_NODE, next_boards, with_next_nodes
from dashboards_py.style.measured import NOT_SCRAPED, clusters_without

DEPLOYED = "cilium-operator|hubble-relay|clustermesh-apiserver"  # their pods may move to another node
COMPONENTS = f"cilium-envoy|{DEPLOYED}|cilium"  # of several, the first
CILIUM = "cilium|hubble-relay|clustermesh-apiserver"  # what the names of all components contain
COMPONENT = "cilium_component"  # no label that a target may have already
GROUP = f"(cluster, node, {COMPONENT})"
AN_HOUR_AGO = " offset 1h"
BOARDS = {
    "cilium-agent|": "cilium-agent",
    "clustermesh-apiserver": "cilium-clustermesh",
    "hubble": "hubble-overview",
    "(.*)": "$1",
}
LOST, REMOVED = 1e-3, 1e-6
STATES = (
    State(text="down", color="yellow", low=1, high=1e6),  # as its alert, CiliumTargetDown
    State(text="gone", color="yellow", low=LOST / 2, high=0.999),
    State(text="removed", color="text", low=0, high=LOST / 2 - 1e-9),
    NOT_SCRAPED,
)
OR_OFF = 2
MAYBE_OFF = State(text="maybe off", color="gray", low=-OR_OFF, high=-OR_OFF)
# The modes are `standalone`, a DaemonSet, and `embedded`, in the agent (pkg/metrics/features/metrics.go). Of Hubble and
# its relay agents say nothing.
ENVOY_MODES = "cilium_feature_adv_connect_and_lb_envoy_proxy_enabled"


def not_scraped(matchers: str = 'cluster=~"$cluster"') -> Query:
    """The targets of Cilium that do not answer (`down`), and those of an hour ago that are no targets now.

    These are `gone`, or `removed` if Cilium does not know their node any more: a person or an autoscaler has removed
    it. The value is the number of targets, a thousandth of it where they are gone, a millionth of it where the node is
    removed: those that are down come first. After a rollout the pods of an hour ago have other names, so that what is
    gone is known by node and component, and by component alone if its pods may move to another node. Where Prometheus
    has no `up`, as one that federates, `cilium_version` names the node.

    Components that have no target in a cluster, and had none, are named last: as `not scraped` if Cilium has them,
    which agents report of Envoy, and otherwise as `maybe off`. The clusters are those whose agents are scraped; if none
    are, all of them together.
    """
    of_targets = _of_targets(_down(matchers), _missing(matchers))
    unseen = " or ".join((_unseen("cilium-operator"), *_unseen_envoys(), _unseen("hubble"), _unseen("hubble-relay")))
    nowhere = f"({' or '.join(map(_nowhere, ALWAYS_EXPOSED))}) and on () absent({ALWAYS_EXPOSED['cilium-agent']})"
    rows = f"{of_targets} or on (cluster, {COMPONENT}) ({unseen})"
    return _query(rows, f"({nowhere})", (*STATES, MAYBE_OFF))


def not_scraped_on_nodes(matchers: str = 'cluster=~"$cluster", node=~"$node"') -> Query:
    """The same where one node may be chosen: a pod that may move to another node is not missed on its former one."""
    of_targets = _of_targets(_down(matchers), _missing(matchers, moving=False), 'node=~".*"')
    return _query(of_targets, _nowhere("cilium-agent", '{node=~".*"}'), STATES)


def relays_not_scraped(matchers: str = 'cluster=~"$cluster"') -> Query:
    """The same, of Hubble's relays."""
    down = _down(matchers, "hubble-relay")
    lost = f"({_missing(matchers, 'hubble-relay')}) * {LOST}"
    return _query(f"{down} or {lost}", _nowhere("hubble-relay"), (*STATES, MAYBE_OFF))


def with_next_boards(not_scraped: Query) -> Query:
    """The query with the boards of the components, as the label `next`; that of the mesh is seen for all nodes."""
    expr = with_next_nodes(not_scraped.expr)
    expr = f'label_replace({expr}, "{NEXT_NODE}", "All", "{COMPONENT}", "clustermesh-apiserver")'
    return replace(not_scraped, expr=next_boards(expr, COMPONENT, BOARDS))


def _query(expr: str, not_seen: str, states: tuple[State, ...]) -> Query:
    """A component that has no series since all its targets are down, or gone, has no second row."""
    return Query(expr=f"{expr} or on ({COMPONENT}) {not_seen}", legend="state", states=states)


def _nowhere(component: str, matchers: str = "") -> str:
    """A row with the name of a component that is scraped nowhere, and therefore not missed."""
    return _named(f"-{_if_unseen(component)} * absent({ALWAYS_EXPOSED[component]}{matchers})", component)


def _unseen(component: str) -> str:
    """A row for each cluster whose agents are scraped, but not its component."""
    return _named(f"-{_if_unseen(component)} * ({clusters_without(ALWAYS_EXPOSED[component])})", component)


def _unseen_envoys() -> tuple[str, str]:
    """The same of Envoys: those that agents report, and where agents do not report modes, what may be off."""
    modes = f"count by (cluster) ({ENVOY_MODES})"
    has_envoys = f'count by (cluster) ({ENVOY_MODES}{{mode!="embedded"}} == 1)'
    without = clusters_without(ALWAYS_EXPOSED["cilium-envoy"])
    return (
        _named(f"-(({without}) and on (cluster) {has_envoys})", "cilium-envoy"),
        _named(f"-{OR_OFF} * (({without}) unless on (cluster) {modes})", "cilium-envoy"),
    )


def _if_unseen(component: str) -> int:
    """Cilium always has agents and an operator; the others may be off."""
    return 1 if component in ("cilium-agent", "cilium-operator") else OR_OFF


def _named(rows: str, component: str) -> str:
    return f'label_replace({rows}, "{COMPONENT}", "{component}", "", "")'


def _down(matchers: str, components: str = COMPONENTS) -> str:
    return f"count by (cluster, node, {COMPONENT}, pod) ({_targets(matchers, components)} == 0)"


def _missing(matchers: str, components: str = COMPONENTS, *, moving: bool = True) -> str:
    """By how many targets a component has less than an hour ago; without those that may be `moving`, on each node."""
    before, now = (_targets(matchers, components, offset, moving=moving) for offset in (AN_HOUR_AGO, ""))
    if moving:
        before, now = (
            f'label_replace({targets}, "node", "", "{COMPONENT}", "{DEPLOYED}")' for targets in (before, now)
        )
    return f'sum by {GROUP} (label_replace({before} ^ 0, "when", "before", "", "") or -({now} ^ 0)) > 0'


def _of_targets(down: str, lost: str, everywhere: str = "") -> str:
    """The targets that are down and lost, with nodes whose `cilium_version` is gone, and those that were removed.

    What is gone, but not missing, is removed.
    """
    nodes = (
        "label_replace(count by (cluster, node) (cilium_version offset 1h)"
        f' unless count by (cluster, node) (cilium_version), "{COMPONENT}", "cilium-agent", "", "")'
    )
    removed = f"{nodes} and on (cluster) ({agents_too_few(everywhere)} <= 0)"
    missing = f"(({lost}) or {nodes}) unless on (cluster, node) ({removed})"
    return f"{down} or on {GROUP} (({missing}) * {LOST} or ({nodes}) * {REMOVED})"


def _targets(matchers: str, components: str, offset: str = "", *, moving: bool = True) -> str:
    """`up` of the components, with their names as a label, each series by the first of its labels that has one."""
    name = f'".*({CILIUM if components == COMPONENTS else components}).*"'
    chosen = {"pod": "", "service": f", pod!~{name}", "job": f", pod!~{name}, service!~{name}"}
    fixed = "" if moving else f', {{}}!~".*({DEPLOYED}).*"'
    up = " or ".join(
        f"up{{{matchers}, {label}=~{name}{fixed.format(label)}{others}}}{offset}" for label, others in chosen.items()
    )
    named = f'label_join({up}, "name", " ", "job", "service", "pod")'
    component = f'label_replace({named}, "{COMPONENT}", "$1", "name", ".*({components}).*")'
    if components != COMPONENTS:
        return component
    # pods of the agent are called cilium-, and nothing else is
    return f'label_replace({component}, "{COMPONENT}", "cilium-agent", "{COMPONENT}", "cilium")'
