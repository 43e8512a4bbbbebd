"""Hues that judge nothing, for series that have no good and bad values: as many as can be told apart, in both themes.

Grafana has no palette without green, orange and red, and no color by the number of a series but shades of one hue. So
names decide. Those that the catalogue knows have a hue each, or are dashed; many, or unknown ones, share three hues, by
the character in which they differ most, or by their first letter or last digit, and by another character are dashed.

Series that share a hue differ in its shade, which Grafana chooses by the number of a series among all: up to 29 %
darker and 74 of 255 lighter (the mode "shades" in @grafana/data, field/fieldColor.ts). Of most hues the tenth is nearly
black, or pale: only hues are shared of which every shade can be seen on the panels of both themes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from dashboards_py.model import LineStyle, Query
from dashboards_py.style.colors import OTHER, PINK, TEAL, decisive_label, known_values, legend_labels, series_colors
from dashboards_py.style.lines import STYLES, name_styles, query_styles
from dashboards_py.style.name_patterns import any_of, beginning, escaped, half, patterns

GRAY, VIOLET = "#94897f", "#7a50f5"  # of a contrast above three with the panels of both themes
HUES = ("blue", "purple", TEAL, PINK, GRAY, VIOLET)
SHARED_HUES = ("blue", "purple", "#eb4c9c")  # of a contrast of 1.8 and more in every shade
RANDOM_END = ("pod",)  # labels whose values begin alike


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of a query's series that no color judges: what is before the first label, and what follows.

    `known`: the catalogue knows the values of all labels, or what it does not know is judged; otherwise `values` is
    empty. `labels` are those of the legend.
    """

    labels: tuple[str, ...]
    prefix: str
    values: tuple[str, ...]
    known: bool

    @property
    def begin_alike(self) -> bool:
        """True if values end at random instead."""
        return self.labels[0] in RANDOM_END


def query_hues(queries: Sequence[Query]) -> tuple[str, ...]:
    """A hue for each query, shades of which its series have; the color of text beside the colors of reasons.

    Values have hues from the first one on: beside them, single series have the last ones.
    """
    if "reason" in map(decisive_label, queries):
        return (OTHER,) * len(queries)
    have_values = [bool(legend_labels(query)) for query in queries]
    hues = tuple(reversed(HUES)) if any(have_values) else HUES
    singles = [index for index, has_values in enumerate(have_values) if not has_values]
    return tuple(
        hues[singles.index(index) % len(hues)] if index in singles else HUES[0] for index in range(len(queries))
    )


def single_hues(queries: Sequence[Query]) -> Mapping[str, str]:
    """Hues by pattern of the names that have one for themselves, or with a style; a value has one in all queries.

    The first hue is that of all other names.
    """
    by_hue: dict[str, list[str]] = {}
    hues = _own_hues(queries)
    for index, name in _indexed(queries):
        by_hue.setdefault(hues[index % len(hues)], []).append(escaped(name))
    return {any_of(own): hue for hue, own in by_hue.items() if hue != HUES[0]}


def name_hues(queries: Sequence[Query]) -> Mapping[str, str]:
    """Hues by pattern of the names that share them, where these are many or unknown.

    The first hue is that of all other names.
    """
    by_hue: dict[str, list[str]] = {}
    hues = [hue for hue in SHARED_HUES if hue not in series_colors(queries).values()]
    for own in _sharing(queries):
        for hue, pattern in zip(hues, patterns(own.values, len(hues), begin_alike=own.begin_alike), strict=False):
            if pattern:
                by_hue.setdefault(hue, []).append(escaped(own.prefix) + pattern)
    return {any_of(own): hue for hue, own in by_hue.items() if hue != HUES[0]}


def line_styles(queries: Sequence[Query]) -> tuple[LineStyle, ...]:
    """A style for the lines of each query: also of those with other labels, if their names share hues."""
    if len(_sharing(queries)) < 2 or not _are_styles_free(queries):
        return query_styles(queries)
    earlier = [sum(bool(legend_labels(query)) for query in queries[:index]) for index in range(len(queries))]
    return tuple(
        STYLES[min(number, len(STYLES) - 1)] if legend_labels(query) else "solid"
        for query, number in zip(queries, earlier, strict=True)
    )


def styles_of_names(queries: Sequence[Query]) -> Mapping[str, LineStyle]:
    """Styles by pattern of the second and third names of each hue; dashes of about half of the names that share it."""
    hues = len(_own_hues(queries))
    indexes = _indexed(queries)
    by_style: dict[LineStyle, list[str]] = {}
    for index, name in indexes:
        if index >= hues:
            by_style.setdefault(STYLES[index // hues], []).append(beginning(name, [other for _, other in indexes]))
    if _are_styles_free(queries) and len(_sharing(queries)) == 1:
        (own,) = _sharing(queries)
        pattern = half(own.values, patterns(own.values, len(SHARED_HUES)), begin_alike=own.begin_alike)
        by_style = {"dash": [escaped(own.prefix) + pattern]} if pattern else {}
    return {any_of(own): style for style, own in by_style.items()}


def _are_styles_free(queries: Sequence[Query]) -> bool:
    """True if the style of a line says nothing."""
    return not series_colors(queries) and not name_styles(queries) and {*query_styles(queries)} == {"solid"}


def _unjudged(queries: Sequence[Query]) -> tuple[_Names, ...]:
    """The names of all queries that have labels; none beside the colors of reasons."""
    return _unjudged_names(tuple(queries))


@cache  # of a graph, hues and styles depend on them
def _unjudged_names(queries: tuple[Query, ...]) -> tuple[_Names, ...]:
    if "reason" in map(decisive_label, queries):
        return ()
    judged = [re.compile(pattern[1:-2], re.IGNORECASE) for pattern in series_colors(queries)]
    all_names = []
    for query in queries:
        if labels := legend_labels(query):
            prefix, names = query.legend.partition("{{")[0], _names(query)
            unjudged = (name for name in names if not any(one.search(name) for one in judged))
            values = tuple(name.removeprefix(prefix) for name in unjudged)
            all_names.append(_Names(labels, prefix, values, bool(names) or bool(series_colors([query]))))
    return tuple(all_names)


def _own_hues(queries: Sequence[Query]) -> list[str]:
    """The hues that neither colors with a meaning nor single series have."""
    single = {hue for query, hue in zip(queries, query_hues(queries), strict=True) if not legend_labels(query)}
    return [hue for hue in HUES if hue not in {*single, *series_colors(queries).values()}]


def _indexed(queries: Sequence[Query]) -> list[tuple[int, str]]:
    """The names that have a look of their own, with its number: the hues, then these dashed and dotted."""
    names = _unjudged(queries)
    if not _is_few(queries, names):
        return []
    sizes = {own.labels: len(own.values) for own in names}
    first: dict[tuple[str, ...], int] = {}
    for own in names:
        first.setdefault(own.labels, sum(sizes[labels] for labels in first))
    return [(index, own.prefix + value) for own in names for index, value in enumerate(own.values, first[own.labels])]


def _is_few(queries: Sequence[Query], names: Sequence[_Names]) -> bool:
    """True if all names are known, and no more than there are hues, or hues and styles."""
    values = {own.labels: len(own.values) for own in names}
    limit = len(_own_hues(queries)) * (len(STYLES) if _are_styles_free(queries) else 1)
    return all(own.known for own in names) and sum(values.values()) <= limit


def _sharing(queries: Sequence[Query]) -> list[_Names]:
    """The names of all queries, if these are too many for looks of their own."""
    names = _unjudged(queries)
    return [] if _is_few(queries, names) else [own for own in names if own.values or not own.known]


def _names(query: Query) -> list[str]:
    """The names that the legend gives series with the values that the catalogue knows; none if not of all labels."""
    labels = legend_labels(query)
    names = []
    for values in product(*(sorted({*known_values(query, label)}) for label in labels)):
        name = query.legend
        for label, value in zip(labels, values, strict=True):
            name = name.replace(f"{{{{{label}}}}}", value)
        names.append(name)
    return names
