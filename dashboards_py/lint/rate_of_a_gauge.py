"""rate-of-a-gauge: `rate`, `irate` or `increase` over a gauge takes each fall for a reset and shows what never was.

Use the gauge itself, `delta` or `deriv`. Quantiles of a summary are gauges as well.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._asked import asked, every_query, kinds
from dashboards_py.lint._functions import RATES


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Counters' functions over gauges."""
    for panel, query in every_query(board):
        for each in asked(query.expr, release):
            rates = [name for name in each.selector.functions if name in RATES]
            found = kinds(each.selector, release)
            if rates and found == {"gauge"}:
                yield panel, f"{rates[-1]} over {each.selector.metric}, which is a gauge on {release}"
            elif rates and found == {"summary"} and not each.suffix:
                yield panel, f"{rates[-1]} over the quantiles of {each.selector.metric}: take its _sum or _count"
