"""compared-hubble-events: the query compares counts of different TCP flags or ICMP types.

Hubble counts events, not packets. If a policy selects a pod, the verdict on a SYN counts as another SYN; all nodes on
the path report a flow; repeated pings are aggregated. SYN minus SYN-ACK is therefore not the number of unanswered
connections: with policies at both ends of healthy connections, it is two thirds of all SYN. Compare each count with its
own past instead. Source: pkg/hubble/metrics/tcp/handler.go.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._calculations import calculations
from dashboards_py.lint._selectors import all_queries, recorded_metric

SEVERITY = Severity.WARNING

# The label that distinguishes events, and sample values to find out whether two selectors choose the same events.
LABELS = {
    "hubble_tcp_flags_total": ("flag", ("SYN", "SYN-ACK", "FIN", "RST")),
    "hubble_icmp_total": ("type", ("EchoRequest", "EchoReply", "DestinationUnreachable(Port)", "143(0)")),
}
COMPARISONS = frozenset(("-", "/", "%", "==", "!=", "<", ">", "<=", ">="))


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Differences, ratios and comparisons of Hubble's counts by flag or type."""
    queries = [(panel, query.expr) for panel, query in all_queries(board)]
    by_expressions = ((panel, expr) for panel in board.panels for expr in calculations(panel))
    for panel, expr in chain(queries, by_expressions):
        if not any(metric in expr for metric in LABELS):
            continue
        for metric in dict.fromkeys(compared_metrics(promql.parse(expr))):
            label, _values = LABELS[metric]
            yield panel, f"compares series of {metric} that differ by {label}: events of different kinds do not add up"


def compared_metrics(tree: Any) -> Iterator[str]:
    """The metrics of which an operation reads different flags or types on its two sides."""
    for node in promql.nodes(tree, "BinaryExpr"):
        operands = promql.children(node)
        if str(node.op) in COMPARISONS or (str(node.op) == "+" and any(map(is_negative, operands))):
            left, right = map(selected_values, operands)
            yield from (metric for metric in left if metric in right and left[metric] != right[metric])


def is_negative(node: Any) -> bool:
    """True if an operand is negated: `-x`, `-1 * x`, `0 - x` or `sum(-x)`."""
    kind = type(node).__name__
    if kind in ("UnaryExpr", "NumberLiteral"):
        return kind == "UnaryExpr" or bool(node.val < 0)
    operator = str(node.op) if kind == "BinaryExpr" else ""
    if operator == "-":
        left, right = map(selected_values, promql.children(node))
        return bool(right) and not left
    keeps_sign = kind in ("ParenExpr", "AggregateExpr") or operator in ("*", "/", "or")
    return keeps_sign and any(map(is_negative, promql.children(node)))


def selected_values(node: Any) -> dict[str, set[tuple[bool | str, ...]]]:
    """The flags or types that the selectors below a node select, by metric."""
    selected: dict[str, set[tuple[bool | str, ...]]] = {}
    for selector in promql.selectors_of(node):
        metric = recorded_metric(selector)
        if metric in LABELS:
            selected.setdefault(metric, set()).add(accepted_values(selector, *LABELS[metric]))
    return selected


def accepted_values(selector: promql.Selector, label: str, values: tuple[str, ...]) -> tuple[bool | str, ...]:
    """For each value, whether the selector accepts it; the matchers as written if they contain a variable."""
    matchers = [matcher for matcher in selector.matchers if matcher.label == label]
    if any(matcher.is_open for matcher in matchers):
        return tuple(map(str, matchers))
    return tuple(all(matcher.accepts(value) for matcher in matchers) for value in values)
