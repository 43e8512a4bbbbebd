"""What a board's queries ask: selectors with the metrics that they mean on a release."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Query
from dashboards_py.catalog import Release, split
from dashboards_py.promql import QueryError
from dashboards_py.queries import ResolvedSelector, board_queries, is_cilium_metric, resolve, statuses


@dataclass(frozen=True, slots=True)
class ReadableSelector(ResolvedSelector):
    """A selector of a query that could be read. Of metrics that every program in Go has nothing is said."""

    selector: promql.Selector


def panel_queries(board: Board) -> Iterator[tuple[Panel, Query]]:
    """Each query of a panel that can be read."""
    return (
        (board_query.panel, board_query.query)
        for board_query in board_queries(board)
        if board_query.panel and _reads(board_query.expr)
    )


def all_queries(board: Board) -> Iterator[tuple[Panel, Query]]:
    """Those of variables and annotations as well, as panels that say so in their title.

    `label_values(selector, label)` is asked as what it is to Prometheus: `group by (label) (selector)`.
    """
    for board_query in board_queries(board):
        if _reads(board_query.expr):
            yield (
                board_query.panel or Panel(None, board_query.where, "", queries=(board_query.query,)),
                board_query.query,
            )


def _reads(expr: str) -> bool:
    try:
        return bool(promql.selectors(expr))
    except QueryError:
        return False


def resolve_selectors(expr: str, release: Release) -> tuple[ReadableSelector, ...]:
    """The query's selectors; those of metrics that are not Cilium's have no statuses. The query can be read."""
    return tuple(_selectors(resolved.selector, release) for resolved in resolve(expr, release) if resolved.selector)


def problems_of_required(expr: str, problems: Mapping[promql.Selector, str]) -> Iterator[str]:
    """Of what is said of selectors that find nothing, what the query cannot do without: `new or old` lives on one.

    What `unless` should take away and does not is said as well.
    """
    has_result = promql.survives(expr, lambda selector: selector in problems)
    return (problem for selector, problem in problems.items() if not has_result or "unless" in selector.functions)


def label_lookup(release: Release) -> promql.LabelLookup:
    """Which labels a selector's series can carry on a release; None for metrics that it does not have, or not Cilium's.

    Hubble's metrics with all that options of their handlers can add.
    """
    return lambda selector: _selectors(selector, release).labels(release)


def metric_types(selector: promql.Selector, release: Release) -> frozenset[str]:
    """The types that the selector's metric has on the release, empty for one that nobody knows.

    Those that every Go program has are of the same type in all of them.
    """
    metric_statuses = statuses(selector, release)
    return frozenset(status.metric.type_on(release) for status in metric_statuses if status.metric and status.present)


def requires_label(matcher: promql.Matcher) -> bool:
    """Whether the matcher refuses series without the label, whatever variables hold."""
    return matcher.accepts("") is False


def _selectors(selector: promql.Selector, release: Release) -> ReadableSelector:
    return ReadableSelector(
        selector, statuses(selector, release) if is_cilium_metric(split(selector.metric)[0]) else ()
    )
