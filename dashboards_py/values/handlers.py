"""Handlers of Hubble in a user's values and in ours, merged into one entry for each handler."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboards_py.catalog import Handler
from dashboards_py.values.dns import problem, separated
from dashboards_py.values.keys import HANDLERS, MUTUALLY_EXCLUSIVE
from dashboards_py.values.required import Item


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value of the user's that keeps out one of ours: it stays, and `why` says what that costs."""

    key: str
    user_value: str
    why: str


def merge_handlers(entries: Sequence[str], required: Sequence[Item]) -> tuple[Item, ...]:
    """The user's entries of `hubble.metrics.enabled`, merged, then ours that they lack and Cilium accepts."""
    required_by_name = {Handler.read(str(item.value)).name: item for item in required}
    written = {Handler.read(entry): entry for entry in entries}
    handlers: list[Handler] = []
    for handler in map(Handler.read, entries):
        twin = next((index for index, other in enumerate(handlers) if _are_compatible(other, handler)), None)
        if twin is None:
            handlers.append(handler)
        else:
            handlers[twin] = _combined(handlers[twin], handler)
    names = {handler.name for handler in handlers}
    items = []
    for handler in handlers:
        item = required_by_name.get(handler.name)
        combined = (separated(_combined(handler, Handler.read(str(item.value)))) or handler) if item else handler
        items.append(Item(written.get(combined, str(combined)), item.needed_by if item else ()))
    missing = (item for name, item in required_by_name.items() if not {name, MUTUALLY_EXCLUSIVE.get(name)} & names)
    return (*items, *missing)


def handler_conflicts(merged: Sequence[Item], required: Sequence[Item]) -> list[Conflict]:
    """Duplicate handlers whose options differ, one that excludes one of ours, and one that ours would break."""
    conflicts = []
    names = [Handler.read(str(item.value)).name for item in merged]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            entries = [str(item.value) for item, other in zip(merged, names, strict=True) if other == name]
            conflicts.append(
                Conflict(HANDLERS, " and ".join(entries), "duplicate handler with options that cannot be merged")
            )
    for item in required:
        name = Handler.read(str(item.value)).name
        if (exclusive := MUTUALLY_EXCLUSIVE.get(name)) in names:
            why = f"Cilium does not accept {name} together with it, which is needed by {item.who}"
            conflicts.append(Conflict(HANDLERS, str(exclusive), why))
        for entry in (str(user.value) for user, other in zip(merged, names, strict=True) if other == name):
            combined = _combined(Handler.read(entry), Handler.read(str(item.value)))
            if separated(combined) is None:
                why = f"merged with what {item.who} needs, {problem(combined)}"
                conflicts.append(Conflict(HANDLERS, entry, why))
    return conflicts


def _are_compatible(first: Handler, second: Handler) -> bool:
    """True if two entries are of one handler and no option has two values, `labelsContext` aside."""
    one, other = (dict(option.partition("=")[::2] for option in handler.options) for handler in (first, second))
    differing = {key for key in one.keys() & other.keys() if one[key] != other[key]}
    return first.name == second.name and differing <= {"labelsContext"}


def _combined(first: Handler, second: Handler) -> Handler:
    """The options of both handlers; `labelsContext` names the labels of both, other contexts are the first's."""
    options: dict[str, str] = {}
    for option in (*first.options, *second.options):
        key, _, value = option.partition("=")
        if key == "labelsContext" and key in options:
            labels = dict.fromkeys((*options[key].partition("=")[2].split(","), *value.split(",")))
            options[key] = f"{key}={','.join(labels)}"
        else:
            options.setdefault(key, option)
    return replace(first, options=tuple(options.values()))
