"""Where an axis has its ticks, and how far it reaches. Source: uPlot, rangeNum, findIncr, tables of increments."""

from collections.abc import Iterator, Sequence
from math import ceil, floor, isfinite, log10

MINUTE, HOUR, DAY = 60, 3600, 86400
TIME_INCREMENTS = (
    *(1, 5, 10, 15, 30),
    *(MINUTE * count for count in (1, 5, 10, 15, 30)),
    *(HOUR * count for count in (1, 2, 3, 4, 6, 8, 12)),
    *(DAY * count for count in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 30, 60, 120, 365)),
)
SMALLEST = 1e-290  # a range that is less is drawn as this one
PADDING = 0.1  # of the data's range, above and below it


def decimal_increments() -> Iterator[float]:
    """Steps of 1, 2, 2.5 and 5 times each power of ten, ascending."""
    for exponent in range(-12, 25):
        for factor in (1, 2, 2.5, 5):
            yield float(f"{factor}e{exponent}")


def binary_increments() -> Iterator[float]:
    """Powers of two: for units such as bytes."""
    for exponent in range(-10, 60):
        yield 2.0**exponent


def increment(span: float, length: float, space: float, increments: Iterator[float] | Sequence[float]) -> float:
    """The smallest of the increments that leaves `space` pixels between ticks on an axis of `length` pixels."""
    last = 1.0
    for last in increments:
        if span <= 0 or length * last / span >= space:
            return last
    return last


def tick_values(low: float, high: float, step: float) -> list[float]:
    """The multiples of the step within the range."""
    if not (isfinite(low) and isfinite(high)) or step <= 0 or (high - low) / step > 1000:
        return []
    first = ceil(low / step - 1e-9)
    return [number * step for number in range(first, floor(high / step + 1e-9) + 1)]


def value_range(
    low: float, high: float, *, hard_low: float | None, hard_high: float | None, soft: tuple[float | None, float | None]
) -> tuple[float, float]:
    """The range of an axis for data from `low` to `high`: padded, to zero if near, within the hard limits."""
    low = low if hard_low is None else hard_low
    high = high if hard_high is None else hard_high
    delta = abs(high - low)
    nonzero = max(delta or max(abs(low), abs(high)) or 1000.0, SMALLEST)
    base = 10.0 ** floor(log10(nonzero)) / 10
    padding = nonzero * ((0.1 if high == 0 else 1.0) if delta == 0 else PADDING)
    new_low, new_high = floor((low - padding) / base) * base, ceil((high + padding) / base) * base
    soft_low, soft_high = soft[0] or 0.0, soft[1] or 0.0
    if (low >= soft_low and new_low <= soft_low) or (soft[0] is not None and low >= soft_low):
        new_low = soft_low
    if (high <= soft_high and new_high >= soft_high) or (soft[1] is not None and high <= soft_high):
        new_high = soft_high
    if delta == 0 and high == 0:
        new_high = max(new_high, 100.0)
    new_low = new_low if hard_low is None else hard_low
    new_high = new_high if hard_high is None else hard_high
    return (new_low, new_high) if new_high > new_low else (0.0, 100.0)
