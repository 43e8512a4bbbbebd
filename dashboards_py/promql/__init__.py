"""PromQL as Grafana's boards hold it: read, walk, add matchers. The only package that imports promql-parser."""

from dashboards_py.promql.carried import Carries, Unmet, carried, unmet
from dashboards_py.promql.inject import inject
from dashboards_py.promql.query import (
    Matcher,
    QueryError,
    Selector,
    children,
    labels,
    parse,
    selector,
    selectors,
    survives,
)

__all__ = [
    "Carries",
    "Matcher",
    "QueryError",
    "Selector",
    "Unmet",
    "carried",
    "children",
    "inject",
    "labels",
    "parse",
    "selector",
    "selectors",
    "survives",
    "unmet",
]
