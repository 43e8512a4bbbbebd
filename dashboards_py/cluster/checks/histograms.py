"""How Prometheus stores Cilium's histograms: our boards read both kinds, others may not."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from dashboards_py.catalog import Component, Release
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.state import Prometheus, State
from dashboards_py.errors import Remedy
from dashboards_py.kubernetes import ServiceMonitor
from dashboards_py.remedies import LINT_BOARD
from dashboards_py.values.histograms import HistogramStorage, histogram_switches, storage_text


def histogram_checks(
    state: State, namespaces: Mapping[Component, str], prometheus: Prometheus | None, release: Release
) -> Iterator[Check]:
    """Which components' histograms are stored natively, by which switch; never a problem for our boards."""
    if prometheus is None:
        return
    monitors = {
        component.name: _of_monitor(state.monitor(namespace, component.service_monitor))
        for component, namespace in namespaces.items()
    }
    by_switch = HistogramStorage(prometheus.histograms, monitors).components_without_classic(namespaces, release)
    stored = storage_text(by_switch)
    if by_switch:
        yield Check("histograms", True, f"{stored}. Our boards read both", hint=Remedy(LINT_BOARD))
    else:
        yield Check("histograms", True, stored)


def _of_monitor(monitor: ServiceMonitor | None) -> Mapping[str, bool]:
    return histogram_switches(cast("Mapping[str, Any]", monitor or {}).get("spec") or {})
