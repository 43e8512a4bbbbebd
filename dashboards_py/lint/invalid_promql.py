"""invalid-promql: Prometheus would refuse the query, and the panel shows an error.

Grafana's variables and macros are replaced first; where a variable may hold any part of the query, nothing is said.
Regular expressions are judged by RE2, which Prometheus uses: it knows no look-ahead and no back references. Where
promtool is on PATH it has the last word on what is not understood here. Correct the query; `promtool promql format`
shows the place.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._settings import Settings
from dashboards_py.queries import board_queries

WITH_SETTINGS = True


def check(board: Board, _: Release, settings: Settings) -> Iterator[tuple[Panel, str]]:
    """Queries that are no PromQL."""
    for query in board_queries(board):
        for refusal in settings.refusals(query.expr):
            text = " ".join(query.expr.split())
            shown = text if len(text) <= 160 else f"{text[:157]}..."
            yield query.panel or Panel(None, query.where, ""), f"query {shown!r}: {refusal}"
