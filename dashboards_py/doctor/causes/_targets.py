"""Targets of the components that a query reads."""

from dashboards_py.catalog import components
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.duplicates import one_of_each_pod
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import EMBEDDED, Observation, ScrapeTarget
from dashboards_py.doctor.scrape_errors import cause_of, fix_of
from dashboards_py.plural import counted_of

NAMESPACE = "kube-system"  # of the chart's documentation
MOST = 3  # targets that are named
# The Helm values of components that a cluster may do without.
OPTIONAL = frozenset({"clustermesh.useAPIServer", "standaloneDnsProxy.enabled"})
# The series that is 0 where the agents' configuration leaves the component out (pkg/metrics/features of cilium/cilium).
SWITCHED_BY = {"cilium-envoy": "cilium_feature_adv_connect_and_lb_envoy_proxy_enabled"}


def is_optional(component: str) -> bool:
    """Whether a Cilium without the component is complete."""
    return any(setting.key in OPTIONAL for setting in components()[component].enabled_by)


def off_reason(component: str, seen: Observation) -> str:
    """Why a component does not run although a Cilium may have it, "" if that is not known."""
    if component in seen.not_running:
        return "the cluster has no workload of it, or cilium-config turns it off"
    agents = sum(target.is_up for target in seen.targets_of("cilium-agent"))  # one that is down tells nothing
    if component == "cilium-envoy" and seen.embedded and len(seen.embedded) >= agents:
        return f"Envoy is a process of the agents: {EMBEDDED} is 1"
    values = {value for series, _, value in seen.features if series == SWITCHED_BY.get(component)}
    return f"{SWITCHED_BY[component]} is 0" if values == {0.0} else ""


def namespace_of(component: str, seen: Observation) -> str:
    """Where the pods of a component are, by the labels of its targets, else of any of Cilium's."""
    labelled = (*seen.targets_of(component), *seen.targets)
    return next((target.labels["namespace"] for target in labelled if target.labels.get("namespace")), NAMESPACE)


def down(query: ExecutedQuery, seen: Observation, cause: str) -> list[ScrapeTarget]:
    """The targets of the query's components that are down for this cause."""
    return [
        target
        for component in sorted(query.components)
        for target in seen.targets_of(component)
        if not target.is_up and cause_of(target.error) == cause
    ]


def of_down(
    query: ExecutedQuery, seen: Observation, targets: list[ScrapeTarget], what: tuple[str, str], cause: str
) -> tuple[Diagnosis, ...]:
    """The diagnoses for targets that are down, one for each component that has any; final if none of it is up.

    `what` is the verb for one target, and for several.
    """
    by_component: dict[str, list[ScrapeTarget]] = {}
    for target in targets:
        by_component.setdefault(target.component, []).append(target)
    return tuple(_of_component(query, seen, listed, what, cause) for listed in by_component.values())


def _of_component(
    query: ExecutedQuery, seen: Observation, targets: list[ScrapeTarget], what: tuple[str, str], cause: str
) -> Diagnosis:
    component = targets[0].component
    own = one_of_each_pod(targets, lambda target: target.is_up)
    total = len(one_of_each_pod(seen.targets_of(component), lambda target: target.is_up))
    named = "\n".join(f"{_named(target)}: {target.error or 'up is 0'}" for target in own[:MOST])
    more = f"\nand {len(own) - MOST} more" if len(own) > MOST else ""
    is_final = len(own) == total and query.is_empty
    fix = fix_of(cause, [target.error for target in targets], components()[component].port)
    line = f"{component}: {counted_of(len(own), total, 'target', *what)}"
    return Diagnosis(line, named + more, fix, is_final=is_final, subjects=frozenset({component}))


def _named(target: ScrapeTarget) -> str:
    """Its address, with the pod and node, which kubectl asks for."""
    pod = " on ".join(filter(None, (target.labels.get("pod", ""), target.labels.get("node", ""))))
    return f"{target.name} ({pod})" if pod and pod != target.name else target.name
