"""Cilium's release, its values, and whether its pods have read their configuration."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards_py.catalog import Component, Release, components
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.checks.fixes import USER_FILE
from dashboards_py.cluster.checks.reading import UNKNOWN
from dashboards_py.cluster.checks.rendered import RIGHTS, components_of
from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.drift import Drift
from dashboards_py.cluster.inspect import settled
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.our_boards import boards_read
from dashboards_py.cluster.refuse import ensure_not_pending
from dashboards_py.cluster.restart import stale_workloads
from dashboards_py.cluster.state import State
from dashboards_py.errors import DashboardsError, Fix, Remedy
from dashboards_py.kubernetes.helm import HelmRelease
from dashboards_py.plural import counted, counted_of
from dashboards_py.remedies import CHECK_VALUES
from dashboards_py.values.check import check
from dashboards_py.values.keys import COMPONENTS, get_value, monitor_namespace
from dashboards_py.values.reason import causes_of


def release_check(helm: HelmRelease, up: Fix) -> Check:
    """The status of the release, as Helm records it."""
    observed = f"{helm.version} as {helm.qualified_name}"
    if helm.status == "unknown":
        return Check(
            "Cilium",
            None,
            f"{observed}; the release's status is in Secrets, which you may not read",
            RIGHTS,
            cause="missing-rights",
        )
    try:
        ensure_not_pending(helm)
    except DashboardsError as error:
        return Check("Cilium", False, f"{observed} {error.cause}", error.suggestion, cause="pending-release")
    return Check("Cilium", helm.status == "deployed", f"{observed}, {helm.status}", up, cause="pending-release")


def overwritten_check(clients: Clients, state: State) -> Iterator[Check]:
    """What an interrupted `up` or `down` overwrote of someone else's revision, if anything."""
    if state.record.pending is None or any(release.status == UNKNOWN for release in state.helm):
        return
    _, lost = settled(state.record, state, clients)
    if lost:
        yield Check(lost.error.what, False, lost.error.cause, lost.error.suggestion, cause="pending-release")


@dataclass(frozen=True, slots=True)
class CiliumConfig:
    """The content of cilium-config, empty if it does not exist, or why it could not be read."""

    data: Mapping[str, str] = field(default_factory=dict)
    failure: DashboardsError | None = field(default=None, compare=False)


def read_configuration(clients: Clients, namespace: str) -> CiliumConfig:
    """The content of cilium-config; never raises."""
    try:
        config_map = next(iter(clients.at(namespace).objects("configmap", "cilium-config")), {})
    except DashboardsError as error:
        return CiliumConfig(failure=error)
    return CiliumConfig(config_map.get("data") or {})


def monitor_namespaces(state: State, helm: HelmRelease, options: Options, release: Release) -> dict[Component, str]:
    """Each component that has a ServiceMonitor of its own, with the namespace of the ServiceMonitor."""
    values = state.values.get(helm.qualified_name, {})
    return {
        component: monitor_namespace(values, component, helm.namespace)
        for component in map(components().__getitem__, COMPONENTS)
        if _monitored_apart(component, values, options, release)
    }


def values_check(
    values: Mapping[str, Any] | None, helm: HelmRelease, options: Options, release: Release, up: Fix
) -> Check:
    """Whether the values of the release give the boards all they need."""
    if values is None:
        return Check("Helm values", None, f"not read: the release is {helm.status}", "see Cilium above")
    boards = boards_read(release, options.boards.with_our_labels, options.cache)
    findings = check(boards, values, release, labels={})  # those have a check of their own
    lacking = [finding for finding in findings if finding.gap.is_fault]
    total = sum(len(board.panels) for board in boards)
    if not lacking:
        off = f", {counted(len(findings), 'needs', 'need')} features that are off" if findings else ""
        by = ", judged by cilium-config" if helm.status == "unknown" else ""
        having = counted_of(total - len(findings), total, "panel", "has what it needs", "have what they need")
        return Check("Helm values", True, f"{having}{off}{by}")
    named = f"; which: helm get values {helm.name} -n {helm.namespace} -o yaml > {USER_FILE}; "
    fix = (up, named, Remedy(CHECK_VALUES, {"file": USER_FILE, "cilium": str(release)}))
    observed = f"{counted_of(len(lacking), total, 'panel', 'lacks', 'lack')} something: {lacking[0].why[0]}"
    cause = next(iter(causes_of(lacking[0].why)), "missing-values")
    return Check("Helm values", False, observed, fix, cause=cause)


def configuration_checks(
    clients: Clients, helm: HelmRelease, drifts: Sequence[Drift], restart: Fix | None
) -> Iterator[Check]:
    """Whether pods have read their configuration; one that someone edited must be fixed before it is rolled out.

    `restart` rolls it out; None if `up` does not apply to this cluster.
    """
    edited = {item.key.name for item in drifts if item.key[:2] == ("ConfigMap", helm.namespace)}
    stale = stale_workloads(clients.at(helm.namespace))
    for workload in stale:
        observed = str(workload)
        if workload.config_map in edited:
            observed = f"{observed}, which is not as Helm rendered it"
            fix: Fix = f"fix ConfigMap {workload.config_map} above first"
        else:
            roll_out = f"kubectl rollout restart -n {helm.namespace} {workload.kind.lower()}/{workload.name}"
            fix = restart or roll_out
        subjects = components_of(workload.kind, workload.name)
        yield Check("configuration", False, observed, fix, cause="stale-pods", subjects=subjects)
    if not stale:
        yield Check("configuration", True, "every pod of Cilium started after its configuration last changed")


def _monitored_apart(component: Component, values: Mapping[str, Any], options: Options, release: Release) -> bool:
    """Whether the component has a ServiceMonitor of its own: an Envoy inside the agents of 1.16 shares theirs."""
    shared = release < (1, 17) and get_value(values, "envoy.enabled") is False
    return component.name != "cilium-envoy" or not (options.embedded_envoy or shared)
