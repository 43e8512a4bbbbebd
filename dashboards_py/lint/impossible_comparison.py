"""impossible-comparison: the query compares a metric that is 0 or 1 with another number.

The comparison is then true for all series or for none. `cilium_bgp_control_plane_session_state` is 1 if the session is
established, not 6 as in BGP's own numbering. Before: `cilium_bgp_control_plane_session_state == 6`. After:
`cilium_bgp_control_plane_session_state == 1`.
"""

from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._nodes import is_comparison, walk
from dashboards_py.lint._selectors import all_queries, statuses_on

KEEP_VALUES = ("max", "min", "topk", "bottomk")
KEEP = ("max_over_time", "min_over_time", "last_over_time", "label_replace", "label_join", "sort", "sort_desc")


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Comparisons that are decided by the number alone."""
    for panel, query in all_queries(board):
        for node in filter(is_comparison, walk(promql.parse(query.expr))):
            for value, other in (promql.children(node), reversed(promql.children(node))):
                number, selector = number_of(other), unchanged_selector(value)
                if number is None or selector is None or number in (0.0, 1.0) or 0 < number < 1:
                    continue
                metrics = statuses_on(selector, release)
                if metrics and all(metric.unit == "bool" for metric in metrics):
                    yield panel, f"{selector.metric} is 0 or 1, and is compared with {number:g}"


def number_of(node: Any) -> float | None:
    """The value of a number, with or without a sign; None for other nodes."""
    kind = type(node).__name__
    if kind == "NumberLiteral":
        return float(node.val)
    if kind in ("ParenExpr", "UnaryExpr"):
        inner = number_of(promql.children(node)[0])
        return -inner if inner is not None and kind == "UnaryExpr" else inner
    return None


def unchanged_selector(node: Any) -> promql.Selector | None:
    """The selector whose values a node returns as they are; None if something is calculated."""
    kind = type(node).__name__
    if kind in ("VectorSelector", "MatrixSelector"):
        return promql.selector(node if kind == "VectorSelector" else node.vector_selector)
    keeps = (kind == "AggregateExpr" and str(node.op) in KEEP_VALUES) or (kind == "Call" and node.func.name in KEEP)
    below = [child for child in promql.children(node) if number_of(child) is None]
    if kind == "ParenExpr" or keeps:
        selectors = [selector for child in below if (selector := unchanged_selector(child))]
        return selectors[0] if selectors else None
    return None
