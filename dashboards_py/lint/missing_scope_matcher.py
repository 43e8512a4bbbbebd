"""missing-scope-matcher: the board has $cluster or $node, but a query ignores it and shows all clusters or nodes.

The compiler adds these matchers to plain queries. This rule is applied to our own dashboards, and to others with --all.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release, entries
from dashboards_py.findings import Severity
from dashboards_py.lint._selectors import panel_queries, resolve_selectors
from dashboards_py.queries import scope

SEVERITY = Severity.INFO
BOARDS_ONLY = True

HOUSE_RULE = True


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Selectors without a matcher for a variable that applies to their series."""
    variables = frozenset(variable.name for variable in board.variables)
    for panel, query in panel_queries(board):
        for resolved in resolve_selectors(query.expr, release):
            if entries(resolved.selector.metric):
                if resolved.selector.filters:
                    continue  # only Grafana knows these matchers
                matched_labels = {matcher.label for matcher in resolved.selector.matchers}
                for matcher in scope(resolved.selector, release, variables):
                    if matcher.label not in matched_labels:
                        yield panel, f"{resolved.selector.metric} has no {matcher}"
