"""impossible-comparison: the query compares a metric that is 0 or 1 with a number that decides the result.

The comparison is then true for all series or for none, as `== 6` and `> 1`; `>= 0`, which keeps all, is often meant.
`cilium_bgp_control_plane_session_state` is 1 if the session is established, not 6 as in BGP's own numbering. Before:
`cilium_bgp_control_plane_session_state == 6`. After: `cilium_bgp_control_plane_session_state == 1`.
"""

import operator
from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._nodes import MIRRORED, is_comparison, operator_of, walk
from dashboards_py.lint._selectors import all_queries, statuses_on

COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
KEEP_VALUES = ("max", "min", "topk", "bottomk")
KEEP = ("max_over_time", "min_over_time", "last_over_time", "label_replace", "label_join", "sort", "sort_desc")


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Comparisons that are decided by the number alone."""
    for panel, query in all_queries(board):
        for node in filter(is_comparison, walk(promql.parse(query.expr))):
            left, right = promql.children(node)
            name = operator_of(node)
            for value, other, compared in ((left, right, name), (right, left, MIRRORED.get(name, name))):
                number, selector = number_of(other), unchanged_selector(value)
                if number is None or selector is None or not _is_decided(compared, number):
                    continue
                metrics = statuses_on(selector, release)
                if metrics and all(metric.unit == "bool" for metric in metrics):
                    is_bound = number in (0.0, 1.0)
                    outcome = "always" if COMPARE[compared](0.0, number) else "never"
                    what = f"so {outcome} {compared} {number:g}" if is_bound else f"and is compared with {number:g}"
                    yield panel, f"{selector.metric} is 0 or 1, {what}"


def _is_decided(comparison: str, number: float) -> bool:
    """True if 0 and 1 compare alike; not for `>= 0`."""
    results = {COMPARE[comparison](value, number) for value in (0.0, 1.0)}
    return len(results) == 1 and (comparison, number) != (">=", 0.0)


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
