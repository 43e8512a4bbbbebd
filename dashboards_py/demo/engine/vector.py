"""What an expression evaluates to: vectors of series, or scalars, each over all steps of a query at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from dashboards_py.demo.engine import labels
from dashboards_py.demo.engine.errors import EvaluationError
from dashboards_py.demo.engine.labels import Labels

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]
AnyFloat = TypeVar("AnyFloat", bound=np.floating[Any])


@dataclass(frozen=True)
class Grid:
    """The moments at which an expression is evaluated, in milliseconds since 1970, `step` apart."""

    start: int
    end: int
    step: int

    @cached_property
    def times(self) -> Integers:
        """All of them."""
        return np.arange(self.start, self.end + 1, self.step, dtype=np.int64)

    @property
    def length(self) -> int:
        """How many there are."""
        return (self.end - self.start) // self.step + 1

    @property
    def last(self) -> int:
        """The last one, which may be earlier than `end`."""
        return self.start + (self.length - 1) * self.step


@dataclass(frozen=True, eq=False)
class Vector:
    """Series with their values: `values` and `present` have a row for each of the labels and a column for each step.

    Where `present` is false there is no sample, and the value means nothing. NaN is a value.
    """

    labels: tuple[Labels, ...]
    values: Floats
    present: Mask

    @classmethod
    def empty(cls, steps: int) -> "Vector":
        """No series."""
        return cls((), np.zeros((0, steps)), np.zeros((0, steps), dtype=bool))

    def __len__(self) -> int:
        return len(self.labels)

    def with_values(self, values: Floats) -> "Vector":
        """Other values of the same series, as another quantity: without the metric's name."""
        return replace(self, values=values).relabeled(labels.without_name)

    def relabeled(self, change: Callable[[Labels], Labels]) -> "Vector":
        """The same samples with changed labels; series that become one may not have a sample at the same moment."""
        return replace(self, labels=tuple(map(change, self.labels))).merged()

    def rows(self, index: Integers | list[int]) -> "Vector":
        """Some of the series, in that order."""
        chosen = np.asarray(index, dtype=np.int64)
        return Vector(tuple(self.labels[row] for row in chosen), self.values[chosen], self.present[chosen])

    def where(self, condition: Mask) -> "Vector":
        """The samples for which the condition holds."""
        return replace(self, present=self.present & condition)

    def existing(self) -> "Vector":
        """Without series that have no sample at all."""
        some = self.present.any(axis=1)
        return self if some.all() else self.rows(np.flatnonzero(some))

    def merged(self) -> "Vector":
        """Series with the same labels as one; two samples at one moment raise EvaluationError."""
        if len(set(self.labels)) == len(self.labels):
            return self
        group, keys = grouped(self.labels)
        counts = counted(self.present, group, len(keys))
        if (counts > 1).any():
            raise EvaluationError("vector cannot contain metrics with the same labelset")
        values = per_group(np.add, np.where(self.present, self.values, 0.0), group, len(keys))
        return Vector(tuple(keys), values, counts > 0)


@dataclass(frozen=True, eq=False)
class Scalar:
    """A number at each step."""

    values: Floats


Value = Vector | Scalar | str


def grouped(keys: Iterable[Labels]) -> tuple[Integers, list[Labels]]:
    """The index of each key among the different ones, and these in the order of their first appearance."""
    index: dict[Labels, int] = {}
    group = np.array([index.setdefault(key, len(index)) for key in keys], dtype=np.int64)
    return group, list(index)


def per_group(function: np.ufunc, values: NDArray[AnyFloat], group: Integers, count: int) -> NDArray[AnyFloat]:
    """A function of two arguments applied to the rows of each group; `group` has the group of each row."""
    if count == len(group):  # the keys are in the order of their rows
        return values
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(count))
    result: NDArray[AnyFloat] = function.reduceat(values[order], starts, axis=0)
    return result


def counted(mask: Mask, group: Integers, count: int) -> Floats:
    """How many rows of each group are true at each step."""
    return per_group(np.add, mask.astype(np.float64), group, count)
