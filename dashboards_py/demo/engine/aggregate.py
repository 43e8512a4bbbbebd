"""Aggregations: one value for each group of series, or the first few of each group."""

from collections.abc import Callable, Mapping

import numpy as np

from dashboards_py.demo.engine import labels
from dashboards_py.demo.engine.errors import NotSupported
from dashboards_py.demo.engine.labels import Labels
from dashboards_py.demo.engine.quantiles import quantile
from dashboards_py.demo.engine.vector import Floats, Integers, Scalar, Vector, counted, grouped, per_group

Reduction = Callable[[Vector, Integers, int], Floats]


def grouping(by: tuple[str, ...], *, without: bool) -> Callable[[Labels], Labels]:
    """From the labels of a series to those of its group."""
    if without:
        dropped = {*by, labels.NAME}
        return lambda of: labels.drop(of, dropped)
    kept = set(by)
    return lambda of: labels.keep(of, kept)


def aggregate(op: str, vector: Vector, parameter: Scalar | None, group_of: Callable[[Labels], Labels]) -> Vector:
    """One series for each group; `parameter` is the share of a quantile."""
    group, keys = grouped(map(group_of, vector.labels))
    if not keys:
        return Vector.empty(vector.values.shape[1])
    present = counted(vector.present, group, len(keys)) > 0
    if op == "quantile":
        return Vector(tuple(keys), _quantiles(vector, parameter, group, len(keys)), present)
    if op not in _REDUCTIONS:
        raise NotSupported(op)
    return Vector(tuple(keys), _REDUCTIONS[op](vector, group, len(keys)), present)


def _sum(vector: Vector, group: Integers, count: int) -> Floats:
    """With longer numbers than 64 bits where the machine has them: Prometheus compensates what rounding loses."""
    exact = np.where(vector.present, vector.values, 0.0).astype(np.longdouble)
    return np.asarray(per_group(np.add, exact, group, count), dtype=np.float64)


def _count(vector: Vector, group: Integers, count: int) -> Floats:
    return counted(vector.present, group, count)


def _mean(vector: Vector, group: Integers, count: int) -> Floats:
    return _sum(vector, group, count) / _count(vector, group, count)


def _maximum(vector: Vector, group: Integers, count: int) -> Floats:
    return per_group(np.fmax, np.where(vector.present, vector.values, np.nan), group, count)


def _minimum(vector: Vector, group: Integers, count: int) -> Floats:
    return per_group(np.fmin, np.where(vector.present, vector.values, np.nan), group, count)


def _variance(vector: Vector, group: Integers, count: int) -> Floats:
    """Of all values in a group, not estimated from a sample of more."""
    deviations = vector.values - _mean(vector, group, count)[group]
    squares = np.where(vector.present, deviations * deviations, 0.0)
    return per_group(np.add, squares, group, count) / _count(vector, group, count)


_REDUCTIONS: Mapping[str, Reduction] = {
    "sum": _sum,
    "count": _count,
    "avg": _mean,
    "max": _maximum,
    "min": _minimum,
    "group": lambda vector, _, count: np.ones((count, vector.values.shape[1])),
    "stdvar": _variance,
    "stddev": lambda vector, group, count: np.sqrt(_variance(vector, group, count)),
}


def _quantiles(vector: Vector, share: Scalar | None, group: Integers, count: int) -> Floats:
    assert share is not None
    result = np.full((count, vector.values.shape[1]), np.nan)
    for number in range(count):
        members = group == number
        for step in np.flatnonzero(vector.present[members].any(axis=0)):
            values = vector.values[members & vector.present[:, step], step]
            result[number, step] = quantile(share.values[step], values[:, None])[0]
    return result


def extremes(op: str, vector: Vector, most: Scalar, group_of: Callable[[Labels], Labels]) -> Vector:
    """The `most` greatest values of each group at each step (topk), or the least (bottomk), in this order.

    Which of several equal ones are taken is undefined in Prometheus; here it is the first.
    """
    group, keys = grouped(map(group_of, vector.labels))
    chosen = np.zeros(vector.present.shape, dtype=bool)
    counts = np.where(np.isnan(most.values), 0, np.clip(most.values, 0, len(vector))).astype(np.int64)
    wanted = -vector.values if op == "topk" else vector.values
    ranked: list[Integers] = []
    for number in range(len(keys)):
        members = np.flatnonzero(group == number)
        values = wanted[members]
        order = np.lexsort((values, np.isnan(values), ~vector.present[members]), axis=0)
        rank = np.argsort(order, axis=0, kind="stable")
        chosen[members] = rank < counts
        ranked.append(members[order[:, 0]])
    result = vector.where(chosen)
    return (result.rows(np.concatenate(ranked)) if ranked else result).existing()


def count_values(label: str, vector: Vector, by: tuple[str, ...], *, without: bool) -> Vector:
    """How many series have each value, which becomes a label."""
    group_of = grouping(by if without else (*by, label), without=without)
    index: dict[Labels, int] = {}
    rows: list[Floats] = []
    for row, step in zip(*np.nonzero(vector.present), strict=True):
        value = number_text(float(vector.values[row, step]))
        key = group_of(labels.replace(vector.labels[row], label, value))
        position = index.setdefault(key, len(index))
        if position == len(rows):
            rows.append(np.zeros(vector.values.shape[1]))
        rows[position][step] += 1
    if not rows:
        return Vector.empty(vector.values.shape[1])
    values = np.stack(rows)
    return Vector(tuple(index), values, values > 0)


def number_text(value: float) -> str:
    """A number as Go's strconv.FormatFloat(value, 'f', -1, 64) writes it: never with an exponent."""
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return np.format_float_positional(value, trim="-")
