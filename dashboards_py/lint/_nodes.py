"""Nodes of a query's syntax tree, for rules that look at operators."""

from collections.abc import Callable, Iterator
from typing import Any

from dashboards_py import promql

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
SELECTORS = ("VectorSelector", "MatrixSelector")
SET_OPERATORS = frozenset(("and", "or", "unless"))
NODE_LABELS = frozenset(("node", "instance", "pod"))  # of which each tells the agents apart


def kind_of(node: Any) -> str:
    """The type of a node, as promql-parser calls it."""
    return type(node).__name__


def without_brackets(node: Any) -> Any:
    """The node inside of brackets."""
    while kind_of(node) == "ParenExpr":
        node = node.expr
    return node


def walk(node: Any) -> Iterator[Any]:
    """A node and all below it, without brackets."""
    return (inner for inner in promql.nodes(node) if kind_of(inner) != "ParenExpr")


def operator_of(node: Any) -> str:
    """The operator of a binary operation or of an aggregation, the name of a function, "" for other nodes."""
    kind = kind_of(node)
    return str(node.op) if kind in ("BinaryExpr", "AggregateExpr") else node.func.name if kind == "Call" else ""


def is_comparison(node: Any) -> bool:
    """True for a comparison, with or without `bool`."""
    return kind_of(node) == "BinaryExpr" and str(node.op) in promql.COMPARISONS


def returns_bool(node: Any) -> bool:
    """True for a comparison that returns 0 or 1."""
    return bool(node.modifier is not None and node.modifier.return_bool)


def number(node: Any) -> float | None:
    """The value of a constant; None for anything else."""
    node = without_brackets(node)
    kind = kind_of(node)
    if kind == "NumberLiteral":
        return float(node.val)
    if kind == "UnaryExpr":
        inner = number(node.expr)
        return None if inner is None else -inner
    if kind == "Call" and node.func.name in ("vector", "scalar"):
        return number(node.args[0])
    if kind == "BinaryExpr" and str(node.op) in "+-*/":
        left, right = number(node.lhs), number(node.rhs)
        if left is None or right is None or (str(node.op) == "/" and right == 0):
            return None
        return {"+": left + right, "-": left - right, "*": left * right}.get(str(node.op), left / (right or 1))
    return None


def without_factor(node: Any) -> Any:
    """The node that a constant multiplies or divides, as in `100 * x`; without brackets."""
    node = without_brackets(node)
    while kind_of(node) == "BinaryExpr" and str(node.op) in "*/":
        if str(node.op) == "*" and (number(node.lhs) or 0) > 0:
            node = without_brackets(node.rhs)
        elif (number(node.rhs) or 0) > 0:
            node = without_brackets(node.lhs)
        else:
            break
    return node


def compared_with_number(node: Any) -> tuple[Any, str, float] | None:
    """A comparison with a number, as written `value operator number`; None for other nodes."""
    if not is_comparison(node):
        return None
    left, right = number(node.lhs), number(node.rhs)
    if right is not None and left is None:
        return node.lhs, str(node.op), right
    if left is not None and right is None:
        return node.rhs, MIRRORED.get(str(node.op), str(node.op)), left
    return None


def vector_selector(node: Any) -> Any:
    """The vector selector of a selector with or without a window."""
    return node.vector_selector if kind_of(node) == "MatrixSelector" else node


def selector_of(node: Any) -> promql.Selector:
    """The selector of a selector's node as a value."""
    return promql.selector(vector_selector(node))


def moment(node: Any) -> tuple[str, ...]:
    """Window, offset and `@` of a selector, to compare two of them."""
    inner = vector_selector(node)
    window = str(node.range) if kind_of(node) == "MatrixSelector" else ""
    return window, str(inner.offset), str(inner.at)


def loses_node(aggregation: Any) -> bool:
    """True if an aggregation keeps none of the labels that name a node of the cluster."""
    dropped = promql.dropped_by(aggregation)
    if dropped is not None:
        return {*dropped} >= NODE_LABELS
    return not NODE_LABELS.intersection(promql.grouped_by(aggregation))


def outermost_sums(
    node: Any, added: Callable[[Any], str], is_quotient: Callable[[Any], bool]
) -> Iterator[tuple[Any, str]]:
    """The outermost sums of an expression of which `added` names the metric ("" for none), with that metric.

    Not those that are compared with 0, which are above it as soon as one series is; nor those in a division for which
    `is_quotient` is true.
    """
    node = without_brackets(node)
    if is_comparison(node) and 0 in (number(node.lhs), number(node.rhs)):
        return
    if operator_of(node) == "/" and is_quotient(node):
        return
    if kind_of(node) == "AggregateExpr" and operator_of(node) == "sum" and (metric := added(node)):
        yield node, metric
        return
    for child in promql.children(node):
        yield from outermost_sums(child, added, is_quotient)
