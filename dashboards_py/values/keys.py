"""Keys of the Cilium chart that switch metrics on: read in somebody's values, over the chart's defaults."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards_py.catalog import Component, components
from dashboards_py.errors import DashboardsError

HANDLERS, METRICS = "hubble.metrics.enabled", "prometheus.metrics"
ENABLED = ".serviceMonitor.enabled"

# Two handlers of Hubble that Cilium does not take at the same time.
RIVALS = {"http": "httpV2", "httpV2": "http"}

# The five components that every installation of Cilium has, in the order of their ports.
FIVE = ("cilium-agent", "cilium-operator", "cilium-envoy", "hubble", "hubble-relay")

# What the charts of 1.16 to 1.20 say where nothing else is said; a key that is missing here is off or empty.
DEFAULTS: Mapping[str, Any] = {
    "agent": True,
    "envoy.prometheus.enabled": True,
    "hubble.enabled": True,
    "operator.enabled": True,
    "operator.prometheus.enabled": True,
    "clustermesh.apiserver.kvstoremesh.enabled": True,
    "clustermesh.apiserver.metrics.enabled": True,
    "clustermesh.apiserver.metrics.etcd.enabled": True,
    "clustermesh.apiserver.metrics.kvstoremesh.enabled": True,
}

Values = Mapping[str, Any]


def look_up(values: Values, key: str) -> Any:
    """The value of a dotted key, or the chart's default; None where neither says anything.

    What a null takes away is off, though the chart has it on.
    """
    found = given(values, key)
    if found is None and DEFAULTS.get(key) is True and is_nulled(values, key):
        return False
    return DEFAULTS.get(key) if found is None else found


def is_nulled(values: Values, key: str) -> bool:
    """Whether a null takes the chart's default of a dotted key away, or a value that cannot hold the key does.

    Helm deletes a key that is null in somebody's values, with all below it (coalesceValues in
    pkg/chart/common/util/coalesce.go of Helm 4), and keeps what is no map where the chart has one.
    """
    found: Any = values
    for part in steps(key):
        if not isinstance(found, Mapping):
            return True
        if part not in found:
            return False
        found = found[part]
    return found is None


def explicit(values: Values, key: str) -> Any:
    """The value of a dotted key as it must be given again to have its effect; None where nothing is said.

    A null that takes away what the chart has on is False: to leave the key out would turn it on.
    """
    return look_up(values, key) if is_nulled(values, key) else given(values, key)


def given(values: Values, key: str) -> Any:
    """The value of a dotted key, or None."""
    found: Any = values
    for part in steps(key):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found


def texts(values: Values, key: str) -> list[str]:
    """The entries of a list of texts; anything else there raises DashboardsError."""
    found = look_up(values, key)
    if found is None or found == {}:
        return []
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise DashboardsError(key, cause=f"is no list of texts: {found!r}", fix="give it as a YAML list")
    return list(found)


def without(values: Values, key: str) -> dict[str, Any]:
    """The values without a dotted key, and without maps that this leaves empty."""
    return _without(values, steps(key))


def _without(values: Values, path: Sequence[str]) -> dict[str, Any]:
    first, *rest = path
    inner = values.get(first)
    left = _without(inner, rest) if rest and isinstance(inner, Mapping) else {}
    return {name: left if name == first else value for name, value in values.items() if name != first or left}


def steps(key: str) -> list[str]:
    """The steps of a dotted key; a dot within a step has a backslash, as in Helm's `--set`."""
    return [step.replace("\\.", ".") for step in re.split(r"(?<!\\)\.", key)]


def over(values: Values, more: Values) -> dict[str, Any]:
    """The values with more laid over them, as Helm does: maps are merged, all else is replaced."""
    found = dict(values)
    for key, value in more.items():
        old = found.get(key)
        found[key] = over(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return found


def monitor(component: Component) -> str:
    """The dotted key of the component's ServiceMonitor: `operator.prometheus.serviceMonitor`."""
    return next(
        setting.key.removesuffix(".enabled") for setting in component.enabled_by if setting.key.endswith(ENABLED)
    )


def monitor_namespace(values: Values, component: Component, own: str) -> str:
    """Where the component's ServiceMonitor is, for a Cilium in the namespace `own`: Hubble's goes with the agent's."""
    of = components()["cilium-agent"] if component.name == "hubble" else component
    return given(values, f"{monitor(of)}.namespace") or own


def label_key(component: Component, label: str) -> str:
    """The dotted key of a label on the component's ServiceMonitor."""
    return f"{monitor(component)}.labels.{label.replace('.', chr(92) + '.')}"


def is_monitoring(key: str) -> bool:
    """Whether a key only concerns metrics: the others change what Cilium runs."""
    return ".metrics." in key or "prometheus." in key


def five() -> tuple[Component, ...]:
    """The five components."""
    return tuple(components()[name] for name in FIVE)


def others() -> tuple[Component, ...]:
    """Components that the chart scrapes where they run: those of Cluster Mesh."""
    return tuple(each for each in components().values() if each.name not in FIVE and each.service_monitor)
