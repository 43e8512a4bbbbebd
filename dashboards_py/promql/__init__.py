"""PromQL with Grafana's variables: parse queries and add matchers. The only package that imports promql-parser."""

from dashboards_py.promql.changes import PartChange, query_changes, same_query
from dashboards_py.promql.distributions import DistributionSeries, SeriesLookup
from dashboards_py.promql.grafana import has_variable, variable_names
from dashboards_py.promql.guards import guard_means, guard_quantiles
from dashboards_py.promql.histograms import ClassicOnly, for_both_kinds
from dashboards_py.promql.idle_matchers import without_idle_matchers
from dashboards_py.promql.inject import inject
from dashboards_py.promql.joins import joined_labels, unfiltered_joins
from dashboards_py.promql.lenient import lenient_selectors
from dashboards_py.promql.lexer import COMPARISONS
from dashboards_py.promql.matcher import Matcher, Selector
from dashboards_py.promql.memory import forget_queries
from dashboards_py.promql.narrowing import narrowable
from dashboards_py.promql.numbers import number_text, replace_compared
from dashboards_py.promql.outcome import Outcome, multiplied_sides, outcome, unequal_sides, worst_outcome
from dashboards_py.promql.output_labels import LabelLookup, MissingLabels, missing_labels, output_labels
from dashboards_py.promql.parsing import QueryError, UnreadableQuery, for_prometheus, parse, parse_as_sent, query_name
from dashboards_py.promql.query import (
    ABSENT,
    can_return_data,
    grouping_labels,
    has_guesses,
    labels,
    refusals,
    selectors,
)
from dashboards_py.promql.recording import ALL_NODES, INTERVAL, Recording, recorded
from dashboards_py.promql.recording_rules import chained, classic_side, dependencies
from dashboards_py.promql.rename import rename_labels
from dashboards_py.promql.samples import samples_read
from dashboards_py.promql.syntax import children, dropped_by, grouped_by, nodes, selector, selectors_of
from dashboards_py.promql.unfiltered import unfiltered

__all__ = [
    "ABSENT",
    "ALL_NODES",
    "COMPARISONS",
    "INTERVAL",
    "ClassicOnly",
    "DistributionSeries",
    "LabelLookup",
    "Matcher",
    "MissingLabels",
    "Outcome",
    "PartChange",
    "QueryError",
    "Recording",
    "Selector",
    "SeriesLookup",
    "UnreadableQuery",
    "can_return_data",
    "chained",
    "children",
    "classic_side",
    "dependencies",
    "dropped_by",
    "for_both_kinds",
    "for_prometheus",
    "forget_queries",
    "grouped_by",
    "grouping_labels",
    "guard_means",
    "guard_quantiles",
    "has_guesses",
    "has_variable",
    "inject",
    "joined_labels",
    "labels",
    "lenient_selectors",
    "missing_labels",
    "multiplied_sides",
    "narrowable",
    "nodes",
    "number_text",
    "outcome",
    "output_labels",
    "parse",
    "parse_as_sent",
    "query_changes",
    "query_name",
    "recorded",
    "refusals",
    "rename_labels",
    "replace_compared",
    "same_query",
    "samples_read",
    "selector",
    "selectors",
    "selectors_of",
    "unequal_sides",
    "unfiltered",
    "unfiltered_joins",
    "variable_names",
    "without_idle_matchers",
    "worst_outcome",
]
