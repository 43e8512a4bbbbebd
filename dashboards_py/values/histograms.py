"""The storage of histograms in Prometheus, and the Cilium histograms without classic series.

The switches are those of prometheus-operator in the spec of a Prometheus, or of a ServiceMonitor, which takes
precedence (Documentation/api-reference/api.md). Cilium's chart sets none on its ServiceMonitors.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboards_py.catalog import Component, Release, entries, names

HISTOGRAM_SWITCHES = ("scrapeNativeHistograms", "scrapeClassicHistograms", "convertClassicHistogramsToNHCB")
NATIVE, CLASSIC, CONVERTED = HISTOGRAM_SWITCHES


def histogram_switches(spec: Mapping[str, Any]) -> dict[str, bool]:
    """The switches for the storage of histograms in the spec of a Prometheus or a ServiceMonitor."""
    return {switch: spec[switch] for switch in HISTOGRAM_SWITCHES if isinstance(spec.get(switch), bool)}


@dataclass(frozen=True, slots=True)
class HistogramStorage:
    """The switches of a Prometheus, and those of ServiceMonitors by component."""

    prometheus: Mapping[str, bool]
    monitors: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)

    def components_without_classic(
        self, components: Iterable[Component], release: Release
    ) -> Mapping[str, tuple[str, ...]]:
        """The components that have histograms without classic series, by the switch that causes it."""
        by_switch: dict[str, tuple[str, ...]] = {}
        for component in components:
            if switch := self._switch(component.name, _kinds(component, release)):
                by_switch[switch] = (*by_switch.get(switch, ()), component.name)
        return by_switch

    def loses_classic(self, name: str, release: Release) -> bool:
        """True if a histogram has no `_bucket`, `_sum` and `_count` from any component; `name` is without suffix.

        Histograms that are not Cilium's are assumed to be exposed as classic histograms only.
        """
        metrics = [metric for metric in entries(name) if metric.exists_on(release)]
        if not metrics:
            return bool(self._switch("", ("classic",)))
        return all(self._switch(metric.component, metric.histogram_kinds_on(release)) for metric in metrics)

    def _switch(self, component: str, kinds: Collection[str]) -> str:
        """The switch that removes the classic series of a component's histograms of these kinds, or ""."""
        switches = {**self.prometheus, **self.monitors.get(component, {})}
        if not kinds or switches.get(CLASSIC):
            return ""
        if switches.get(CONVERTED):
            return CONVERTED
        return NATIVE if switches.get(NATIVE) and "native" in kinds else ""


def storage_text(by_switch: Mapping[str, tuple[str, ...]]) -> str:
    """A text that describes the storage of histograms; `by_switch` is from `components_without_classic`."""
    if not by_switch:
        return "stored as classic series, which all boards read"
    switches = "; ".join(f"{', '.join(components)} by {switch}" for switch, components in by_switch.items())
    return f"stored natively without classic series: {switches}"


def _kinds(component: Component, release: Release) -> frozenset[str]:
    """The kinds of histogram that a component exposes."""
    return frozenset(
        kind
        for name in names()
        for metric in entries(name)
        if metric.component == component.name and metric.exists_on(release)
        for kind in metric.histogram_kinds_on(release)
    )
