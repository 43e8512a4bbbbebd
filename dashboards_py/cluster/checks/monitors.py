"""Does a Prometheus of prometheus-operator select Cilium's ServiceMonitors?"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from dashboards_py.catalog import Component
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.checks.rendered import fix
from dashboards_py.cluster.checks.scrapers import scrapers
from dashboards_py.cluster.drift import Drift
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.refuse import STACK, prometheus_of
from dashboards_py.cluster.state import GROUP, Prometheus, State
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.selectors import required_labels, selects
from dashboards_py.values import effective_value, is_monitoring

READ = "ask for get and list on {}.{}"


def other_scrapers(state: State, denied: Collection[str], workloads: Sequence[Json]) -> tuple[str, ...]:
    """What scrapes here instead of a Prometheus of the operator's; nothing where there is one, or may be."""
    if state.prometheuses or state.release(STACK) or "prometheuses" in denied:
        return ()
    return scrapers(workloads)


def operator_checks(
    state: State, options: Options, denied: Collection[str], others: Sequence[str], up: str
) -> tuple[Prometheus | None, list[Check]]:
    """The Prometheus whose selector counts, with what is to say of it and of the operator's kinds.

    Where something else scrapes and there is no operator, that is reported, and a second one is not suggested.
    """
    if others:
        observed = f"there is no Prometheus of prometheus-operator; {', '.join(others)} may scrape"
        way = "check that it finds Cilium's pods: verify --prometheus-url URL asks it; a second stack is not needed"
        return None, [Check("Prometheus", None, observed, way)]
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
        way = error.fix or "choose one: --prometheus NAMESPACE/NAME"
        return None, [*checks, Check("Prometheus", False, error.cause, way)]
    if prometheus:
        way = f"set the serviceMonitorSelector of {prometheus.qualified_name}: {{}} selects all"
        observed = f"{prometheus.qualified_name} selects {_shown(prometheus)}"
        checks.append(Check("Prometheus", prometheus.selector is not None, observed, way))
    elif options.stack:
        checks.append(Check("Prometheus", False, f"no Prometheus of {options.qualified_release}", up))
    return prometheus, checks


def monitor_checks(
    state: State,
    namespaces: Mapping[Component, str],
    prometheus: Prometheus | None,
    values: Mapping[str, Any],
    drifts: Sequence[Drift],
    up: str,
) -> Iterator[Check]:
    """Whether each component's ServiceMonitor is there and selected, by labels and by namespace."""
    for component, namespace in namespaces.items():
        yield _monitor(state, component, prometheus, namespace, values, drifts, up)


def _monitor(
    state: State,
    component: Component,
    prometheus: Prometheus | None,
    namespace: str,
    values: Mapping[str, Any],
    drifts: Sequence[Drift],
    up: str,
) -> Check:
    name = f"ServiceMonitor {component.service_monitor}"
    key = (namespace, component.service_monitor)
    live = [
        monitor for monitor in state.monitors if (monitor["metadata"]["namespace"], monitor["metadata"]["name"]) == key
    ]
    if not live:
        off = [setting.key for setting in component.enabled_by if effective_value(values, setting.key) is False]
        kept = next((key for key in off if not is_monitoring(key)), "")
        way = f"{kept} is false, and {up} keeps that: set it to true with helm upgrade" if kept else up
        return Check(name, False, f"is not in {namespace}", way)
    labels = live[0]["metadata"].get("labels") or {}
    if prometheus is None:
        return Check(name, None, "exists, but there is no Prometheus to select it")
    if not selects(prometheus.selector, labels):
        has = ", ".join(f"{key}={labels.get(key, '(none)')}" for key in required_labels(prometheus.selector))
        drifted = [item for item in drifts if item.key == ("ServiceMonitor", *key)]
        way = fix(drifted[0], up) if drifted else f"{up} labels it to fit"
        return Check(name, False, f"{has}, but {prometheus.qualified_name} selects {_shown(prometheus)}", way)
    namespace_labels = (state.namespaces.get(namespace) or {"metadata": {}})["metadata"].get("labels") or {}
    # The API server sets this one on every namespace.
    namespace_labels = {"kubernetes.io/metadata.name": namespace, **namespace_labels}
    inside = prometheus.namespaces is None and prometheus.namespace == namespace
    if not inside and not selects(prometheus.namespaces, namespace_labels):
        way = f"its serviceMonitorNamespaceSelector must select namespace {namespace}: {{}} selects all"
        return Check(name, False, f"{prometheus.qualified_name} does not select namespace {namespace}", way)
    return Check(name, True, f"selected by {prometheus.qualified_name}, port {component.port}")


def _shown(prometheus: Prometheus) -> str:
    if prometheus.selector is None:
        return "no ServiceMonitor at all"
    labels = required_labels(prometheus.selector)
    return ", ".join(f"{key}={value}" for key, value in labels.items()) or "every ServiceMonitor"
