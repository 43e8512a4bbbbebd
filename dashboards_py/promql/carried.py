"""Which labels can the series of an expression carry? What aggregations, joins and functions keep, add and drop."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from dashboards_py.promql.grafana import restore
from dashboards_py.promql.query import Selector, children, grouped_by, parse, selector

# The labels that a selector's series can carry; None where any.
Carries = Callable[[Selector], frozenset[str] | None]
NOTHING: frozenset[str] = frozenset()
CHOOSING = ("topk", "bottomk", "limitk", "limit_ratio")  # aggregations that hand series on as they are
SCALARS = ("time", "pi", "scalar")
UNKNOWN = ("absent", "absent_over_time", "info")


@dataclass(frozen=True, slots=True)
class Unmet:
    """Labels that a grouping or a join names in vain: `what` is its text, `where` says of which series."""

    what: str
    labels: tuple[str, ...]
    where: str


def carried(node: Any, of: Carries) -> frozenset[str] | None:
    """The labels that the series of a tree can carry; None where any. `of` says it of a selector."""
    match type(node).__name__:
        case "VectorSelector":
            return of(selector(node))
        case "MatrixSelector":
            return of(selector(node.vector_selector))
        case "ParenExpr" | "UnaryExpr" | "SubqueryExpr":
            return carried(node.expr, of)
        case "AggregateExpr":
            return _aggregated(node, of)
        case "BinaryExpr":
            return _joined(node, of)
        case "Call":
            return _called(node, of)
    return NOTHING


def unmet(expr: str, of: Carries) -> Iterator[Unmet]:
    """The groupings and joins of a query by labels that the series they see cannot carry; raises QueryError."""
    yield from _unmet(parse(expr), of)


def _unmet(node: Any, of: Carries) -> Iterator[Unmet]:
    kind = type(node).__name__
    if kind == "AggregateExpr" and (by := grouped_by(node)):
        if lost := _lost(by, carried(node.expr, of)):
            yield Unmet(f"{node.op} by ({', '.join(by)})", lost, "none of the series has")
    elif kind == "BinaryExpr" and node.modifier is not None:
        yield from _unmet_join(node, carried(node.lhs, of), carried(node.rhs, of))
    for child in children(node):
        yield from _unmet(child, of)


def _unmet_join(node: Any, left: frozenset[str] | None, right: frozenset[str] | None) -> Iterator[Unmet]:
    """`or` takes what does not match as well, so there a label may be on one side alone."""
    on = grouped_by(node)
    sides = (("left", _lost(on, left)), ("right", _lost(on, right)))
    both = tuple(label for label in sides[0][1] if label in sides[1][1])
    if both:
        yield Unmet(f"on({', '.join(on)})", both, "neither side has")
    for side, lost in sides if str(node.op) != "or" else ():
        if alone := tuple(label for label in lost if label not in both):
            yield Unmet(f"on({', '.join(on)})", alone, f"the {side} side never has")
    added = tuple(node.modifier.group_labels or ())
    many_left = _many_left(node)
    if lost := _lost(added, right if many_left else left):
        what = f"{'group_left' if many_left else 'group_right'}({', '.join(added)})"
        yield Unmet(what, lost, f"the {'right' if many_left else 'left'} side never has")


def _lost(wanted: tuple[str, ...], there: frozenset[str] | None) -> tuple[str, ...]:
    return tuple(label for label in wanted if there is not None and label not in there and not _is_open((label,)))


def _is_open(names: tuple[str, ...]) -> bool:
    """Whether a variable stands where a label should: it may be any, or several."""
    return any("$" in name or "[" in name for name in names)


def _aggregated(node: Any, of: Carries) -> frozenset[str] | None:
    inner = carried(node.expr, of)
    if str(node.op) in CHOOSING:
        return inner
    counted = frozenset({node.param.val}) if str(node.op) == "count_values" else NOTHING
    if node.modifier is None:
        return counted
    if not str(node.modifier.type).endswith("By"):
        return None if inner is None else (inner - frozenset(node.modifier.labels)) | counted
    kept = _kept(grouped_by(node), inner)
    return None if kept is None else kept | counted


def _joined(node: Any, of: Carries) -> frozenset[str] | None:
    operator, left, right = str(node.op), carried(node.lhs, of), carried(node.rhs, of)
    if operator == "or":
        return None if left is None or right is None else left | right
    if operator in ("and", "unless") or _is_scalar(node.rhs):
        return left
    if _is_scalar(node.lhs):
        return right
    many, one = (left, right) if _many_left(node) else (right, left)
    if node.modifier is not None and not str(node.modifier.card).endswith("OneToOne"):
        added = frozenset(node.modifier.group_labels or ())
        return None if many is None else many | (added if one is None else added & one)
    both = _common(left, right)
    matching = node.modifier.matching if node.modifier is not None else None
    if matching is None:
        return both
    if str(matching.type).endswith("Include"):
        return _kept(grouped_by(node), both)
    return None if left is None else left - frozenset(matching.labels)


def _called(node: Any, of: Carries) -> frozenset[str] | None:
    """Functions keep the labels of their one vector, but for the few that make, drop or invent some."""
    name, arguments = node.func.name, tuple(node.args)
    if name in SCALARS or name in UNKNOWN:
        return NOTHING if name in SCALARS else None
    vectors = [carried(each, of) for each in arguments if not _is_scalar(each)]
    inner = vectors[0] if len(vectors) == 1 else None if vectors else NOTHING
    if name in ("label_replace", "label_join"):
        made = restore(arguments[1].val)
        return None if inner is None or _is_open((made,)) else inner | {made}
    if name == "histogram_quantile":
        return None if inner is None else inner - {"le"}
    return inner


def _kept(listed: tuple[str, ...], there: frozenset[str] | None) -> frozenset[str] | None:
    return there if _is_open(listed) else _common(frozenset(listed), there)


def _common(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return other if one is None else one if other is None else one & other


def _many_left(node: Any) -> bool:
    return node.modifier is None or not str(node.modifier.card).endswith("OneToMany")


def _is_scalar(node: Any) -> bool:
    kind = type(node).__name__
    if kind in ("ParenExpr", "UnaryExpr"):
        return _is_scalar(node.expr)
    if kind == "BinaryExpr":
        return _is_scalar(node.lhs) and _is_scalar(node.rhs)
    return kind in ("NumberLiteral", "StringLiteral") or (kind == "Call" and node.func.name in SCALARS)
