"""The labels that an expression's series can have, after aggregations, joins and functions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from dashboards_py.promql.grafana import restore
from dashboards_py.promql.matcher import Selector
from dashboards_py.promql.parsing import parse
from dashboards_py.promql.syntax import grouped_by, nodes, selector

# The labels that a selector's series can have; None for any label.
LabelLookup = Callable[[Selector], frozenset[str] | None]
NO_LABELS: frozenset[str] = frozenset()
SELECTING_AGGREGATIONS = ("topk", "bottomk", "limitk", "limit_ratio")  # aggregations that return series unchanged
SCALAR_FUNCTIONS = ("time", "pi", "scalar")
FUNCTIONS_WITH_ANY_LABELS = ("absent", "absent_over_time", "info")


@dataclass(frozen=True, slots=True)
class MissingLabels:
    """Labels of a grouping or join that no series has: `what` is its text, `where` names the series that lack them."""

    what: str
    labels: tuple[str, ...]
    where: str


def output_labels(node: Any, labels_of: LabelLookup) -> frozenset[str] | None:
    """The labels that the series of a syntax tree can have; None for any label. `labels_of` is called for selectors."""
    match type(node).__name__:
        case "VectorSelector":
            return labels_of(selector(node))
        case "MatrixSelector":
            return labels_of(selector(node.vector_selector))
        case "ParenExpr" | "UnaryExpr" | "SubqueryExpr":
            return output_labels(node.expr, labels_of)
        case "AggregateExpr":
            return _aggregation_labels(node, labels_of)
        case "BinaryExpr":
            return _join_labels(node, labels_of)
        case "Call":
            return _call_labels(node, labels_of)
    return NO_LABELS


def missing_labels(expr: str, labels_of: LabelLookup) -> Iterator[MissingLabels]:
    """Groupings and joins of a query on labels that their series cannot have; raises QueryError."""
    for node in nodes(parse(expr)):
        yield from _missing_labels(node, labels_of)


def _missing_labels(node: Any, labels_of: LabelLookup) -> Iterator[MissingLabels]:
    kind = type(node).__name__
    if kind == "AggregateExpr" and (by := grouped_by(node)):
        if missing := _labels_not_in(by, output_labels(node.expr, labels_of)):
            yield MissingLabels(f"{node.op} by ({', '.join(by)})", missing, "none of the series has")
    elif kind == "BinaryExpr" and node.modifier is not None:
        yield from _labels_missing_in_join(node, output_labels(node.lhs, labels_of), output_labels(node.rhs, labels_of))


def _labels_missing_in_join(
    node: Any, left: frozenset[str] | None, right: frozenset[str] | None
) -> Iterator[MissingLabels]:
    """`or` also returns series without a match, so its labels may exist on one side only.

    `unless on (label) vector(1)` leaves out the series without the label, which the right side lacks on purpose.
    """
    on = grouped_by(node)
    if str(node.op) == "unless" and right == NO_LABELS:
        return
    sides = (("left", _labels_not_in(on, left)), ("right", _labels_not_in(on, right)))
    missing_on_both = tuple(label for label in sides[0][1] if label in sides[1][1])
    if missing_on_both:
        yield MissingLabels(f"on({', '.join(on)})", missing_on_both, "neither side has")
    for side, missing in sides if str(node.op) != "or" else ():
        if missing_on_one := tuple(label for label in missing if label not in missing_on_both):
            yield MissingLabels(f"on({', '.join(on)})", missing_on_one, f"the {side} side never has")
    added = tuple(node.modifier.group_labels or ())
    many_left = _many_left(node)
    if missing := _labels_not_in(added, right if many_left else left):
        text = f"{'group_left' if many_left else 'group_right'}({', '.join(added)})"
        yield MissingLabels(text, missing, f"the {'right' if many_left else 'left'} side never has")


def _labels_not_in(names: tuple[str, ...], possible: frozenset[str] | None) -> tuple[str, ...]:
    return tuple(
        label for label in names if possible is not None and label not in possible and not _has_variable((label,))
    )


def _has_variable(names: tuple[str, ...]) -> bool:
    """True if one of the labels is a variable, which may be any label, or several."""
    return any("$" in name or "[" in name for name in names)


def _aggregation_labels(node: Any, labels_of: LabelLookup) -> frozenset[str] | None:
    inner = output_labels(node.expr, labels_of)
    if str(node.op) in SELECTING_AGGREGATIONS:
        return inner
    counted = frozenset({node.param.val}) if str(node.op) == "count_values" else NO_LABELS
    if node.modifier is None:
        return counted
    if not str(node.modifier.type).endswith("By"):
        return None if inner is None else (inner - frozenset(node.modifier.labels)) | counted
    grouped = _grouped_labels(grouped_by(node), inner)
    return None if grouped is None else grouped | counted


def _join_labels(node: Any, labels_of: LabelLookup) -> frozenset[str] | None:
    operator, left, right = str(node.op), output_labels(node.lhs, labels_of), output_labels(node.rhs, labels_of)
    if operator == "or":
        return None if left is None or right is None else left | right
    if operator in ("and", "unless") or is_scalar(node.rhs):
        return left
    if is_scalar(node.lhs):
        return right
    many, one = (left, right) if _many_left(node) else (right, left)
    if node.modifier is not None and not str(node.modifier.card).endswith("OneToOne"):
        added = frozenset(node.modifier.group_labels or ())
        return None if many is None else many | (added if one is None else added & one)
    both = _intersection(left, right)
    matching = node.modifier.matching if node.modifier is not None else None
    if matching is None:
        return both
    if str(matching.type).endswith("Include"):
        return _grouped_labels(grouped_by(node), both)
    return None if left is None else left - frozenset(matching.labels)


def _call_labels(node: Any, labels_of: LabelLookup) -> frozenset[str] | None:
    """The labels of a function's result: mostly those of its argument; a few functions add, drop or set labels."""
    name, arguments = node.func.name, tuple(node.args)
    if name in SCALAR_FUNCTIONS or name in FUNCTIONS_WITH_ANY_LABELS:
        return NO_LABELS if name in SCALAR_FUNCTIONS else None
    vectors = [output_labels(argument, labels_of) for argument in arguments if not is_scalar(argument)]
    inner = vectors[0] if len(vectors) == 1 else None if vectors else NO_LABELS
    if name in ("label_replace", "label_join"):
        new_label = restore(arguments[1].val)
        return None if inner is None or _has_variable((new_label,)) else inner | {new_label}
    if name == "histogram_quantile":
        return None if inner is None else inner - {"le"}
    return inner


def _grouped_labels(listed: tuple[str, ...], possible: frozenset[str] | None) -> frozenset[str] | None:
    return possible if _has_variable(listed) else _intersection(frozenset(listed), possible)


def _intersection(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return other if one is None else one if other is None else one & other


def _many_left(node: Any) -> bool:
    return node.modifier is None or not str(node.modifier.card).endswith("OneToMany")


def is_scalar(node: Any) -> bool:
    """True if an expression is one number, and not a vector."""
    kind = type(node).__name__
    if kind in ("ParenExpr", "UnaryExpr"):
        return is_scalar(node.expr)
    if kind == "BinaryExpr":
        return is_scalar(node.lhs) and is_scalar(node.rhs)
    return kind in ("NumberLiteral", "StringLiteral") or (kind == "Call" and node.func.name in SCALAR_FUNCTIONS)
