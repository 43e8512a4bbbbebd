"""remote-workload: the query groups by the workloads of both ends of a flow, but a node knows only its own.

Hubble takes the workload of a pod from the pod itself, which the agent has for the pods of its node. Of a pod on
another node it knows the namespace, the name and the labels. So a pair of workloads on two nodes is two rows, each with
one end without a name. Group by `source_app` and `destination_app` (the labels `app.kubernetes.io/name`, `k8s-app` or
`app`) or by `source_pod` and `destination_pod`. Source: pkg/hubble/parser/common/endpoint.go.
"""

from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._selectors import all_queries

ENDS = {"source_workload", "destination_workload"}


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Groupings of Hubble's metrics by both workloads."""
    for panel, query in all_queries(board):
        for metric in dict.fromkeys(grouped_by_both(promql.parse(query.expr))):
            yield panel, f"groups {metric} by the workloads of both ends: that of a pod on another node is empty"


def grouped_by_both(node: Any) -> Iterator[str]:
    """Hubble's metrics below an aggregation by both workloads."""
    if type(node).__name__ == "AggregateExpr" and set(promql.grouped_by(node)) >= ENDS:
        yield from (selector.metric for selector in promql.selectors_of(node) if selector.metric.startswith("hubble_"))
        return
    for child in promql.children(node):
        yield from grouped_by_both(child)
