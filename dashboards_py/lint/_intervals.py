"""The values that a chain of comparisons with numbers lets through, and the query that it filters."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dashboards_py.lint._nodes import compared_with_number, kind_of, operator_of, returns_bool, without_brackets


@dataclass(frozen=True, slots=True)
class Interval:
    """The values between two limits, each of which is included unless it is open."""

    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False

    def meets(self, other: "Interval") -> "Interval":
        """The values that both have."""
        low, open_low = max((self.low, self.open_low), (other.low, other.open_low))
        high, is_closed = min((self.high, not self.open_high), (other.high, not other.open_high))
        return Interval(low, high, open_low, not is_closed)

    @property
    def is_empty(self) -> bool:
        """True if no value is in it."""
        return self.low > self.high or (self.low == self.high and (self.open_low or self.open_high))


def filtered_by(node: Any) -> tuple[Any, Interval]:
    """A query without its comparisons with numbers, and the values that these let through."""
    node = without_brackets(node)
    compared = compared_with_number(node)
    if compared is None or returns_bool(node) or compared[1] == "!=":
        return node, Interval()
    vector, operator, limit = compared
    inner, interval = filtered_by(vector)
    own = {
        ">": Interval(low=limit, open_low=True),
        ">=": Interval(low=limit),
        "<": Interval(high=limit, open_high=True),
        "<=": Interval(high=limit),
        "==": Interval(limit, limit),
    }[operator]
    return inner, interval.meets(own)


def anded(node: Any) -> Iterator[tuple[Any, Interval]]:
    """The operands of `and` without `on` and `ignoring`, which look at the same series, filtered."""
    node = without_brackets(node)
    if operator_of(node) == "and" and kind_of(node) == "BinaryExpr" and not _matches_labels(node):
        yield from anded(node.lhs)
        yield from anded(node.rhs)
    else:
        yield filtered_by(node)


def _matches_labels(node: Any) -> bool:
    return node.modifier is not None and node.modifier.matching is not None
