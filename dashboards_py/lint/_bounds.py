"""The least and greatest value that an expression can have."""

import math
from dataclasses import dataclass
from typing import Any

from dashboards_py import promql
from dashboards_py.catalog import Metric, Release
from dashboards_py.lint._limits import is_within
from dashboards_py.lint._nodes import (
    SELECTORS,
    compared_with_number,
    is_comparison,
    kind_of,
    number,
    operator_of,
    returns_bool,
    selector_of,
    without_brackets,
)
from dashboards_py.lint._parts import is_part, matches_series_by_series
from dashboards_py.lint._selectors import metric_types, statuses_on


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest value, both included; infinite where there is no limit."""

    low: float = -math.inf
    high: float = math.inf

    def meets(self, other: "Bounds") -> "Bounds":
        """The values that both have; `low` is above `high` if there are none."""
        return Bounds(max(self.low, other.low), min(self.high, other.high))


ANY, NOT_NEGATIVE, FLAG, ONE = Bounds(), Bounds(0), Bounds(0, 1), Bounds(1, 1)
POSITIVE = Bounds(math.nextafter(0, 1))
# Full is 1; the catalogue has a few ratios that overshoot for a moment, so that 1 itself is no limit.
RATIO = Bounds(0, 2)
BY_UNIT = {"bool": FLAG, "ratio": RATIO, "info": FLAG}
NEVER_NEGATIVE = frozenset(("count", "bytes", "packets"))
KEEP = frozenset(
    ("min_over_time", "max_over_time", "avg_over_time", "last_over_time", "quantile_over_time", "label_replace")
) | {"label_join", "sort", "sort_desc", "sort_by_label", "sort_by_label_desc", "vector", "scalar"}
COUNT_FROM_ZERO = frozenset(("rate", "irate", "increase", "changes", "resets", "abs", "sqrt"))
TIMES = frozenset(("time", "timestamp"))
MOMENTS = "unix_seconds"  # the unit of metrics that say when something happened
COUNT_FROM_ONE = frozenset(("count_over_time",))
ALWAYS_ONE = frozenset(("absent", "absent_over_time", "present_over_time"))
QUANTILES = frozenset(("quantile", "quantile_over_time", "histogram_quantile"))
KEEPING_AGGREGATIONS = frozenset(("min", "max", "avg", "topk", "bottomk", "quantile", "limitk", "limit_ratio"))


def bounds(node: Any, release: Release) -> Bounds:
    """The bounds of a node's values on a release."""
    node = without_brackets(node)
    constant = number(node)
    if constant is not None:
        return Bounds(constant, constant)
    kind = kind_of(node)
    if kind in SELECTORS:
        return _of_selector(selector_of(node), release)
    if kind == "SubqueryExpr":
        return bounds(node.expr, release)
    if kind == "UnaryExpr":
        inner = bounds(node.expr, release)
        return Bounds(-inner.high, -inner.low)
    if kind == "Call":
        return _of_call(node, release)
    if kind == "AggregateExpr":
        return _of_aggregation(node, release)
    return _of_operation(node, release) if kind == "BinaryExpr" else ANY


def _of_selector(selector: promql.Selector, release: Release) -> Bounds:
    if selector.metric == "up":
        return FLAG
    types = metric_types(selector, release)
    metrics = statuses_on(selector, release)
    if types == {"counter"} or (types and types <= {"histogram", "summary"}):
        return NOT_NEGATIVE
    if metrics and any(metric.value_range != (None, None) for metric in metrics):
        return _known_range(metrics)
    units = {metric.unit for metric in metrics}
    if len(units) == 1:
        (unit,) = units
        return BY_UNIT.get(unit, NOT_NEGATIVE if unit in NEVER_NEGATIVE else ANY)
    return ANY


def _known_range(metrics: tuple[Metric, ...]) -> Bounds:
    lows, highs = zip(*(metric.value_range for metric in metrics), strict=True)
    low = min(-math.inf if value is None else value for value in lows)
    return Bounds(low, max(math.inf if value is None else value for value in highs))


def _of_call(node: Any, release: Release) -> Bounds:
    name, arguments = node.func.name, tuple(node.args)
    if name in QUANTILES and (outside := _outside(arguments[0])):
        return outside
    if name in KEEP:
        return bounds(arguments[1 if name == "quantile_over_time" else 0], release)
    if name in COUNT_FROM_ZERO:
        return NOT_NEGATIVE
    if name in TIMES:
        return POSITIVE
    if name in COUNT_FROM_ONE:
        return Bounds(1)
    if name in ALWAYS_ONE:
        return ONE
    if name == "histogram_fraction":
        return FLAG
    if name in ("histogram_count", "sum_over_time", "ceil", "floor", "round", "histogram_sum", "histogram_avg"):
        inner = bounds(arguments[0], release)
        return NOT_NEGATIVE if inner.low >= 0 else ANY
    if name in ("clamp", "clamp_min", "clamp_max"):
        return _clamped(name, arguments, release)
    return ANY


def _outside(quantile: Any) -> Bounds | None:
    """The only value of a quantile above 1 or below 0, which Prometheus makes infinite; None for others."""
    value = number(quantile)
    if value is None or 0 <= value <= 1:
        return None
    infinite = math.copysign(math.inf, value)
    return Bounds(infinite, infinite)


def _clamped(name: str, arguments: tuple[Any, ...], release: Release) -> Bounds:
    limits = [number(argument) for argument in arguments[1:]]
    if None in limits:
        return ANY
    low = limits[0] if name in ("clamp", "clamp_min") else None
    high = limits[-1] if name in ("clamp", "clamp_max") else None
    inner = bounds(arguments[0], release)
    # Both bounds move into the range, so that `clamp_min(x, 1)` of what is at most 0 is 1.
    inner = inner if low is None else Bounds(max(inner.low, low), max(inner.high, low))
    return inner if high is None else Bounds(min(inner.low, high), min(inner.high, high))


def _of_aggregation(node: Any, release: Release) -> Bounds:
    operator = str(node.op)
    if operator in ("count", "count_values"):
        return Bounds(1)  # of no series there is no count
    if operator == "group":
        return ONE
    if operator in ("stddev", "stdvar"):
        return NOT_NEGATIVE
    if operator in QUANTILES and (outside := _outside(node.param)):
        return outside
    inner = bounds(node.expr, release)
    if operator in KEEPING_AGGREGATIONS:
        return inner
    if operator == "sum":
        return Bounds(inner.low, inner.high if inner.high == 0 else math.inf) if inner.low >= 0 else ANY
    return ANY


def _of_operation(node: Any, release: Release) -> Bounds:
    operator = str(node.op)
    if is_comparison(node):
        return FLAG if returns_bool(node) else filtered(node, release)
    left, right = bounds(node.lhs, release), bounds(node.rhs, release)
    if operator in ("and", "unless"):
        return left
    if operator == "or":
        return Bounds(min(left.low, right.low), max(left.high, right.high))
    if operator == "/" and left.low >= 0 and right.low >= 0 and is_part(node.lhs, node.rhs):
        modifier = node.modifier
        plain = modifier is None or getattr(modifier, "matching", None) is None
        return ONE if plain and matches_series_by_series(node.lhs, node.rhs) else FLAG
    if operator == "/" and is_within(node.lhs, node.rhs, release):
        return FLAG
    is_rest = is_part(node.rhs, node.lhs) or is_within(node.rhs, node.lhs, release)
    if operator == "-" and left.low >= 0 and right.low >= 0 and is_rest:
        return Bounds(0, left.high)
    if operator == "-" and operator_of(node.lhs) in TIMES and _is_moment(node.rhs, release):
        return POSITIVE  # the age of what is past
    return _calculated(operator, left, right)


def _is_moment(node: Any, release: Release) -> bool:
    """True for the time of something that has happened."""
    node = without_brackets(node)
    while kind_of(node) == "AggregateExpr" and str(node.op) in KEEPING_AGGREGATIONS:
        node = without_brackets(node.expr)
    if kind_of(node) not in SELECTORS:
        return operator_of(node) == "timestamp"
    metrics = statuses_on(selector_of(node), release)
    return bool(metrics) and all(metric.unit == MOMENTS for metric in metrics)


def _calculated(operator: str, left: Bounds, right: Bounds) -> Bounds:
    if operator == "+":
        return Bounds(left.low + right.low, left.high + right.high)
    if operator == "-":
        return Bounds(left.low - right.high, left.high - right.low)
    if operator == "*" and left.low >= 0 and right.low >= 0:
        return Bounds(left.low * right.low, _product(left.high, right.high))
    if operator == "/" and left.low >= 0 and right.low >= 0:
        low = 0.0 if math.isinf(right.high) else left.low / right.high if right.high else 0.0
        return Bounds(low, left.high / right.low if right.low else math.inf)
    return ANY


def _product(one: float, other: float) -> float:
    """The product, where nothing times anything is nothing."""
    return 0.0 if 0 in (one, other) else one * other


def filtered(comparison: Any, release: Release) -> Bounds:
    """The bounds of what a comparison lets through, values of its left side or of its vector."""
    compared = compared_with_number(comparison)
    if compared is None:
        return bounds(comparison.lhs, release)
    vector, operator, limit = compared
    inner = bounds(vector, release)
    if operator == "==":
        return inner.meets(Bounds(limit, limit))
    if operator in (">", ">="):
        return inner.meets(Bounds(limit, math.inf))
    return inner.meets(Bounds(-math.inf, limit)) if operator in ("<", "<=") else inner
