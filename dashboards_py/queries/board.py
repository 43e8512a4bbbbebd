"""The queries that a board sends to Prometheus: those of panels, then of variables, then of annotations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Query
from dashboards_py.promql.memory import remember_latest
from dashboards_py.queries.variable import source_labels, variable_query

LEGEND_LABEL = re.compile(r"{{\s*(\w+)\s*}}")


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """A query of a board.

    `where` is the panel's title, or names the variable or annotation; `panel` is None for these. `required_labels` are
    labels whose values a variable shows, in addition to the labels that the query names.
    """

    where: str
    query: Query
    panel: Panel | None = None
    required_labels: frozenset[str] = frozenset()

    @property
    def expr(self) -> str:
        """The PromQL expression."""
        return self.query.expr

    @property
    def labels(self) -> frozenset[str]:
        """The labels that the query matches, groups by or joins on, or that are read from its result or named in it.

        Labels of the legend count if no aggregation decides which labels the result has.
        """
        try:
            return promql.labels(self.expr) | self.required_labels | self._legend_labels()
        except promql.QueryError:
            return self.required_labels | {
                matcher.label for selector in promql.lenient_selectors(self.expr) for matcher in selector.matchers
            }

    def labels_of(self, selector: promql.Selector | None) -> frozenset[str]:
        """The labels that the series of one of its selectors need: what another one matches, only that one's need.

        Those of both sides of a join without `on` need what either matches.
        """
        try:
            shared = promql.grouping_labels(self.expr) | self.required_labels | self._legend_labels()
        except promql.QueryError:
            return self.labels
        if selector is None:
            return shared
        joined = promql.joined_labels(self.expr).get((selector.metric, selector.matchers), frozenset())
        return shared | joined | {matcher.label for matcher in selector.matchers}

    def _legend_labels(self) -> frozenset[str]:
        names = frozenset(legend_labels(self.query.legend))
        if not names or promql.output_labels(promql.parse(self.expr), lambda _: None) is not None:
            return frozenset()
        return names


def legend_labels(legend: str) -> tuple[str, ...]:
    """The labels that a legend names, each once."""
    return tuple(dict.fromkeys(LEGEND_LABEL.findall(legend)))


@remember_latest
def board_queries(board: Board) -> tuple[BoardQuery, ...]:
    """The board's PromQL queries."""
    return tuple(_board_queries(board))


def _board_queries(board: Board) -> Iterator[BoardQuery]:
    for panel, query in board.queries():
        if query.expr.strip():
            yield BoardQuery(panel.title, query, panel)
    for variable in board.variables:
        expr = variable_query(variable.query).executed_query if variable.type == "query" else ""
        if expr:
            yield BoardQuery(f"variable {variable.name}", Query("", expr), None, source_labels(variable))
    for annotation in board.annotations:
        if annotation.expr.strip():
            yield BoardQuery(f"annotation {annotation.name}", Query("", annotation.expr))
