"""Does a Prometheus of prometheus-operator select Cilium's ServiceMonitors?"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from dashboards_py.catalog import Component
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.checks.fixes import Fixes
from dashboards_py.cluster.checks.rendered import drift_fix
from dashboards_py.cluster.checks.scrapers import scrapers
from dashboards_py.cluster.drift import Drift
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.refuse import STACK, prometheus_of
from dashboards_py.cluster.state import GROUP, Prometheus, State
from dashboards_py.errors import DashboardsError, Fix, Remedy
from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.selectors import required_labels, selects
from dashboards_py.remedies import VERIFY_PROMETHEUS
from dashboards_py.values import effective_value, is_monitoring

READ = "ask for get and list on {}.{}"


def other_scrapers(state: State, denied: Collection[str], workloads: Sequence[Json]) -> tuple[str, ...]:
    """The scrapers that are used instead of a Prometheus of the operator; none if there is or may be one."""
    if state.prometheuses or state.release(STACK) or "prometheuses" in denied:
        return ()
    return scrapers(workloads)


def operator_checks(
    state: State, options: Options, denied: Collection[str], others: Sequence[str], up: Fix
) -> tuple[Prometheus | None, list[Check]]:
    """The Prometheus that is to select the ServiceMonitors, and checks of it and of the operator's kinds.

    If something else scrapes and there is no operator, that is reported, and no second stack is suggested.
    """
    if others:
        observed = f"there is no Prometheus of prometheus-operator; {', '.join(others)} may scrape"
        ask = Remedy(VERIFY_PROMETHEUS, {"url": "URL"})
        fix = ("check that it finds Cilium's pods (", ask, "); a second stack is not needed")
        return None, [Check("Prometheus", None, observed, fix)]
    missing = sorted({f"servicemonitors.{GROUP}", f"prometheuses.{GROUP}"} - state.crds)
    kinds = f"missing: {', '.join(missing)}" if missing else f"{len(state.crds)} kinds of {GROUP}"
    install = up if options.stack else "install the operator's CRDs first, or ask the operator's administrator"
    checks = [Check("CRDs", not missing, kinds, install)]
    if "prometheuses" in denied:
        observed = "you may not read the Prometheus objects and their selectors"
        return None, [*checks, Check("Prometheus", None, observed, READ.format("prometheuses", GROUP))]
    try:
        prometheus = prometheus_of(state, options)
    except DashboardsError as error:
        return None, [*checks, Check("Prometheus", False, error.cause, error.suggestion)]
    if prometheus:
        select_all = f"set the serviceMonitorSelector of {prometheus.qualified_name}: {{}} selects all"
        observed = f"{prometheus.qualified_name} selects {_shown(prometheus)}"
        checks.append(Check("Prometheus", prometheus.selector is not None, observed, select_all))
    elif options.stack:
        checks.append(Check("Prometheus", False, f"no Prometheus of {options.qualified_release}", up))
    return prometheus, checks


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
    key = (namespace, component.service_monitor)
    live = [
        monitor for monitor in state.monitors if (monitor["metadata"]["namespace"], monitor["metadata"]["name"]) == key
    ]
    if not live:
        off = [setting.key for setting in component.enabled_by if effective_value(values, setting.key) is False]
        kept = next((key for key in off if not is_monitoring(key)), "")
        enable = (f"{kept} is false, and ", fixes.values, " keeps that: set it to true with helm upgrade")
        return Check(name, False, f"is not in {namespace}", enable if kept else fixes.values)
    labels = live[0]["metadata"].get("labels") or {}
    if prometheus is None:
        return Check(name, None, "exists, but there is no Prometheus to select it")
    if not selects(prometheus.selector, labels):
        has = ", ".join(f"{key}={labels.get(key, '(none)')}" for key in required_labels(prometheus.selector))
        drifted = [item for item in drifts if item.key == ("ServiceMonitor", *key)]
        fix = drift_fix(drifted[0], fixes) if drifted else (fixes.objects, " sets the label")
        return Check(name, False, f"{has}, but {prometheus.qualified_name} selects {_shown(prometheus)}", fix)
    namespace_labels = (state.namespaces.get(namespace) or {"metadata": {}})["metadata"].get("labels") or {}
    # The API server sets this one on every namespace.
    namespace_labels = {"kubernetes.io/metadata.name": namespace, **namespace_labels}
    inside = prometheus.namespaces is None and prometheus.namespace == namespace
    if not inside and not selects(prometheus.namespaces, namespace_labels):
        select_it = f"its serviceMonitorNamespaceSelector must select namespace {namespace}: {{}} selects all"
        return Check(name, False, f"{prometheus.qualified_name} does not select namespace {namespace}", select_it)
    return Check(name, True, f"selected by {prometheus.qualified_name}, port {component.port}")


def _shown(prometheus: Prometheus) -> str:
    if prometheus.selector is None:
        return "no ServiceMonitor at all"
    labels = required_labels(prometheus.selector)
    return ", ".join(f"{key}={value}" for key, value in labels.items()) or "every ServiceMonitor"
