"""remote-workload: the query distinguishes flows by the workloads of both ends, but a node knows only its own pods'.

An agent knows the workloads of the pods on its own node; of pods on other nodes it knows namespace, name and labels. A
pair of workloads on two nodes therefore becomes two rows, each with one empty workload, and a query that matches both
workloads returns nothing. Group by `source_app` and `destination_app` (the labels `app.kubernetes.io/name`, `k8s-app`
or `app`) or by `source_pod` and `destination_pod`. Source: pkg/hubble/parser/common/endpoint.go.
"""

from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._selectors import all_queries, recorded_metric
from dashboards_py.queries import legend_labels, requires_label

SEVERITY = Severity.WARNING

ENDS = {"source_workload", "destination_workload"}


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Queries of Hubble's metrics that group by both workloads, match both, or show both in the legend."""
    for panel, query in all_queries(board):
        in_legend = {*legend_labels(query.legend)} >= ENDS
        if "hubble_" not in query.expr or not (in_legend or all(label in query.expr for label in ENDS)):
            continue
        tree = promql.parse(query.expr)
        metrics = (*metrics_by_workloads(tree), *(metrics_with_workloads(tree) if in_legend else ()))
        for metric in dict.fromkeys(metrics):
            yield panel, f"needs the workloads of both ends of {metric}: that of a pod on another node is empty"


def metrics_by_workloads(node: Any, grouped: frozenset[str] = frozenset()) -> Iterator[str]:
    """Hubble's metrics below a node that need both workloads, for their matchers or for enclosing groupings."""
    kind = type(node).__name__
    if kind in ("VectorSelector", "MatrixSelector"):
        for selector in promql.selectors_of(node):
            named = {matcher.label for matcher in selector.matchers if requires_label(matcher)}
            if _is_hubble(selector) and grouped | named >= ENDS:
                yield selector.metric
    if kind == "AggregateExpr":
        grouped |= ENDS.intersection(promql.grouped_by(node))
    if kind == "Call" and node.func.name in ("label_replace", "label_join"):
        grouped -= {str(node.args[1].val)}  # the label that it writes is none of its series
    for child in promql.children(node):
        yield from metrics_by_workloads(child, grouped)


def metrics_with_workloads(tree: Any) -> Iterator[str]:
    """Hubble's metrics of a query whose result keeps both workloads, such as `sum without (pod)`."""
    output_labels = promql.output_labels(tree, lambda selector: frozenset(ENDS if _is_hubble(selector) else ()))
    if output_labels is not None and output_labels >= ENDS:
        yield from (selector.metric for selector in promql.selectors_of(tree) if _is_hubble(selector))


def _is_hubble(selector: promql.Selector) -> bool:
    return recorded_metric(selector).startswith("hubble_")
