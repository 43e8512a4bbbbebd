"""Hues that judge nothing, for series that have no good and bad values: as many as can be told apart, in both themes.

Grafana has no palette without green, orange and red, and no color by the number of a series but shades of one hue. So
names decide: those that the catalogue knows have a hue each, or one by the character in which they differ most;
unknown ones by their first letter or last digit. Series that share a hue differ in its shade.

Grafana chooses a shade by the number of a series among all: that of the tenth is nearly black, or pale. So a series
that has a hue for itself has the hue itself.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from string import ascii_lowercase

from dashboards_py.model import Query
from dashboards_py.style.colors import PINK, TEAL, decisive_label, known_values, legend_labels, series_colors
from dashboards_py.style.lines import query_styles

GRAY, VIOLET = "#94897f", "#7a50f5"  # of a contrast above three with the panels of both themes
HUES = ("blue", "purple", TEAL, PINK, GRAY, VIOLET)
DIGITS = "1234567890"
FARTHEST = 12  # characters of a name that are tried
RANDOM_END = ("pod",)  # labels whose values begin alike


def query_hues(queries: Sequence[Query]) -> tuple[str, ...]:
    """A hue for each query, shades of which its series have; gray beside the colors of reasons.

    Values have hues from the first one on: beside them, single series have the last ones.
    """
    if "reason" in map(decisive_label, queries):
        return (GRAY,) * len(queries)
    have_values = [_has_values(query) for query in queries]
    hues = tuple(reversed(HUES)) if any(have_values) else HUES
    singles = [index for index, has_values in enumerate(have_values) if not has_values]
    return tuple(
        hues[singles.index(index) % len(hues)] if index in singles else HUES[0] for index in range(len(queries))
    )


def name_hues(queries: Sequence[Query]) -> Mapping[str, str]:
    """Hues by pattern of the names of series that share them; a value has one hue in all queries.

    The first hue is that of all other names.
    """
    return {_any_of(names): hue for hue, names in _hue_names(queries).items() if not _is_alone(hue, names, queries)}


def single_hues(queries: Sequence[Query]) -> Mapping[str, str]:
    """Hues by pattern of the names of series of which no other has the same hue and style."""
    return {_any_of(names): hue for hue, names in _hue_names(queries).items() if _is_alone(hue, names, queries)}


@dataclass(frozen=True, slots=True)
class _Names:
    """A pattern of names of a query's series; `exact`: it is that of one name."""

    pattern: str
    exact: bool
    style: str


def _hue_names(queries: Sequence[Query]) -> Mapping[str, Sequence[_Names]]:
    """The names of each hue but the first."""
    if "reason" in map(decisive_label, queries):
        return {}
    colors = series_colors(queries)
    judged = [re.compile(pattern[1:-2], re.IGNORECASE) for pattern in colors]
    hues = [hue for hue in HUES if hue not in colors.values()]
    names: dict[str, list[_Names]] = {}
    for query, style in zip(queries, query_styles(queries), strict=True):
        if not _has_values(query):
            continue
        before = query.legend.partition("{{")[0]
        values = [name.removeprefix(before) for name in _names(query) if not any(one.search(name) for one in judged)]
        exact = 0 < len(values) <= len(hues)
        for hue, pattern in zip(hues, _patterns(query, values, len(hues)), strict=False):
            if hue != HUES[0] and pattern:
                names.setdefault(hue, []).append(_Names(_escaped(before) + pattern, exact, style))
    return names


def _is_alone(hue: str, names: Sequence[_Names], queries: Sequence[Query]) -> bool:
    """True if each series of a hue has a style of its own."""
    singles = [own for query, own in zip(queries, query_hues(queries), strict=True) if not _has_values(query)]
    is_exact = all(name.exact for name in names)
    return is_exact and hue not in singles and len({name.style for name in names}) == len(names)


def _any_of(names: Sequence[_Names]) -> str:
    patterns = [name.pattern for name in names]
    return patterns[0] if len(patterns) == 1 else f"({'|'.join(patterns)})"


def _has_values(query: Query) -> bool:
    return bool(legend_labels(query))


def _values(query: Query) -> list[tuple[str, ...]]:
    """The values that the catalogue knows of a legend's labels; none if it does not know all labels."""
    return [*product(*(sorted({*known_values(query, label)}) for label in legend_labels(query)))]


def _names(query: Query) -> list[str]:
    """The names that the legend gives series with the values that the catalogue knows."""
    labels = legend_labels(query)
    names = []
    for values in _values(query):
        name = query.legend
        for label, value in zip(labels, values, strict=True):
            name = name.replace(f"{{{{{label}}}}}", value)
        names.append(name)
    return names


def _patterns(query: Query, values: Sequence[str], count: int) -> list[str]:
    """A pattern for each of some hues, of names without what is before their first label."""
    if len(values) <= count:
        return [_escaped(value) for value in values] or _unknown(query, count)
    tried = [
        (groups, form)
        for position in range(FARTHEST)
        for groups, form in (
            (_groups((value[position : position + 1] for value in values), count), f"{'.' * position}[%s].*"),
            (_groups((value[::-1][position : position + 1] for value in values), count), f".*[%s]{'.' * position}"),
        )
    ]
    groups, form = min(tried, key=lambda one: sum(size**2 for _, size in one[0]))
    return [form % characters if characters else "" for characters, _ in groups]


def _groups(characters: Iterable[str], count: int) -> list[tuple[str, int]]:
    """Characters in groups of about the same number of names, with that number; a name may have none."""
    groups = [("", 0)] * count
    for character, names in sorted(Counter(characters).items(), key=lambda item: (-item[1], item)):
        index = min(range(count), key=lambda number: groups[number][1]) if character.isalnum() else 0
        own = character if character.isalnum() else ""
        groups[index] = (groups[index][0] + own, groups[index][1] + names)
    return groups


def _unknown(query: Query, count: int) -> list[str]:
    """Patterns of values that begin with some letters or end with some digits."""
    if series_colors([query]):
        return []
    letters = [ascii_lowercase[index * 26 // count : (index + 1) * 26 // count] for index in range(count)]
    digits = [DIGITS[index::count] for index in range(count)]
    if legend_labels(query)[0] in RANDOM_END:
        return [rf"[^ ]*[{own}{number}]( .*)?" for own, number in zip(letters, digits, strict=True)]
    return [rf"([{own}].*|[^ ]*[{number}]( .*)?)" for own, number in zip(letters, digits, strict=True)]


def _escaped(text: str) -> str:
    return re.sub(r"([][.*+?^$(){}|\\])", r"\\\1", text)
