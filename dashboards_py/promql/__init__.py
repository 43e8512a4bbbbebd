"""PromQL as Grafana's boards hold it: read, walk, add matchers. The only package that imports promql-parser."""

from dashboards_py.promql.carried import Carries, Unmet, carried, unmet
from dashboards_py.promql.grafana import has_variable
from dashboards_py.promql.inject import inject
from dashboards_py.promql.query import (
    Matcher,
    QueryError,
    Selector,
    Unread,
    children,
    for_prometheus,
    labels,
    parse,
    refusals,
    selector,
    selectors,
    survives,
)
from dashboards_py.promql.sketch import sketch

__all__ = [
    "Carries",
    "Matcher",
    "QueryError",
    "Selector",
    "Unmet",
    "Unread",
    "carried",
    "children",
    "for_prometheus",
    "has_variable",
    "inject",
    "labels",
    "parse",
    "refusals",
    "selector",
    "selectors",
    "sketch",
    "survives",
    "unmet",
]
