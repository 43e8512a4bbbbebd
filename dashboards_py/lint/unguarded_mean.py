"""unguarded-mean: a mean, `_sum` divided by `_count`, may be +Inf after a restart.

If a process restarts and reaches the same count before it is scraped again, the rate of `_count` is 0, but that of
`_sum` is not. Exclude times without observations, for which the mean is NaN anyway:
`sum(rate(x_sum[w])) / (sum(rate(x_count[w])) > 0)`. The finding contains the complete query, which also works if the
histogram is stored natively.
"""

from collections.abc import Iterator
from contextlib import suppress

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._fixable import QueryToFix
from dashboards_py.lint._histograms import corrected, lookup_for
from dashboards_py.lint._selectors import all_queries

SEVERITY = Severity.WARNING


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Divisions of a sum by its count without a guard against 0."""
    lookup = lookup_for(board, release)
    for panel, query in all_queries(board):
        if "/" not in query.expr or not any(
            selector.metric.endswith("_sum") for selector in promql.selectors(query.expr)
        ):
            continue
        try:
            guarded = promql.guard_means(query.expr, lookup)
        except promql.QueryError:
            continue
        if guarded == query.expr:
            continue
        with suppress(promql.QueryError):  # classic-histogram-only states why there is no such query
            guarded = corrected(panel, query.expr, lookup)
        yield panel, f"may be +Inf after a restart: write `{guarded}`"


def fixes(item: QueryToFix) -> Iterator[str]:
    """The query with guarded means, for both kinds of histogram if that is possible."""
    lookup = lookup_for(item.board, item.release)
    with suppress(promql.QueryError):
        yield corrected(item.panel, item.expr, lookup)
    with suppress(promql.QueryError):
        yield promql.guard_means(item.expr, lookup)
