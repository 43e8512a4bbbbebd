"""query-does-not-parse: Prometheus would refuse the query, and the panel shows an error.

Grafana's variables and macros are replaced first. Correct the query; `promtool promql format` shows the place.
"""

from collections.abc import Iterator

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.promql import QueryError


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Queries that are no PromQL."""
    for panel, query in board.queries():
        try:
            if query.expr:
                promql.selectors(query.expr)
        except QueryError as error:
            yield panel, f"{error.what}: {error.cause}"
