"""partial-metric: a panel shows some nodes only, a metric is there for half of the agents, nodes are missing in a graph

A metric that every agent exposes from its start is stored for some of them only, a handler of Hubble has not counted
what the handler `flow` saw on the same node, or some targets of Cilium expose a metric that Prometheus drops, and
stores of others. Sums are too low, and the nodes that lack it look quiet.

Pods that run since before a change of their configuration do not expose what it switches on: restart them
(`kubectl rollout restart -n kube-system ds/cilium`), unless nodes differ on purpose (CiliumNodeConfig, or filters of a
dynamic handler that leave out what a node has seen). If it is dropped, several scrape jobs or monitors have different
`metricRelabelings`, or one has rules about single pods: make them equal.
"""

from dashboards_py.catalog import entries
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation, PartialMetric
from dashboards_py.findings import Severity
from dashboards_py.plural import counted

ORDER = 48
RESTART = (
    "restart the pods that are older than their configuration, unless nodes differ on purpose (CiliumNodeConfig): "
    "kubectl rollout restart -n kube-system ds/cilium"
)
RELABEL = "make metricRelabelings equal for all targets: look for several monitors or scrape jobs, and rules about pods"


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The query reads a metric that some targets should have and lack."""
    read = {selector.name for selector in query.selectors if selector.is_needed}
    partial = {name: seen.partial[name] for name in sorted(read & seen.partial.keys())}
    if not partial:
        return None
    first = next(iter(partial.values()))
    same = tuple(name for name, one in partial.items() if _what(one) == _what(first))
    fixes = {True: RELABEL, False: RESTART, None: f"{RESTART}; or {RELABEL}"}
    how = {True: "exposes it, and Prometheus drops it", False: "does not expose it", None: "has no series of it"}
    why = f"{same[0]}: {', '.join(first.without)} {how[first.is_dropped]}"
    handlers = {metric.handler for name in same for metric in entries(name) if metric.handler}
    about = frozenset({first.component, *handlers})
    return Diagnosis(_what(first), why, fixes[first.is_dropped], Severity.WARNING, same, is_final=False, subjects=about)


def _what(one: PartialMetric) -> str:
    return f"metrics are there for {one.having} of {counted(one.total, 'target')} of {one.component} only"
