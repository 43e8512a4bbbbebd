"""The joins of a query: which can lose rows, and which labels they ask of their sides."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.promql.lexer import COMPARISONS
from dashboards_py.promql.matcher import Matcher
from dashboards_py.promql.memory import remember
from dashboards_py.promql.output_labels import is_scalar, output_labels
from dashboards_py.promql.parsing import parse, parse_as_sent
from dashboards_py.promql.syntax import nodes, selectors_of


@remember
def unfiltered_joins(expr: str) -> tuple[str, ...]:
    """The labels by which the sides of each join of a sent query are matched, as `on (node)`.

    Empty if something else may remove rows: a comparison, a set operation, a subquery, another time, or a function that
    is for some series only. Raises QueryError.
    """
    tree = parse_as_sent(expr)
    parts = (*nodes(tree), *(node.vector_selector for node in nodes(tree, "MatrixSelector")))
    return () if any(map(_may_lose_rows, parts)) else tuple(_matched_by(node) for node in _joins(tree))


def _may_lose_rows(node: Any) -> bool:
    kind = type(node).__name__
    if kind == "BinaryExpr":
        operator, returns_bool = str(node.op), bool(node.modifier and node.modifier.return_bool)
        return operator in ("and", "or", "unless") or (operator in COMPARISONS and not returns_bool)
    if kind == "Call":
        return str(node.func.name).startswith(("absent", "histogram_", "info"))
    if kind == "AggregateExpr":
        return str(node.op) in ("topk", "bottomk", "limitk", "limit_ratio")
    return kind == "SubqueryExpr" or (kind == "VectorSelector" and node.at is not None)


def _joins(tree: Any) -> Iterator[Any]:
    return (node for node in nodes(tree, "BinaryExpr") if not is_scalar(node.lhs) and not is_scalar(node.rhs))


def _matched_by(node: Any) -> str:
    matching = getattr(node.modifier, "matching", None)
    if matching is None:
        return "all labels"
    word = "on" if str(matching.type).endswith("Include") else "ignoring"
    return f"{word} ({', '.join(matching.labels)})"


@remember
def joined_labels(expr: str) -> Mapping[tuple[str, tuple[Matcher, ...]], frozenset[str]]:
    """By metric and matchers the labels that a selector's series need because the other side of a join matches them.

    Without `on`, sides are joined by all labels: `a{x="1"} / b` needs `x` on `b`. Raises QueryError.
    """
    needed: dict[tuple[str, tuple[Matcher, ...]], frozenset[str]] = {}
    for node in nodes(parse(expr), "BinaryExpr"):
        matching = getattr(node.modifier, "matching", None)
        if str(node.op) == "or" or (matching is not None and str(matching.type).endswith("Include")):
            continue
        ignored = frozenset(matching.labels) if matching is not None else frozenset()
        for side, other in ((node.lhs, node.rhs), (node.rhs, node.lhs)):
            matched_labels = output_labels(other, lambda one: frozenset(matcher.label for matcher in one.matchers))
            for one in selectors_of(side):
                key = one.metric, one.matchers
                needed[key] = needed.get(key, frozenset()) | ((matched_labels or frozenset()) - ignored)
    return needed
