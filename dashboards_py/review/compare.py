"""Two sides of a review, as sections: boards first, then rules, then values."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from dashboards_py.board import Board
from dashboards_py.catalog import Release
from dashboards_py.review.boards import boards_reviewed
from dashboards_py.review.difference import Section
from dashboards_py.review.effects import rules_with_effects
from dashboards_py.review.read import Side
from dashboards_py.review.rules import rules_reviewed
from dashboards_py.review.values import value_effects, values_reviewed

T = TypeVar("T")


def reviewed(
    before: Side, after: Side, release: Release, our_boards: Callable[[], Sequence[Board]]
) -> tuple[Section, ...]:
    """What differs, with what it means on a release; `our_boards` are asked for only if values differ."""
    sections = list(boards_reviewed(before.boards, after.boards, release))
    for name, old, new in _pairs(before.rules, after.rules):
        section = rules_reviewed(old, new, name)
        sections.append(rules_with_effects(section, old, new, release) if section.is_different else section)
    for name, old_values, new_values in _pairs(before.values, after.values):
        section = values_reviewed(old_values, new_values, name)
        if section.parts and old_values is not None and new_values is not None:
            section = replace(section, effects=value_effects(old_values, new_values, our_boards(), release))
        sections.append(section)
    return tuple(section for section in sections if section.is_different)


def _pairs(before: Mapping[str, T], after: Mapping[str, T]) -> Iterator[tuple[str, T | None, T | None]]:
    """What has the same name on both sides; one on each side is the same whatever its name."""
    if len(before) == len(after) == 1:
        yield next(iter(after)), next(iter(before.values())), next(iter(after.values()))
        return
    for name in dict.fromkeys((*after, *before)):
        yield name, before.get(name), after.get(name)
