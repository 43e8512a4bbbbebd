"""Our values on top of somebody's: Helm replaces lists, so the two are united, and nothing of theirs is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboards_py.catalog import Handler
from dashboards_py.errors import DashboardsError
from dashboards_py.values.keys import HANDLERS, METRICS, Values, is_monitoring, look_up
from dashboards_py.values.wanted import Item, Wanted


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value of theirs that stands against one of ours: theirs is kept, `why` says what that costs."""

    key: str
    theirs: str
    why: str


def merged(
    theirs: Values, ours: Wanted, read: frozenset[str], *, relabel: bool = False
) -> tuple[Wanted, tuple[Conflict, ...]]:
    """Our values as they must be given on top of theirs (`-f theirs.yaml -f merged.yaml`), and what cannot be merged.

    Lists hold their entries first: a Hubble handler that both have gets the options of both, labels of
    `labelsContext` united. What they have exactly as we want it is not repeated. `read` are the agent's metrics that
    boards read: one of them that they turn off is a conflict, as is a feature. With `relabel` our labels of
    ServiceMonitors are known to be what Prometheus selects, and theirs of the same name give way.
    """
    found: dict[str, Item | tuple[Item, ...]] = {}
    conflicts = [
        Conflict(METRICS, entry, "boards read it")
        for entry in _entries(look_up(theirs, METRICS), METRICS)
        if entry.startswith("-") and entry[1:] in read
    ]
    for key, item in ours.items():
        given = look_up(theirs, key)
        if isinstance(item, tuple):
            entries = _entries(given, key)
            united = _handlers(entries, item) if key == HANDLERS else _metrics(entries, item)
            if [each.value for each in united] != entries:
                found[key] = united
        elif given is False and not is_monitoring(key):
            conflicts.append(Conflict(key, "false", f"{item.needed_by[0]} and {len(item.needed_by) - 1} more need it"))
        elif given is None or given is False or given == {}:
            found[key] = item
        elif isinstance(given, Mapping | list):
            conflicts.append(Conflict(key, str(given), f"is no single value; the boards need {item.value}"))
        elif given != item.value and ".serviceMonitor.labels." in key:
            label = f"{key.rpartition('.labels.')[2]}={item.value}"
            if relabel:
                found[key] = item
            else:
                conflicts.append(Conflict(key, str(given), f"a Prometheus that selects {label} does not see it"))
    return found, tuple(conflicts)


def _entries(given: Any, key: str) -> list[str]:
    if given is None or given == {}:
        return []
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise DashboardsError(f"{key}", cause=f"is no list of texts: {given!r}", fix="give it as a YAML list")
    return list(given)


def _metrics(theirs: Sequence[str], ours: Sequence[Item]) -> tuple[Item, ...]:
    """`prometheus.metrics`: theirs, then those of ours that they neither have nor turn off."""
    refused = {f"+{entry[1:]}" for entry in theirs if entry.startswith("-")}
    added = [item for item in ours if item.value not in (*theirs, *refused)]
    return (*(Item(entry, ()) for entry in theirs), *added)


def _handlers(theirs: Sequence[str], ours: Sequence[Item]) -> tuple[Item, ...]:
    """`hubble.metrics.enabled`: a union a handler, in their order, then ours that they lack."""
    wanted = {Handler.read(str(item.value)).name: item for item in ours}
    found: dict[str, Item] = {}
    for entry in theirs:
        handler = Handler.read(entry)
        mine = wanted.get(handler.name)
        earlier = Handler.read(str(found[handler.name].value)) if handler.name in found else None
        united = _united(earlier, handler) if earlier else handler
        if mine:
            united = _united(united, Handler.read(str(mine.value)))
        value = entry if set(united.options) == set(handler.options) and not earlier else str(united)
        found[handler.name] = Item(value, mine.needed_by if mine else ())
    found |= {name: item for name, item in wanted.items() if name not in found}
    return tuple(found.values())


def _united(first: Handler, second: Handler) -> Handler:
    """Both handlers' options; `labelsContext` names the labels of both, other contexts are the first's."""
    options: dict[str, str] = {}
    for option in (*first.options, *second.options):
        key, _, value = option.partition("=")
        if key == "labelsContext" and key in options:
            labels = dict.fromkeys((*options[key].partition("=")[2].split(","), *value.split(",")))
            options[key] = f"{key}={','.join(labels)}"
        else:
            options.setdefault(key, option)
    return replace(first, options=tuple(options.values()))
