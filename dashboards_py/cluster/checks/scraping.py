"""What of a cluster keeps metrics from a Prometheus, for `doctor`: whoever installed Cilium, with whatever rights."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboards_py.catalog import NEWEST, Component, Release
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.checks.cilium import (
    CiliumConfig,
    configuration_checks,
    monitor_namespaces,
    read_configuration,
    release_check,
)
from dashboards_py.cluster.checks.fixes import Fixes, manual_fixes
from dashboards_py.cluster.checks.hubble import Handlers, read_handlers
from dashboards_py.cluster.checks.monitors import (
    ALL,
    missing_kinds,
    monitor_checks,
    other_scrapers,
    selecting,
    selector_check,
    stopped_checks,
)
from dashboards_py.cluster.checks.observed import observed_values
from dashboards_py.cluster.checks.path import path_checks
from dashboards_py.cluster.checks.reading import cilium_by_daemonset, read_state_as_allowed
from dashboards_py.cluster.checks.rendered import drift_checks, drift_of, fixes_of_path, workload_checks
from dashboards_py.cluster.checks.scraped import prometheus_through_api_server
from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.state import GROUP, Prometheus, State, prometheus_from
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.helm import HelmRelease
from dashboards_py.shapes import Ask

CONFIG = "the tool that manages Cilium"


@dataclass(frozen=True, slots=True)
class Scraping:
    """The checks, the content of cilium-config, and how to query the cluster's own Prometheus, if it has one.

    `handlers` are the handlers of Hubble that are configured, in cilium-config or dynamically; `not_running` are
    components that have no workload, or that are off in cilium-config.
    """

    checks: tuple[Check, ...]
    configuration: Mapping[str, str]
    ask: Ask | None
    prometheus: str = ""
    handlers: frozenset[str] = frozenset()
    not_running: frozenset[str] = frozenset()


def scraping(clients: Clients, options: Options) -> Scraping:
    """Read the cluster, and judge it; `options` have the versions of charts. Raises DashboardsError if it cannot."""
    state, denied = read_state_as_allowed(clients)
    workloads = clients.kubectl.objects("daemonsets,deployments,statefulsets", "--all-namespaces")
    helm = state.cilium or cilium_by_daemonset(workloads)
    if helm is None:
        missing = "there is no DaemonSet with the label k8s-app=cilium, and no Helm release of the chart cilium"
        fix = "is it the right cluster? --context chooses another"
        return Scraping((Check("Cilium", False, missing, fix, cause="missing-cilium"),), {}, None)
    configuration = read_configuration(clients, helm.namespace)
    handlers = read_handlers(clients.at(helm.namespace), configuration.data, workloads, _release(helm))
    absent = _not_running(workloads, configuration)
    expected = _monitor_namespaces(clients, state, helm, options, workloads, configuration)
    namespaces = {component: namespace for component, namespace in expected.items() if component.name not in absent}
    candidates = (*state.prometheuses, *_agents(clients), *state.vm_agents)
    prometheus = selecting(candidates, state, namespaces)
    read = (workloads, namespaces, prometheus, configuration, handlers)
    checks = _checks(clients, state, helm, options, denied, *read)
    ask = prometheus_through_api_server(clients, prometheus) if prometheus and prometheus.can_be_queried else None
    name = prometheus.qualified_name if prometheus else ""
    return Scraping(tuple(checks), configuration.data, ask, name, handlers.names, absent)


def _checks(
    clients: Clients,
    state: State,
    helm: HelmRelease,
    options: Options,
    denied: frozenset[str],
    workloads: Sequence[Json],
    namespaces: Mapping[Component, str],
    prometheus: Prometheus | None,
    configuration: CiliumConfig,
    handlers: Handlers,
) -> Iterator[Check]:
    release, is_helm = _release(helm), state.cilium is not None
    has_monitors = f"servicemonitors.{GROUP}" in state.crds
    fixes = _fixes(options, release, helm, is_helm=is_helm, has_monitors=has_monitors)
    if is_helm:
        yield release_check(helm, f"helm history {helm.name} -n {helm.namespace}")
    if denied:
        names = ", ".join(sorted(denied))
        yield Check(
            "rights", None, f"you may not read {names}", f"ask for get and list on {names}", cause="missing-rights"
        )
    yield from _operator_checks(state, denied, other_scrapers(state, denied, workloads), prometheus)
    releases = [helm] if is_helm and helm.status != "unknown" else []
    drifts, undetermined = drift_of(clients, releases)
    if has_monitors and "servicemonitors" not in denied:
        values = state.values.get(helm.qualified_name, {})
        if prometheus:
            yield from monitor_checks(state, namespaces, prometheus, values, drifts, fixes)
        own_fixes = fixes_of_path(drifts, fixes)
        path = (state, helm.namespace, namespaces, prometheus, configuration, handlers, own_fixes)
        yield from path_checks(clients, *path, everything=True)
    yield from undetermined
    yield from drift_checks(drifts, (), fixes)
    yield from workload_checks(workloads, [helm], by_name=not is_helm)
    yield from configuration_checks(clients, helm, drifts, None)


def _operator_checks(
    state: State, denied: frozenset[str], others: Sequence[str], prometheus: Prometheus | None
) -> Iterator[Check]:
    """The operator's kinds, and a Prometheus object; without both, if something else scrapes, nothing is missing."""
    if others or "prometheuses" in denied:
        return
    missing = missing_kinds(state, prometheus)
    if missing:
        fix = "install prometheus-operator (chart kube-prometheus-stack), then upgrade Cilium's release"
        observed = f"the cluster has no kind {', '.join(missing)}, and no other Prometheus is seen"
        yield Check("CRDs", False, observed, fix, cause="missing-kinds", subjects=ALL)
    elif prometheus is None:
        observed = "there is no Prometheus object of prometheus-operator, and no other Prometheus is seen"
        fix = "create one: the chart kube-prometheus-stack has it"
        yield Check("Prometheus", False, observed, fix, cause="missing-prometheus", subjects=ALL)
    elif prometheus.selector is None:
        yield selector_check(prometheus)
    if prometheus:
        yield from stopped_checks(prometheus)


def _agents(clients: Clients) -> tuple[Prometheus, ...]:
    """The PrometheusAgents, which select ServiceMonitors as a Prometheus does; none if they may not be read."""
    try:
        return tuple(map(prometheus_from, clients.kubectl.objects(f"prometheusagents.{GROUP}", "--all-namespaces")))
    except DashboardsError:
        return ()


def _monitor_namespaces(
    clients: Clients,
    state: State,
    helm: HelmRelease,
    options: Options,
    workloads: Sequence[Json],
    configuration: CiliumConfig,
) -> dict[Component, str]:
    """The components, with the namespaces of their ServiceMonitors: where they are, or by the values."""
    if helm.qualified_name not in state.values:
        values = observed_values(clients, helm, workloads, configuration.data)
        state = replace(state, values={**state.values, helm.qualified_name: values})
    expected = monitor_namespaces(state, helm, options, _release(helm))
    elsewhere = {monitor["metadata"]["name"]: monitor["metadata"]["namespace"] for monitor in state.monitors}
    return {
        component: elsewhere.get(component.service_monitor or "", namespace)
        for component, namespace in expected.items()
    }


def _not_running(workloads: Sequence[Json], configuration: CiliumConfig) -> frozenset[str]:
    """The components that a Cilium may do without and that have no workload; Hubble is part of the agent."""
    running = {item["metadata"]["name"] for item in workloads}
    hubble = {"hubble", "hubble-relay"} if configuration.data.get("enable-hubble") == "false" else set()
    return frozenset({"hubble-relay", "cilium-envoy"} - running | hubble)


def _fixes(options: Options, release: Release, helm: HelmRelease, *, is_helm: bool, has_monitors: bool) -> Fixes:
    if is_helm:
        return manual_fixes(options, release, helm, has_service_monitors=has_monitors)
    apply = f"let {CONFIG} (Argo CD, Flux, a cloud) apply it again"
    return Fixes(
        apply,
        f"change its values in {CONFIG} (Argo CD, Flux, a cloud)",
        apply,
        apply,
        apply,
        apply,
        apply,
        None,
        creates_namespace=False,
    )


def _release(helm: HelmRelease) -> Release:
    try:
        return Release.parse(helm.version)
    except DashboardsError:
        return NEWEST
