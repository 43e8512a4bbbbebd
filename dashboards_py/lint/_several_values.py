"""Matchers that compare a label with a variable that may have several values."""

from collections.abc import Iterator

from dashboards_py import promql
from dashboards_py.board import Board
from dashboards_py.promql.grafana import is_variable, variable_names

OPERATORS = {"=": "=~", "!=": "!~"}  # by the operator for one value


def matchers_for_one_value(board: Board, expr: str) -> Iterator[tuple[promql.Matcher, str]]:
    """The matchers of a query that hold for one value at most, each with the name of its variable.

    Grafana may write a regular expression in the place of a variable that may have several values.
    """
    several = {
        variable.name
        for variable in board.variables
        if variable.type in ("query", "custom") and (variable.multi or variable.include_all)
    }
    for selector in promql.selectors(expr):
        for matcher in selector.matchers:
            names = variable_names(matcher.value) & several
            if matcher.op in OPERATORS and is_variable(matcher.value) and names:
                yield matcher, min(names)
