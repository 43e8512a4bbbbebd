"""ratio-to-itself: the query divides a part of a metric's series by the same series, so that the result is always 1.

Without `on` or `ignoring`, Prometheus divides series with equal labels: `x{l="v"} / x` divides each series of `x` with
`l="v"` by itself. Aggregate both sides. Before: `rate(x{outcome="fail"}[5m]) / rate(x[5m])`. After:
`sum(rate(x{outcome="fail"}[5m])) / sum(rate(x[5m]))`.
"""

from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._nodes import without_factor
from dashboards_py.lint._selectors import all_queries

SEVERITY = Severity.WARNING


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Quotients of the same series."""
    for panel, query in all_queries(board):
        for left, right in quotients(promql.parse(query.expr)):
            if left.metric and left.metric == right.metric and set(right.matchers) <= set(left.matchers):
                yield panel, f"divides {left.metric} by itself, series by series: aggregate both sides"


def quotients(tree: Any) -> Iterator[tuple[promql.Selector, promql.Selector]]:
    """Selectors of which one is divided by the other, series by series, after the same functions."""
    for node in promql.nodes(tree, "BinaryExpr"):
        if str(node.op) != "/":
            continue
        modifier = getattr(node, "modifier", None)
        plain = modifier is None or getattr(modifier, "matching", None) is None
        (left, left_calls), (right, right_calls) = map(called, map(without_factor, promql.children(node)))
        if plain and left and right and left_calls == right_calls and left.window == right.window:
            yield left, right


def called(node: Any) -> tuple[promql.Selector | None, tuple[str, ...]]:
    """The selector below functions that keep all labels, and their names; None below anything else."""
    kind = type(node).__name__
    if kind in ("VectorSelector", "MatrixSelector"):
        inner = node if kind == "VectorSelector" else node.vector_selector
        if getattr(inner, "offset", None) is not None or getattr(inner, "at", None) is not None:
            return None, ()
        window = str(node.range) if kind == "MatrixSelector" else ""
        return promql.selector(inner), (window,)
    if kind in ("ParenExpr", "Call"):
        below = promql.children(node)
        if len(below) == 1:
            selector, names = called(below[0])
            return selector, (*names, node.func.name) if kind == "Call" else names
    return None, ()
