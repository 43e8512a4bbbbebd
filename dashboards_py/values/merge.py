"""Merge required values with a user's values. Helm replaces lists, so lists are merged here."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboards_py.catalog import Release
from dashboards_py.needs import Need
from dashboards_py.values.handlers import Conflict, handler_conflicts, merge_handlers
from dashboards_py.values.keys import (
    HANDLERS,
    METRICS,
    Values,
    effective_value,
    get_value,
    is_monitoring,
    is_nulled,
    split_key,
    string_list,
)
from dashboards_py.values.required import Item, RequiredValues, required_events, required_values

LABELS = re.compile(r".*\.serviceMonitor\.labels(?=\.)")  # the map of labels in the key of a label
Selects = Callable[[Mapping[str, str]], bool]


def merge_required(
    user_values: Values, required: RequiredValues, read: frozenset[str], *, selects: Selects | None = None
) -> tuple[RequiredValues, tuple[Conflict, ...]]:
    """The values to set on top of the user's (`-f mine.yaml -f merged.yaml`), and the conflicts.

    Lists start with the user's entries; a Hubble handler in both gets the options of both, with the labels of both in
    `labelsContext`. Values that the user already has are not repeated. `read` are the agent's metrics that boards read:
    it is a conflict if the user turns one of them off, or a feature. With `selects`, which is True if
    Prometheus selects a ServiceMonitor with these labels, the user's labels are kept if it does and replaced if not.
    """
    missing: dict[str, Item | tuple[Item, ...]] = {}
    conflicts = [
        Conflict(METRICS, entry, "boards read it")
        for entry in string_list(user_values, METRICS)
        if entry.startswith("-") and entry[1:] in read
    ]
    for key, item in required.items():
        if blocked := _not_a_map(user_values, key):
            conflicts += [blocked] if blocked not in conflicts else []
        elif selects and (labels := LABELS.match(key)) and selects(get_value(user_values, labels[0]) or {}):
            continue
        elif isinstance(item, tuple):
            entries = string_list(user_values, key)
            merged = merge_handlers(entries, item) if key == HANDLERS else _merge_metrics(entries, item)
            conflicts += handler_conflicts(merged, item) if key == HANDLERS else ()
            if [entry.value for entry in merged] != entries:
                missing[key] = merged
        elif _is_replaceable(key, value := effective_value(user_values, key), relabel=selects is not None):
            missing |= {} if value == item.value else {key: item}
        elif why := _cost_of_keeping(key, value, item):
            text = "null" if is_nulled(user_values, key) else str(value).lower() if value is False else str(value)
            conflicts.append(Conflict(key, text, why))
    return missing, tuple(conflicts)


def merge_needs(
    needs: Sequence[Need],
    user_values: Values,
    release: Release,
    *,
    labels: Mapping[str, str],
    interval: str,
    selects: Selects | None = None,
) -> tuple[RequiredValues, tuple[Conflict, ...]]:
    """The values that boards need on top of a user's values, and the conflicts.

    `labels` and `interval` are as in `required_values`, `selects` as in `merge_required`. If the values enable Cluster
    Mesh, its API server gets a ServiceMonitor.
    """
    mesh = effective_value(user_values, "clustermesh.useAPIServer") is True
    required = {
        **required_values(needs, release, labels=labels, interval=interval, mesh=mesh),
        **required_events(needs),
    }
    agents = frozenset(need.metric.switch_on(release) for need in needs if need.metric.component == "cilium-agent")
    return merge_required(user_values, required, agents, selects=selects)


def _is_replaceable(key: str, user_value: Any, *, relabel: bool) -> bool:
    """True if a required value replaces the user's: no value, metrics that are off, and labels with `relabel`."""
    label = relabel and LABELS.match(key) is not None and not isinstance(user_value, Mapping | list)
    return user_value is None or user_value == {} or (user_value is False and is_monitoring(key)) or label


def _cost_of_keeping(key: str, user_value: Any, required: Item) -> str:
    """The consequence of keeping the user's value; "" if it works as well as the required one."""
    if user_value is False:
        return f"needed by {required.who}"
    if isinstance(user_value, Mapping | list):
        return f"is not a single value; the boards need {required.value}"
    if isinstance(required.value, bool) and user_value is not required.value:
        return f"is neither true nor false; the boards need {str(required.value).lower()}"
    if LABELS.match(key) and user_value != required.value:
        return f"a Prometheus that selects {key.rpartition('.labels.')[2]}={required.value} does not see it"
    return ""


def _not_a_map(user_values: Values, key: str) -> Conflict | None:
    """The conflict if a parent of the key is not a map in the user's values."""
    value: Any = user_values
    path: list[str] = []
    for name in split_key(key)[:-1]:
        path.append(name)
        value = value.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            return Conflict(
                ".".join(path), str(value), "is not a map, but the chart has keys below it that the boards need"
            )
    return None


def _merge_metrics(entries: Sequence[str], required: Sequence[Item]) -> tuple[Item, ...]:
    """The user's entries of `prometheus.metrics`, then required ones that the user neither has nor turns off."""
    turned_off = {f"+{entry[1:]}" for entry in entries if entry.startswith("-")}
    added = [item for item in required if item.value not in (*entries, *turned_off)]
    return (*(Item(entry, ()) for entry in entries), *added)
