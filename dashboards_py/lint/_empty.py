"""Find panels of a board that are empty if histograms have no classic series."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._histograms import classic_only


@dataclass(frozen=True, slots=True)
class EmptyPanel:
    """A panel, variable or annotation with empty queries: the series missing, and whether other queries have data."""

    title: str
    series: tuple[str, ...]
    has_data: bool


def empty_without_classic(board: Board, release: Release, loses_classic: Callable[[str], bool]) -> Iterator[EmptyPanel]:
    """Panels with queries that are empty if the histograms that `loses_classic` accepts have no classic series.

    `loses_classic` takes names without suffix. Queries are read as by classic-histogram-only and converted-histogram.
    """
    panels: dict[int, tuple[Panel, list[tuple[str, ...]]]] = {}
    for panel, series, _ in classic_only(board, release, loses_classic):
        panels.setdefault(id(panel), (panel, []))[1].append(series)
    for panel, by_query in panels.values():
        queries = sum(bool(query.expr.strip()) for query in panel.queries)
        names = tuple(dict.fromkeys(name for series in by_query for name in series))
        yield EmptyPanel(panel.title, names, has_data=len(by_query) < queries)
