"""averaged-pressure: the query averages how full something is over all nodes, which hides the one that is full.

One node with a full map drops connections while the average of a hundred is low. Use `max`, and keep the label that
names what is full. Before: `avg(cilium_bpf_map_pressure)`. After: `max by (map_name) (cilium_bpf_map_pressure)`.
"""

from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._selectors import all_queries

SEVERITY = Severity.WARNING

PRESSURE = "_pressure"
NODE_LABELS = frozenset(("node", "instance", "pod"))


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Averages of pressures without the node."""
    for panel, query in all_queries(board):
        for metric in dict.fromkeys(averaged(promql.parse(query.expr))):
            yield panel, f"avg of {metric} hides a node where it is full: use max"


def averaged(node: Any) -> Iterator[str]:
    """The pressures that an average combines over nodes."""
    is_average = type(node).__name__ == "AggregateExpr" and str(node.op) == "avg"
    if is_average and not NODE_LABELS.intersection(promql.grouped_by(node)) and kept_without(node) != NODE_LABELS:
        yield from (item.metric for item in promql.selectors_of(node) if item.metric.endswith(PRESSURE))
    for child in promql.children(node):
        yield from averaged(child)


def kept_without(aggregation: Any) -> frozenset[str]:
    """The labels of nodes that the `without` of an aggregation keeps; none if it has no `without`."""
    dropped = promql.dropped_by(aggregation)
    return NODE_LABELS.difference(dropped) if dropped is not None else frozenset()
