"""The house style: what a board's author writes with. Everything a board file needs is imported from here."""

from dashboards_py.style.graphs import heatmap, state_timeline, timeseries
from dashboards_py.style.limits import above, at_most, below, either
from dashboards_py.style.links import To, to
from dashboards_py.style.numbers import bargauge, stat
from dashboards_py.style.page import AGENT_ANNOTATIONS, Board, annotation, dashboard, row
from dashboards_py.style.query import Query, query
from dashboards_py.style.tables import table
from dashboards_py.style.variables import choice, cluster, namespace, node, one_of, values

__all__ = [
    "AGENT_ANNOTATIONS",
    "Board",
    "Query",
    "To",
    "above",
    "annotation",
    "at_most",
    "bargauge",
    "below",
    "choice",
    "cluster",
    "dashboard",
    "either",
    "heatmap",
    "namespace",
    "node",
    "one_of",
    "query",
    "row",
    "stat",
    "state_timeline",
    "table",
    "timeseries",
    "to",
    "values",
]
