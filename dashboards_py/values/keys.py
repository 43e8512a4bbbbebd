"""Read keys of the Cilium chart from a user's values, with the chart's defaults."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from dashboards_py.catalog import Component, Release, components
from dashboards_py.errors import DashboardsError

HANDLERS, METRICS = "hubble.metrics.enabled", "prometheus.metrics"
ENABLED = ".serviceMonitor.enabled"

# Hubble handlers that Cilium does not accept together.
MUTUALLY_EXCLUSIVE = {"http": "httpV2", "httpV2": "http"}

# The five components that all installations of Cilium have, in the order of their ports.
COMPONENTS = ("cilium-agent", "cilium-operator", "cilium-envoy", "hubble", "hubble-relay")

# The defaults of the charts 1.16 to 1.20; keys that are missing here are off or empty.
DEFAULTS: Mapping[str, Any] = {
    "agent": True,
    "bpf.events.drop.enabled": True,
    "bpf.events.policyVerdict.enabled": True,
    "bpf.events.trace.enabled": True,
    "envoy.prometheus.enabled": True,
    "hubble.enabled": True,
    "l7Proxy": True,
    "operator.enabled": True,
    "operator.prometheus.enabled": True,
    "clustermesh.apiserver.kvstoremesh.enabled": True,
    "clustermesh.apiserver.metrics.enabled": True,
    "clustermesh.apiserver.metrics.etcd.enabled": True,
    "clustermesh.apiserver.metrics.kvstoremesh.enabled": True,
}

Values = Mapping[str, Any]


def effective_value(values: Values, key: str) -> Any:
    """The value of a dotted key, or the chart's default; None if there is neither.

    A key whose default is true is False if a null deletes it.
    """
    value = get_value(values, key)
    if value is None and DEFAULTS.get(key) is True and is_nulled(values, key):
        return False
    return DEFAULTS.get(key) if value is None else value


def is_nulled(values: Values, key: str) -> bool:
    """True if the chart's default of a dotted key is deleted by a null, or by a parent that is not a map.

    Helm deletes a key that is null in the user's values, with all keys below it (coalesceValues in
    pkg/chart/common/util/coalesce.go of Helm 4), and keeps a user's value that is not a map although the chart has one.
    """
    value: Any = values
    for name in split_key(key):
        if not isinstance(value, Mapping):
            return True
        if name not in value:
            return False
        value = value[name]
    return value is None


def explicit_value(values: Values, key: str) -> Any:
    """The value of a dotted key that has to be set again to keep its effect; None if the user has none.

    A null that deletes a default of true becomes False, because without the key the default would apply.
    """
    return effective_value(values, key) if is_nulled(values, key) else get_value(values, key)


def get_value(values: Values, key: str) -> Any:
    """The value of a dotted key, or None."""
    value: Any = values
    for name in split_key(key):
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    return value


def string_list(values: Values, key: str) -> list[str]:
    """The entries of a list of strings; raises DashboardsError for any other value."""
    entries = effective_value(values, key)
    if entries is None or entries == {}:
        return []
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise DashboardsError(key, cause=f"is not a list of strings: {entries!r}", fix="write it as a YAML list")
    return list(entries)


def remove_key(values: Values, key: str) -> dict[str, Any]:
    """Remove a dotted key, and maps that become empty."""
    return _remove_key(values, split_key(key))


def _remove_key(values: Values, path: Sequence[str]) -> dict[str, Any]:
    first, *rest = path
    inner = values.get(first)
    left = _remove_key(inner, rest) if rest and isinstance(inner, Mapping) else {}
    return {name: left if name == first else value for name, value in values.items() if name != first or left}


def nested(key: str, value: Any) -> Any:
    """The value as the tree of a dotted key: {"a": {"b": value}} for `a.b`."""
    for name in reversed(split_key(key)):
        value = {name: value}
    return value


@lru_cache(4096)
def split_key(key: str) -> tuple[str, ...]:
    """The names in a dotted key; a dot within a name has a backslash, as in Helm's `--set`."""
    return tuple(name.replace("\\.", ".") for name in re.split(r"(?<!\\)\.", key))


def merge_values(values: Values, more: Values) -> dict[str, Any]:
    """Merge values as Helm does: maps are merged, and other values are replaced by those of `more`."""
    merged = dict(values)
    for key, value in more.items():
        old = merged.get(key)
        merged[key] = merge_values(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def monitor(component: Component) -> str:
    """The dotted key of the component's ServiceMonitor: `operator.prometheus.serviceMonitor`."""
    return next(
        setting.key.removesuffix(".enabled") for setting in component.enabled_by if setting.key.endswith(ENABLED)
    )


def monitor_namespace(values: Values, component: Component, own: str) -> str:
    """The namespace of the component's ServiceMonitor if Cilium is in `own`; Hubble's is in that of the agent's."""
    owner = components()["cilium-agent"] if component.name == "hubble" else component
    return get_value(values, f"{monitor(owner)}.namespace") or own


def label_key(component: Component, label: str) -> str:
    """The dotted key of a label on the component's ServiceMonitor."""
    return f"{monitor(component)}.labels.{label.replace('.', chr(92) + '.')}"


def common_labels(values: Values, release: Release) -> Any:
    """The user's `commonLabels`, which the charts from 1.17 on put on ServiceMonitors; None if there are none."""
    return get_value(values, "commonLabels") if release >= (1, 17) else None


def monitor_labels(values: Values, component: Component, release: Release) -> dict[str, Any]:
    """The labels that the values give to the component's ServiceMonitor; `commonLabels` count from 1.17 on."""
    common = common_labels(values, release)
    own = get_value(values, f"{monitor(component)}.labels")
    always = {"app.kubernetes.io/part-of": "cilium"}  # all ServiceMonitors of the charts 1.16 to 1.20
    return {
        key: value for labels in (always, common, own) if isinstance(labels, Mapping) for key, value in labels.items()
    }


def is_monitoring(key: str) -> bool:
    """True if a key only concerns metrics; other keys change what Cilium runs."""
    return ".metrics." in key or "prometheus." in key


def core_components() -> tuple[Component, ...]:
    """The five components."""
    return tuple(components()[name] for name in COMPONENTS)


def mesh_components() -> tuple[Component, ...]:
    """The components of Cluster Mesh that the chart scrapes."""
    return tuple(
        component
        for component in components().values()
        if component.name not in COMPONENTS and component.service_monitor
    )
