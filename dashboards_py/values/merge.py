"""Our values on top of somebody's: Helm replaces lists, so the two are united, and nothing of theirs is lost."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboards_py.catalog import Handler
from dashboards_py.values.dns import problem, separated
from dashboards_py.values.keys import (
    HANDLERS,
    METRICS,
    RIVALS,
    Values,
    given,
    is_monitoring,
    is_nulled,
    look_up,
    steps,
    texts,
)
from dashboards_py.values.wanted import Item, Wanted

LABELS = re.compile(r".*\.serviceMonitor\.labels(?=\.)")  # the map that holds the key of a label


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value of theirs that stands against one of ours: theirs is kept, `why` says what that costs."""

    key: str
    theirs: str
    why: str


Selects = Callable[[Mapping[str, str]], bool]


def merged(
    theirs: Values, ours: Wanted, read: frozenset[str], *, selects: Selects | None = None
) -> tuple[Wanted, tuple[Conflict, ...]]:
    """Our values as they must be given on top of theirs (`-f theirs.yaml -f merged.yaml`), and what cannot be merged.

    Lists hold their entries first: a Hubble handler that both have gets the options of both, labels of
    `labelsContext` united. What they have exactly as we want it is not repeated. `read` are the agent's metrics that
    boards read: one of them that they turn off is a conflict, as is a feature. Where it is known which labels of a
    ServiceMonitor the Prometheus `selects`, theirs stay where they do, and give way to ours where they do not.
    """
    found: dict[str, Item | tuple[Item, ...]] = {}
    conflicts = [
        Conflict(METRICS, entry, "boards read it")
        for entry in texts(theirs, METRICS)
        if entry.startswith("-") and entry[1:] in read
    ]
    for key, item in ours.items():
        if blocked := _in_the_way(theirs, key):
            conflicts += [blocked] if blocked not in conflicts else []
        elif selects and (place := LABELS.match(key)) and selects(given(theirs, place[0]) or {}):
            continue
        elif isinstance(item, tuple):
            entries = texts(theirs, key)
            united = _handlers(entries, item) if key == HANDLERS else _metrics(entries, item)
            conflicts += _not_united(united, item) if key == HANDLERS else ()
            if [each.value for each in united] != entries:
                found[key] = united
        elif _gives_way(key, value := look_up(theirs, key), relabel=selects is not None):
            found |= {} if value == item.value else {key: item}
        elif why := _stands_against(key, value, item):
            text = "null" if is_nulled(theirs, key) else str(value).lower() if value is False else str(value)
            conflicts.append(Conflict(key, text, why))
    return found, tuple(conflicts)


def _gives_way(key: str, given: Any, *, relabel: bool) -> bool:
    """Whether ours takes the place of theirs: of nothing, of a metric that is off, and of a label with `relabel`."""
    label = relabel and LABELS.match(key) is not None and not isinstance(given, Mapping | list)
    return given is None or given == {} or (given is False and is_monitoring(key)) or label


def _stands_against(key: str, given: Any, ours: Item) -> str:
    """What a single value of theirs costs; "" where it serves as well as ours."""
    if given is False:
        return f"needed by {ours.who}"
    if isinstance(given, Mapping | list):
        return f"is no single value; the boards need {ours.value}"
    if isinstance(ours.value, bool) and given is not ours.value:
        return f"is neither true nor false; the boards need {str(ours.value).lower()}"
    if LABELS.match(key) and given != ours.value:
        return f"a Prometheus that selects {key.rpartition('.labels.')[2]}={ours.value} does not see it"
    return ""


def _in_the_way(theirs: Values, key: str) -> Conflict | None:
    """A value of theirs where a map must be that holds the key."""
    place: Any = theirs
    path: list[str] = []
    for step in steps(key)[:-1]:
        path.append(step)
        place = place.get(step)
        if place is None:
            return None
        if not isinstance(place, Mapping):
            return Conflict(".".join(path), str(place), "stands where keys of the chart belong, which the boards need")
    return None


def _metrics(theirs: Sequence[str], ours: Sequence[Item]) -> tuple[Item, ...]:
    """`prometheus.metrics`: theirs, then those of ours that they neither have nor turn off."""
    refused = {f"+{entry[1:]}" for entry in theirs if entry.startswith("-")}
    added = [item for item in ours if item.value not in (*theirs, *refused)]
    return (*(Item(entry, ()) for entry in theirs), *added)


def _handlers(theirs: Sequence[str], ours: Sequence[Item]) -> tuple[Item, ...]:
    """`hubble.metrics.enabled`: a union a handler, in their order, then ours that they lack and Cilium takes."""
    wanted = {Handler.read(str(item.value)).name: item for item in ours}
    written = {Handler.read(entry): entry for entry in theirs}
    found: list[Handler] = []
    for handler in map(Handler.read, theirs):
        twin = next((place for place, each in enumerate(found) if _fit(each, handler)), None)
        if twin is None:
            found.append(handler)
        else:
            found[twin] = _united(found[twin], handler)
    named = {handler.name for handler in found}
    items = []
    for handler in found:
        mine = wanted.get(handler.name)
        united = (separated(_united(handler, Handler.read(str(mine.value)))) or handler) if mine else handler
        items.append(Item(written.get(united, str(united)), mine.needed_by if mine else ()))
    return (*items, *(item for name, item in wanted.items() if not {name, RIVALS.get(name)} & named))


def _not_united(united: Sequence[Item], ours: Sequence[Item]) -> list[Conflict]:
    """Handlers twice because their options differ, one that keeps out one of ours, and one that ours would break."""
    found = []
    names = [Handler.read(str(item.value)).name for item in united]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            both = " and ".join(str(item.value) for item, of in zip(united, names, strict=True) if of == name)
            found.append(Conflict(HANDLERS, both, "one handler, with options that cannot be united"))
    for item in ours:
        name = Handler.read(str(item.value)).name
        if (rival := RIVALS.get(name)) in names:
            why = f"Cilium takes no {name} beside it, which is needed by {item.who}"
            found.append(Conflict(HANDLERS, str(rival), why))
        for entry in (str(each.value) for each, of in zip(united, names, strict=True) if of == name):
            together = _united(Handler.read(entry), Handler.read(str(item.value)))
            if separated(together) is None:
                found.append(Conflict(HANDLERS, entry, f"united with what {item.who} needs, {problem(together)}"))
    return found


def _fit(first: Handler, second: Handler) -> bool:
    """Whether two entries are of one handler and no option is given differently, `labelsContext` aside."""
    had, new = (dict(option.partition("=")[::2] for option in each.options) for each in (first, second))
    differ = {key for key in had.keys() & new.keys() if had[key] != new[key]}
    return first.name == second.name and differ <= {"labelsContext"}


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
