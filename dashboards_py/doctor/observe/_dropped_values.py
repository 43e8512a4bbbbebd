"""Which values of a metric's own labels does a relabeling rule drop, of series that it keeps otherwise?

Prometheus joins the values of a rule's source labels with its separator, and matches the whole text (relabel in
model/relabel/relabel.go). A pattern is read label by label where each of its alternatives has a part for each of them,
however it writes the separator: `;`, `\\;` or `[;]`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from dashboards_py.board import fields as json_fields
from dashboards_py.regex import matches

NAME, SEPARATOR = "__name__", ";"
# A character, one that is escaped, or a class of characters.
PIECE = re.compile(r"\\.|\[\^?\]?(?:\[:[a-z^]*:\]|\\.|[^\]\\])*\]|.", re.DOTALL)
SPECIAL, QUANTIFIERS = ".+*?()|[]{}^$\\", tuple("+*?{")
ANYTHING = ("", "\0 no label has this value")  # what a part that matches all values matches


class Rule(NamedTuple):
    """A rule that drops series, or keeps others only; `alternatives` are the parts of its pattern, label by label."""

    is_keep: bool
    labels: tuple[str, ...]
    alternatives: tuple[tuple[str, ...], ...]
    text: str


def rules_of(job: Iterable[Mapping[str, Any]]) -> Iterator[Rule]:
    """The rules of a job that drop series by their labels, and whose pattern can be read label by label."""
    for rule in job:
        action, regex = json_fields.text(rule, "action"), json_fields.text(rule, "regex")
        labels = tuple(json_fields.texts(rule, "source_labels"))
        separator = json_fields.text(rule, "separator") or SEPARATOR
        if action in ("drop", "keep") and set(labels) - {NAME}:
            alternatives = tuple(_parts(text, separator, len(labels)) for text in _alternatives(regex))
            if all(alternatives):
                text = f"action: {action}, source_labels: [{', '.join(labels)}], regex: {regex}"
                yield Rule(action == "keep", labels, alternatives, text)


def dropped_values(
    rule: Rule, name: str, own: Iterable[str], known: Mapping[str, tuple[str, ...]]
) -> tuple[frozenset[str], frozenset[str]]:
    """The labels of a metric's own by whose value the rule drops some of its series, and the values that are known.

    `own` are the metric's labels, `known` all values of those that take theirs from a fixed set. No label: the rule
    drops all of its series, or none.
    """
    by_value = set(rule.labels) & set(own)
    fitting = [parts for parts in rule.alternatives if _fits(rule, parts, name, by_value)]
    conditions = [
        {label: part for label, part in zip(rule.labels, parts, strict=True) if label in by_value} for parts in fitting
    ]
    # A rule that all series of the metric match, or none, has nothing to do with values.
    if not by_value or not conditions or any(all(map(_is_universal, parts.values())) for parts in conditions):
        return frozenset(), frozenset()
    (label, *others) = sorted(by_value)
    if others or label not in known:
        return frozenset(by_value), frozenset()
    matched = {value for value in known[label] if any(matches(parts[label], value) for parts in conditions)}
    dropped = frozenset(set(known[label]) - matched if rule.is_keep else matched)
    return (frozenset(by_value), dropped) if dropped else (frozenset(), frozenset())


def _fits(rule: Rule, parts: tuple[str, ...], name: str, by_value: set[str]) -> bool:
    """Whether the parts of other labels than these may match: the name, and labels that targets have, or nobody."""
    pairs = [(label, part) for label, part in zip(rule.labels, parts, strict=True) if label not in by_value]
    return all(matches(part, name) for label, part in pairs if label == NAME)


def _is_universal(part: str) -> bool:
    return all(matches(part, value) for value in ANYTHING)


def _parts(pattern: str, separator: str, count: int) -> tuple[str, ...]:
    """The parts of one alternative, a label each; none if they cannot be separated.

    The separator is as it is everywhere, or written in another way.
    """
    if count == 1:
        return (pattern,)
    pieces = PIECE.findall(_inside(pattern))
    for written in (pieces, list(map(_literal, pieces))):
        parts = _cut(pieces, _separators(pieces, written, separator))
        if len(parts) == count:
            return parts
    return ()


def _separators(pieces: Sequence[str], written: Sequence[str], separator: str) -> Callable[[int], int]:
    """The length in pieces of the separator at an index, 0 for none: what is repeated is no separator."""

    def length_at(index: int) -> int:
        end = index + len(separator)
        is_repeated = "".join(pieces[end : end + 1]) in QUANTIFIERS
        return 0 if is_repeated or "".join(written[index:end]) != separator else len(separator)

    return length_at


def _alternatives(pattern: str) -> tuple[str, ...]:
    pieces = PIECE.findall(_inside(pattern))
    return _cut(pieces, lambda index: pieces[index] == "|")


def _cut(pieces: Sequence[str], length_at: Callable[[int], int]) -> tuple[str, ...]:
    """The parts between separators, which begin at an index outside of groups and have a length in pieces."""
    parts, depth, index = [""], 0, 0
    while index < len(pieces):
        depth += _deeper(pieces[index])
        if depth == 0 and (length := length_at(index)):
            parts.append("")
            index += length
        else:
            parts[-1] += pieces[index]
            index += 1
    return tuple(parts)


def _literal(piece: str) -> str:
    """The character that a piece stands for, as `;`, `\\;` and `[;]` do; "" for any other."""
    body = piece[1:-1] if piece.startswith("[") else piece
    if len(body) == 2 and body.startswith("\\") and not body[1].isalnum():
        return body[1]
    return body if len(body) == 1 and (body != piece or body not in SPECIAL) else ""


def _deeper(piece: str) -> int:
    return (piece == "(") - (piece == ")")


def _inside(pattern: str) -> str:
    """What is inside of a group around the whole pattern, which Prometheus' own rules often have."""
    body = pattern.removeprefix("(").removeprefix("?:")
    is_group = pattern.startswith("(") and pattern.endswith(")") and not body.startswith("?")
    return body[:-1] if is_group and not _closes(body[:-1]) else pattern


def _closes(body: str) -> bool:
    """Whether a group is closed that was not opened in it."""
    depths = list(accumulate(map(_deeper, PIECE.findall(body)), initial=0))
    return min(depths) < 0 or depths[-1] > 0
