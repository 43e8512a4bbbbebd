"""Hues that judge nothing, for series that have no good and bad values: as many as can be told apart, in both themes.

Grafana has no palette without green, orange and red, and no color by the number of a series but shades of one hue. So
names decide. Those that the catalogue knows have a hue each, or are dashed: by their position among all values that it
knows, also those that a query leaves out, so that a value looks the same on all panels. Of two labels that with fewer
values has the styles. Many, or unknown ones, share three hues, by the character in which they differ most, or by their
first letter or last digit, and by another character are dashed.

Series that share a hue differ in its shade, which Grafana chooses by the number of a series among all: up to 29 %
darker and 74 of 255 lighter (the mode "shades" in @grafana/data, field/fieldColor.ts). Of most hues the tenth is nearly
black, or pale: only hues are shared of which every shade can be seen on the panels of both themes.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product

from dashboards_py.model import LineStyle, Query
from dashboards_py.style.colors import (
    OTHER,
    PINK,
    TEAL,
    all_known_values,
    decisive_label,
    has_only_known_values,
    known_values,
    legend_labels,
    series_colors,
)
from dashboards_py.style.lines import STYLES, name_styles, query_styles
from dashboards_py.style.name_patterns import any_of, beginning, escaped, half, patterns
from dashboards_py.style.unjudged import ALL_STYLES, Key, Names, name_of, style_label_of, unjudged_names

GRAY, VIOLET = "#94897f", "#7a50f5"  # of a contrast above three with the panels of both themes
HUES = ("blue", "purple", TEAL, PINK, GRAY, VIOLET)
SHARED_HUES = ("blue", "purple", "#eb4c9c")  # of a contrast of 1.8 and more in every shade


def query_hues(queries: Sequence[Query], *, bars: bool = False) -> tuple[str, ...]:
    """A hue for each query, shades of which its series have; the color of text beside the colors of reasons."""
    if "reason" in map(decisive_label, queries):
        return (OTHER,) * len(queries)
    looks = _single_looks(tuple(queries), bars)
    hues = _own_hues(queries) if _is_few(queries, bars) else _shared_hues(queries, bars)
    return tuple(looks[index][0] if index in looks else hues[0] for index in range(len(queries)))


def single_hues(queries: Sequence[Query], *, bars: bool = False) -> Mapping[str, str]:
    """Hues by pattern of the names that have one for themselves, or with a style; a value has one in all queries.

    The first hue is that of all other names.
    """
    by_hue: dict[str, list[str]] = {}
    hues = _own_hues(queries)
    names = _all_names(queries, bars)
    for position, own, key in _positioned(queries, bars):
        by_hue.setdefault(hues[position % len(hues)], []).append(_shortest(own, key, names))
    by_hue.pop(hues[0], None)
    return {any_of(own): hue for hue, own in by_hue.items()}


def has_shades(queries: Sequence[Query], *, bars: bool = False) -> bool:
    """True if names share the first hue, as those do that the catalogue does not know."""
    names = _unjudged(tuple(queries), bars)
    return not (
        names
        and _is_few(queries, bars)
        and all(own.keys and has_only_known_values(own.query, label) for own in names for label in own.labels)
    )


def name_hues(queries: Sequence[Query], *, bars: bool = False) -> Mapping[str, str]:
    """Hues by pattern of the names that share them, where these are many or unknown.

    The first hue is that of all other names.
    """
    by_hue: dict[str, list[str]] = {}
    hues = _shared_hues(queries, bars)
    for own in _sharing(queries, bars):
        for hue, pattern in zip(hues, _groups(own, len(hues)), strict=False):
            if pattern:
                by_hue.setdefault(hue, []).append(escaped(own.prefix) + pattern)
    return {any_of(own): hue for hue, own in by_hue.items() if hue != hues[0]}


def line_styles(queries: Sequence[Query]) -> tuple[LineStyle, ...]:
    """A style for the lines of each query: also of those with other labels, if their names share hues."""
    looks = _single_looks(tuple(queries), False)
    styles = query_styles(queries)
    if len(_sharing(queries)) >= 2 and _are_styles_free(queries):
        earlier = [sum(bool(legend_labels(query)) for query in queries[:index]) for index in range(len(queries))]
        styles = tuple(STYLES[min(number, len(STYLES) - 1)] for number in earlier)
    return tuple(looks[index][1] if index in looks else style for index, style in enumerate(styles))


def styles_of_names(queries: Sequence[Query]) -> Mapping[str, LineStyle]:
    """Styles by pattern of the second and third names of each hue; dashes of about half of the names that share it."""
    hues = len(_own_hues(queries))
    positioned = _positioned(queries, bars=False)
    by_style: dict[LineStyle, list[str]] = {}
    names = _all_names(queries, bars=False)
    for own in {own.query: own for _, own, _ in positioned if own.style_label}.values():
        for style, value in zip(ALL_STYLES, own.style_values, strict=False):
            if style != "solid":
                by_style.setdefault(style, []).append(own.pattern([own.style_label], (value,)))
    for position, own, key in positioned:
        if position >= hues and own.style_label:
            styles = ALL_STYLES[position // hues * len(own.style_values) :]
            for style, value in zip(styles, own.style_values, strict=False):
                pattern = own.pattern((*own.hue_labels, own.style_label), (*key, value))
                by_style.setdefault(style, []).append(pattern)
        elif position >= hues:
            by_style.setdefault(STYLES[position // hues], []).append(_shortest(own, key, names))
    if _are_styles_free(queries) and len(_sharing(queries)) == 1:
        (own,) = _sharing(queries)
        hues = len(_shared_hues(queries, bars=False))
        pattern = half(own.values, _groups(own, hues), begin_alike=own.begin_alike)
        by_style = {"dash": [escaped(own.prefix) + pattern]} if pattern else {}
    return {any_of(own): style for style, own in by_style.items()}


def _are_styles_free(queries: Sequence[Query]) -> bool:
    """True if the style of a line says nothing."""
    return not series_colors(queries) and not name_styles(queries) and {*query_styles(queries)} == {"solid"}


@cache  # of a graph, hues and styles depend on them
def _unjudged(queries: tuple[Query, ...], bars: bool) -> tuple[Names, ...]:
    """The names of all queries that have labels; none beside the colors of reasons.

    One of their labels has styles if that tells lines apart. If all known values are too many for looks of their own,
    those that the queries leave out do not count.
    """
    if "reason" in map(decisive_label, queries):
        return ()
    judged = [re.compile(pattern[1:-2], re.IGNORECASE) for pattern in series_colors(queries)]
    with_labels = [query for query in queries if legend_labels(query)]
    has_styles = not bars and _are_styles_free(queries)
    names: tuple[Names, ...] = ()
    for values_of, styled in product((all_known_values, known_values), (True, False)):
        if has_styles or not styled:
            names = tuple(
                unjudged_names(query, judged, values_of, style_label_of(query) if styled else "")
                for query in with_labels
            )
            if _fit(queries, names, len(_own_hues(queries))):
                break
    return names


def _own_hues(queries: Sequence[Query]) -> list[str]:
    """The hues that colors with a meaning do not have."""
    other_hues = {*series_colors(queries).values()}
    return [hue for hue in HUES if hue not in other_hues]


def _shared_hues(queries: Sequence[Query], bars: bool) -> list[str]:
    """The hues of names that share them, which neither colors with a meaning nor single series have."""
    other_hues = {*(hue for hue, _ in _single_looks(tuple(queries), bars).values()), *series_colors(queries).values()}
    return [hue for hue in SHARED_HUES if hue not in other_hues]


@cache
def _single_looks(queries: tuple[Query, ...], bars: bool) -> Mapping[int, tuple[str, LineStyle]]:
    """A hue and a style for each query without labels.

    The first is blue, as it is alone, and names that share hues have the others. Names that are known have hues from
    the first one on, and single series beside them the last ones.
    """
    singles = [index for index, query in enumerate(queries) if not legend_labels(query)]
    hues = _own_hues(queries)
    looks: list[tuple[str, LineStyle]]
    if len(singles) == len(queries):
        looks = [(hues[number % len(hues)], "solid") for number in range(len(singles))]
    elif _is_few(queries, bars):
        names = _unjudged(queries, bars)
        rounds = -(-(len(_positions(names)) + len(singles)) // len(hues))
        styles = _styles_of_rounds(queries, names)[:rounds]
        looks = [(hue, style) for style in styles for hue in hues][::-1]
    else:
        looks = [(hue, "solid") for hue in (hues[0], *hues[:0:-1])]
    return dict(zip(singles, looks, strict=False))


def _positioned(queries: Sequence[Query], bars: bool) -> list[tuple[int, Names, Key]]:
    """The names that have a look of their own, with its number: the hues, then these dashed and dotted."""
    if not _is_few(queries, bars):
        return []
    names = _unjudged(tuple(queries), bars)
    positions = _positions(names)
    return [(positions[own.labels, key], own, key) for own in names for key in own.keys if _may_be(own, key)]


def _all_names(queries: Sequence[Query], bars: bool) -> list[str]:
    """The names that no color judges: also of single series, which a pattern of others must not fit."""
    names = [own.prefix + value for own in _unjudged(tuple(queries), bars) for value in own.values]
    return names + [query.legend for query in queries if not legend_labels(query)]


def _shortest(own: Names, key: Key, names: Sequence[str]) -> str:
    """A pattern of the names with these values: if it is one name, of its beginning."""
    if len(key) < len(own.labels):
        return own.pattern(own.hue_labels, key)
    return beginning(own.prefix + name_of(own.query, dict(zip(own.hue_labels, key, strict=True))), names)


def _may_be(own: Names, key: Key) -> bool:
    """True if the query can have a series with these values."""
    return all(value in known_values(own.query, label) for label, value in zip(own.hue_labels, key, strict=True))


def _positions(names: Sequence[Names]) -> dict[tuple[tuple[str, ...], Key], int]:
    """The position of each value among all, by its labels: queries with the same labels share positions."""
    positions = (
        (labels, key)
        for labels in dict.fromkeys(own.labels for own in names)
        for key in sorted({key for own in names if own.labels == labels for key in own.keys})
    )
    return {position: number for number, position in enumerate(positions)}


def _is_few(queries: Sequence[Query], bars: bool) -> bool:
    """True if all names are known, and with single series no more than there are hues, or hues and styles."""
    return _fit_all(tuple(queries), bars)


@cache
def _fit_all(queries: tuple[Query, ...], bars: bool) -> bool:
    return _fit(queries, _unjudged(queries, bars), len(_own_hues(queries)))


def _fit(queries: Sequence[Query], names: Sequence[Names], hues: int) -> bool:
    singles = sum(not legend_labels(query) for query in queries)
    limit = hues * len(_styles_of_rounds(queries, names))
    return all(own.known for own in names) and len(_positions(names)) + singles <= limit


def _styles_of_rounds(queries: Sequence[Query], names: Sequence[Names]) -> tuple[LineStyle, ...]:
    """The first style of each round of hues, the only one if styles say something. Bars have none."""
    if not _are_styles_free(queries):
        return ("solid",)
    size = max((len(own.style_values) for own in names), default=0)
    return ALL_STYLES[::size][: len(ALL_STYLES) // size] if size else STYLES


def _groups(own: Names, count: int) -> list[str]:
    """A pattern for each group of names: by their first label, if it has enough values that are known."""
    first = sorted({*known_values(own.query, own.labels[0])})
    if own.values and len(own.labels) > 1 and len(first) >= count:
        return [pattern and f"{pattern.removesuffix('.*')}.*" for pattern in patterns(first, count, at_end=False)]
    return patterns(own.values, count, begin_alike=own.begin_alike)


def _sharing(queries: Sequence[Query], bars: bool = False) -> list[Names]:
    """The names of all queries, if these are too many for looks of their own."""
    names = _unjudged(tuple(queries), bars)
    return [] if _is_few(queries, bars) else [own for own in names if own.values or not own.known]
