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
from dashboards_py.lint._nodes import NODE_LABELS
from dashboards_py.lint._selectors import all_queries, label_lookup

SEVERITY = Severity.WARNING

PRESSURE = "_pressure"


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Averages of pressures after which no label tells the nodes apart any more."""
    known = label_lookup(release)

    def labels_of(selector: promql.Selector) -> frozenset[str]:
        labels = known(selector)
        return NODE_LABELS if labels is None else labels

    for panel, query in all_queries(board):
        if not any(selector.metric.endswith(PRESSURE) for selector in promql.selectors(query.expr)):
            continue
        for metric in dict.fromkeys(averaged(promql.parse(query.expr), labels_of)):
            yield panel, f"avg of {metric} hides a node where it is full: use max"


def averaged(node: Any, labels_of: promql.LabelLookup) -> Iterator[str]:
    """The pressures that an average combines over nodes."""
    if (aggregation := _average(node)) is not None:
        before, after = (promql.output_labels(part, labels_of) for part in (aggregation.expr, aggregation))
        if _tell_nodes(before) and not _tell_nodes(after):
            yield from (item.metric for item in promql.selectors_of(node) if item.metric.endswith(PRESSURE))
    for child in promql.children(node):
        yield from averaged(child, labels_of)


def _average(node: Any) -> Any:
    """The aggregation of an average: `avg`, or the sum of a sum divided by a count."""
    if type(node).__name__ == "BinaryExpr" and str(node.op) == "/":
        return node.lhs if [_aggregation(side) for side in (node.lhs, node.rhs)] == ["sum", "count"] else None
    return node if _aggregation(node) == "avg" else None


def _aggregation(node: Any) -> str:
    return str(node.op) if type(node).__name__ == "AggregateExpr" else ""


def _tell_nodes(labels: frozenset[str] | None) -> bool:
    return labels is None or bool(NODE_LABELS & labels)
