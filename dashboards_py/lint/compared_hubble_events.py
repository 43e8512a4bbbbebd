"""compared-hubble-events: the query subtracts or divides counts of different TCP flags or ICMP types.

Hubble counts events, not packets. Where a policy selects a pod, its verdict on a SYN counts like another SYN; each node
reports a flow that it sees; repeated pings are aggregated. So SYN less SYN-ACK is not the number of connections without
an answer: with a policy at each end of a healthy connection it is two thirds of all SYN. Compare each count with its
own past instead. Source: pkg/hubble/metrics/tcp/handler.go.
"""

from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._selectors import all_queries

LABELS = {"hubble_tcp_flags_total": "flag", "hubble_icmp_total": "type"}


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Differences and ratios of what Hubble counts by flag or type."""
    for panel, query in all_queries(board):
        for metric in dict.fromkeys(compared(promql.parse(query.expr))):
            label = LABELS[metric]
            yield panel, f"compares series of {metric} that differ by {label}: events of different kinds do not add up"


def compared(node: Any) -> Iterator[str]:
    """The metrics of which a `-` or `/` takes different flags or types left and right."""
    if type(node).__name__ == "BinaryExpr" and str(node.op) in ("-", "/"):
        left, right = map(chosen, promql.children(node))
        yield from (metric for metric in LABELS if metric in left and metric in right and left[metric] != right[metric])
    for child in promql.children(node):
        yield from compared(child)


def chosen(node: Any) -> dict[str, set[str]]:
    """By metric, the matchers on its flag or type below a node."""
    chosen_by_metric: dict[str, set[str]] = {}
    for selector in promql.selectors_of(node):
        if label := LABELS.get(selector.metric):
            matchers = " ".join(str(matcher) for matcher in selector.matchers if matcher.label == label)
            chosen_by_metric.setdefault(selector.metric, set()).add(matchers)
    return chosen_by_metric
