"""Expressions that count a part of what another one counts."""

from typing import Any

from dashboards_py import promql
from dashboards_py.lint._nodes import SELECTORS, kind_of, moment, operator_of, selector_of, walk, without_brackets

# Functions and aggregations of which a part of the series gives no more than all of them, if no value is negative.
MONOTONIC = frozenset(
    ("rate", "irate", "increase", "sum_over_time", "max_over_time", "count_over_time", "sum", "count")
)


def is_same(one: Any, other: Any) -> bool:
    """True if two nodes are the same query."""
    return str(without_brackets(one)) == str(without_brackets(other))


def is_part(part: Any, whole: Any) -> bool:
    """True if `part` is what `whole` is, of some of its series: then it is no greater, unless values are negative.

    As in `sum(x{a="b"})` and `sum(x)`, or `x` and `x + y`.
    """
    part, whole = without_brackets(part), without_brackets(whole)
    if kind_of(whole) == "BinaryExpr" and str(whole.op) == "+" and promql.selectors_of(whole):
        return any(is_part(part, operand) for operand in (whole.lhs, whole.rhs))
    if kind_of(part) != kind_of(whole):
        return False
    if kind_of(part) in SELECTORS:
        one, other = selector_of(part), selector_of(whole)
        is_within = set(map(str, other.matchers)) <= set(map(str, one.matchers))
        return bool(one.metric) and one.metric == other.metric and moment(part) == moment(whole) and is_within
    if operator_of(part) not in MONOTONIC or operator_of(part) != operator_of(whole):
        return False
    if kind_of(part) == "AggregateExpr" and not _groups_alike(part, whole):
        return False
    parts, wholes = promql.children(part), promql.children(whole)
    return len(parts) == len(wholes) == 1 and is_part(parts[0], wholes[0])


def matches_series_by_series(part: Any, whole: Any) -> bool:
    """True if two parts are not aggregated, so that an operation on them pairs each series with itself."""
    return not any(kind_of(node) in ("AggregateExpr", "BinaryExpr") for side in (part, whole) for node in walk(side))


def _groups_alike(part: Any, whole: Any) -> bool:
    """True if two aggregations have the same groups, or if the whole adds up the groups of the part."""
    if promql.dropped_by(part) != promql.dropped_by(whole):
        return False
    return set(promql.grouped_by(whole)) <= set(promql.grouped_by(part))
