"""compared-hubble-events: the query compares counts of different TCP flags or ICMP types.

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
from dashboards_py.lint._selectors import all_queries, recorded_metric

# The label that distinguishes events, and values of it that show whether two selectors choose the same.
LABELS = {
    "hubble_tcp_flags_total": ("flag", ("SYN", "SYN-ACK", "FIN", "RST")),
    "hubble_icmp_total": ("type", ("EchoRequest", "EchoReply", "DestinationUnreachable(Port)", "143(0)")),
}
COMPARISONS = frozenset(("-", "/", "%", "==", "!=", "<", ">", "<=", ">="))


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Differences, ratios and comparisons of what Hubble counts by flag or type."""
    for panel, query in all_queries(board):
        for metric in dict.fromkeys(compared(promql.parse(query.expr))):
            label, _values = LABELS[metric]
            yield panel, f"compares series of {metric} that differ by {label}: events of different kinds do not add up"


def compared(node: Any) -> Iterator[str]:
    """The metrics of which an operation takes different flags or types left and right."""
    if type(node).__name__ == "BinaryExpr":
        operands = promql.children(node)
        if str(node.op) in COMPARISONS or (str(node.op) == "+" and any(map(is_negative, operands))):
            left, right = map(chosen, operands)
            yield from (metric for metric in left if metric in right and left[metric] != right[metric])
    for child in promql.children(node):
        yield from compared(child)


def is_negative(node: Any) -> bool:
    """True if an operand is a negated one: `-x` or `-1 * x`."""
    kind = type(node).__name__
    if kind in ("UnaryExpr", "NumberLiteral"):
        return kind == "UnaryExpr" or bool(node.val < 0)
    is_product = kind == "ParenExpr" or (kind == "BinaryExpr" and str(node.op) in "*/")
    return is_product and any(map(is_negative, promql.children(node)))


def chosen(node: Any) -> dict[str, set[tuple[bool | str, ...]]]:
    """By metric, what the selectors below a node choose of its flags or types."""
    chosen_by_metric: dict[str, set[tuple[bool | str, ...]]] = {}
    for selector in promql.selectors_of(node):
        metric = recorded_metric(selector)
        if metric in LABELS:
            chosen_by_metric.setdefault(metric, set()).add(choice(selector, *LABELS[metric]))
    return chosen_by_metric


def choice(selector: promql.Selector, label: str, values: tuple[str, ...]) -> tuple[bool | str, ...]:
    """Which of the values a selector accepts; its matchers as written where a variable decides."""
    matchers = [matcher for matcher in selector.matchers if matcher.label == label]
    if any(matcher.is_open for matcher in matchers):
        return tuple(map(str, matchers))
    return tuple(all(matcher.accepts(value) for matcher in matchers) for value in values)
