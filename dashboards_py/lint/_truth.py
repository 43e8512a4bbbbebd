"""The results that an alert's query can have: something, nothing, or both."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from dashboards_py import promql
from dashboards_py.catalog import Release, entries
from dashboards_py.lint._bounds import Bounds, bounds
from dashboards_py.lint._intervals import Interval, anded, filtered_by
from dashboards_py.lint._limits import is_within
from dashboards_py.lint._nodes import (
    SELECTORS,
    is_comparison,
    kind_of,
    number,
    operator_of,
    returns_bool,
    selector_of,
    without_brackets,
)
from dashboards_py.lint._parts import is_part, is_same
from dashboards_py.lint._selectors import statuses_on
from dashboards_py.promql.grafana import restore
from dashboards_py.queries import ResolvedSelector, no_series, statuses

# Series that exist or not: Prometheus' own of alerts, and metrics whose labels are what they say.
SMALL = 1e-300  # below it is what is known to be above 0
STATES = ("ALERTS", "ALERTS_FOR_STATE")


class Truth(Enum):
    """The results that a query can have, as long as what it reads has series."""

    NEVER = "never"  # nothing, whatever the values are
    MAYBE = "maybe"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The truth, with the reasons for NEVER or ALWAYS: a text for each comparison or selector that decides it."""

    truth: Truth
    reasons: tuple[str, ...] = ()


ALWAYS, MAYBE = Judgement(Truth.ALWAYS), Judgement(Truth.MAYBE)


def judge(node: Any, release: Release) -> Judgement:
    """The truth of a query on a release."""
    node = without_brackets(node)
    kind = kind_of(node)
    if kind in SELECTORS:
        return _selector(selector_of(node), release)
    if kind == "BinaryExpr":
        return _operation(node, release)
    if kind == "Call" and node.func.name in promql.ABSENT:
        inner = judge(node.args[0], release)
        reason = f"`{shown(node)}` is 1 because nothing can return: {', '.join(inner.reasons)}"
        return Judgement(Truth.ALWAYS, (reason,)) if inner.truth is Truth.NEVER else MAYBE
    if kind in ("NumberLiteral", "StringLiteral"):
        return ALWAYS
    return _all_of([judge(child, release) for child in promql.children(node)])


def conditions(node: Any) -> Iterator[Any]:
    """The parts that decide whether a query returns something: comparisons that filter, `absent`, `unless`."""
    node = without_brackets(node)
    is_filter = is_comparison(node) and not returns_bool(node)
    if is_filter or operator_of(node) in (*promql.ABSENT, "unless"):
        yield node
    for child in promql.children(node):
        yield from conditions(child)


def shown(node: Any) -> str:
    """A node as a text for a message."""
    return " ".join(restore(str(node)).split()).replace("{}", "")


def _selector(selector: promql.Selector, release: Release) -> Judgement:
    if reason := contradiction(selector):
        return Judgement(Truth.NEVER, (reason,))
    if missing := no_series(ResolvedSelector(selector, statuses(selector, release)), release):
        return Judgement(Truth.NEVER, (f"{selector.metric}: {missing.reason}",))
    metrics = statuses_on(selector, release)
    is_info = bool(metrics) and all(metric.unit == "info" for metric in metrics)
    # Labels of a version are what an alert asks for; without matchers of these every target has the series.
    is_info = is_info and not (
        all(None not in metric.value_range for metric in metrics)
        and not any(matcher.label in metric.labels_on(release) for matcher in selector.matchers for metric in metrics)
    )
    is_recorded = ":" in selector.metric and not entries(selector.metric)
    if is_info or is_recorded or selector.metric in STATES or (selector.metric.endswith("_info") and not metrics):
        return MAYBE
    return ALWAYS


def contradiction(selector: promql.Selector) -> str:
    """Two matchers of a selector that no value satisfies, as a text; "" if there are none."""
    fixed = {matcher.label: matcher for matcher in selector.matchers if matcher.op == "=" and not matcher.is_open}
    for matcher in selector.matchers:
        other = fixed.get(matcher.label)
        if other is not None and other != matcher and matcher.accepts(other.value) is False:
            return f"{selector.metric}: no series satisfies both {other} and {matcher}"
    return ""


def _operation(node: Any, release: Release) -> Judgement:
    operator, left, right = str(node.op), judge(node.lhs, release), judge(node.rhs, release)
    if operator == "or":
        return _either(node, left, right)
    if operator == "unless":
        if _takes_all(node):
            return Judgement(Truth.NEVER, ("`unless` takes away the same series",))
        if right.truth is Truth.NEVER:
            return left
        return left if left.truth is Truth.NEVER else MAYBE
    if operator == "and" and (excluded := _excluded(node)):
        return Judgement(Truth.NEVER, (f"`{shown(node)}`: no value of `{excluded}` satisfies both",))
    both = _all_of([left, right])
    if both.truth is Truth.NEVER or not is_comparison(node) or returns_bool(node):
        return both
    compared = _compared(node, release)
    if compared.truth is Truth.NEVER or (compared.truth is Truth.ALWAYS and both.truth is Truth.ALWAYS):
        return compared
    return MAYBE


def _takes_all(node: Any) -> bool:
    """True if the right side of `unless` has all series that the left side can have."""
    (left, values), (right, removed) = filtered_by(node.lhs), filtered_by(node.rhs)
    return is_same(left, right) and values.meets(removed) == values


def _excluded(node: Any) -> str:
    """The query of which operands of `and` want values that exclude each other; "" if there is none."""
    intervals: dict[str, Interval] = {}
    for query, interval in anded(node):
        text = shown(query)
        intervals[text] = intervals.get(text, Interval()).meets(interval)
    return next((text for text, interval in intervals.items() if interval.is_empty), "")


def _either(node: Any, left: Judgement, right: Judgement) -> Judgement:
    if Truth.ALWAYS in (left.truth, right.truth):
        first = left.truth is Truth.ALWAYS
        side, always, other = (left, node.lhs, node.rhs) if first else (right, node.rhs, node.lhs)
        if side.reasons or not any(True for _ in conditions(other)):
            return side
        return Judgement(Truth.ALWAYS, (f"`{shown(always)}` of `or` has no condition",))
    if left.truth is right.truth is Truth.NEVER:
        return Judgement(Truth.NEVER, (*left.reasons, *right.reasons))
    return MAYBE


def _all_of(judgements: list[Judgement]) -> Judgement:
    for truth in (Truth.NEVER, Truth.MAYBE):
        if decided := [one for one in judgements if one.truth is truth]:
            return decided[0]
    return Judgement(Truth.ALWAYS, tuple(reason for one in judgements for reason in one.reasons))


def _compared(node: Any, release: Release) -> Judgement:
    """The truth of the comparison itself."""
    operator = str(node.op)
    left, right = bounds(node.lhs, release), bounds(node.rhs, release)
    text = shown(node)
    if is_same(node.lhs, node.rhs) and number(node.lhs) is None:
        truth = Truth.NEVER if operator in ("<", ">", "!=") else Truth.ALWAYS
        return Judgement(truth, (f"`{text}` compares a query with itself",))
    if _is_impossible(operator, left, right):
        return Judgement(Truth.NEVER, (f"`{text}`: {_described(node, left, right)}",))
    if _is_certain(operator, left, right):
        return Judgement(Truth.ALWAYS, (f"`{text}`: {_described(node, left, right)}",))
    part, whole = (node.lhs, node.rhs) if operator in (">", "<=") else (node.rhs, node.lhs)
    truth = Truth.NEVER if operator in (">", "<") else Truth.ALWAYS
    if min(left.low, right.low) >= 0 and operator not in ("==", "!="):
        if is_part(part, whole):
            return Judgement(truth, (f"`{text}`: a part is never greater than the whole",))
        if is_within(part, whole, release):
            return Judgement(truth, (f"`{text}`: never more is used than there is",))
    return MAYBE


def _is_impossible(operator: str, left: Bounds, right: Bounds) -> bool:
    if operator == ">":
        return left.high <= right.low
    if operator == ">=":
        return left.high < right.low
    if operator == "<":
        return left.low >= right.high
    if operator == "<=":
        return left.low > right.high
    if operator == "==":
        return left.high < right.low or left.low > right.high
    return left.low == left.high == right.low == right.high


def _is_certain(operator: str, left: Bounds, right: Bounds) -> bool:
    opposite = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "=="}
    return _is_impossible(opposite[operator], left, right)


def _described(node: Any, left: Bounds, right: Bounds) -> str:
    """The bounds of the side that is no number, in words."""
    side = right if number(node.lhs) is not None else left
    if side.low == side.high:
        return f"it is always {side.low:g}"
    if side.low > side.high:
        return "no value is left"
    least = "above 0" if 0 < side.low < SMALL else f"at least {side.low:g}"
    low = least if side.low > float("-inf") else ""
    high = f"at most {side.high:g}" if side.high < float("inf") else ""
    return f"it is {' and '.join(filter(None, (low, high)))}"
