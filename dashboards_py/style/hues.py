"""Hues that judge nothing, for series that have no good and bad values: as many as can be told apart, in both themes.

Grafana has no palette without green, orange and red, and no color by the number of a series but shades of one hue. So
names decide: those that the catalogue knows have a hue each, or one by the character in which they differ most;
unknown ones by their first letter or last digit. Series that share a hue differ in its shade.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from string import ascii_lowercase

from dashboards_py.model import Query
from dashboards_py.style.colors import PINK, TEAL, decisive_label, known_values, legend_labels, series_colors

GRAY = "#94897f"  # darker than the text in the dark theme, lighter in the light one
HUES = ("blue", "purple", TEAL, PINK, GRAY, "text")
DIGITS = "1234567890"
FARTHEST = 12  # characters of a name that are tried
RANDOM_END = ("pod",)  # labels whose values begin alike


def query_hues(queries: Sequence[Query]) -> tuple[str, ...]:
    """A hue for each query, shades of which its series have; gray beside the colors of reasons.

    Values have hues from the first one on: beside them, single series have the last ones.
    """
    if "reason" in map(decisive_label, queries):
        return ("text",) * len(queries)
    have_values = [_has_values(query) for query in queries]
    hues = tuple(reversed(HUES)) if any(have_values) else HUES
    singles = [index for index, has_values in enumerate(have_values) if not has_values]
    return tuple(
        hues[singles.index(index) % len(hues)] if index in singles else HUES[0] for index in range(len(queries))
    )


def name_hues(queries: Sequence[Query]) -> Mapping[str, str]:
    """Hues by pattern of series names; a value has one hue in all queries. The first hue is that of all other names."""
    if "reason" in map(decisive_label, queries):
        return {}
    colors = series_colors(queries)
    judged = [re.compile(pattern[1:-2], re.IGNORECASE) for pattern in colors]
    hues = [hue for hue in HUES if hue not in colors.values()]
    patterns: dict[str, list[str]] = {}
    for query in filter(_has_values, queries):
        before = query.legend.partition("{{")[0]
        values = [name.removeprefix(before) for name in _names(query) if not any(one.search(name) for one in judged)]
        for hue, pattern in zip(hues, _patterns(query, values, len(hues)), strict=False):
            if hue != HUES[0] and pattern:
                patterns.setdefault(hue, []).append(_escaped(before) + pattern)
    return {"|".join(of_hue) if len(of_hue) == 1 else f"({'|'.join(of_hue)})": hue for hue, of_hue in patterns.items()}


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
