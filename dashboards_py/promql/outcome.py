"""The result of a query if some of its selectors return nothing: data, a constant, NaN, or nothing."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import count
from typing import Any

from dashboards_py.promql.grafana import restore
from dashboards_py.promql.matcher import Selector
from dashboards_py.promql.output_labels import LabelLookup, is_scalar, output_labels
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


@dataclass(frozen=True, slots=True)
class _Result:
    """The best result that an expression can have; `is_certain` if it cannot be without one."""

    best: Outcome
    is_certain: bool = False


def outcome(expr: str, missing: Callable[[Selector], bool], broken: Collection[int] = ()) -> Outcome:
    """The best result that the query can have when selectors for which `missing` is true return nothing.

    `a or b` has the better result of the two, `a unless b` that of `a`, unless `b` is certain to exclude it, as an
    `absent(x)` of nothing is. `broken` are the numbers of joins whose sides do not match (see `unequal_sides`), which
    return nothing. Raises QueryError.
    """
    return _outcome(expr, missing, lambda _: False, broken, worst=False)


def worst_outcome(expr: str, missing: Callable[[Selector], bool], present: Callable[[Selector], bool]) -> Outcome:
    """The same if selectors for which `present` is true have series: `absent` of them then returns nothing.

    Whatever is on the right side of `unless` with certainty excludes all. Raises QueryError.
    """
    return _outcome(expr, missing, present, (), worst=True)


def _outcome(
    expr: str,
    missing: Callable[[Selector], bool],
    present: Callable[[Selector], bool],
    broken: Collection[int],
    *,
    worst: bool,
) -> Outcome:
    remaining, numbers = iter(selectors(expr)), count()

    def result_of(node: Any) -> _Result:
        kind = type(node).__name__
        if kind in ("VectorSelector", "MatrixSelector"):
            selector = next(remaining)
            return _Result(Outcome.NOTHING) if missing(selector) else _Result(Outcome.DATA, present(selector))
        is_broken = kind == "BinaryExpr" and next(numbers) in broken
        operands = [result_of(child) for child in children(node) if type(child).__name__ != "StringLiteral"]
        if kind == "BinaryExpr":
            return _Result(Outcome.NOTHING) if is_broken else _combined(node, *operands, worst=worst)
        if kind == "Call":
            return _called(str(node.func.name), operands)
        return _all_of(operands)

    return result_of(parse(expr)).best


def unequal_sides(expr: str, labels_of: LabelLookup) -> tuple[frozenset[str], ...]:
    """For each binary operation of the query, the labels that only one of its sides can have, though both must.

    Operations with `on`, `or` and `unless`, and those with a number or with unknown labels, have none. Series match if
    they agree in all labels but those of `ignoring` (promql/engine.go, signatureFunc).
    """
    return tuple(_unequal(node, labels_of) for node in _joins(parse(expr)))


def multiplied_sides(expr: str, gained: Callable[[Any], frozenset[str]]) -> tuple[tuple[str, frozenset[str]], ...]:
    """The operations of a query that may find several series for one of the other side, which Prometheus refuses.

    `gained` are the labels that the series of a part have and had not. Each operation is returned as text, with those
    labels that it does not match.
    """
    return tuple(_multiplied(parse(expr), gained))


def _multiplied(tree: Any, gained: Callable[[Any], frozenset[str]]) -> Iterator[tuple[str, frozenset[str]]]:
    for node in _joins(tree):
        modifier = node.modifier
        matching = modifier and modifier.matching
        if str(node.op) in ("and", "or", "unless") or not matching:  # without any, they match by all labels
            continue
        card = str(modifier.card)
        ones = [*([node.lhs] if "ManyToOne" not in card else []), *([node.rhs] if "OneToMany" not in card else [])]
        labels, chosen = frozenset(map(restore, matching.labels)), str(matching.type).endswith("Include")
        added = frozenset(label for one in ones for label in gained(one) if (label in labels) != chosen)
        if added:
            yield f"{node.op} {'on' if chosen else 'ignoring'} ({', '.join(sorted(labels))})", added


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


def _combined(node: Any, left: _Result, right: _Result, *, worst: bool) -> _Result:
    operator = str(node.op)
    if operator == "or":
        return _Result(max(left.best, right.best), left.is_certain or right.is_certain)
    if operator == "unless":
        excludes = right.is_certain and (worst or _matches_all(node))
        return _Result(Outcome.NOTHING) if excludes else _Result(left.best, left.is_certain and not right.best)
    both = _all_of([left, right])
    if operator in COMPARISONS and not (node.modifier and node.modifier.return_bool):
        is_nan = Outcome.NAN in (left.best, right.best)
        return _Result(Outcome.NOTHING if is_nan else both.best, both.is_certain and worst)
    matches = worst or _matches_all(node) or is_scalar(node.lhs) or is_scalar(node.rhs)
    return _Result(both.best, both.is_certain and matches)


def _matches_all(node: Any) -> bool:
    """True if an operation matches all series of its sides, by no label: `on ()`."""
    matching = node.modifier and node.modifier.matching
    return bool(matching and str(matching.type).endswith("Include") and not matching.labels)


def _called(function: str, operands: list[_Result]) -> _Result:
    if function in ("absent", "absent_over_time") and operands:
        if operands[0].best is Outcome.NOTHING:
            return _Result(Outcome.CONSTANT, is_certain=True)
        return _Result(Outcome.NOTHING if operands[0].is_certain else Outcome.DATA)
    if function == "scalar" and operands:  # of no series, or of several: NaN
        return _Result(Outcome.NAN if operands[0].best is Outcome.NOTHING else operands[0].best, is_certain=True)
    if function == "info" and operands:  # adds labels to its first argument
        return operands[0]
    return _all_of(operands)


def _all_of(operands: list[_Result]) -> _Result:
    """The result of an operation that needs all its operands; of none, as of a number, it is constant."""
    if not operands:
        return _Result(Outcome.CONSTANT, is_certain=True)
    results, is_certain = [operand.best for operand in operands], all(operand.is_certain for operand in operands)
    return _Result(min(results) if min(results) in (Outcome.NOTHING, Outcome.NAN) else max(results), is_certain)
