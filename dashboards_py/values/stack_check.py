"""Check values of kube-prometheus-stack, or Prometheus objects, for the values that `values stack` prints."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dashboards_py.kubernetes.selectors import selects
from dashboards_py.promql.durations import seconds
from dashboards_py.values.keys import Values, get_value
from dashboards_py.values.prometheus_spec import PrometheusSpec, is_off
from dashboards_py.values.stack import FOLDER_VALUES, SCRAPE_INTERVAL

DATA_SOURCE_INTERVAL = "grafana.sidecar.datasources.defaultDatasourceScrapeInterval"
# The data source's interval without a value (templates/grafana/configmaps-datasources.yaml).
CHART_INTERVAL = "30s"
_READ = [key.split(".") for key in (*FOLDER_VALUES, SCRAPE_INTERVAL, DATA_SOURCE_INTERVAL)]


@dataclass(frozen=True, slots=True)
class StackGap:
    """A key of the values, or the name of a Prometheus object, with the problem."""

    key: str
    why: str


def stack_gaps(values: Values, specs: Sequence[PrometheusSpec], *, selected_by: str, interval: str) -> list[StackGap]:
    """Find gaps in the values; those of Grafana are left out if the stack does not run Grafana.

    `specs` are the rendered Prometheus specs, if any; `selected_by` and `interval` as in `stack`.
    """
    if gaps := [StackGap(key, "is not a map: Helm refuses it, or leaves it out") for key in _no_maps(values)]:
        return gaps
    if not specs:
        return [StackGap("prometheus.enabled", "is off: the stack runs no Prometheus")]
    return [*selector_gaps(specs, selected_by), *_grafana_gaps(values, interval)]


def _no_maps(values: Values) -> Iterator[str]:
    """The keys that have keys below them which we read, and another value; null removes what the chart has there."""
    parents = {".".join(parts[:depth]) for parts in _READ for depth in range(1, len(parts))}
    for key in sorted(parents):
        if not isinstance(get_value(values, key), Mapping | None):
            yield key


def selector_gaps(specs: Sequence[PrometheusSpec], selected_by: str) -> list[StackGap]:
    """A gap for each Prometheus if none of them selects Cilium's ServiceMonitors."""
    if any(selects_cilium(spec, selected_by) for spec in specs):
        return []
    why = f"selects no ServiceMonitor with the label release: {selected_by}"
    return [StackGap(spec.name, why) for spec in specs]


def selects_cilium(spec: PrometheusSpec, selected_by: str) -> bool:
    """True if the Prometheus selects Cilium's ServiceMonitors with the label `release`, or if that is unknown."""
    return spec.is_template or selects(spec.selector, {"release": selected_by})


def _grafana_gaps(values: Values, interval: str) -> Iterator[StackGap]:
    if is_off(values, "grafana.enabled"):
        return
    if not is_off(values, "grafana.sidecar.dashboards.enabled"):
        for key, item in FOLDER_VALUES.items():
            if (value := get_value(values, key)) != item.value:
                shown = "is not set" if value is None else f"is {_text(value)}"
                yield StackGap(key, f"{shown}, not {_text(item.value)}: boards are not in their folders")
    key = next((key for key in (DATA_SOURCE_INTERVAL, SCRAPE_INTERVAL) if get_value(values, key)), SCRAPE_INTERVAL)
    assumed = str(get_value(values, key) or CHART_INTERVAL)
    if seconds(assumed) < seconds(interval):
        yield StackGap(
            key,
            f"Grafana assumes {assumed}, but ServiceMonitors are scraped every {interval}: rates may have gaps",
        )


def _text(value: object) -> str:
    if isinstance(value, Mapping | list):
        return "not a single value"
    return str(value).lower() if isinstance(value, bool) else str(value)
