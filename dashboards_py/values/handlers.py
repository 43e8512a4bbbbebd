"""Merge Hubble handlers of a user's values with required ones, into one entry for each handler."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboards_py.catalog import Handler
from dashboards_py.values.dns import problem, without_mix_up
from dashboards_py.values.keys import HANDLERS, MUTUALLY_EXCLUSIVE
from dashboards_py.values.required import Item


class ProblemKind(StrEnum):
    """The kind of a problem of configured handlers."""

    BOTH_FORMS = "both forms"  # static and dynamic
    EXCLUSIVE = "exclusive"  # two that Cilium does not accept together
    DUPLICATE = "duplicate"  # one name twice
    UNKNOWN = "unknown"  # no handler of the release
    JOINED = "joined"  # several texts in one value of the dynamic form
    REFUSED = "refused"  # options that the handler does not accept
    REPEATED_OPTION = "repeated option"
    SPACE = "space"  # at which Cilium splits the entry


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value of the user that conflicts with a required one and is kept; `why` is the consequence.

    `kind` is set if it is a problem of the handlers.
    """

    key: str
    user_value: str
    why: str
    kind: ProblemKind | None = None


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
    """Conflicts: handlers with duplicates that differ, that exclude a required one, break with it or are refused."""
    conflicts = [
        Conflict(HANDLERS, str(item.value), f"the handler does not start: {reason}", ProblemKind.REFUSED)
        for item in merged
        for reason in Handler.parse(str(item.value)).refused
    ]
    names = [Handler.parse(str(item.value)).name for item in merged]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            entries = [str(item.value) for item, other in zip(merged, names, strict=True) if other == name]
            conflicts.append(
                Conflict(
                    HANDLERS,
                    " and ".join(entries),
                    "duplicate handler with options that cannot be merged",
                    ProblemKind.DUPLICATE,
                )
            )
    for item in required:
        name = Handler.parse(str(item.value)).name
        if (exclusive := MUTUALLY_EXCLUSIVE.get(name)) in names:
            why = f"Cilium does not accept {name} together with it, which is needed by {item.who}"
            conflicts.append(Conflict(HANDLERS, str(exclusive), why, ProblemKind.EXCLUSIVE))
        for entry in (str(user.value) for user, other in zip(merged, names, strict=True) if other == name):
            combined = _combine(Handler.parse(entry), Handler.parse(str(item.value)))
            if without_mix_up(combined) is None:
                why = f"merged with what {item.who} needs, {problem(combined)}"
                conflicts.append(Conflict(HANDLERS, entry, why))
    return conflicts


def _are_compatible(first: Handler, second: Handler) -> bool:
    """True if two entries are for the same handler and no option but `labelsContext` has two values."""
    one, other = first.values, second.values
    differing = {name for name in one.keys() & other.keys() if one[name].lower() != other[name].lower()}
    return first.name == second.name and differing <= {"labelsContext"}


def _combine(first: Handler, second: Handler) -> Handler:
    """Merge the options of two entries; `labelsContext` gets the labels of both, other contexts are the first's.

    The first is unchanged if it has all of the second already. If not, names are in their usual spelling, once each.
    """
    values = dict(first.values)
    for name, value in second.values.items():
        if name == "labelsContext" and name in values:
            labels = (label.strip() for label in f"{values[name]},{value}".split(","))
            values[name] = ",".join(dict.fromkeys(labels))
        else:
            values.setdefault(name, value)
    combined = first.with_values(values)
    is_clean = not first.repeated and not any(character.isspace() for character in str(first))
    return first if is_clean and combined == first.normalized() else combined
