"""remote-workload: the query tells flows apart by the workloads of both ends, but a node knows only its own.

Hubble takes the workload of a pod from the pod itself, which the agent has for the pods of its node. Of a pod on
another node it knows the namespace, the name and the labels. So a pair of workloads on two nodes is two rows, each with
one end without a name, and a query of one workload at each end finds nothing. Group by `source_app` and
`destination_app` (the labels `app.kubernetes.io/name`, `k8s-app` or `app`) or by `source_pod` and `destination_pod`.
Source: pkg/hubble/parser/common/endpoint.go.
"""

from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._selectors import all_queries, recorded_metric, requires_label

ENDS = {"source_workload", "destination_workload"}


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Queries of Hubble's metrics that group by both workloads, or take only what has them."""
    for panel, query in all_queries(board):
        for metric in dict.fromkeys(told_apart_by_both(promql.parse(query.expr))):
            yield panel, f"needs the workloads of both ends of {metric}: that of a pod on another node is empty"


def told_apart_by_both(node: Any, grouped: frozenset[str] = frozenset()) -> Iterator[str]:
    """Hubble's metrics below a node that need both workloads, by their matchers or by the groupings around them."""
    kind = type(node).__name__
    if kind in ("VectorSelector", "MatrixSelector"):
        for selector in promql.selectors_of(node):
            named = {matcher.label for matcher in selector.matchers if requires_label(matcher)}
            if recorded_metric(selector).startswith("hubble_") and grouped | named >= ENDS:
                yield selector.metric
    if kind == "AggregateExpr":
        grouped |= ENDS.intersection(promql.grouped_by(node))
    for child in promql.children(node):
        yield from told_apart_by_both(child, grouped)
