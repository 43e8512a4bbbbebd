"""unknown-metric: the query reads a metric that this release of Cilium never has samples of.

The finding says what the metric is on the release (removed, not yet there, never written, never existed) and what
replaced it. A query that has another way to an answer (`new or old`) is left alone, and so are metrics that are off by
default or wait for a feature: they can be turned on. `or vector(0)` is no answer: the panel shows 0 whatever happens.
"""

from collections.abc import Iterator
from functools import partial
from operator import contains

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._asked import Asked, asked, every_query


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Queries that cannot live on the release."""
    for panel, query in every_query(board):
        gone = {each.selector: why for each in asked(query.expr, release) if (why := absence(each, release))}
        if not promql.survives(query.expr, partial(contains, gone)):
            for selector, why in gone.items():
                yield panel, f"{selector.metric}: {why}"


def absence(each: Asked, release: Release) -> str:
    """Why a selector has no series on the release, and what to do; "" where it can have some."""
    if each.statuses and not each.metrics:
        why = each.statuses[0]
        return " ".join(part for part in (why.reason, why.fix) if part)
    series = {name for metric in each.metrics for name in metric.series_on(release)}
    if each.metrics and each.selector.metric not in series:
        return f"It is a histogram, and has no series of this name. Use {', '.join(sorted(series))}."
    return ""
