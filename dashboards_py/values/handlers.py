"""Merge Hubble handlers of a user's values with required ones, into one entry for each handler."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboards_py.catalog import Handler
from dashboards_py.values.dns import problem, without_mix_up
from dashboards_py.values.keys import HANDLERS, MUTUALLY_EXCLUSIVE
from dashboards_py.values.required import Item


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value of the user that conflicts with a required one and is kept; `why` is the consequence."""

    key: str
    user_value: str
    why: str


def merge_handlers(entries: Sequence[str], required: Sequence[Item]) -> tuple[Item, ...]:
    """Merge the user's entries of `hubble.metrics.enabled` with the required ones that Cilium accepts next to them."""
    required_by_name = {Handler.parse(str(item.value)).name: item for item in required}
    original_texts = {Handler.parse(entry): entry for entry in entries}
    handlers: list[Handler] = []
    for handler in map(Handler.parse, entries):
        duplicate = next((index for index, other in enumerate(handlers) if _are_compatible(other, handler)), None)
        if duplicate is None:
            handlers.append(handler)
        else:
            handlers[duplicate] = _combine(handlers[duplicate], handler)
    names = {handler.name for handler in handlers}
    items = []
    for handler in handlers:
        item = required_by_name.get(handler.name)
        combined = (without_mix_up(_combine(handler, Handler.parse(str(item.value)))) or handler) if item else handler
        items.append(Item(original_texts.get(combined, str(combined)), item.needed_by if item else ()))
    missing = (item for name, item in required_by_name.items() if not {name, MUTUALLY_EXCLUSIVE.get(name)} & names)
    return (*items, *missing)


def handler_conflicts(merged: Sequence[Item], required: Sequence[Item]) -> list[Conflict]:
    """Conflicts: duplicate handlers with different options, handlers that exclude a required one or break with it."""
    conflicts = []
    names = [Handler.parse(str(item.value)).name for item in merged]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            entries = [str(item.value) for item, other in zip(merged, names, strict=True) if other == name]
            conflicts.append(
                Conflict(HANDLERS, " and ".join(entries), "duplicate handler with options that cannot be merged")
            )
    for item in required:
        name = Handler.parse(str(item.value)).name
        if (exclusive := MUTUALLY_EXCLUSIVE.get(name)) in names:
            why = f"Cilium does not accept {name} together with it, which is needed by {item.who}"
            conflicts.append(Conflict(HANDLERS, str(exclusive), why))
        for entry in (str(user.value) for user, other in zip(merged, names, strict=True) if other == name):
            combined = _combine(Handler.parse(entry), Handler.parse(str(item.value)))
            if without_mix_up(combined) is None:
                why = f"merged with what {item.who} needs, {problem(combined)}"
                conflicts.append(Conflict(HANDLERS, entry, why))
    return conflicts


def _are_compatible(first: Handler, second: Handler) -> bool:
    """True if two entries are for the same handler and no option but `labelsContext` has two values."""
    one, other = (dict(option.partition("=")[::2] for option in handler.options) for handler in (first, second))
    differing = {key for key in one.keys() & other.keys() if one[key] != other[key]}
    return first.name == second.name and differing <= {"labelsContext"}


def _combine(first: Handler, second: Handler) -> Handler:
    """Merge the options of two entries; `labelsContext` gets the labels of both, other contexts are the first's."""
    options: dict[str, str] = {}
    for option in (*first.options, *second.options):
        key, _, value = option.partition("=")
        if key == "labelsContext" and key in options:
            labels = dict.fromkeys((*options[key].partition("=")[2].split(","), *value.split(",")))
            options[key] = f"{key}={','.join(labels)}"
        else:
            options.setdefault(key, option)
    return replace(first, options=tuple(options.values()))
