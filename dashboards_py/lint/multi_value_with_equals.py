"""multi-value-with-equals: a matcher compares a label with a variable that may have several values, by `=` or `!=`.

If several values are selected, or All, Grafana writes a regular expression such as `(a|b)` or `cilium.*` in its place,
which no label equals. Use `=~` or `!~`. Before: `cilium_version{pod="$pod"}`. After: `cilium_version{pod=~"$pod"}`.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._fixable import QueryToFix, with_matcher
from dashboards_py.lint._selectors import all_queries
from dashboards_py.lint._several_values import OPERATORS, matchers_for_one_value

BOARDS_ONLY = True


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers that hold for one value at most."""
    for panel, query in all_queries(board):
        for matcher, name in matchers_for_one_value(board, query.expr):
            yield panel, f"{matcher}: ${name} may have several values: use {OPERATORS[matcher.op]}"


def fixes(item: QueryToFix) -> Iterator[str]:
    """The query with `=~` for a variable that may have several values."""
    for matcher, _ in matchers_for_one_value(item.board, item.expr):
        yield with_matcher(item.expr, matcher, f'{matcher.label}{OPERATORS[matcher.op]}"{matcher.value}"')
