"""PromQL as Grafana's boards hold it: read, walk, add matchers. The only package that imports promql-parser."""

from dashboards_py.promql.inject import inject
from dashboards_py.promql.query import Matcher, QueryError, Selector, children, labels, parse, selectors, survives

__all__ = ["Matcher", "QueryError", "Selector", "children", "inject", "labels", "parse", "selectors", "survives"]
