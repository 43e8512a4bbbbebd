"""What a board's queries ask: selectors with the metrics that they mean on a release."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Query
from dashboards_py.catalog import Release, split
from dashboards_py.promql import QueryError
from dashboards_py.queries import ResolvedSelector, board_queries, is_ciliums, resolve, statuses


@dataclass(frozen=True, slots=True)
class Asked(ResolvedSelector):
    """A selector of a query that could be read. Of metrics that every program in Go has nothing is said."""

    selector: promql.Selector


def queries(board: Board) -> Iterator[tuple[Panel, Query]]:
    """Each query of a panel that can be read."""
    return ((each.panel, each.query) for each in board_queries(board) if each.panel and _reads(each.expr))


def every_query(board: Board) -> Iterator[tuple[Panel, Query]]:
    """Those of variables and annotations as well, as panels that say so in their title.

    `label_values(selector, label)` is asked as what it is to Prometheus: `group by (label) (selector)`.
    """
    for each in board_queries(board):
        if _reads(each.expr):
            yield each.panel or Panel(None, each.where, "", queries=(each.query,)), each.query


def _reads(expr: str) -> bool:
    try:
        return bool(promql.selectors(expr))
    except QueryError:
        return False


def asked(expr: str, release: Release) -> tuple[Asked, ...]:
    """The query's selectors; those of metrics that are not Cilium's have no statuses. The query can be read."""
    return tuple(_asked(each.selector, release) for each in resolve(expr, release) if each.selector)


def without(expr: str, dead: Mapping[promql.Selector, str]) -> Iterator[str]:
    """Of what is said of selectors that find nothing, what the query cannot do without: `new or old` lives on one.

    What `unless` should take away and does not is said as well.
    """
    lives = promql.survives(expr, lambda selector: selector in dead)
    return (said for selector, said in dead.items() if not lives or "unless" in selector.functions)


def labels_on(release: Release) -> promql.Carries:
    """Which labels a selector's series can carry on a release; None for metrics that it does not have, or not Cilium's.

    Hubble's metrics with all that options of their handlers can add.
    """
    return lambda selector: _asked(selector, release).labels(release)


def kinds(selector: promql.Selector, release: Release) -> frozenset[str]:
    """The types that the selector's metric has on the release, empty for one that nobody knows.

    Those that every Go program has are of the same type in all of them.
    """
    found = statuses(selector, release)
    return frozenset(each.metric.type_on(release) for each in found if each.metric and each.present)


def wants_a_value(matcher: promql.Matcher) -> bool:
    """Whether the matcher refuses series without the label, whatever variables hold."""
    return matcher.takes("") is False


def _asked(selector: promql.Selector, release: Release) -> Asked:
    return Asked(selector, statuses(selector, release) if is_ciliums(split(selector.metric)[0]) else ())
