"""rate-of-a-gauge: `rate`, `irate` or `increase` over a gauge takes each fall for a reset and shows what never was.

Use the gauge itself, `delta` or `deriv`.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint.asked import asked, queries

RATES = ("rate", "irate", "increase")


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Counters' functions over gauges."""
    for panel, query in queries(board):
        for each in asked(query.expr, release):
            rates = [name for name in each.selector.functions if name in RATES]
            if rates and each.metrics and all(metric.type_on(release) == "gauge" for metric in each.metrics):
                yield panel, f"{rates[-1]} over {each.selector.metric}, which is a gauge on {release}"
