"""multi-value-with-equals: a matcher compares a label with a variable that may have several values, by `=` or `!=`.

If several values are selected, or All, Grafana writes a regular expression such as `(a|b)` or `cilium.*` in its place,
which no label equals. Use `=~` or `!~`. Before: `cilium_version{pod="$pod"}`. After: `cilium_version{pod=~"$pod"}`.
"""

from collections.abc import Iterator

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._selectors import all_queries
from dashboards_py.lint._several_values import OPERATORS, has_several_values
from dashboards_py.promql.grafana import is_variable, variable_names


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers that hold for one value at most."""
    several = {variable.name: variable for variable in board.variables if has_several_values(variable)}
    for panel, query in all_queries(board):
        for selector in promql.selectors(query.expr):
            for matcher in selector.matchers:
                names = variable_names(matcher.value) & several.keys()
                if matcher.op in OPERATORS and is_variable(matcher.value) and names:
                    yield panel, f"{matcher}: ${min(names)} may have several values: use {OPERATORS[matcher.op]}"
