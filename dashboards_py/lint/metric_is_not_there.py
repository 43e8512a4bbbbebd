"""metric-is-not-there: the query reads a metric that this release of Cilium never has samples of.

The finding says what the metric is on the release (removed, not yet there, never written, never existed) and what
replaced it. A query that has another way to an answer (`new or old`) is left alone, and so are metrics that are off by
default or wait for a feature: they can be turned on.
"""

from collections.abc import Iterator

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint.asked import asked, queries


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Queries that cannot live on the release."""
    for panel, query in queries(board):
        gone = {
            each.selector: each.statuses[0] for each in asked(query.expr, release) if each.statuses and not each.metrics
        }
        if gone and not promql.survives(query.expr, lambda selector, gone=gone: selector in gone):  # type: ignore[misc]
            for selector, why in gone.items():
                yield panel, " ".join(part for part in (f"{selector.metric}: {why.reason}", why.fix) if part)
