"""invalid-promql: Prometheus rejects the query, so the panel shows an error.

Grafana's variables and macros are replaced first; if a variable may contain any part of the query, nothing is reported.
Regular expressions are checked with RE2, which has no look-ahead and no back-references. Queries that our parser does
not understand, or not in whole, are checked with promtool if it is on PATH. Correct the query; `promtool promql format`
shows the position of the error.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._settings import Settings
from dashboards_py.queries import board_queries

WITH_SETTINGS = True


def check(board: Board, _: Release, settings: Settings) -> Iterator[tuple[Panel, str]]:
    """Queries that are not valid PromQL."""
    for query in board_queries(board):
        for refusal in settings.refusals(query.expr):
            text = " ".join(query.expr.split())
            shown = text if len(text) <= 160 else f"{text[:157]}..."
            yield query.panel or Panel(None, query.where, ""), f"query {shown!r}: {refusal}"
