"""A small PromQL engine over numpy: a `Source` for panels whose samples come from memory.

It evaluates a query over all steps of a range at once: a vector is an array with a row for each series and a column for
each step. Its semantics are those of Prometheus 3 (promql/engine.go, promql/functions.go, promql/quantile.go); whatever
it does not know raises DashboardsError. tests/live/test_demo.py compares it with a real Prometheus.
"""

from dataclasses import dataclass

import numpy as np

from dashboards_py import promql
from dashboards_py.demo.engine import labels, syntax
from dashboards_py.demo.engine.errors import EvaluationError
from dashboards_py.demo.engine.evaluate import Evaluation
from dashboards_py.demo.engine.matching import Matcher
from dashboards_py.demo.engine.storage import Storage
from dashboards_py.demo.engine.vector import Grid, Scalar, Value, Vector
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data.source import Series


@dataclass(frozen=True, slots=True)
class Engine:
    """Answers queries about what a storage holds, as `dashboards_py.panel_data.source.Source` wants it."""

    storage: Storage

    def range(self, expr: str, start: float, end: float, step: float) -> tuple[Series, ...]:
        """The series of a query at each step, sorted by their labels."""
        grid = Grid(_milliseconds(start), _milliseconds(end), max(1, _milliseconds(step)))
        if grid.end < grid.start:
            raise DashboardsError(_name(expr), cause="end timestamp must not be before start time")
        vector = self._vector(expr, grid)
        order = sorted(range(len(vector)), key=vector.labels.__getitem__)
        return _series(vector.rows(order), grid)

    def instant(self, expr: str, time: float) -> tuple[Series, ...]:
        """The series of a query at a moment."""
        grid = Grid(_milliseconds(time), _milliseconds(time), 1)
        return _series(self._vector(expr, grid), grid)

    def label_values(self, label: str, selector: str, start: float, end: float) -> tuple[str, ...]:
        """The values of a label in series that the selector matches and that have a sample in the time range."""
        first, last = _milliseconds(start), _milliseconds(end)
        node = syntax.read(selector) if selector else syntax.Select((), None, 0, None)
        if not isinstance(node, syntax.Select):
            raise DashboardsError(_name(selector), cause="is not a selector of series")
        matchers = (*node.matchers, Matcher(label, "!=", ""))
        if not node.matchers and label != labels.NAME:
            matchers += (Matcher(labels.NAME, "=~", "|".join(self.storage.holders(label))),)
        selection = self.storage.select(matchers, first, last)
        values = set()
        for block in selection.blocks:
            if ((block.times >= first) & (block.times <= last)).any():
                values |= {labels.get(selection.labels[row], label) for row in block.rows}
        return tuple(sorted(values - {""}))

    def _vector(self, expr: str, grid: Grid) -> Vector:
        try:
            with np.errstate(all="ignore"):
                value = Evaluation(self.storage, grid, grid.start, grid.end).value(syntax.read(expr))
                return _as_vector(value, grid)
        except EvaluationError as error:
            cause = ": ".join(part for part in (error.what, error.cause) if part)
            raise DashboardsError(_name(expr), cause=cause) from error


def _as_vector(value: Value, grid: Grid) -> Vector:
    if isinstance(value, Scalar):
        return Vector(((),), value.values[None, :], np.ones((1, grid.length), dtype=bool))
    if isinstance(value, str):
        raise EvaluationError("a string is not drawn")
    return value.existing()


def _series(vector: Vector, grid: Grid) -> tuple[Series, ...]:
    times = (grid.times / 1000).tolist()
    return tuple(
        Series(
            dict(of),
            tuple((time, value) for time, value, present in zip(times, values, existing, strict=True) if present),
        )
        for of, values, existing in zip(vector.labels, vector.values.tolist(), vector.present.tolist(), strict=True)
    )


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _name(expr: str) -> str:
    return promql.query_name(expr)
