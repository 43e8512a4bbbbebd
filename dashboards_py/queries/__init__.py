"""Resolve the queries of panels, variables and annotations to selectors and metrics."""

from dashboards_py.queries.board import BoardQuery, board_queries, legend_labels
from dashboards_py.queries.histograms import (
    SeriesByName,
    catalogued_series,
    exposes_native,
    histogram_names,
)
from dashboards_py.queries.no_series import (
    Missing,
    NoSeries,
    impossible_value,
    missing_label,
    missing_metric,
    no_series,
    requires_label,
    values_text,
)
from dashboards_py.queries.our_labels import rule_with_our_labels, with_our_labels
from dashboards_py.queries.resolve import ResolvedSelector, is_cilium_metric, resolve, scope, statuses
from dashboards_py.queries.variable import VariableQuery, variable_query

__all__ = [
    "BoardQuery",
    "Missing",
    "NoSeries",
    "ResolvedSelector",
    "SeriesByName",
    "VariableQuery",
    "board_queries",
    "catalogued_series",
    "exposes_native",
    "histogram_names",
    "impossible_value",
    "is_cilium_metric",
    "legend_labels",
    "missing_label",
    "missing_metric",
    "no_series",
    "requires_label",
    "resolve",
    "rule_with_our_labels",
    "scope",
    "statuses",
    "values_text",
    "variable_query",
    "with_our_labels",
]
