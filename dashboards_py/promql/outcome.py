"""The result of a query if some of its selectors return nothing: data, a constant, NaN, or nothing."""

from collections.abc import Callable, Collection, Iterator
from enum import IntEnum
from itertools import count
from typing import Any

from dashboards_py.promql.matcher import Selector
from dashboards_py.promql.output_labels import LabelLookup, output_labels
from dashboards_py.promql.parsing import parse
from dashboards_py.promql.query import selectors
from dashboards_py.promql.syntax import children

COMPARISONS = ("==", "<=", ">=", "<", ">")  # of NaN with anything: false, so that the filter returns nothing


class Outcome(IntEnum):
    """The result of a query. CONSTANT is one that no longer depends on a series, as of `vector(0)` or `absent(x)`."""

    NOTHING = 0
    NAN = 1
    CONSTANT = 2
    DATA = 3


def outcome(expr: str, missing: Callable[[Selector], bool], broken: Collection[int] = ()) -> Outcome:
    """The best result that the query can have when selectors for which `missing` is true return nothing.

    `a or b` has the better result of the two, `a unless b` that of `a`. `broken` are the numbers of joins whose sides
    do not match (see `unequal_sides`), which return nothing. Raises QueryError.
    """
    remaining, numbers = iter(selectors(expr)), count()

    def result_of(node: Any) -> Outcome:
        kind = type(node).__name__
        if kind in ("VectorSelector", "MatrixSelector"):
            return Outcome.NOTHING if missing(next(remaining)) else Outcome.DATA
        is_broken = kind == "BinaryExpr" and next(numbers) in broken
        operands = [result_of(child) for child in children(node) if type(child).__name__ != "StringLiteral"]
        if kind == "BinaryExpr":
            return Outcome.NOTHING if is_broken else _combined(node, *operands)
        if kind == "Call":
            return _called(str(node.func.name), operands)
        return _all_of(operands)

    return result_of(parse(expr))


def unequal_sides(expr: str, labels_of: LabelLookup) -> tuple[frozenset[str], ...]:
    """For each binary operation of the query, the labels that only one of its sides can have, though both must.

    Operations with `on`, `or` and `unless`, and those with a number or with unknown labels, have none. Series match if
    they agree in all labels but those of `ignoring` (promql/engine.go, signatureFunc).
    """
    return tuple(_unequal(node, labels_of) for node in _joins(parse(expr)))


def _joins(node: Any) -> Iterator[Any]:
    """The binary operations of a tree, in the order written."""
    if type(node).__name__ == "BinaryExpr":
        yield node
    for child in children(node):
        yield from _joins(child)


def _unequal(node: Any, labels_of: LabelLookup) -> frozenset[str]:
    left, right = output_labels(node.lhs, labels_of), output_labels(node.rhs, labels_of)
    matching = getattr(node.modifier, "matching", None)
    chosen = matching is not None and str(matching.type).endswith("Include")
    if str(node.op) in ("or", "unless") or not left or not right or chosen:
        return frozenset()
    return (left ^ right) - {"__name__", *(matching.labels if matching is not None else ())}


def _combined(node: Any, left: Outcome, right: Outcome) -> Outcome:
    operator = str(node.op)
    if operator == "or":
        return max(left, right)
    if operator == "unless":
        return left
    returns_bool = bool(node.modifier and node.modifier.return_bool)
    if operator in COMPARISONS and not returns_bool and Outcome.NAN in (left, right):
        return Outcome.NOTHING
    return _all_of((left, right))


def _called(function: str, operands: list[Outcome]) -> Outcome:
    if function in ("absent", "absent_over_time") and operands:
        return Outcome.CONSTANT if operands[0] is Outcome.NOTHING else Outcome.DATA
    if function == "scalar" and operands:  # of no series, or of several: NaN
        return Outcome.NAN if operands[0] is Outcome.NOTHING else operands[0]
    if function == "info" and operands:  # adds labels to its first argument
        return operands[0]
    return _all_of(operands)


def _all_of(operands: list[Outcome] | tuple[Outcome, ...]) -> Outcome:
    """The result of an operation that needs all its operands; of none, as of a number, it is constant."""
    if not operands:
        return Outcome.CONSTANT
    if min(operands) in (Outcome.NOTHING, Outcome.NAN):
        return min(operands)
    return max(operands)
