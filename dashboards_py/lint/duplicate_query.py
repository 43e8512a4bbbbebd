"""duplicate-query: a panel runs the same query twice, at twice the cost for Prometheus."""

from collections import Counter
from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity

SEVERITY = Severity.INFO
BOARDS_ONLY = True


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Equal queries of one panel, without hidden ones."""
    for panel in board.panels:
        counts = Counter((" ".join(query.expr.split()), query.instant) for query in panel.queries if not query.hidden)
        for (expr, _instant), count in counts.items():
            if expr and count > 1:
                yield panel, f"runs {count} times: {expr}"
