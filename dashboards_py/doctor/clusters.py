"""One Prometheus with many clusters: each is examined as if it were alone, by its label `cluster`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboards_py import promql
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.components import component_of
from dashboards_py.doctor.observation import ScrapeTarget
from dashboards_py.doctor.observe.targets import of_cilium
from dashboards_py.errors import DashboardsError
from dashboards_py.prometheus.answers import rows_of
from dashboards_py.promql.matcher import Matcher
from dashboards_py.shapes import Ask

LABEL = "cluster"
# What tells of the server or of all clusters at once, and not of one.
OF_ALL = frozenset({"metadata"})
QUERIES = frozenset({"query", "match[]", "match_target"})  # parameters that hold selectors
DAY = 86_400.0
VERSION = "cilium_version"


@dataclass(frozen=True, slots=True)
class Clusters:
    """The clusters of a Prometheus: those that it has targets or agents of, and those that it had within a day.

    `unlabelled` are targets of Cilium whose label is not set, so that they are in none of them, by component; `having`
    are the clusters that have a target of a component.
    """

    names: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    unlabelled: Mapping[str, tuple[ScrapeTarget, ...]] = field(default_factory=dict)
    having: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def without_label(self, cluster: str, *, is_first: bool) -> tuple[ScrapeTarget, ...]:
        """The targets without a label that may be of a cluster: one that lacks the component.

        If none lacks it they may be of any, and are those of the first that is examined: they are reported once.
        """
        return tuple(
            target
            for component, targets in self.unlabelled.items()
            for target in targets
            if cluster not in self.having[component] or (is_first and self.having[component] >= {*self.names})
        )


def look_at_clusters(client: Client, label: str = LABEL) -> Clusters:
    """The clusters by their label, which may be a house's own; none if the server does not answer or has no such label.

    One whose agents are all down has targets only, one that is written to the server (remote_write) may have agents
    only.
    """
    try:
        agents = {labels.get(label, "") for labels, _ in _rows(client, f"group by ({label}) ({VERSION})")}
        targets = [
            (labels.get(label, ""), ScrapeTarget(component, labels, value == 1))
            for labels, value in _rows(client, of_cilium("up"))
            if (component := component_of(labels))
        ]
    except DashboardsError:
        return Clusters()
    names = tuple(sorted({*agents, *(name for name, _ in targets)} - {""}))
    unlabelled, having = defaultdict[str, list[ScrapeTarget]](list), defaultdict[str, set[str]](set)
    for name, target in targets:
        having[target.component].add(name)
        if not name:
            unlabelled[target.component].append(target)
    pods = {target.labels.get("pod", "") for _, target in targets}
    return Clusters(
        names,
        tuple(_lost(client, label, names, pods)) if names else (),
        {component: tuple(listed) for component, listed in unlabelled.items()},
        {component: frozenset(listed - {""}) for component, listed in having.items()},
    )


def _lost(client: Client, label: str, names: tuple[str, ...], pods: set[str]) -> Iterator[str]:
    """Clusters that had agents within the last day, which an index tells, but for those with another name now."""
    try:
        ((_, now),) = _rows(client, "time()")
        since = {"start": f"{now - DAY:.0f}", "end": f"{now:.0f}"}
        for name in sorted({*_values(client, label, VERSION, since)} - {*names, ""}):
            before = {*_values(client, "pod", f"{VERSION}{{{Matcher(label, '=', name)}}}", since)}
            if not before or not before <= pods:
                yield name
    except (DashboardsError, ValueError):
        return


def _rows(client: Client, expr: str) -> list[tuple[Mapping[str, str], float]]:
    return rows_of(client.get("query", {"query": expr}))


def _values(client: Client, label: str, selector: str, since: Mapping[str, str]) -> list[str]:
    values: list[str] = client.get(f"label/{label}/values", {"match[]": selector, **since})
    return values


def of_cluster(ask: Ask, name: str, label: str = LABEL) -> Ask:
    """The Prometheus as if it had this cluster only: each selector that names no cluster is given this one."""
    matcher = Matcher(label, "=", name)

    def ask_cluster(path: str, params: Mapping[str, str]) -> Any:
        if path in OF_ALL:
            raise DashboardsError("Prometheus", cause=f"does not tell {path} by cluster")
        scoped = {key: _scoped(value, matcher) if key in QUERIES else value for key, value in params.items()}
        if path.startswith("label/") and "match[]" not in scoped:
            scoped["match[]"] = f"{{{matcher}}}"
        answer = ask(path, scoped)
        return _targets(answer, name, label) if path == "targets" else answer

    return ask_cluster


def _scoped(expr: str, matcher: Matcher) -> str:
    try:
        return promql.inject(expr, lambda _: (matcher,))
    except DashboardsError:  # a query that the parser does not read is sent as it is
        return expr


def _targets(answer: Any, name: str, label: str) -> Any:
    """The targets with the label; without it on any (it is added later), the server does not tell of the cluster."""
    own = [target for target in answer["activeTargets"] if target["labels"].get(label) == name]
    if not own:
        raise DashboardsError("Prometheus", cause="does not tell targets by cluster")
    return {**answer, "activeTargets": own}
