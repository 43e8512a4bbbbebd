"""Everything that a board asks of Prometheus, in reading order: panels, then variables, then annotations."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Query
from dashboards_py.queries.variable import labels_of, variable_query


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """A query of a board.

    `panel` is None for those of variables and annotations, of which `where` says which one it is; for the others it is
    the panel's title. `wanted` are labels that a variable takes its values from, beside those that the query names.
    """

    where: str
    query: Query
    panel: Panel | None = None
    wanted: frozenset[str] = frozenset()

    @property
    def expr(self) -> str:
        """The PromQL."""
        return self.query.expr

    @property
    def labels(self) -> frozenset[str]:
        """The labels that are matched, grouped by, joined on, or taken from the answer."""
        try:
            return promql.labels(self.expr) | self.wanted
        except promql.QueryError:
            return self.wanted | {matcher.label for each in promql.sketch(self.expr) for matcher in each.matchers}


def board_queries(board: Board) -> Iterator[BoardQuery]:
    """The board's queries; those without PromQL are left out."""
    for panel, query in board.queries():
        if query.expr.strip():
            yield BoardQuery(panel.title, query, panel)
    for variable in board.variables:
        asked = variable_query(variable.query).asked if variable.type == "query" else ""
        if asked:
            yield BoardQuery(f"variable {variable.name}", Query("", asked), None, labels_of(variable))
    for mark in board.annotations:
        if mark.expr.strip():
            yield BoardQuery(f"annotation {mark.name}", Query("", mark.expr))
