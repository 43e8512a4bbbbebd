"""partial-metric: a panel shows some nodes only, a metric is there for half of the agents, nodes are missing in a graph

A metric that every agent exposes from its start is stored for some of them only, a handler of Hubble has not counted
what the handler `flow` saw on the same node, or some targets of Cilium expose a metric that Prometheus drops, and
stores of others. Sums are too low, and the nodes that lack it look quiet.

Pods that run since before a change of their configuration do not expose what it switches on: restart them
(`kubectl rollout restart -n kube-system ds/cilium`), unless nodes differ on purpose (CiliumNodeConfig, or filters of a
dynamic handler that leave out what a node has seen). If it is dropped, several scrape jobs or monitors have different
`metricRelabelings`, or one has rules about single pods: make them equal. A rule that is the same for all targets and
drops by the value of another label is none of these.

Where more targets lack a handler than doctor looks at, their number is given as "at least".
"""

from dashboards_py.catalog import entries
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._targets import namespace_of
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation, PartialMetric
from dashboards_py.findings import Severity
from dashboards_py.plural import counted

ORDER = 48
RESTART = (
    "restart the pods that are older than their configuration, unless nodes differ on purpose (CiliumNodeConfig): "
    "kubectl rollout restart -n {} ds/cilium"
)
RELABEL = "make metricRelabelings equal for all targets: look for several monitors or scrape jobs, and rules about pods"


def explain(query: ExecutedQuery, seen: Observation) -> tuple[Diagnosis, ...]:
    """The query reads metrics that some targets should have and lack; one diagnosis for those that the same lack."""
    read = {selector.name for selector in query.selectors if selector.is_needed}
    same: dict[PartialMetric, list[str]] = {}
    for name in sorted(read & seen.partial.keys()):
        same.setdefault(seen.partial[name], []).append(name)
    return tuple(_of(one, tuple(names), seen) for one, names in same.items())


def _of(one: PartialMetric, names: tuple[str, ...], seen: Observation) -> Diagnosis:
    restart = RESTART.format(namespace_of(one.component, seen))
    fixes = {True: RELABEL, False: restart, None: f"{restart}; or {RELABEL}"}
    how = {True: "exposes it, and Prometheus drops it", False: "does not expose it", None: "has no series of it"}
    why = f"{names[0]}: {', '.join(one.without)} {how[one.is_dropped]}"
    handlers = {metric.handler for name in names for metric in entries(name) if metric.handler}
    about = frozenset({one.component, *handlers})
    total = f"{'at least ' * one.is_lower_bound}{counted(one.total, 'target')}"
    what = f"metrics are there for {one.having} of {total} of {one.component} only"
    return Diagnosis(what, why, fixes[one.is_dropped], Severity.WARNING, names, is_final=False, subjects=about)
