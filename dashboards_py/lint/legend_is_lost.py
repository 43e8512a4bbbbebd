"""legend-is-lost: the legend names a label that the query's aggregation drops, so all lines are called alike.

Add the label to the `by` of the outermost aggregation, or take it out of the legend.
"""

import re
from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint.asked import queries


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Labels of legends that no series of the answer has."""
    for panel, query in queries(board):
        kept = labels(promql.parse(query.expr))
        for label in re.findall(r"{{\s*(\w+)\s*}}", query.legend):
            if kept is not None and label not in kept:
                by = ", ".join(sorted(kept)) or "nothing"
                yield panel, f"the legend names {label}, but the query keeps {by}"


def labels(node: Any) -> frozenset[str] | None:
    """The labels that an expression's series can have; None where any."""
    kind = type(node).__name__
    if kind == "AggregateExpr":
        if str(node.op) in ("topk", "bottomk", "limitk"):
            return labels(node.expr)
        if node.modifier is None:
            return frozenset()
        return frozenset(node.modifier.labels) if str(node.modifier.type).endswith("By") else None
    if kind == "ParenExpr":
        return labels(node.expr)
    if kind == "BinaryExpr":
        sides = [labels(child) for child in promql.children(node)]
        if None in sides or (
            node.modifier is not None and node.modifier.group_labels
            if hasattr(node.modifier, "group_labels")
            else False
        ):
            return None
        return frozenset().union(*(side for side in sides if side is not None))
    if kind == "Call" and node.func.name in (
        "rate",
        "histogram_quantile",
        "clamp_min",
        "clamp_max",
        "abs",
        "round",
        "ceil",
        "floor",
        "sort",
        "sort_desc",
    ):
        inner = [labels(child) for child in promql.children(node) if type(child).__name__ != "NumberLiteral"]
        if len(inner) != 1 or inner[0] is None:
            return None
        return inner[0] - {"le"} if node.func.name == "histogram_quantile" else inner[0]
    return frozenset() if kind == "NumberLiteral" else None
