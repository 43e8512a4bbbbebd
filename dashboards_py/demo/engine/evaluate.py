"""Evaluation of a query's tree over all steps at once."""

from dataclasses import dataclass, replace

import numpy as np

from dashboards_py.demo.engine import aggregate, binary, functions
from dashboards_py.demo.engine.errors import EvaluationError, NotSupported
from dashboards_py.demo.engine.storage import Block, Selection, Storage
from dashboards_py.demo.engine.syntax import (
    Aggregation,
    At,
    Binary,
    Call,
    Negation,
    Node,
    Number,
    Select,
    Subquery,
    Text,
)
from dashboards_py.demo.engine.vector import Grid, Integers, Scalar, Value, Vector

LOOKBACK = 300_000  # milliseconds after which the last sample counts no more (--query.lookback-delta)
SUBQUERY_STEP = 60_000  # milliseconds: Prometheus' default evaluation_interval
EXTREMES = ("topk", "bottomk")


@dataclass(frozen=True)
class Evaluation:
    """A query over the moments of a grid; `@ start()` and `@ end()` are the `begin` and `end` of the whole query."""

    storage: Storage
    grid: Grid
    begin: int
    end: int

    def value(self, node: Node) -> Value:
        """What a node evaluates to; raises EvaluationError."""
        match node:
            case Number():
                return Scalar(np.full(self.grid.length, node.value))
            case Text():
                return node.value
            case Select():
                return self._selected(node)
            case Negation():
                value = self.value(node.expr)
                return value.with_values(-value.values) if isinstance(value, Vector) else Scalar(-number(value))
            case Call():
                return functions.call(self, node)
            case Aggregation():
                return self._aggregated(node)
            case Binary():
                return self._combined(node)
            case Subquery():
                raise NotSupported("a range of samples as a result")

    def vector(self, node: Node) -> Vector:
        """What a node that is a vector evaluates to."""
        value = self.value(node)
        if not isinstance(value, Vector):
            raise EvaluationError("expected an instant vector")
        return value

    def scalar(self, node: Node) -> Scalar:
        """What a node that is a number evaluates to."""
        value = self.value(node)
        if not isinstance(value, Scalar):
            raise EvaluationError("expected a scalar")
        return value

    def ends(self, node: Select | Subquery) -> Integers:
        """The moments that a selector looks at, one for each step."""
        at = self._at(node.at)
        times = self.grid.times if at is None else np.full(self.grid.length, at, dtype=np.int64)
        return times - node.offset

    def _at(self, at: At) -> int | None:
        return {"start": self.begin, "end": self.end}[at] if isinstance(at, str) else at

    def windows(self, node: Node) -> tuple[Selection, int, Integers]:
        """The samples that a function of ranges reads, the length of its windows, and their ends."""
        if isinstance(node, Select) and node.window is not None:
            ends = self.ends(node)
            begin, end = int(ends.min()) - node.window, int(ends.max())
            return self.storage.select(node.matchers, begin, end), node.window, ends
        if isinstance(node, Subquery):
            return self._subquery(node), node.window, self.ends(node)
        raise EvaluationError("expected a range of samples")

    def _selected(self, node: Select) -> Vector:
        """The last sample of each series before each step."""
        if node.window is not None:
            raise NotSupported("a range of samples as a result")
        return self._newest(node, self._recent(node))

    def sample_times(self, node: Select) -> Vector:
        """When the last samples of a selector were scraped, in seconds."""
        selection = self._recent(node)
        return self._newest(node, replace(selection, blocks=tuple(map(_times_as_values, selection.blocks))))

    def _recent(self, node: Select) -> Selection:
        ends = self.ends(node)
        return self.storage.select(node.matchers, int(ends.min()) - LOOKBACK, int(ends.max()))

    def _newest(self, node: Select, selection: Selection) -> Vector:
        ends = self.ends(node)
        values = np.full((len(selection.labels), len(ends)), np.nan)
        present = np.zeros(values.shape, dtype=bool)
        for block in selection.blocks:
            index, fresh = newest(block, ends)
            values[block.rows] = block.values[:, index]
            present[block.rows] = fresh
        return Vector(selection.labels, values, present).existing()

    def _subquery(self, node: Subquery) -> Selection:
        """The results of a subquery as series that were sampled at its steps, which are multiples of its interval."""
        ends, step = self.ends(node), node.step or SUBQUERY_STEP
        begin = int(ends[0]) - node.window
        grid = Grid(begin // step * step + step, int(ends[-1]), step)
        if grid.end < grid.start:
            return Selection((), ())
        vector = replace(self, grid=grid).value(node.expr)
        if isinstance(vector, Scalar):
            raise EvaluationError("subquery is only allowed on instant vector")
        assert isinstance(vector, Vector)
        patterns, inverse = np.unique(vector.present, axis=0, return_inverse=True)
        blocks = []
        for number, pattern in enumerate(patterns):
            rows = np.flatnonzero(inverse.ravel() == number)
            blocks.append(Block(rows, grid.times[pattern], vector.values[np.ix_(rows, np.flatnonzero(pattern))]))
        return Selection(vector.labels, tuple(blocks))

    def _aggregated(self, node: Aggregation) -> Vector:
        vector = self.vector(node.expr)
        group_of = aggregate.grouping(node.labels, without=node.without)
        if node.op == "count_values":
            assert isinstance(node.parameter, Text)
            return aggregate.count_values(node.parameter.value, vector, node.labels, without=node.without)
        parameter = None if node.parameter is None else self.scalar(node.parameter)
        if node.op in EXTREMES and parameter is not None:
            return aggregate.extremes(node.op, vector, parameter, group_of)
        return aggregate.aggregate(node.op, vector, parameter, group_of)

    def _combined(self, node: Binary) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(left, Vector) and isinstance(right, Vector):
            if node.op in ("and", "or", "unless"):
                return binary.sets(node.op, left, right, node.matching)
            return binary.vectors(node.op, left, right, node.matching, as_bool=node.as_bool)
        if isinstance(left, Vector) and isinstance(right, Scalar):
            return binary.with_scalar(node.op, left, right, swapped=False, as_bool=node.as_bool)
        if isinstance(left, Scalar) and isinstance(right, Vector):
            return binary.with_scalar(node.op, right, left, swapped=True, as_bool=node.as_bool)
        if isinstance(left, Scalar) and isinstance(right, Scalar):
            return binary.scalars(node.op, left, right)
        raise EvaluationError(f"{node.op} is not defined on strings")


def number(value: Value) -> np.ndarray:
    """The numbers of a scalar."""
    if not isinstance(value, Scalar):
        raise EvaluationError("expected a number")
    return value.values


def newest(block: Block, ends: Integers) -> tuple[Integers, np.ndarray]:
    """The index of the last sample at each moment, and where it exists, is not too old and no stale marker."""
    index = np.searchsorted(block.times, ends, side="right") - 1
    fresh = index >= 0
    index = np.maximum(index, 0)
    if not len(block.times):
        return index, np.zeros(len(ends), dtype=bool)
    fresh &= block.times[index] > ends - LOOKBACK
    if block.stale is not None:
        fresh &= ~block.stale[index]
    return index, fresh


def _times_as_values(block: Block) -> Block:
    return replace(block, values=np.broadcast_to(block.times / 1000, block.values.shape))
