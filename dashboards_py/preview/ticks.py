"""Where an axis has its ticks, and how far it reaches. Source: uPlot, rangeNum, findIncr, tables of increments."""

import re
from collections.abc import Callable, Iterator, Sequence
from math import ceil, floor, isfinite, log10

from dashboards_py.panel_data.javascript import number_text

MINUTE, HOUR, DAY = 60, 3600, 86400
TIME_INCREMENTS = (
    *(1, 5, 10, 15, 30),
    *(MINUTE * count for count in (1, 5, 10, 15, 30)),
    *(HOUR * count for count in (1, 2, 3, 4, 6, 8, 12)),
    *(DAY * count for count in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 30, 60, 120, 365)),
)
SMALLEST = 1e-290  # a range that is less is drawn as this one
PADDING = 0.1  # of the data's range, above and below it
LEAST_DELTA, LEVEL = 1e-24, 10  # data that differs by less, or by so many orders of magnitude less than it is, is level
MOST_DECIMALS = 24
NOISE = re.compile(r"\.\d*?(?=9{6}|0{6})")  # the decimals before six nines or zeros


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
    """The range of an axis for data from `low` to `high`: padded, to zero if near, within the hard limits.

    A hard limit without a soft one is the end of the axis. Data is level if it differs by less than a ten-billionth,
    such as a mean of equal numbers. Source: @grafana/ui, UPlotScaleBuilder, with uPlot's rangeNum.
    """
    is_fixed = (soft[0] is None and hard_low is not None, soft[1] is None and hard_high is not None)
    low = hard_low if is_fixed[0] and hard_low is not None else low
    high = hard_high if is_fixed[1] and hard_high is not None else high
    delta, largest = high - low, max(abs(low), abs(high))
    if _is_level(delta, largest):
        delta = LEAST_DELTA if 0 in (low, high) else 0.0
    span = max(delta or largest or 1000.0, SMALLEST)
    padding = span * (PADDING if delta else 1.0)
    step = 10.0 ** floor(log10(span)) / 10
    new_low, new_high = _multiple(low - padding, step, floor), _multiple(high + padding, step, ceil)
    soft_low, soft_high = soft[0] or 0.0, soft[1] or 0.0
    if low >= soft_low and (soft[0] is not None or new_low <= soft_low):
        new_low = soft_low
    if high <= soft_high and (soft[1] is not None or new_high >= soft_high):
        new_high = soft_high
    new_low = new_low if hard_low is None else hard_low if is_fixed[0] else max(new_low, hard_low)
    new_high = new_high if hard_high is None else hard_high if is_fixed[1] else min(new_high, hard_high)
    return (new_low, new_high) if new_high > new_low else (0.0, 100.0)


def _is_level(delta: float, largest: float) -> bool:
    """Whether data that differs by `delta` is one value: no rounding of numbers looks like a change."""
    return delta < LEAST_DELTA or abs(log10(largest) - log10(delta)) > LEVEL


def _multiple(value: float, step: float, rounded: Callable[[float], int]) -> float:
    """The multiple of the step that a value is rounded to."""
    return round(_without_noise(rounded(_without_noise(value / step)) * step), MOST_DECIMALS) + 0.0


def _without_noise(value: float) -> float:
    """The number without what arithmetic added to it: 0.30000000000000004 is 0.3. Source: uPlot's fixFloat."""
    mantissa, _, exponent = number_text(value).partition("e")
    run = NOISE.search(mantissa)
    return float(f"{float(mantissa):.{len(run[0]) - 1}f}e{exponent or 0}") if run else value
