"""Determine the unit of a query's result: seconds, bytes, a count or a ratio, per second or not."""

from dataclasses import dataclass, field, replace
from math import isclose
from typing import Any

from dashboards_py import promql
from dashboards_py.catalog import entries, split

# The base is the unit before scaling. Ratios, flags and factors are plain numbers, without a unit.
PLAIN, SECONDS, BYTES, TIMESTAMP = "plain", "seconds", "bytes", "moment"
CATALOG_UNITS = {
    **dict.fromkeys(("count", "packets", "revision", "info", "enum", "ifindex", "hash", "factor"), (PLAIN, 1.0)),
    **dict.fromkeys(("bool", "ratio"), (PLAIN, 1.0)),
    "seconds": (SECONDS, 1.0),
    "milliseconds": (SECONDS, 1000.0),
    "days": (SECONDS, 1 / 86400),
    "bytes": (BYTES, 1.0),
    "unix_seconds": (TIMESTAMP, 1.0),
    "unix_ms": (TIMESTAMP, 1000.0),
}
SUFFIXES = {"_seconds": (SECONDS, 1.0), "_bytes": (BYTES, 1.0)}
PER_SECOND = {"rate", "irate", "deriv"}
UNIT_OF_FIRST_ARGUMENT = {
    *("increase", "delta", "idelta", "abs", "ceil", "floor", "round", "sort", "sort_desc", "scalar", "vector"),
    *("clamp", "clamp_max", "clamp_min", "label_replace", "label_join", "predict_linear"),
    *("avg_over_time", "min_over_time", "max_over_time", "sum_over_time", "last_over_time"),
}
UNIT_OF_SECOND_ARGUMENT = {"histogram_quantile", "quantile_over_time"}
COUNTS = {"count_over_time", "changes", "resets", "absent", "absent_over_time"}
UNIT_KEEPING_AGGREGATIONS = {"sum", "avg", "min", "max", "topk", "bottomk", "quantile", "stddev", "limitk"}
FLAGS = {"group", "present_over_time"}  # the value is always 1
FILTERS = {*promql.COMPARISONS, "and", "unless"}
# Factors that convert between units. A division by any other number may be a ratio to a limit: the unit is unknown.
SCALES = {8.0, 60.0, 100.0, 3600.0, 86400.0, 1e3, 1e6, 1e9, 1024.0, 1024.0**2, 1024.0**3}


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit of `factor` per base: (SECONDS, 1000) is milliseconds, (PLAIN, 60) with `per_second` a rate per minute.

    A `flag` is 0 or 1: multiplying by it does not change the unit.
    """

    base: str
    per_second: bool = False
    factor: float = 1.0
    flag: bool = field(default=False, compare=False)


FLAG = Measure(PLAIN, flag=True)


def measure(expr: str) -> Measure | None:
    """The unit of the query's result; None if its metrics and operators do not determine it."""
    result = measure_node(promql.parse(expr))
    return result if isinstance(result, Measure) else None


def measure_node(node: Any) -> Measure | float | None:
    """The measure of a node, or the number itself for a literal."""
    kind = type(node).__name__
    if kind == "NumberLiteral":
        return float(node.val)
    if kind in ("ParenExpr", "SubqueryExpr"):
        return measure_node(node.expr)
    if kind in ("VectorSelector", "MatrixSelector"):
        return _metric_measure((node if kind == "VectorSelector" else node.vector_selector).name or "")
    if kind == "AggregateExpr":
        operator = str(node.op)
        if operator in FLAGS:
            return FLAG
        return (
            Measure(PLAIN)
            if operator == "count"
            else _without_flag(measure_node(node.expr))
            if operator in UNIT_KEEPING_AGGREGATIONS
            else None
        )
    if kind == "Call":
        return _call_measure(node)
    return _binary_measure(node) if kind == "BinaryExpr" else None


def _metric_measure(name: str) -> Measure | None:
    """The measure of a metric, by the catalogue or by the conventional suffix of its name."""
    metric, suffix = split(name)
    if suffix in ("_bucket", "_count"):
        return Measure(PLAIN)
    units = {entry.unit for entry in entries(metric)}
    base_and_factor = CATALOG_UNITS.get(units.pop()) if len(units) == 1 else None
    base_name = metric.removesuffix("_total").removesuffix("_sum")
    base_and_factor = base_and_factor or next(
        (base for end, base in SUFFIXES.items() if not units and base_name.endswith(end)), None
    )
    return Measure(base_and_factor[0], factor=base_and_factor[1]) if base_and_factor else None


def _call_measure(node: Any) -> Measure | float | None:
    name = node.func.name
    if name == "time":
        return Measure(TIMESTAMP)
    if name in COUNTS or name in FLAGS:
        return FLAG if name in FLAGS else Measure(PLAIN)
    if name == "histogram_quantile":
        return _bucket_measure(node.args[1])
    if name not in PER_SECOND | UNIT_OF_FIRST_ARGUMENT | UNIT_OF_SECOND_ARGUMENT:
        return None
    argument = _without_flag(measure_node(node.args[1 if name in UNIT_OF_SECOND_ARGUMENT else 0]))
    return replace(argument, per_second=True) if isinstance(argument, Measure) and name in PER_SECOND else argument


def _bucket_measure(node: Any) -> Measure | None:
    """The measure of a quantile: the unit of the observed values."""
    while children := promql.children(node):
        node = children[-1]
    name = getattr(getattr(node, "vector_selector", node), "name", None) or ""
    return _metric_measure(split(name)[0]) if name else None


def _binary_measure(node: Any) -> Measure | float | None:
    operator, left, right = str(node.op), measure_node(node.lhs), measure_node(node.rhs)
    if operator in promql.COMPARISONS and node.modifier is not None and node.modifier.return_bool:
        return FLAG
    if operator in FILTERS:
        return left
    if isinstance(left, float) and isinstance(right, float):
        return _fold_constants(operator, left, right)
    if operator in ("+", "-", "or"):
        return _sum_measure(_without_flag(left), _without_flag(right), operator)
    return (
        _product_measure(left, right)
        if operator == "*"
        else _quotient_measure(left, right)
        if operator == "/"
        else None
    )


def _product_measure(left: Measure | float | None, right: Measure | float | None) -> Measure | None:
    """The measure of a product with a flag, or with a factor that converts between units."""
    for one, other in ((left, right), (right, left)):
        if isinstance(other, Measure) and other.flag and not isinstance(one, float):
            return one
        if isinstance(one, Measure) and isinstance(other, float) and _is_scale(other):
            return replace(one, factor=one.factor * other, flag=False)
    return None


def _quotient_measure(left: Measure | float | None, right: Measure | float | None) -> Measure | None:
    if not isinstance(left, Measure) or right is None:
        return None
    if isinstance(right, float):
        return replace(left, factor=left.factor / right, flag=False) if _is_scale(right) else None
    return left if right.flag else _ratio_measure(left, right)


def _is_scale(number: float) -> bool:
    return any(isclose(number, scale) or isclose(number * scale, 1) for scale in SCALES)


def _fold_constants(operator: str, left: float, right: float) -> float | None:
    """The result of an operation on two literals; None if it cannot be a scaling factor."""
    powers = operator == "^" and abs(left) <= 1e6 and abs(right) <= 8 and left > 0
    if operator not in ("*", "/", "^") or (operator == "/" and not right) or (operator == "^" and not powers):
        return None
    return left * right if operator == "*" else left / right if operator == "/" else left**right


def _without_flag(result: Measure | float | None) -> Measure | float | None:
    """The measure without the flag: an aggregation of flags is a count or a ratio."""
    return replace(result, flag=False) if isinstance(result, Measure) and result.flag else result


def _sum_measure(left: Measure | float | None, right: Measure | float | None, operator: str) -> Measure | float | None:
    if isinstance(left, Measure) and isinstance(right, Measure):
        if operator == "-" and left == right and left.base == TIMESTAMP:
            return Measure(SECONDS, factor=left.factor)
        return left if left == right else None
    base_name = next((operand for operand in (left, right) if isinstance(operand, Measure)), None)
    literal = isinstance(left, float) or isinstance(right, float)
    return base_name if literal and base_name and (operator == "or" or base_name.base == PLAIN) else None


def _ratio_measure(left: Measure, right: Measure) -> Measure | None:
    """The measure of a ratio of equal units, or of a value per count, if both or neither are per second."""
    if left.per_second != right.per_second:
        return None
    if left.base == right.base:
        return Measure(PLAIN, factor=left.factor / right.factor)
    return Measure(left.base, factor=left.factor / right.factor) if right.base == PLAIN else None
