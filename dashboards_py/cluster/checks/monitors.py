"""Does a Prometheus of the operator's select Cilium's ServiceMonitors?"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from dashboards_py.catalog import Component
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.checks.rendered import fix
from dashboards_py.cluster.checks.scrapers import scrapers
from dashboards_py.cluster.drift import Drift
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.refuse import STACK, prometheus_of
from dashboards_py.cluster.selectors import required_labels, selects
from dashboards_py.cluster.state import GROUP, Prometheus, State
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Json
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

    Where something else scrapes and no operator is here, that is said, and nobody is told to install one.
    """
    if others:
        said = f"none of prometheus-operator is here; {', '.join(others)} may scrape"
        way = "does it find Cilium's pods? Give its address: verify --prometheus-url; it needs no second stack"
        return None, [Check("Prometheus", None, said, way)]
    missing = sorted({f"servicemonitors.{GROUP}", f"prometheuses.{GROUP}"} - state.crds)
    kinds = f"missing: {', '.join(missing)}" if missing else f"{len(state.crds)} kinds of {GROUP}"
    install = up if options.stack else "install the operator's kinds first, or let who runs the operator do it"
    found = [Check("CRDs", not missing, kinds, install)]
    if "prometheuses" in denied:
        said = "which there are, and what they select, you may not read"
        return None, [*found, Check("Prometheus", None, said, READ.format("prometheuses", GROUP))]
    try:
        prometheus = prometheus_of(state, options)
    except DashboardsError as error:
        way = error.fix or "say which: --prometheus NAMESPACE/NAME"
        return None, [*found, Check("Prometheus", False, error.cause, way)]
    if prometheus:
        way = f"give {prometheus.qualified_name} a serviceMonitorSelector: {{}} selects all"
        said = f"{prometheus.qualified_name} selects {_shown(prometheus)}"
        found.append(Check("Prometheus", prometheus.selector is not None, said, way))
    elif options.stack:
        found.append(Check("Prometheus", False, f"no Prometheus of {options.qualified_release}", up))
    return prometheus, found


def monitor_checks(
    state: State,
    places: Mapping[Component, str],
    prometheus: Prometheus | None,
    values: Mapping[str, Any],
    drifts: Sequence[Drift],
    up: str,
) -> Iterator[Check]:
    """Whether each component's ServiceMonitor is there and selected, by labels and by namespace."""
    for component, namespace in places.items():
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
    place = (namespace, component.service_monitor)
    live = [each for each in state.monitors if (each["metadata"]["namespace"], each["metadata"]["name"]) == place]
    if not live:
        off = [each.key for each in component.enabled_by if effective_value(values, each.key) is False]
        kept = next((key for key in off if not is_monitoring(key)), "")
        way = f"{kept} is false, and {up} keeps that: set it to true with helm upgrade" if kept else up
        return Check(name, False, f"is not in {namespace}", way)
    labels = live[0]["metadata"].get("labels") or {}
    if prometheus is None:
        return Check(name, None, "there, but no Prometheus to select it")
    if not selects(prometheus.selector, labels):
        has = ", ".join(f"{key}={labels.get(key, '(none)')}" for key in required_labels(prometheus.selector))
        drifted = [item for item in drifts if item.key == ("ServiceMonitor", *place)]
        way = fix(drifted[0], up) if drifted else f"{up} labels it to fit"
        return Check(name, False, f"{has}, but {prometheus.qualified_name} selects {_shown(prometheus)}", way)
    of = (state.namespaces.get(namespace) or {"metadata": {}})["metadata"].get("labels") or {}
    of = {"kubernetes.io/metadata.name": namespace, **of}  # every namespace has it, set by the API server
    inside = prometheus.namespaces is None and prometheus.namespace == namespace
    if not inside and not selects(prometheus.namespaces, of):
        way = f"its serviceMonitorNamespaceSelector must take the namespace {namespace}: {{}} takes all"
        return Check(name, False, f"{prometheus.qualified_name} does not look into {namespace}", way)
    return Check(name, True, f"selected by {prometheus.qualified_name}, port {component.port}")


def _shown(prometheus: Prometheus) -> str:
    if prometheus.selector is None:
        return "no ServiceMonitor at all"
    labels = required_labels(prometheus.selector)
    return ", ".join(f"{key}={value}" for key, value in labels.items()) or "every ServiceMonitor"
