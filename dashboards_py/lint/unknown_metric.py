"""unknown-metric: the query reads a metric that has no samples on this Cilium release.

The finding states whether the metric was removed, was added later, is never set or never existed, and what replaced it.
Not reported are queries with an alternative (`new or old`), and metrics that are off by default or need a feature,
because these can be enabled. `or vector(0)` is not an alternative: the panel would always show 0.
"""

from collections.abc import Iterator
from functools import partial
from operator import contains

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._selectors import ReadableSelector, all_queries, problems_by_selector


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Queries that return nothing on the release."""
    for panel, query in all_queries(board):
        absent = problems_by_selector(query.expr, release, absence)
        if not promql.can_return_data(query.expr, partial(contains, absent)):
            for selector, reason in absent.items():
                yield panel, f"{selector.metric}: {reason}"


def absence(resolved: ReadableSelector, release: Release) -> str:
    """The reason why a selector has no series on the release, and the fix; "" if it may have series."""
    if resolved.statuses and not resolved.metrics:
        status = resolved.statuses[0]
        return " ".join(part for part in (status.reason, status.fix) if part)
    series = {name for metric in resolved.metrics for name in metric.series_on(release)}
    native = any(function.startswith("histogram_") for function in resolved.selector.functions)
    if resolved.metrics and resolved.selector.metric not in series and not native:
        return f"It is a histogram, and has no series of this name. Use {', '.join(sorted(series))}."
    return ""
