"""The values of the Cilium chart that boards need, with the panels that need them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards_py.catalog import CONTEXT_LABELS, Handler, Metric, Release, Setting, entries
from dashboards_py.need import Need
from dashboards_py.values.dns import without_mix_up
from dashboards_py.values.keys import (
    COMPONENTS,
    ENABLED,
    HANDLERS,
    METRICS,
    MUTUALLY_EXCLUSIVE,
    core_components,
    is_monitoring,
    label_key,
    mesh_components,
    monitor,
)


@dataclass(frozen=True, slots=True)
class Item:
    """A value, and the panels (`board / panel`) that need it, in reading order."""

    value: bool | str | Mapping[str, Any]  # a map is an entry of the list `dynamic.config.content`
    needed_by: tuple[str, ...]

    @property
    def who(self) -> str:
        """The first panel that needs it, with "and others" but no number, to keep diffs small; "" if there is none."""
        return (self.needed_by[0] if self.needed_by else "") + (" and others" if len(self.needed_by) > 1 else "")


# By dotted key: an item, or the items of a list.
RequiredValues = Mapping[str, Item | tuple[Item, ...]]


def required_values(
    needs: Sequence[Need],
    release: Release,
    *,
    labels: Mapping[str, str],
    interval: str,
    mesh: bool = False,
    scraped: Collection[str] = (),
) -> RequiredValues:
    """The values that enable the needed metrics.

    `labels` are those by which Prometheus selects ServiceMonitors (`release: prometheus`); `interval` (30s) is their
    scrape interval. No features of Cilium are enabled. Components in `scraped` get no ServiceMonitor. With `mesh`, for
    a running Cluster Mesh, its API server gets one.
    """
    values: dict[str, Item | tuple[Item, ...]] = {}
    for component in (*core_components(), *(mesh_components() if mesh else ())):
        panels = _needed_by([need for need in needs if need.metric.component == component.name])
        if not panels:
            continue
        for setting in component.enabled_by:
            if component.name not in COMPONENTS and not is_monitoring(setting.key):
                continue
            if component.name in scraped and setting.key.endswith(ENABLED):
                continue
            values[setting.key] = Item(setting.value, panels)
            if setting.key.endswith(ENABLED):
                values[f"{monitor(component)}.interval"] = Item(interval, panels)
                for label, text in labels.items():
                    values[label_key(component, label)] = Item(text, panels)
        if component.name == "cilium-agent" and (metrics := _agent_metrics(needs, release)):
            values[METRICS] = metrics
        if component.name == "hubble":
            values[HANDLERS] = tuple(_handlers(needs))
    return values


def required_events(needs: Sequence[Need]) -> RequiredValues:
    """The values without which the needed metrics do not count all events; the chart's defaults are the same."""
    needs_by_setting: dict[Setting, list[Need]] = {}
    for need in needs:
        for setting in need.metric.events:
            needs_by_setting.setdefault(setting, []).append(need)
    return {setting.key: Item(setting.value, _needed_by(own)) for setting, own in needs_by_setting.items()}


def _needed_by(needs: Sequence[Need]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(need.where for need in needs))


def _agent_metrics(needs: Sequence[Need], release: Release) -> tuple[Item, ...]:
    """The needed metrics of the agent that are off by default, as entries of `prometheus.metrics`."""
    needs_by_switch: dict[str, list[Need]] = {}
    for need in needs:
        if is_off_by_default(need.metric, release):
            needs_by_switch.setdefault(need.metric.switch_on(release), []).append(need)
    return tuple(Item(f"+{switch}", _needed_by(needs_by_switch[switch])) for switch in sorted(needs_by_switch))


# Metrics with a series for each pair of nodes, which the agent has unless they are turned off (NodeConnectivityStatus
# and NodeConnectivityLatency in pkg/metrics/metrics.go of Cilium 1.17). Its documentation advises that in large
# clusters (Documentation/observability/metrics.rst, "Cilium Metrics").
OF_PAIRS_OF_NODES = ("cilium_node_connectivity_latency_seconds", "cilium_node_connectivity_status")
UNREAD = "no panel reads it, and n nodes have n times n series"


def without_pairs_of_nodes(values: RequiredValues, needs: Sequence[Need], release: Release) -> RequiredValues:
    """The values of all boards that are used, which turn off the metrics of pairs of nodes that none of them reads."""
    read = {need.metric.name for need in needs}
    present = [metric for name in OF_PAIRS_OF_NODES for metric in entries(name) if metric.exists_on(release)]
    unread = tuple(Item(f"-{metric.switch_on(release)}", (UNREAD,)) for metric in present if metric.name not in read)
    listed = values.get(METRICS, ())
    return {**values, METRICS: (*listed, *unread)} if unread and isinstance(listed, tuple) else values


def is_off_by_default(metric: Metric, release: Release) -> bool:
    """True if the agent exposes the metric only if `prometheus.metrics` lists it."""
    return metric.component == "cilium-agent" and metric.off.on(release)


def _handlers(needs: Sequence[Need]) -> list[Item]:
    """An entry for each needed handler, with the options that add the labels in use."""
    by_handler: dict[str, list[Need]] = {}
    excluded = excluded_needs(needs)
    for need in needs:
        if need.metric.handler and need.metric.component in COMPONENTS and need not in excluded:
            by_handler.setdefault(need.metric.handler, []).append(need)
    items = []
    for name, handler_needs in sorted(by_handler.items()):
        handler = Handler(name, handler_options(handler_needs))
        items.append(Item(str(without_mix_up(handler) or handler), _needed_by(handler_needs)))
    return items


def excluded_needs(needs: Sequence[Need]) -> frozenset[Need]:
    """Needs of `http` where others need `httpV2`: Cilium accepts only one of them (pkg/hubble/metrics/http/plugin.go).

    `httpV2` has all metrics of `http` but `hubble_http_responses_total`, and labels them rightly.
    """
    handlers = {need.metric.handler for need in needs}
    if not handlers >= MUTUALLY_EXCLUSIVE.keys():
        return frozenset()
    return frozenset(need for need in needs if need.metric.handler == "http")


# The form of `source` and `destination` that is chosen for boards that use them: `namespace/workload`, and the name of
# what is outside the cluster. All releases know it (pkg/hubble/metrics/api/context.go).
CONTEXT = "workload|reserved-identity"


def handler_options(needs: Sequence[Need]) -> tuple[str, ...]:
    """The options of a handler that add the labels in use."""
    labels = {label for need in needs for label in need.labels}
    needed_options = {option for need in needs for option, label in need.metric.options.items() if label in labels}
    context_labels = [label for label in CONTEXT_LABELS if label in labels]
    sides = [f"{side}Context={CONTEXT}" for side in ("source", "destination") if side in labels]
    return (
        *sorted(needed_options),
        *sides,
        *((f"labelsContext={','.join(context_labels)}",) if context_labels else ()),
    )
