"""Does a Prometheus of prometheus-operator select Cilium's ServiceMonitors?"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from dashboards_py.catalog import Component, components
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.checks.fixes import Fixes
from dashboards_py.cluster.checks.rendered import drift_fix
from dashboards_py.cluster.checks.scrapers import scrapers
from dashboards_py.cluster.drift import Drift
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.refuse import STACK, prometheus_of
from dashboards_py.cluster.state import GROUP, Prometheus, State
from dashboards_py.errors import DashboardsError, Fix, Remedy
from dashboards_py.kubernetes import Json, ServiceMonitor
from dashboards_py.kubernetes.selectors import required_labels, selects
from dashboards_py.plural import counted
from dashboards_py.remedies import VERIFY_PROMETHEUS
from dashboards_py.values.keys import effective_value, is_monitoring

ALL = frozenset(components())
NO_PROMETHEUS = "missing-prometheus"
READ = "ask for get and list on {}.{}"


def other_scrapers(state: State, denied: Collection[str], workloads: Sequence[Json]) -> tuple[str, ...]:
    """The scrapers that are used instead of a Prometheus of the operator; none if there is or may be one.

    VictoriaMetrics' agents are not among them where their objects can be read, which say what they select.
    """
    if state.prometheuses or state.vm_agents or state.release(STACK) or "prometheuses" in denied:
        return ()
    return scrapers(workloads)


def operator_checks(
    state: State,
    options: Options,
    denied: Collection[str],
    others: Sequence[str],
    namespaces: Mapping[Component, str],
    up: Fix,
) -> tuple[Prometheus | None, list[Check]]:
    """The Prometheus that is to select the ServiceMonitors, and checks of it and of the operator's kinds.

    If something else scrapes and there is no operator, that is reported, and no second stack is suggested. Where
    VictoriaMetrics' operator runs it is the VMAgent that selects the most; `namespaces` are those of the monitors.
    """
    if others:
        observed = f"there is no Prometheus of prometheus-operator; {', '.join(others)} may scrape"
        ask = Remedy(VERIFY_PROMETHEUS, {"url": "URL"})
        fix = ("check that it finds Cilium's pods (", ask, "); a second stack is not needed")
        return None, [Check("Prometheus", None, observed, fix)]
    agent = selecting(state.vm_agents, state, namespaces) if not state.prometheuses and not options.prometheus else None
    missing = missing_kinds(state, agent)
    kinds = f"missing: {', '.join(missing)}" if missing else f"{counted(len(state.crds), 'kind')} of {GROUP}"
    install = up if options.stack else "install the operator's CRDs first, or ask the operator's administrator"
    checks = [Check("CRDs", not missing, kinds, install, cause="missing-kinds", subjects=ALL)]
    if agent:
        return agent, [*checks, selector_check(agent)]
    if "prometheuses" in denied:
        observed = "you may not read the Prometheus objects and their selectors"
        rights = READ.format("prometheuses", GROUP)
        return None, [*checks, Check("Prometheus", None, observed, rights, cause="missing-rights")]
    try:
        prometheus = prometheus_of(state, options)
    except DashboardsError as error:
        missing_one = Check("Prometheus", False, error.cause, error.suggestion, cause=NO_PROMETHEUS, subjects=ALL)
        return None, [*checks, missing_one]
    if prometheus:
        checks += [selector_check(prometheus), *stopped_checks(prometheus)]
    elif options.stack:
        observed = f"no Prometheus of {options.qualified_release}"
        checks.append(Check("Prometheus", False, observed, up, cause=NO_PROMETHEUS, subjects=ALL))
    return prometheus, checks


def missing_kinds(state: State, scraper: Prometheus | None) -> list[str]:
    """The kinds that are needed and not defined; VictoriaMetrics' operator converts ServiceMonitors alone."""
    needed = {f"servicemonitors.{GROUP}"}
    if not (scraper and scraper.is_victoria_metrics):
        needed.add(f"prometheuses.{GROUP}")
    return sorted(needed - state.crds)


def selector_check(prometheus: Prometheus) -> Check:
    """Whether it selects any ServiceMonitor."""
    observed = f"{prometheus.qualified_name} selects {_shown(prometheus)}"
    is_selecting, fix = prometheus.selector is not None, prometheus.fix_of_selector
    return Check(prometheus.kind, is_selecting, observed, fix, cause=NO_PROMETHEUS, subjects=ALL)


def stopped_checks(prometheus: Prometheus) -> Iterator[Check]:
    """A check that fails if prometheus-operator leaves it as it is (`paused` in its CRD), or runs none."""
    name, where = prometheus.qualified_name, f"{prometheus.kind.lower()} {prometheus.name} -n {prometheus.namespace}"
    states = {
        '"paused":false': (prometheus.is_paused, "is paused: prometheus-operator applies no change to it"),
        '"replicas":1': (prometheus.replicas == 0, "has 0 replicas: nothing scrapes"),
    }
    for patch, (is_stopped, text) in states.items():
        if is_stopped:
            fix = f"kubectl patch {where} --type merge -p '{{\"spec\":{{{patch}}}}}', or change what it is made of"
            yield Check(prometheus.kind, False, f"{name} {text}", fix, cause="stopped-prometheus", subjects=ALL)


def selecting(candidates: Sequence[Prometheus], state: State, namespaces: Mapping[Component, str]) -> Prometheus | None:
    """The one that selects the most of Cilium's ServiceMonitors, as a cluster may have several."""
    own = [state.monitor(namespace, component.service_monitor) for component, namespace in namespaces.items()]

    def selected(prometheus: Prometheus) -> tuple[int, bool]:
        return sum(is_selected(item, prometheus, state) for item in own if item), prometheus.selector is not None

    return max(candidates, key=selected, default=None)


def monitor_checks(
    state: State,
    namespaces: Mapping[Component, str],
    prometheus: Prometheus | None,
    values: Mapping[str, Any],
    drifts: Sequence[Drift],
    fixes: Fixes,
) -> Iterator[Check]:
    """Whether each component's ServiceMonitor exists and is selected, by labels and by namespace."""
    for component, namespace in namespaces.items():
        yield _monitor(state, component, prometheus, namespace, values, drifts, fixes)


def _monitor(
    state: State,
    component: Component,
    prometheus: Prometheus | None,
    namespace: str,
    values: Mapping[str, Any],
    drifts: Sequence[Drift],
    fixes: Fixes,
) -> Check:
    name = f"ServiceMonitor {component.service_monitor}"
    key, subjects = (namespace, component.service_monitor), frozenset({component.name})
    live = state.monitor(*key)
    if live is None:
        off = [setting.key for setting in component.enabled_by if effective_value(values, setting.key) is False]
        kept = next((key for key in off if not is_monitoring(key)), "")
        enable = (f"{kept} is false, and ", fixes.values, " keeps that: set it to true with helm upgrade")
        fix: Fix = enable if kept else fixes.values
        return Check(name, False, f"is not in {namespace}", fix, cause="missing-monitor", subjects=subjects)
    labels = live["metadata"].get("labels") or {}
    if prometheus is None:
        return Check(name, None, "exists, but there is no Prometheus to select it")
    if not selects(prometheus.selector, labels):
        observed = f"{_lacking(prometheus.selector, labels)}, by which {prometheus.qualified_name} selects"
        drifted = [item for item in drifts if item.key == ("ServiceMonitor", *key)]
        labels_key = component.enabled_by[-1].key.removesuffix("enabled") + "labels"
        needed = ", ".join(f"{key}: {value}" for key, value in required_labels(prometheus.selector).items())
        fix = drift_fix(drifted[0], fixes) if drifted else (f"{labels_key} must have {needed}: ", fixes.values)
        return Check(name, False, observed, fix, cause="unselected-monitor", subjects=subjects)
    if not state.is_selected(namespace, prometheus.namespaces, prometheus):
        where = f"{prometheus.kind.lower()} {prometheus.name} -n {prometheus.namespace}"
        patch = f'kubectl patch {where} --type merge -p \'{{"spec":{{"{prometheus.namespace_key}":{{}}}}}}\''
        select_it = f"{patch} selects all namespaces: or change what it is made of, so that it selects {namespace}"
        observed = f"{prometheus.qualified_name} does not select namespace {namespace}"
        return Check(name, False, observed, select_it, cause="unselected-namespace", subjects=subjects)
    return Check(name, True, f"selected by {prometheus.qualified_name}, port {component.port}")


def is_selected(monitor: ServiceMonitor, prometheus: Prometheus, state: State) -> bool:
    """Whether the Prometheus selects the ServiceMonitor, by labels and by namespace."""
    labels = monitor["metadata"].get("labels") or {}
    namespace = monitor["metadata"]["namespace"]
    return selects(prometheus.selector, labels) and state.is_selected(namespace, prometheus.namespaces, prometheus)


def _lacking(selector: Json | None, labels: Mapping[str, str]) -> str:
    """What the labels lack for the selector: labels, other values, or less than it has."""
    if selector is None:
        return "is not selected"
    needed = required_labels(selector)
    lacking = [f"{key}={value}" for key, value in needed.items() if key not in labels]
    texts = [f"no label {', '.join(lacking)}"] if lacking else []
    other = {key: value for key, value in needed.items() if labels.get(key, value) != value}
    texts += [f"label {key} is {labels[key]}, not {value}" for key, value in other.items()]
    return "; ".join(texts) or "its labels are excluded"


def _shown(prometheus: Prometheus) -> str:
    if prometheus.selector is None:
        return "no ServiceMonitor at all"
    labels = required_labels(prometheus.selector)
    return ", ".join(f"{key}={value}" for key, value in labels.items()) or "every ServiceMonitor"
