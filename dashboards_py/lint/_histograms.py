"""Find queries of classic histograms on any dashboard."""

from collections.abc import Callable, Iterator

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._selectors import all_queries
from dashboards_py.promql.memory import remember
from dashboards_py.queries import SeriesByName


def lookup_for(board: Board, release: Release) -> promql.SeriesLookup:
    """Identify histograms by the catalogue or by name: a metric whose `_bucket` the board reads is a histogram."""
    metrics = {selector.metric for _, query in all_queries(board) for selector in promql.selectors(query.expr)}
    buckets = frozenset(metric.removesuffix("_bucket") for metric in metrics if metric.endswith("_bucket"))
    return SeriesByName(release, buckets)


def classic_only(
    board: Board, release: Release, concerns: Callable[[str], bool]
) -> Iterator[tuple[Panel, tuple[str, ...], str]]:
    """Queries that return nothing if histograms that `concerns` accepts (names without suffix) have no classic series.

    Yields the panel, the names of those series, and what to write instead.
    """
    lookup = lookup_for(board, release)

    def is_concerned(selector: promql.Selector) -> bool:
        series = lookup(selector)
        return series is not None and series.is_histogram and concerns(series.base)

    for panel, query in all_queries(board):
        series = [selector.metric for selector in promql.selectors(query.expr) if is_concerned(selector)]
        if series and not promql.can_return_data(query.expr, is_concerned):
            yield panel, tuple(dict.fromkeys(series)), _instead(panel, query.expr, lookup)


def corrected(panel: Panel, expr: str, lookup: promql.SeriesLookup) -> str:
    """The query with guarded means and for both kinds of histogram, so that no rule of histograms reports it again.

    Raises QueryError, or ClassicOnly if it cannot be written for both kinds.
    """
    return _corrected(expr, lookup, panel.type == "heatmap")


@remember
def _corrected(expr: str, lookup: promql.SeriesLookup, heatmap: bool) -> str:
    return promql.for_both_kinds(promql.guard_means(expr, lookup), lookup, heatmap=heatmap)


def _instead(panel: Panel, expr: str, lookup: promql.SeriesLookup) -> str:
    if panel.id is None and panel.title.startswith("variable "):
        return "take the values from a counter or gauge"
    try:
        written = corrected(panel, expr, lookup)
    except promql.ClassicOnly as error:
        return error.fix
    except promql.QueryError:
        written = expr
    if written == expr:  # also a quantile of `_count`, which quantile-without-buckets reports
        return "append `or` and the same query of the native histogram"
    return f"write `{written}`"
