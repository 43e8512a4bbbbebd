"""Merge required Hubble handlers with a user's, in the form that the values use: static or dynamic, never both."""

from collections.abc import Sequence

from dashboards_py.catalog import Handler, Release
from dashboards_py.documents.write_yaml import write_flow
from dashboards_py.values.handler_problems import HandlerProblem, handler_problems
from dashboards_py.values.handlers import Conflict, ProblemKind, handler_conflicts, merge_handlers
from dashboards_py.values.hubble_metrics import (
    CONTENT,
    CREATES,
    DYNAMIC,
    HubbleMetrics,
    dynamic_entries,
    dynamic_entry,
    dynamic_handler,
    hubble_metrics,
    with_joined_labels,
)
from dashboards_py.values.keys import HANDLERS, Values, merge_values, nested, string_list
from dashboards_py.values.required import Item

Merged = tuple[dict[str, tuple[Item, ...]], list[Conflict]]


def merge_hubble(values: Values, required: Sequence[Item], release: Release) -> Merged:
    """The list to set, by its key, and the conflicts; nothing is set that Cilium then refuses."""
    hubble = hubble_metrics(values, release)
    if hubble.both:
        problem = next(item for item in handler_problems(values, release) if item.kind is ProblemKind.BOTH_FORMS)
        return {}, [Conflict(DYNAMIC, "true", problem.text.partition(" is true and ")[2])]
    if hubble.config_map:
        return {}, [_not_known(hubble, required)]
    entries = [str(handler) for handler in hubble.handlers]
    if not hubble.is_dynamic:
        entries = with_joined_labels(string_list(values, HANDLERS))
    merged = merge_handlers(entries, required)
    conflicts = handler_conflicts(merged, required)
    conflicts += [
        Conflict(CONTENT, name, "its filters let only some flows through, and the boards are about all")
        for name in hubble.filtered
    ]
    items = _dynamic_items(values, merged) if hubble.is_dynamic else merged
    current = list(dynamic_entries(values)) if hubble.is_dynamic else string_list(values, HANDLERS)
    problems = _problems(values, hubble.key, items, release)
    conflicts += [
        Conflict(hubble.key, "its handlers", problem.text.partition(": ")[2])
        for problem in problems
        if problem.error and problem.kind not in {conflict.kind for conflict in conflicts}
    ]
    if [item.value for item in items] == current or any(problem.error for problem in problems):
        return {}, conflicts
    return {hubble.key: items}, conflicts


def _problems(values: Values, key: str, items: Sequence[Item], release: Release) -> tuple[HandlerProblem, ...]:
    """The problems of the values with the merged list."""
    merged = nested(key, [item.value for item in items])
    return handler_problems(merge_values(values, merged), release)


def _dynamic_items(values: Values, merged: Sequence[Item]) -> tuple[Item, ...]:
    """Merged handlers as dynamic entries; those that did not change stay as the user wrote them."""
    originals = {str(entry["name"]): entry for entry in dynamic_entries(values)}
    before = {name: dynamic_handler(entry) for name, entry in originals.items()}
    items: list[Item] = []
    for item in merged:
        handler = Handler.parse(str(item.value))
        original = originals.get(handler.name)
        if original is not None and handler == before[handler.name]:
            items.append(Item(original, item.needed_by))
        else:
            items.append(Item(dynamic_entry(handler, original), item.needed_by))
    return tuple(items)


def _not_known(hubble: HubbleMetrics, required: Sequence[Item]) -> Conflict:
    """The handlers are in a ConfigMap that the chart does not write: what it has to hold."""
    entries = [dynamic_entry(Handler.parse(str(item.value))) for item in required]
    text = ("metrics:", *(f"- {write_flow(entry)}" for entry in entries))
    lines = "".join(f"\n    {line}" for line in text)
    why = (
        f"the handlers are in ConfigMap {hubble.config_map}, which the values do not hold, so it is not known what "
        f"is in it. Its dynamic-metrics.yaml must have at least, and the agents must restart for other labels:{lines}"
    )
    return Conflict(CREATES, "false", why)
