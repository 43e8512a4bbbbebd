"""Two versions of Helm values, as a section of a review: keys, and the panels that gain or lose their data."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dashboards_py.board import Board
from dashboards_py.catalog import Release
from dashboards_py.plural import counted, some_of
from dashboards_py.review.difference import Difference, Reviewed, Section
from dashboards_py.values.check import check

Values = Mapping[str, Any]
SHOWN = 3  # panels named for one effect


def values_reviewed(before: Values | None, after: Values | None, name: str) -> Section:
    """What differs between the values of a file, by dotted key; None if there was no such file, or is none any more."""
    old, new = dict(_flat(before or {}, "")), dict(_flat(after or {}, ""))
    parts = []
    for key in dict.fromkeys((*new, *old)):
        if key in old and key in new:
            if old[key] != new[key] or isinstance(old[key], bool) != isinstance(new[key], bool):
                parts.append(Reviewed(name=key, differences=(_changed(old[key], new[key]),)))
        else:
            texts = ("", _text(new[key])) if key in new else (_text(old[key]), "")
            parts.append(replace(_part(key, *texts), is_added=key in new, is_removed=key in old))
    return Section(
        kind="values", name=name, part="key", is_added=before is None, is_removed=after is None, parts=tuple(parts)
    )


def value_effects(before: Values, after: Values, boards: Sequence[Board], release: Release) -> tuple[str, ...]:
    """Sentences on the panels of the boards that gain or lose data on a release with the newer values."""
    old, new = (
        {f"{one.board} / {one.panel}": one.why for one in check(boards, values, release, labels={})}
        for values in (before, after)
    )
    lost = [panel for panel in new if panel not in old]
    gained = [panel for panel in old if panel not in new]
    sentences = []
    if lost:
        why = new[lost[0]][0] if new[lost[0]] else "a value that they need is removed"
        sentences.append(
            f"{counted(len(lost), 'panel')} of the boards lose data on Cilium {release}, {_named(lost)}: {why}"
        )
    if gained:
        sentences.append(
            f"{counted(len(gained), 'panel')} of the boards gain data on Cilium {release}, {_named(gained)}"
        )
    return tuple(sentences)


def _named(panels: Sequence[str]) -> str:
    return f"such as {some_of(panels, SHOWN)}" if len(panels) > 1 else panels[0]


def _part(key: str, before: str, after: str) -> Reviewed:
    return Reviewed(name=key, differences=(Difference("value", before, after),))


def _changed(old: Any, new: Any) -> Difference:
    """Two values; of two lists of texts the items that only one of them has."""
    lists = isinstance(old, list) and isinstance(new, list)
    if lists and all(isinstance(item, str) for item in (*old, *new)):
        removed, come = [item for item in old if item not in new], [item for item in new if item not in old]
        if removed or come:
            return Difference("items", ", ".join(removed), ", ".join(come))
    return Difference("value", _text(old), _text(new))


def _flat(values: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(values, Mapping) and values:
        for key, inner in values.items():
            name = str(key).replace(".", "\\.")
            yield from _flat(inner, f"{path}.{name}" if path else name)
    elif path:
        yield path, values


def _text(value: Any) -> str:
    """A value as text; a text that reads like another value is in quotes."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    is_plain = isinstance(value, str) and value and not _is_json(value)
    return str(value) if is_plain else json.dumps(value, ensure_ascii=False, default=str)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
