"""Two versions of alerting and recording rules, as a section of a review."""

from collections.abc import Iterable, Iterator, Mapping

from dashboards_py.documents.rule import Rule
from dashboards_py.promql.durations import seconds
from dashboards_py.review.difference import Difference, Reviewed, Section
from dashboards_py.review.panels import query_difference

DURATIONS = ("for", "keep_firing_for", "interval of the group")
Key = tuple[str, str, int]  # group, name, and number among those of this name


def rules_reviewed(before: Iterable[Rule] | None, after: Iterable[Rule] | None, name: str) -> Section:
    """What differs between the rules of a file; None if there was no such file, or is none any more.

    A rule that alone has its name is the same in another group; one that alone has its query got another name.
    """
    old, new = _by_key(before or ()), _by_key(after or ())
    parts: list[Reviewed] = []
    for key, rule in new.items():
        was_key = key if key in old else _elsewhere(key, old, new)
        was = old.pop(was_key) if was_key else None
        if part := _reviewed(was, rule):
            parts.append(part)
    parts += [part for rule in old.values() if (part := _reviewed(rule, None))]
    return Section(
        kind="rules", name=name, part="rule", is_added=before is None, is_removed=after is None, parts=tuple(parts)
    )


def _by_key(rules: Iterable[Rule]) -> dict[Key, Rule]:
    result: dict[Key, Rule] = {}
    for rule in rules:
        number = 0
        while (rule.group, rule.name, number) in result:
            number += 1
        result[rule.group, rule.name, number] = rule
    return result


def _elsewhere(key: Key, old: Mapping[Key, Rule], new: Mapping[Key, Rule]) -> Key | None:
    removed = [other for other in old if other not in new]
    same_name = [other for other in removed if other[1] == key[1]]
    if same_name:
        return same_name[0] if len(same_name) == 1 else None
    names = {other[1] for other in new}
    same_query = [other for other in removed if other[1] not in names and _is_alike(old[other], new[key])]
    renamed = [other for other in new if other not in old and _is_alike(new[other], new[key])]
    return same_query[0] if len(same_query) == len(renamed) == 1 else None


def _is_alike(one: Rule, other: Rule) -> bool:
    return one.is_alert == other.is_alert and one.expr.split() == other.expr.split()


def _reviewed(before: Rule | None, after: Rule | None) -> Reviewed | None:
    rule = after or before
    if rule is None:
        return None
    differences = tuple(_differences(before, after))
    moved = f"to group {after.group} (was {before.group})" if before and after and before.group != after.group else ""
    if before and after and not differences and not moved and before.name == after.name:
        return None
    return Reviewed(
        name=f"{'alert' if rule.is_alert else 'record'} {rule.name}",
        is_added=before is None,
        is_removed=after is None,
        was=before.name if before and after and before.name != after.name else "",
        moved=moved,
        differences=differences,
    )


def _differences(before: Rule | None, after: Rule | None) -> Iterator[Difference]:
    if before is None or after is None:
        yield Difference("query", before.expr if before else "", after.expr if after else "", is_query=True)
        return
    if query := query_difference("query", before.expr, after.expr):
        yield query
    for name, one, other in (
        ("for", before.wait, after.wait),
        ("keep_firing_for", before.keep_firing_for, after.keep_firing_for),
        ("interval of the group", before.interval, after.interval),
        *_texts("label", before.labels, after.labels),
        *_texts("annotation", before.annotations, after.annotations),
        *_texts("setting", before.settings, after.settings),
    ):
        if one != other and (name not in DURATIONS or _seconds(one) != _seconds(other)):
            yield Difference(name, one, other)


def _seconds(duration: str) -> float | str:
    """A duration in seconds, which a rule may write in several ways; 0 without one, and the text of what is none."""
    return seconds(duration) or (duration if duration.strip("0mshdwy") else 0.0)


def _texts(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys((*after, *before)):
        yield f"{kind} {name}", before.get(name, ""), after.get(name, "")
