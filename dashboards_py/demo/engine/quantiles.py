"""Quantiles of values, and of classic histograms: `BucketQuantile` in Prometheus' promql/quantile.go."""

import numpy as np

from dashboards_py.demo.engine import labels
from dashboards_py.demo.engine.vector import Floats, Mask, Scalar, Vector, grouped

TOLERANCE = 1e-12  # relative: counts of neighbouring buckets that differ by less are equal
SMALLEST = np.finfo(np.float64).tiny


def quantile(share: float, values: Floats) -> Floats:
    """The quantile of each column; NaN counts as the smallest value."""
    columns = values.shape[1]
    if np.isnan(share) or not len(values):
        return np.full(columns, np.nan)
    if share < 0 or share > 1:
        return np.full(columns, np.copysign(np.inf, share - 0.5))
    numbers = np.sort(values, axis=0)  # which puts NaN last
    missing = np.isnan(numbers).sum(axis=0)
    rank = share * (len(values) - 1)
    lower = max(0, int(np.floor(rank)))
    upper = min(len(values) - 1, lower + 1)
    weight = rank - np.floor(rank)
    column = np.arange(columns)

    def ranked(index: int) -> Floats:
        at_rank: Floats = np.where(index < missing, np.nan, numbers[np.maximum(index - missing, 0), column])
        return at_rank

    result: Floats = ranked(lower) * (1 - weight) + ranked(upper) * weight
    return result


def histogram_quantile(share: Scalar, buckets: Vector) -> Vector:
    """The quantile of each histogram whose buckets the vector has; series without `le` are none."""
    bounds = [_bound(labels.get(of, labels.BUCKET)) for of in buckets.labels]
    rows = [row for row, bound in enumerate(bounds) if bound is not None]
    without_le = labels.METADATA | {labels.BUCKET}
    group, keys = grouped(labels.drop(buckets.labels[row], without_le) for row in rows)
    values = np.full((len(keys), buckets.values.shape[1]), np.nan)
    present = np.zeros(values.shape, dtype=bool)
    of_row = np.array([bounds[row] for row in rows], dtype=np.float64)
    index = np.array(rows, dtype=np.int64)
    for number in range(len(keys)):
        members = np.flatnonzero(group == number)
        members = members[np.argsort(of_row[members], kind="stable")]
        existing = buckets.present[index[members]]
        present[number] = existing.any(axis=0)
        for pattern, steps in _patterns(existing):
            chosen = members[pattern]
            counts = buckets.values[np.ix_(index[chosen], steps)]
            values[number, steps] = _of_buckets(share.values[steps], of_row[chosen], counts)
    return Vector(tuple(keys), values, present)


def _patterns(existing: Mask) -> list[tuple[Mask, np.ndarray]]:
    """The different sets of buckets that exist at any steps, with these steps."""
    if existing.all():
        return [(existing[:, 0], np.arange(existing.shape[1]))]
    columns, inverse = np.unique(existing, axis=1, return_inverse=True)
    return [
        (columns[:, number], np.flatnonzero(inverse.ravel() == number))
        for number in range(columns.shape[1])
        if columns[:, number].any()
    ]


def _bound(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _of_buckets(share: Floats, bounds: Floats, counts: Floats) -> Floats:
    """The quantile of a histogram at each step; `counts` are cumulative, a row for each of the ascending bounds."""
    outside = np.where(np.isnan(share), np.nan, np.where(share < 0, -np.inf, np.inf))
    inside = (share >= 0) & (share <= 1)
    unique, first = np.unique(bounds, return_index=True)
    if not np.isposinf(unique[-1]) or len(unique) < 2:
        return np.where(inside, np.nan, outside)
    counts = _monotonic(np.add.reduceat(counts, first, axis=0))
    total = counts[-1]
    rank = share * total
    reached = counts[:-1] >= rank
    bucket = np.where(reached.any(axis=0), reached.argmax(axis=0), len(unique) - 1)
    column = np.arange(counts.shape[1])
    below = np.where(bucket > 0, counts[bucket - 1, column], 0.0)
    lower = np.where(bucket > 0, unique[bucket - 1], 0.0)
    result = lower + (unique[bucket] - lower) * ((rank - below) / (counts[bucket, column] - below))
    result = np.where((bucket == 0) & (unique[0] <= 0), unique[0], result)
    result = np.where(bucket == len(unique) - 1, unique[-2], result)
    return np.where(inside, np.where(total == 0, np.nan, result), outside)


def _monotonic(counts: Floats) -> Floats:
    """The counts, none smaller than the one before; differences that are noise do not count."""
    result = counts.copy()
    before = result[0]
    for row in range(1, len(result)):
        now = result[row]
        difference, magnitude = np.abs(before - now), np.abs(before) + np.abs(now)
        tiny = (before == 0) | (now == 0) | (magnitude < SMALLEST)
        equal = np.where(tiny, difference < TOLERANCE * SMALLEST, difference / magnitude < TOLERANCE)
        before = np.where(equal | (now <= before), before, now)
        result[row] = before
    return result
