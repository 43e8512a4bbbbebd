"""Resolve the queries of panels, variables and annotations to selectors and metrics."""

from dashboards_py.queries.board import BoardQuery, board_queries
from dashboards_py.queries.histograms import (
    catalogued_series,
    exposes_native,
    histogram_names,
    series_by_name,
)
from dashboards_py.queries.resolve import ResolvedSelector, is_cilium_metric, resolve, scope, statuses
from dashboards_py.queries.variable import VariableQuery, variable_query

__all__ = [
    "BoardQuery",
    "ResolvedSelector",
    "VariableQuery",
    "board_queries",
    "catalogued_series",
    "exposes_native",
    "histogram_names",
    "is_cilium_metric",
    "resolve",
    "scope",
    "series_by_name",
    "statuses",
    "variable_query",
]
