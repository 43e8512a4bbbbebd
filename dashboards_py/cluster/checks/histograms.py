"""How Prometheus stores Cilium's histograms, and what that means for boards: ours read both kinds.

The switches are those of prometheus-operator, in the spec of a Prometheus and of a ServiceMonitor, which overrides it
(Documentation/api-reference/api.md). Cilium's chart sets none.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from dashboards_py.catalog import Component, Release, entries, names
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.state import HISTOGRAM_SWITCHES, Prometheus, State, histogram_switches

NATIVE, CLASSIC, CONVERTED = HISTOGRAM_SWITCHES


def histogram_checks(
    state: State, namespaces: Mapping[Component, str], prometheus: Prometheus | None, release: Release
) -> Iterator[Check]:
    """One line: which components' histograms are stored natively, by which switch; our boards are right in any case."""
    if prometheus is None:
        return
    stored: dict[str, list[str]] = {}
    for component, namespace in namespaces.items():
        switches = {**prometheus.histograms, **_of_monitor(state, namespace, component.service_monitor or "")}
        if by := _stored_natively(component, release, switches):
            stored.setdefault(by, []).append(component.name)
    if not stored:
        yield Check("histograms", True, "stored as classic series, which every board reads")
        return
    ways = "; ".join(f"{', '.join(components)} by {by}" for by, components in stored.items())
    lint = "`cilium-dashboards lint FILE` names queries of other boards that are empty then"
    yield Check("histograms", True, f"stored natively without classic series: {ways}. Our boards read both; {lint}")


def _of_monitor(state: State, namespace: str, name: str) -> Mapping[str, bool]:
    for monitor in state.monitors:
        if (monitor["metadata"]["namespace"], monitor["metadata"]["name"]) == (namespace, name):
            return histogram_switches(cast("Mapping[str, Any]", monitor).get("spec") or {})
    return {}


def _stored_natively(component: Component, release: Release, switches: Mapping[str, bool]) -> str:
    """The switch by which histograms of the component have no classic series, "" where they have or there are none."""
    kinds = {
        kind
        for name in names()
        for metric in entries(name)
        if metric.component == component.name and metric.exists_on(release)
        for kind in metric.histogram_kinds_on(release)
    }
    if not kinds or switches.get(CLASSIC):
        return ""
    if switches.get(CONVERTED):
        return CONVERTED
    return NATIVE if switches.get(NATIVE) and "native" in kinds else ""
