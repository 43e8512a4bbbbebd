"""What a query is about: its selectors with their metrics, of panels, variables and annotations alike."""

from dashboards_py.queries.board import BoardQuery, board_queries
from dashboards_py.queries.resolve import ResolvedSelector, is_cilium_metric, resolve, scope, statuses
from dashboards_py.queries.variable import VariableQuery, variable_query

__all__ = [
    "BoardQuery",
    "ResolvedSelector",
    "VariableQuery",
    "board_queries",
    "is_cilium_metric",
    "resolve",
    "scope",
    "statuses",
    "variable_query",
]
