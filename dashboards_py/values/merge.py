"""Merge required values with a user's values. Helm replaces lists, so lists are merged here."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from dashboards_py.catalog import NEWEST, Release
from dashboards_py.need import Need
from dashboards_py.values.handlers import Conflict
from dashboards_py.values.hubble_merge import merge_hubble
from dashboards_py.values.keys import (
    HANDLERS,
    METRICS,
    Values,
    common_labels,
    effective_value,
    get_value,
    is_monitoring,
    is_nulled,
    split_key,
    string_list,
)
from dashboards_py.values.required import Item, RequiredValues, excluded_needs, required_events, required_values
from dashboards_py.values.switched_off import switched_off

LABELS = re.compile(r".*\.serviceMonitor\.labels(?=\.)")  # the map of labels in the key of a label
MONITOR = re.compile(r".*\.serviceMonitor(?=\.)")  # the part of a ServiceMonitor in a key
Selects = Callable[[Mapping[str, str]], bool]


def merge_required(
    user_values: Values,
    required: RequiredValues,
    read: frozenset[str],
    *,
    selects: Selects | None = None,
    release: Release = NEWEST,
) -> tuple[RequiredValues, tuple[Conflict, ...]]:
    """The values to set on top of the user's (`-f mine.yaml -f merged.yaml`), and the conflicts.

    Lists start with the user's entries; a Hubble handler in both gets the options of both, with the labels of both in
    `labelsContext`. Values that the user already has are not repeated. `read` are the agent's metrics that boards read:
    it is a conflict if the user turns one of them off, or a feature. With `selects`, which is True if
    Prometheus selects a ServiceMonitor with these labels, the user's labels are kept if it does and replaced if not.
    """
    missing: dict[str, Item | tuple[Item, ...]] = {}
    required, off = _without_parts_that_are_off(user_values, required, release)
    conflicts = [
        *off,
        *(
            Conflict(METRICS, entry, "boards read it")
            for entry in string_list(user_values, METRICS)
            if entry.startswith("-") and entry[1:] in read
        ),
    ]
    for key, item in required.items():
        if blocked := _not_a_map(user_values, key):
            conflicts += [blocked] if blocked not in conflicts else []
        elif (labels := LABELS.match(key)) and _is_selected(user_values, labels[0], key, item, release, selects):
            continue
        elif labels and isinstance(item, Item) and (common := _common_label(user_values, key, release)) is not None:
            conflicts.append(Conflict(key, str(common), f"commonLabels has it already; the boards need {item.value}"))
        elif key == HANDLERS and isinstance(item, tuple):
            lists, problems = merge_hubble(user_values, item, release)
            missing |= lists
            conflicts += problems
        elif isinstance(item, tuple):
            entries = string_list(user_values, key)
            merged = _merge_metrics(entries, item)
            if [entry.value for entry in merged] != entries:
                missing[key] = merged
        elif _is_replaceable(key, value := effective_value(user_values, key), relabel=selects is not None):
            missing |= {} if value == item.value else {key: item}
        elif why := _cost_of_keeping(key, value, item):
            text = "null" if is_nulled(user_values, key) else str(value).lower() if value is False else str(value)
            conflicts.append(Conflict(key, text, why))
    excluded = _excluded_by_labels(user_values, required, missing, release, selects) if selects else ()
    contested = {labels[0] for conflict in conflicts if (labels := LABELS.match(conflict.key))}
    return missing, (*conflicts, *(conflict for conflict in excluded if conflict.key not in contested))


def merge_needs(
    needs: Sequence[Need],
    user_values: Values,
    release: Release,
    *,
    labels: Mapping[str, str],
    interval: str,
    selects: Selects | None = None,
    scraped: Collection[str] = (),
) -> tuple[RequiredValues, tuple[Conflict, ...]]:
    """The values that boards need on top of a user's values, and the conflicts.

    `labels`, `interval` and `scraped` are as in `required_values`, `selects` as in `merge_required`. If the values
    enable Cluster Mesh, its API server gets a ServiceMonitor.
    """
    mesh = effective_value(user_values, "clustermesh.useAPIServer") is True
    required = {
        **required_values(needs, release, labels=labels, interval=interval, mesh=mesh, scraped=scraped),
        **required_events(needs),
    }
    agents = frozenset(need.metric.switch_on(release) for need in needs if need.metric.component == "cilium-agent")
    missing, conflicts = merge_required(user_values, required, agents, selects=selects, release=release)
    return missing, (
        *(_with_boards(conflict, needs, user_values, release) for conflict in conflicts),
        *_excluded(needs),
    )


def _without_parts_that_are_off(
    user_values: Values, required: RequiredValues, release: Release
) -> tuple[RequiredValues, list[Conflict]]:
    """The required values without those that have no effect because a part is off, and a conflict for each part."""
    conflicts: list[Conflict] = []
    for key, text, prefixes in switched_off(user_values, release):
        idle = {name: item for name, item in required.items() if name.startswith(prefixes)}
        if not idle:
            continue
        required = {name: item for name, item in required.items() if name not in idle}
        items = [part for item in idle.values() for part in (item if isinstance(item, tuple) else (item,))]
        panels = dict.fromkeys(panel for item in items for panel in item.needed_by)
        conflicts.append(Conflict(key, text, f"needed by {Item(value=True, needed_by=tuple(panels)).who}"))
    return required, conflicts


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


def _is_selected(
    user_values: Values,
    labels_key: str,
    key: str,
    item: Item | tuple[Item, ...],
    release: Release,
    selects: Selects | None,
) -> bool:
    """True if Prometheus selects the ServiceMonitor as it is, so that its labels stay."""
    common = common_labels(user_values, release) or {}
    own = get_value(user_values, labels_key) or {}
    if not isinstance(common, Mapping) or not isinstance(own, Mapping):
        return False
    labels = {**common, **own}
    if selects:
        return selects(labels)
    name = split_key(key)[-1]
    return name in common and name not in own and isinstance(item, Item) and labels[name] == item.value


def _excluded_by_labels(
    user_values: Values, required: RequiredValues, missing: RequiredValues, release: Release, selects: Selects
) -> Iterator[Conflict]:
    """A conflict for each ServiceMonitor with a label that Prometheus excludes (NotIn, DoesNotExist)."""
    common = common_labels(user_values, release) or {}
    for monitor in dict.fromkeys(part[0] for name in required if (part := MONITOR.match(name))):
        key = f"{monitor}.labels"
        own = get_value(user_values, key) or {}
        if not isinstance(common, Mapping) or not isinstance(own, Mapping):
            continue
        added = {
            split_key(name)[-1]: item.value
            for name, item in missing.items()
            if name.startswith(f"{key}.") and isinstance(item, Item)
        }
        labels = {name: value for name, value in {**common, **own, **added}.items() if value is not None}
        if not selects(labels):
            text = ", ".join(f"{name}={value}" for name, value in labels.items()) or "none"
            why = "the Prometheus excludes a ServiceMonitor with these labels: null removes one from those of the chart"
            yield Conflict(key, text, why)


def _common_label(user_values: Values, key: str, release: Release) -> Any:
    """The value in `commonLabels` of a label that the ServiceMonitor's own labels lack: with both it is there twice."""
    common = common_labels(user_values, release)
    is_set = get_value(user_values, key) is not None
    return common.get(split_key(key)[-1]) if isinstance(common, Mapping) and not is_set else None


def _with_boards(conflict: Conflict, needs: Sequence[Need], user_values: Values, release: Release) -> Conflict:
    """A conflict about a part that is off, with the boards that stay empty without it."""
    prefixes = {key: prefixes for key, _, prefixes in switched_off(user_values, release)}.get(conflict.key)
    if prefixes is None:
        return conflict
    by_board: dict[str, set[bool]] = {}
    for need in needs:
        keys = [setting.key for setting in need.metric.exposed_by.enabled_by]
        by_board.setdefault(need.board, set()).add(bool(keys) and any(key.startswith(prefixes) for key in keys))
    empty = [board for board, off in by_board.items() if off == {True}]
    partly = [board for board, off in by_board.items() if off == {True, False}]
    texts = [f"{', '.join(boards)} {what}" for boards, what in ((empty, "stay empty"), (partly, "in part")) if boards]
    return Conflict(conflict.key, conflict.user_value, f"{conflict.why}; {', and '.join(texts)}")


def _excluded(needs: Sequence[Need]) -> Iterator[Conflict]:
    """The panels that stay empty because Cilium does not accept `http` together with `httpV2`."""
    excluded = excluded_needs(needs)
    panels = tuple(dict.fromkeys(need.where for need in needs if need in excluded))
    if panels:
        yield Conflict(HANDLERS, "http", f"Cilium does not accept it together with httpV2: {', '.join(panels)}: empty")
