"""missing-scope-matcher: the board has $cluster or $node, and a query ignores it: it shows every cluster or node.

The compiler adds these matchers to plain queries. For our own boards, and for others with --all.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release, entries
from dashboards_py.lint._asked import asked, queries
from dashboards_py.queries import scope

FOR_OURS = True


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Selectors without a matcher for a variable that their series can follow."""
    variables = frozenset(variable.name for variable in board.variables)
    for panel, query in queries(board):
        for each in asked(query.expr, release):
            if entries(each.selector.metric):
                if each.selector.filters:
                    continue  # only Grafana knows what these match
                given = {matcher.label for matcher in each.selector.matchers}
                for matcher in scope(each.selector, release, variables):
                    if matcher.label not in given:
                        yield panel, f"{each.selector.metric} has no {matcher}"
