"""From needs to values of the Cilium chart: nothing that no board reads, each with who needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards_py.catalog import CONTEXT_LABELS, Handler, Metric, Release
from dashboards_py.needs import Need
from dashboards_py.values.dns import separated
from dashboards_py.values.keys import ENABLED, FIVE, HANDLERS, METRICS, five, is_monitoring, label_key, monitor, others


@dataclass(frozen=True, slots=True)
class Item:
    """A value, and the boards and panels (`board / panel`) that need it, in reading order."""

    value: bool | str
    needed_by: tuple[str, ...]

    @property
    def who(self) -> str:
        """The first that needs it, and whether others do (no count: it would change with each panel); "" if none."""
        return (self.needed_by[0] if self.needed_by else "") + (" and others" if len(self.needed_by) > 1 else "")


# By dotted key: one item, or those of a list.
Wanted = Mapping[str, Item | tuple[Item, ...]]


def wanted(
    needs: Sequence[Need], release: Release, *, labels: Mapping[str, str], interval: str, mesh: bool = False
) -> Wanted:
    """The values that give the needs their data.

    `labels` are those by which the Prometheus selects ServiceMonitors (`release: prometheus`); `interval` (30s) is
    how often they are scraped. Features of Cilium that metrics wait for are left as they are; those of a
    Cluster Mesh that runs (`mesh`) get the ServiceMonitor of their API server.
    """
    found: dict[str, Item | tuple[Item, ...]] = {}
    for component in (*five(), *(others() if mesh else ())):
        by = _by([need for need in needs if need.metric.component == component.name])
        if not by:
            continue
        for setting in component.enabled_by:
            if component.name not in FIVE and not is_monitoring(setting.key):
                continue
            found[setting.key] = Item(setting.value, by)
            if setting.key.endswith(ENABLED):
                found[f"{monitor(component)}.interval"] = Item(interval, by)
                for label, value in labels.items():
                    found[label_key(component, label)] = Item(value, by)
        if component.name == "cilium-agent" and (extra := _extra(needs, release)):
            found[METRICS] = extra
        if component.name == "hubble":
            found[HANDLERS] = tuple(_handlers(needs))
    return found


def _by(needs: Sequence[Need]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(need.where for need in needs))


def _extra(needs: Sequence[Need], release: Release) -> tuple[Item, ...]:
    """Metrics of the agent that are off unless they are named."""
    extra = [need for need in needs if off(need.metric, release)]
    switches = sorted({need.metric.switch_on(release) for need in extra})
    return tuple(
        Item(f"+{switch}", _by([need for need in extra if need.metric.switch_on(release) == switch]))
        for switch in switches
    )


def off(metric: Metric, release: Release) -> bool:
    """Whether the agent has the metric only where `prometheus.metrics` names it."""
    return metric.component == "cilium-agent" and metric.off.on(release)


def _handlers(needs: Sequence[Need]) -> list[Item]:
    """One entry a handler, with the options that give its metrics the labels used."""
    by_handler: dict[str, list[Need]] = {}
    for need in needs:
        if need.metric.handler and need.metric.component in FIVE:
            by_handler.setdefault(need.metric.handler, []).append(need)
    handlers = [(Handler(name, options(mine)), _by(mine)) for name, mine in sorted(by_handler.items())]
    return [Item(str(separated(handler) or handler), by) for handler, by in handlers]


def options(needs: Sequence[Need]) -> tuple[str, ...]:
    """A handler's options that add the labels that these needs use."""
    labels = {label for need in needs for label in need.labels}
    own = {option for need in needs for option, label in need.metric.options.items() if label in labels}
    context = [label for label in CONTEXT_LABELS if label in labels]
    return (*sorted(own), *((f"labelsContext={','.join(context)}",) if context else ()))
