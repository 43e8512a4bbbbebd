"""The checks of `verify`: one result for each part, with a fix.

`verify` reads the cluster with whatever rights the user has; `checks` judges a state that was read.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from dashboards_py.cluster.checks.alerts import alert_checks
from dashboards_py.cluster.checks.boards import board_checks
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.checks.cilium import (
    configuration_checks,
    monitor_namespaces,
    overwritten_check,
    read_configuration,
    release_check,
    values_check,
)
from dashboards_py.cluster.checks.defaults import options_from_record, recorded_peer_label
from dashboards_py.cluster.checks.fixes import manual_fixes, setup_fixes, up_remedy
from dashboards_py.cluster.checks.histograms import histogram_checks
from dashboards_py.cluster.checks.hubble import read_handlers
from dashboards_py.cluster.checks.monitors import READ, monitor_checks, operator_checks, other_scrapers
from dashboards_py.cluster.checks.observed import observed_values
from dashboards_py.cluster.checks.path import path_checks
from dashboards_py.cluster.checks.reading import config_maps_as_allowed, read_state_as_allowed
from dashboards_py.cluster.checks.rendered import (
    RIGHTS,
    drift_checks,
    drift_of,
    fixes_of_edits,
    fixes_of_path,
    workload_checks,
)
from dashboards_py.cluster.checks.scraped import prometheus_through_api_server, scrape_checks
from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.refuse import STACK, cilium_release
from dashboards_py.cluster.state import GROUP, State
from dashboards_py.kubernetes.helm import HelmRelease
from dashboards_py.shapes import Ask

__all__ = ["Check", "checks", "recorded_peer_label", "verify"]


def verify(clients: Clients, options: Options, ask: Ask | None, unset: Collection[str] = ()) -> Iterator[Check]:
    """Check everything that the boards depend on, in order of dependency; what may not be read is undetermined.

    `ask` queries a Prometheus at an address; without it the cluster's own is queried through the API server. `unset`
    names the `options` (namespace, release, stack) that the user did not set: the record and the cluster supply them.
    """
    state, denied = read_state_as_allowed(clients)
    options = options_from_record(options, state, unset)
    if "peer_label" in unset:
        state = replace(state, config_maps=config_maps_as_allowed(clients, options.namespace))
        options = replace(options, peer_label=recorded_peer_label(state))
    yield from checks(clients, state, options, ask, denied)


def checks(
    clients: Clients, state: State, options: Options, ask: Ask | None, denied: Collection[str] = ()
) -> Iterator[Check]:
    """The checks of a state that was read; `denied` holds the plural names of resources that could not be."""
    helm = state.cilium
    if helm is None:
        yield missing_release_check(state, options, denied)
        return
    release = cilium_release(helm.version, helm.qualified_name)
    workloads = clients.kubectl.objects("daemonsets,deployments,statefulsets", "--all-namespaces")
    others = other_scrapers(state, denied, workloads)
    has_monitors = f"servicemonitors.{GROUP}" in state.crds
    manual = manual_fixes(options, release, helm, has_service_monitors=has_monitors)
    fixes = manual if others else setup_fixes(options)
    yield release_check(helm, fixes.objects)
    yield from overwritten_check(clients, state)
    monitor_namespaces_ = monitor_namespaces(state, helm, options, release)
    prometheus, prometheus_checks = operator_checks(state, options, denied, others, monitor_namespaces_, fixes.objects)
    yield from prometheus_checks
    releases = [helm, *_stack(state, options)]
    drifts, undetermined = drift_of(clients, releases)
    fixes = fixes_of_edits(drifts, fixes)
    configuration = read_configuration(clients, helm.namespace)
    values = state.values.get(helm.qualified_name)
    if helm.status == "unknown":
        values = observed_values(clients, helm, workloads, configuration.data)
    if "servicemonitors" in denied:
        yield Check("ServiceMonitors", None, "may not be read", READ.format("servicemonitors", GROUP))
    elif f"servicemonitors.{GROUP}" in state.crds:
        yield from monitor_checks(state, monitor_namespaces_, prometheus, values or {}, drifts, fixes)
        yield from histogram_checks(state, monitor_namespaces_, prometheus, release)
        handlers = read_handlers(clients.at(helm.namespace), configuration.data, workloads, release)
        own_fixes = fixes_of_path(drifts, fixes)
        path = (state, helm.namespace, monitor_namespaces_, prometheus, configuration, handlers, own_fixes)
        yield from path_checks(clients, *path)
    yield values_check(values, helm, options, release, fixes.values)
    yield from undetermined
    yield from drift_checks(drifts, () if undetermined else releases, fixes, state.crds)
    yield from workload_checks(workloads, releases)
    yield from configuration_checks(clients, helm, drifts, fixes.restart)
    queried = prometheus if prometheus and prometheus.can_be_queried else None
    ask_prometheus = ask or (prometheus_through_api_server(clients, queried) if queried else None)
    yield from scrape_checks(monitor_namespaces_, release, helm, workloads, ask_prometheus, queried)
    yield from board_checks(clients, state, options, release, workloads, fixes)
    yield from alert_checks(clients, state, options, release, prometheus, ask_prometheus, fixes)


def missing_release_check(state: State, options: Options, denied: Collection[str]) -> Check:
    """A cluster without a Helm release of Cilium, or whose releases may not be read."""
    daemonset = state.cilium_daemonset
    exists = f"DaemonSet {daemonset} exists" if daemonset else "its DaemonSet does not exist"
    if "secrets" in denied:
        observed = f"{exists}; its version and Helm release are in Secrets, which you may not read"
        return Check("Cilium", None, observed, RIGHTS, cause="missing-rights")
    observed = f"there is no Helm release of it; {exists}"
    return Check("Cilium", False, observed, (up_remedy(options), " says what to do"), cause="missing-cilium")


def _stack(state: State, options: Options) -> tuple[HelmRelease, ...]:
    stacks = state.release(STACK) if options.stack else ()
    return tuple(release for release in stacks if release.qualified_name == options.qualified_release)
