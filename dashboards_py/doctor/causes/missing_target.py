"""missing-target: no data for Hubble, Envoy, the operator or Relay, while other Cilium panels work

Prometheus has no target of this component: its metrics are not enabled, its ServiceMonitor is not there or is not
selected, its Service has no endpoints, or the scrape configuration does not list it. Or it has none on some nodes,
where it scrapes other components: sums are then without these nodes. An Envoy that is a process of the agent, by a
CiliumNodeConfig with `external-envoy-proxy: "false"`, has no target either: the chart's ServiceMonitor selects Envoy's
own pods. Or the jobs of components have labels `node` or `cluster` with different values for one node.

Set the Helm values that are named. If they are set, compare the labels of the ServiceMonitor with the
serviceMonitorSelector of the Prometheus, and look at Status > Targets.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from dashboards_py.catalog import components, entries
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._targets import is_optional, namespace_of, off_reason
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import EMBEDDED, Labels, Observation
from dashboards_py.findings import Severity
from dashboards_py.plural import counted_of, some_of

ORDER = 70
AGENT, HUBBLE, ENVOY = "cilium-agent", "hubble", "cilium-envoy"
# The pods of each, as kubectl selects them: agents serve Hubble's metrics as well.
PODS = {AGENT: "k8s-app=cilium", HUBBLE: "k8s-app=cilium", ENVOY: "k8s-app=cilium-envoy"}
# What is left where a cluster was read and nothing in it keeps the component away.
OTHER_PROMETHEUS = "Is this the Prometheus that selects it, and is that one reconciled? kubectl get prometheus -A"
OF_NODE = ("node", "cluster")
MOST = 3  # nodes that are named


def explain(query: ExecutedQuery, seen: Observation) -> tuple[Diagnosis, ...]:
    """A selector without series reads a component without targets and without series, or one lacks targets of nodes."""
    for selector in query.missing():
        lost = [name for name in sorted(selector.components) if _is_lost(name, seen)]
        if lost and len(lost) == len(selector.components):
            return (_of(lost[0], seen),)
    of_nodes = sorted(query.components & PODS.keys())
    return (
        *(named for component in of_nodes if (named := _named_otherwise(component, seen))),
        *(
            diagnosis
            for component in of_nodes
            for nodes, all_nodes in (_missing_nodes(component, seen),)
            for diagnosis in _of_missing(component, nodes, all_nodes, seen)
        ),
    )


def _named_otherwise(component: str, seen: Observation) -> Diagnosis | None:
    """Hubble or Envoy if none of its nodes is called as one of the agents, though they are at the same addresses."""
    own, agents = _nodes(component, seen), _nodes(AGENT, seen)
    if component == AGENT or not own or not agents or own & agents:
        return None
    by_host = {_host(target.labels): target.labels for target in seen.targets_of(AGENT)}
    for target in seen.targets_of(component):
        if (host := _host(target.labels)) and (agent := by_host.get(host)):
            (other,), (node,) = _named([target.labels]), _named([agent])
            what = f"{component} and {AGENT} have different names of nodes: {other} and {node}"
            why = f"both are scraped at {host}: what is compared by node or cluster finds no partner"
            fix = f"let the relabelings of ServiceMonitor {components()[component].service_monitor} set the same labels"
            return Diagnosis(what, why, fix, Severity.WARNING, is_final=False, subjects=frozenset({component}))
    return None


def _host(labels: Labels) -> str:
    return labels.get("instance", "").rpartition(":")[0]


def _of_missing(
    component: str, nodes: frozenset[str], all_nodes: frozenset[str], seen: Observation
) -> Iterator[Diagnosis]:
    embedded = nodes & _named(seen.embedded) if component == ENVOY else frozenset()
    if nodes - embedded:
        yield _of_nodes(component, nodes - embedded, len(all_nodes), seen)
    if embedded:
        runs = ("runs it within the agent", "run it within their agents")
        what = f"{ENVOY}: {counted_of(len(embedded), len(all_nodes), 'node', *runs)}"
        why = f"{EMBEDDED} is 1 on {some_of(sorted(embedded), MOST)}: panels are without these Envoys"
        fix = (
            'to see them, remove external-envoy-proxy: "false" from the CiliumNodeConfig of these nodes, or set '
            "proxy-prometheus-port there and scrape that port of the agents"
        )
        yield Diagnosis(what, why, fix, Severity.INFO, is_final=False, subjects=frozenset({ENVOY}))


def _missing_nodes(component: str, seen: Observation) -> tuple[frozenset[str], frozenset[str]]:
    """The nodes without a target of a component that runs on each node, and all nodes that targets tell of.

    Agents run wherever Hubble or Envoy does, and serve Hubble's metrics all, or none. Where one node has an Envoy of
    its own, each with an agent has one: the chart runs both on all nodes, but for those with the label
    cilium.io/no-schedule.
    """
    if component in seen.pending:
        return frozenset(), frozenset()
    by_component = {name: _nodes(name, seen) for name in (AGENT, HUBBLE, ENVOY)}
    own = by_component[component]
    neighbors = (HUBBLE, ENVOY) if component == AGENT else (AGENT,)
    others = frozenset[str]().union(*(by_component[name] for name in neighbors if by_component[name] & own))
    return (others - own, others | own) if others else (frozenset(), frozenset())


def _nodes(component: str, seen: Observation) -> frozenset[str]:
    """The nodes of a component's targets; none if some do not tell theirs."""
    labels = [target.labels for target in seen.targets_of(component)]
    return _named(labels) if all(own.get("node") for own in labels) else frozenset()


def _named(labels: Iterable[Labels]) -> frozenset[str]:
    return frozenset(" of ".join(own[name] for name in OF_NODE if own.get(name)) for own in labels)


def _of_nodes(component: str, nodes: frozenset[str], total: int, seen: Observation) -> Diagnosis:
    what = f"{component}: {counted_of(len(nodes), total, 'node', 'has', 'have')} no target"
    why = f"other components are scraped on {some_of(sorted(nodes), MOST)}"
    monitor = components()[component].service_monitor
    fix = (
        f"look for rules about nodes or pods in the relabelings of ServiceMonitor {monitor}, and for shards of the "
        f"Prometheus; then at the pods there: kubectl get pods -n {namespace_of(component, seen)} -l {PODS[component]} "
        "-o wide"
    )
    if component == ENVOY:
        fix += "; nodes with the label cilium.io/no-schedule=true run none"
    about = frozenset({component})
    return Diagnosis(what, why, fix, Severity.WARNING, is_final=False, subjects=about)


def _is_lost(component: str, seen: Observation) -> bool:
    if component in seen.components or seen.targets_of(component):
        return False
    return not is_optional(component) and not off_reason(component, seen)


def _of(component: str, seen: Observation) -> Diagnosis:
    if component in seen.pending:
        why = "Prometheus has its targets, and has not scraped them yet"
        fix = "wait for a scrape interval, and run the same command again"
        about = frozenset({component})
        return Diagnosis(f"{component} is not scraped yet", why, fix, Severity.WARNING, subjects=about)
    settings = ", ".join(map(str, components()[component].enabled_by))
    monitor = components()[component].service_monitor
    fix = f"Set {settings}." if settings else "Scrape it."
    if seen.configuration:
        fix = f"nothing that was read in the cluster keeps it away. {OTHER_PROMETHEUS}"
    elif monitor:
        fix += f" If they are set: does this Prometheus select ServiceMonitor {monitor} by its labels?"
    why = "Prometheus has no target and no series of it now"
    moments = [until for name, until in seen.last_samples.items() if _is_of(name, component)]
    if moments:
        why += f"; the last sample is of {datetime.fromtimestamp(max(moments), UTC):%Y-%m-%d %H:%M:%S} UTC"
    return Diagnosis(f"{component} is not scraped", why, fix, subjects=frozenset({component}))


def _is_of(name: str, component: str) -> bool:
    return any(metric.component == component for metric in entries(name))
