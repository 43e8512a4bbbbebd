"""no-cilium-query: none of the dashboard's queries reads a metric of Cilium, so that nothing here can judge it.

It may read recording rules, or another project's metrics; then the other rules have little to say. A dashboard with a
query that could not be read is not reported.
"""

from collections.abc import Iterator

from dashboards_py.board import Board
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.plural import some_of
from dashboards_py.queries import board_queries, is_cilium_metric, resolve

SEVERITY = Severity.INFO
BOARDS_ONLY = True


def check(board: Board, release: Release) -> Iterator[tuple[None, str]]:
    """Dashboards with queries, of which none is about Cilium."""
    resolved = [item for query in board_queries(board) for item in resolve(query.expr, release)]
    if not resolved or any(item.reason or not item.name or is_cilium_metric(item.name) for item in resolved):
        return
    names = sorted({item.name for item in resolved})
    yield None, f"reads no metric of Cilium, but {some_of(names, 3)}"
