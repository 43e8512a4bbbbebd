"""Patterns that divide the names of series into groups of about the same size, by one character.

Names that the catalogue knows differ most in some character, which decides; others are divided by their first letter or
last digit. A pattern is a whole name's, without what a legend writes before its first label.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from string import ascii_lowercase

DIGITS = "1234567890"
FARTHEST = 12  # characters of a name that are tried
Group = tuple[str, int]  # characters, and the number of names that have one of them
Split = tuple[list[Group], str]  # groups, and the form of their patterns


def patterns(names: Sequence[str], count: int, *, begin_alike: bool = False, at_end: bool = True) -> list[str]:
    """A pattern for each of some groups of names, by characters also `at_end`; unknown names may `begin_alike`."""
    if not names:
        return _of_unknown(count, begin_alike)
    if len(names) <= count:
        return [escaped(name) for name in names]
    splits = [split for split in _splits(names, count) if at_end or split[1].endswith(".*")]
    groups, form = min(splits, key=lambda split: sum(size**2 for _, size in split[0]))
    return [form % characters if characters else "" for characters, _ in groups]


def half(names: Sequence[str], groups: Sequence[str], *, begin_alike: bool = False) -> str:
    """A pattern of about half of the names of each group, which has a pattern as well; "" where none is."""
    if not names:
        return r"[^ ]*[a-m4-6].( .*)?" if begin_alike else r"(.[a-m].*|[^ ]*[4-6]( .*)?)"
    group_of = {
        name: next((number for number, one in enumerate(groups) if one and re.fullmatch(one, name)), 0)
        for name in names
    }

    def crowding(pattern: str) -> int:
        cells = Counter((group_of[name], bool(re.fullmatch(pattern, name))) for name in names)
        return sum(size**2 for size in cells.values())

    halves = [form % halves[1][0] for halves, form in _splits(names, 2) if halves[1][0]]
    best = min(halves, key=crowding, default="")
    return best if best and len({*group_of.values()}) < len(names) else ""


def any_of(alternatives: Sequence[str]) -> str:
    """A pattern of what one of the patterns matches; "" of none."""
    return alternatives[0] if len(alternatives) == 1 else f"({'|'.join(alternatives)})" if alternatives else ""


def beginning(name: str, names: Sequence[str]) -> str:
    """The shortest pattern of a name that fits no other of some names."""
    others = [other for other in names if other != name]
    length = next((n for n in range(1, len(name)) if not any(one.startswith(name[:n]) for one in others)), len(name))
    return escaped(name[:length]) + (".*" if length < len(name) else "")


def escaped(text: str) -> str:
    """A pattern of a text, for JavaScript and Python."""
    return re.sub(r"([][.*+?^$(){}|\\])", r"\\\1", text)


def _splits(names: Sequence[str], count: int) -> Iterator[Split]:
    """Groups by each of the first and of the last characters."""
    for position in range(FARTHEST):
        yield _groups([name[position : position + 1] for name in names], count), f"{'.' * position}[%s].*"
        yield _groups([name[::-1][position : position + 1] for name in names], count), f".*[%s]{'.' * position}"


def _groups(characters: Sequence[str], count: int) -> list[Group]:
    """Characters in groups of about the same number of names, with that number; a name may have none."""
    groups = [("", 0)] * count
    for character, names in sorted(Counter(characters).items(), key=lambda item: (-item[1], item)):
        index = min(range(count), key=lambda number: groups[number][1]) if character.isalnum() else 0
        own = character if character.isalnum() else ""
        groups[index] = (groups[index][0] + own, groups[index][1] + names)
    return groups


def _of_unknown(count: int, begin_alike: bool) -> list[str]:
    letters = [ascii_lowercase[index * 26 // count : (index + 1) * 26 // count] for index in range(count)]
    digits = [DIGITS[index::count] for index in range(count)]
    if begin_alike:
        return [rf"[^ ]*[{own}{number}]( .*)?" for own, number in zip(letters, digits, strict=True)]
    return [rf"([{own}].*|[^ ]*[{number}]( .*)?)" for own, number in zip(letters, digits, strict=True)]
