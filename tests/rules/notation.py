"""Samples as unit tests of promtool write them."""

from itertools import pairwise

import numpy as np

from dashboards_py.demo.motion import Floats

ROUNDING = 2.5  # that two counts of whole events are rounded down


def notation(row: Floats) -> list[str]:
    """Samples as promtool writes them: numbers that stay are written once, `_` is no sample, `stale` ends a series."""
    result: list[tuple[str, int]] = []
    missing = np.isnan(row)
    starts = np.flatnonzero((row[1:] != row[:-1]) & ~(missing[1:] & missing[:-1])) + 1
    firsts = [0, *starts.tolist()]
    for first, after in pairwise([*firsts, len(row)]):
        text, count = "_" if missing[first] else _number(float(row[first])), after - first
        if result and text == "_":
            result.append(("stale", 1))
            count -= 1
        elif result and result[-1][0] == text:  # numbers that differ in digits that are not written
            count += result.pop()[1]
        if count:
            result.append((text, count))
    return [_run(text, count) for text, count in result]


def _run(text: str, count: int) -> str:
    if count == 1:
        return text
    return f"_x{count}" if text == "_" else f"{text}+0x{count - 1}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.9g}"


def histograms(counts: Floats, sums: Floats, buckets: list[tuple[float, Floats]]) -> list[str]:
    """Samples of a native histogram: with the bounds of classic buckets (NHCB), or one bucket of schema 0."""
    rows = [row for _, row in buckets]
    below = [np.zeros(len(sums)), *rows]
    of_bounds = [_growing(row - before) for row, before in zip(rows, below, strict=False)] or [counts]
    bounds = " ".join(_number(bound) for bound, _ in buckets[:-1])
    schema = f"schema:-53 custom_values:[{bounds}]" if buckets else "schema:0"
    result: list[str] = []
    for total, *of_buckets in zip(sums.tolist(), *(row.tolist() for row in of_bounds), strict=True):
        if np.isnan(total):
            result.append("stale" if result and result[-1] not in ("_", "stale") else "_")
        else:
            text = " ".join(map(_number, of_buckets))
            result.append(f"{{{{{schema} sum:{_number(total)} count:{_number(sum(of_buckets))} buckets:[{text}]}}}}")
    return result


def _growing(counts: Floats) -> Floats:
    """The count of a bucket without the noise of rounding, for which it would be a reset that it decreases."""
    change = np.diff(counts)
    restarts = np.flatnonzero((change < -ROUNDING) | np.isnan(change)) + 1
    growing = np.concatenate([np.maximum.accumulate(part) for part in np.split(counts, restarts)])
    result: Floats = np.maximum(growing, 0.0)
    return result
