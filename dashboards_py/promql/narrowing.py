"""The selectors of a query that may read fewer series without a result where the whole query has none.

A query over many series is tried with a few first: if that has a result, so has the whole query. This holds where more
series can only add rows: a sum of rates, or a quantile of them. It does not hold for `absent(x)`, for the right side of
`unless`, or for `sum(x) < 5`: selectors in there are left whole, and so are those of joins which more series could make
ambiguous, since Prometheus then refuses the query.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import count
from typing import Any

from dashboards_py.promql.lexer import COMPARISONS
from dashboards_py.promql.memory import remember
from dashboards_py.promql.output_labels import is_scalar
from dashboards_py.promql.parsing import parse_as_sent
from dashboards_py.promql.syntax import children, dropped_by, grouped_by


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Functions of each series by itself; those of counts and of counters are never below zero.
NOT_NEGATIVE = _names(
    "rate irate increase resets changes count_over_time present_over_time timestamp abs sqrt histogram_count"
)
OF_EACH = NOT_NEGATIVE | _names(
    """
    avg_over_time ceil clamp clamp_max clamp_min delta deriv exp first_over_time floor histogram_avg histogram_sum
    idelta last_over_time ln log10 log2 max_over_time min_over_time predict_linear quantile_over_time round sgn sort
    sort_desc stddev_over_time stdvar_over_time sum_over_time
    """
)
KEEP_SIGN = _names("avg_over_time ceil last_over_time max_over_time min_over_time sort sort_desc round")
GROUPING = _names("sum count max group min avg stddev stdvar quantile")
SELECTING = _names("topk bottomk limitk")


class Values(Enum):
    """The values of rows where more series are read."""

    SAME = "same"
    GROWING = "growing"  # the same or higher
    QUANTILE = "quantile"  # another number, and not below zero
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of an expression, if `narrowed` selectors (by number) read fewer series.

    `keeps_labels`: each row is one of the whole expression, too; otherwise only that there are rows is certain.
    `is_empty`: it has no rows, whatever is read.
    """

    selectors: frozenset[int] = frozenset()
    narrowed: frozenset[int] = frozenset()
    keeps_labels: bool = True
    values: Values = Values.SAME
    is_positive: bool = False
    is_empty: bool = False

    def whole(self) -> "Rows":
        """The same without narrowing, so that nothing differs."""
        return Rows(self.selectors, is_positive=self.is_positive, is_empty=self.is_empty)

    def labelled(self) -> "Rows":
        """The same, narrowed only if that keeps the labels of rows."""
        return self if self.keeps_labels else self.whole()


@remember
def narrowable(expr: str, absent: frozenset[str] = frozenset()) -> tuple[bool, ...]:
    """For each selector of a query as it is sent, in the order written, if it may read fewer series.

    `absent` are metrics that have no series: of `a or b` without any of b only a counts. Raises QueryError.
    """
    rows = _rows(parse_as_sent(expr), count(), absent)
    return tuple(number in rows.narrowed for number in sorted(rows.selectors))


def _rows(node: Any, numbers: Iterator[int], absent: frozenset[str]) -> Rows:
    kind = type(node).__name__
    if kind in ("VectorSelector", "MatrixSelector"):
        number = frozenset({next(numbers)})
        name = (node.vector_selector if kind == "MatrixSelector" else node).name
        return Rows(number, number if name else frozenset(), is_empty=name in absent)
    below = [_rows(child, numbers, absent) for child in children(node)]
    if kind == "ParenExpr":
        return below[0]
    if kind == "SubqueryExpr":
        return below[0] if below[0].values == Values.SAME else below[0].whole()
    if kind == "Call":
        return _of_call(str(node.func.name), node, below)
    if kind == "AggregateExpr":
        return _of_aggregation(str(node.op), below)
    if kind == "BinaryExpr":
        return _of_operation(node, *below)
    if kind == "NumberLiteral":
        return Rows(is_positive=node.val >= 0)
    return _whole(below)


def _whole(below: list[Rows]) -> Rows:
    """An expression that is not understood, or that needs all series."""
    return Rows(frozenset(number for rows in below for number in rows.selectors))


def _of_call(function: str, node: Any, below: list[Rows]) -> Rows:
    vectors = [rows for rows in below if rows.selectors]
    if len(vectors) != 1:
        return _whole(below)
    inner = vectors[0]
    if function in ("label_replace", "label_join"):
        # A label that is overwritten may have been all that two rows differ in: Prometheus refuses that.
        return inner if _lacks(node.args[0], node.args[1].val) else inner.whole()
    if function == "histogram_quantile":
        # A group with both kinds of histogram has no quantile: classic series alone cannot be of two kinds.
        is_classic = inner.keeps_labels and inner.is_positive and all(_buckets(node))
        if inner.values == Values.SAME and not is_classic:
            return replace(inner, is_positive=False)
        return replace(inner, values=Values.QUANTILE, is_positive=True) if is_classic else inner.whole()
    if function not in OF_EACH:
        return _whole(below)
    if function.startswith("histogram_") and inner.values != Values.SAME:
        return inner.whole()
    values = inner.values if inner.values == Values.SAME else Values.OTHER
    is_positive = function in NOT_NEGATIVE or (function in KEEP_SIGN and inner.is_positive)
    return replace(inner, values=values, is_positive=is_positive)


def _buckets(node: Any) -> Iterator[bool]:
    """For each selector below, if it is of classic buckets."""
    if type(node).__name__ == "VectorSelector":
        yield str(node.name or "").endswith("_bucket")
    inner = (node.vector_selector,) if type(node).__name__ == "MatrixSelector" else children(node)
    for child in inner:
        yield from _buckets(child)


def _of_aggregation(operator: str, below: list[Rows]) -> Rows:
    inner = below[-1]
    if any(rows.selectors for rows in below[:-1]):
        return _whole(below)
    if operator in SELECTING:
        return replace(inner, keeps_labels=False, values=Values.OTHER) if inner.narrowed else inner
    if operator not in GROUPING:
        return _whole(below)
    is_growing = inner.keeps_labels and inner.values in (Values.SAME, Values.GROWING)
    if operator == "count":
        values, is_positive = Values.GROWING if inner.keeps_labels else Values.OTHER, True
    elif operator == "group":
        values, is_positive = Values.SAME if inner.keeps_labels else Values.OTHER, True
    elif operator == "max" or (operator == "sum" and inner.is_positive):
        values, is_positive = Values.GROWING if is_growing else Values.OTHER, inner.is_positive
    else:
        values, is_positive = Values.OTHER, inner.is_positive and operator in ("min", "avg", "sum", "quantile")
    return replace(inner, values=values if inner.narrowed else Values.SAME, is_positive=is_positive)


def _of_operation(node: Any, left: Rows, right: Rows) -> Rows:
    operator, matching = str(node.op), getattr(node.modifier, "matching", None)
    returns_bool = bool(node.modifier and node.modifier.return_bool)
    if operator == "or" and (left.is_empty or right.is_empty):
        rows = right if left.is_empty else left
        return replace(rows, selectors=left.selectors | right.selectors)
    if operator == "or":
        left, right = left.labelled(), right.labelled()
        rows = _joined(left, right, Values.OTHER, is_positive=left.is_positive and right.is_positive)
        # A row of the right side gives way to one of the left, which has the same labels if all of them are matched.
        return replace(rows, keeps_labels=matching is None or not left.narrowed)
    if operator == "and":
        left, right = left.labelled(), right.labelled()
        return _joined(left, right, left.values, is_positive=left.is_positive)
    if operator == "unless":
        left = left.labelled()
        return _joined(left, right.whole(), left.values, is_positive=left.is_positive)
    if is_scalar(node.lhs) or is_scalar(node.rhs):
        return _with_number(operator, node, left, right, returns_bool=returns_bool)
    left, right = left.labelled(), right.labelled()
    is_exact = left.values == right.values == Values.SAME
    filters = operator in COMPARISONS and not returns_bool
    if (filters and not is_exact) or not _is_unambiguous(node):
        left, right = left.whole(), right.whole()
    is_positive = returns_bool or (
        left.is_positive if filters else operator in "+*/" and left.is_positive and right.is_positive
    )
    grows = operator in "+*" and is_positive and {left.values, right.values} <= {Values.SAME, Values.GROWING}
    return _joined(left, right, Values.GROWING if grows else Values.OTHER, is_positive=is_positive)


def _joined(left: Rows, right: Rows, values: Values, *, is_positive: bool) -> Rows:
    narrowed = left.narrowed | right.narrowed
    is_exact = left.values == right.values == Values.SAME
    selectors = left.selectors | right.selectors
    return Rows(selectors, narrowed, values=Values.SAME if is_exact else values, is_positive=is_positive)


def _with_number(operator: str, node: Any, left: Rows, right: Rows, *, returns_bool: bool) -> Rows:
    """An operation of which a side is a number, or a scalar that is left whole."""
    vector, number = (left, right.whole()) if is_scalar(node.rhs) else (right, left.whole())
    literal = node.rhs.val if type(node.rhs).__name__ == "NumberLiteral" else None
    is_same = vector.values == Values.SAME
    if operator in COMPARISONS and not returns_bool:
        grows = vector.values == Values.GROWING and operator in (">", ">=") and literal is not None
        is_guard = vector.values == Values.QUANTILE and operator == ">=" and literal == 0
        result = vector if is_same or grows or is_guard else vector.whole()
        is_positive = vector.is_positive
    elif operator in "*/" and literal is not None and literal > 0:
        result, is_positive = vector, vector.is_positive
    else:
        result, is_positive = replace(vector, values=vector.values if is_same else Values.OTHER), returns_bool
    if result.values == Values.QUANTILE and operator not in COMPARISONS:
        result = replace(result, values=Values.OTHER)
    return replace(result, selectors=vector.selectors | number.selectors, is_positive=is_positive)


def _is_unambiguous(node: Any) -> bool:
    """True if no series can make the join ambiguous: what must be unique is grouped by labels that are matched."""
    matching = getattr(node.modifier, "matching", None)
    if matching is None:
        return True  # by all labels, which no two series of a metric share
    card = str(node.modifier.card)
    if node.modifier.group_labels or not str(matching.type).endswith("Include"):
        return False
    unique = [node.lhs, node.rhs] if card.endswith("OneToOne") else [node.rhs if "ManyToOne" in card else node.lhs]
    return all(_is_grouped(side, frozenset(matching.labels)) for side in unique)


def _lacks(node: Any, label: str) -> bool:
    """True if no row of an expression can have a label: it is grouped by others, or these get another by name."""
    kind = type(node).__name__
    if kind == "ParenExpr":
        return _lacks(node.expr, label)
    if kind == "Call" and node.func.name == "label_replace":
        return node.args[1].val != label and _lacks(node.args[0], label)
    if kind == "BinaryExpr" and getattr(node.modifier, "matching", None) is None:
        return all(is_scalar(side) or _lacks(side, label) for side in (node.lhs, node.rhs))
    return kind == "AggregateExpr" and _is_grouped(node, frozenset(grouped_by(node)) - {label})


def _is_grouped(node: Any, labels: frozenset[str]) -> bool:
    kind = type(node).__name__
    if kind == "ParenExpr":
        return _is_grouped(node.expr, labels)
    if kind == "BinaryExpr" and is_scalar(node.rhs):
        return _is_grouped(node.lhs, labels)
    is_group = kind == "AggregateExpr" and str(node.op) in GROUPING and dropped_by(node) is None
    return is_group and frozenset(grouped_by(node)) <= labels
