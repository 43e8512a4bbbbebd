"""Logarithmic scales, of numbers above zero or of both signs (Grafana's "symlog"): their ranges and ticks.

Sources: uPlot, rangeLog, rangeAsinh, logAxisSplits, asinhAxisSplits and log10AxisValsFilt; @grafana/ui,
UPlotScaleBuilder.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import asinh, ceil, copysign, floor, isfinite, log, log2, log10

LEAST = 1e-12  # what a logarithmic scale shows zero at, and the least number that a symmetric one is linear up to
MOST_POWERS = 200  # of the base, on one scale


@dataclass(frozen=True, slots=True)
class LogScale:
    """A scale with powers of `base`; `linear` is the number up to which one of both signs is linear, 0 without one."""

    base: float
    linear: float = 0.0

    def position(self, value: float) -> float:
        """Where a value is; only differences of positions mean something."""
        if not self.linear:
            return log10(max(value, LEAST))
        ratio = value / self.linear
        if isfinite(ratio):
            return asinh(ratio)
        return copysign(log(2) + log(abs(value)) - log(self.linear), value)  # what asinh is, for large numbers

    def _power(self, value: float) -> float:
        """The power of the base that a number above zero is."""
        if self.base == 10:
            return log10(value)
        return log2(value) if self.base == 2 else log(value, self.base)

    def whole(self, value: float, rounded: Callable[[float], int]) -> float:
        """The power of the base that a number above zero is rounded to."""
        return float(self.base ** rounded(self._power(value)))

    def range(self, least: float, most: float) -> tuple[float, float]:
        """Whole powers of the base around the data; one value has a power on each side."""
        if least == most:
            lower, upper = (least * self.base, most / self.base) if least < 0 else (least / self.base, most * self.base)
            least, most = lower, upper
        low, high = self._end(least, ceil, floor), self._end(most, floor, ceil)
        return (low, high) if self.linear else (max(low, high * self.base**-MOST_POWERS), high)

    def _end(self, value: float, below: Callable[[float], int], above: Callable[[float], int]) -> float:
        """A value moved outwards to a power of the base: as `above` rounds for a positive one, else as `below`."""
        if abs(value) < LEAST:
            return 0.0 if self.linear else LEAST
        return self.whole(value, above) if value > 0 else -self.whole(-value, below)

    def ticks(self, low: float, high: float, length: float, space: float) -> list[tuple[float, bool]]:
        """The values with a gridline on `length` pixels, and whether each has a label `space` pixels from others."""
        values = [value for value in self._splits(low, high) if low <= value <= high]
        per_position = length / max(self.position(high) - self.position(low), 1e-9)

        def distance(first: float, second: float) -> float:
            return abs(self.position(first) - self.position(second)) * per_position

        if self.linear and self.base != 10:
            return [(value, True) for value in values]
        digits, nth = "123456789", 1
        if self.base == 10:
            choices = ((9.0, digits), (7.0, "12357"), (5.0, "125"))
            digits = next((which for other, which in choices if distance(other, 10) >= space), "1")
        if digits == "1" or self.base != 10:
            apart = distance(1, 10 if self.base == 10 else self.base)
            nth = max(ceil(space / max(apart, 1e-9)), 1)
        # Counted from the highest one.
        return [
            (value, (value == 0 or number % nth == 0) and (value == 0 or _first_digit(value) in digits))
            for number, value in zip(range(len(values) - 1, -1, -1), values, strict=True)
        ]

    def _splits(self, low: float, high: float) -> Iterator[float]:
        if not self.linear:
            yield from self._above_zero(low, high)
            return
        negative = list(self._above_zero(max(self.linear, -high), -low)) if low < -self.linear else [self.linear]
        yield from (-value for value in reversed(negative))
        yield 0.0
        yield from self._above_zero(max(self.linear, low), high) if high > self.linear else [self.linear]

    def _above_zero(self, low: float, high: float) -> Iterator[float]:
        """From `low` on by the power of the base below it, then by the next one: 8, 9, 10, 20, 30."""
        step = self.whole(low, floor)
        value = low
        while value <= high:
            yield value
            value = float(f"{value + step:.12g}")
            if value >= float(f"{step * self.base:.12g}"):
                step = value


def log_range(scale: LogScale, values: Sequence[float], hard: tuple[float | None, float | None]) -> tuple[float, float]:
    """The range of an axis for numbers above zero; hard limits are moved outwards to powers of the base."""
    positive = [value for value in values if value > 0]
    low, high = (limit if limit is not None and limit > 0 else None for limit in hard)
    least = min(positive, default=1.0) if low is None else scale.whole(low, floor)
    most = max(positive, default=least) if high is None else scale.whole(high, ceil)
    begin, end = scale.range(least, most)
    return (begin, end) if begin < end else (1.0, 100.0)


def symmetric_range(
    scale: LogScale, values: tuple[float, float], hard: tuple[float | None, float | None], *, is_whole: bool
) -> tuple[float, float]:
    """The range of an axis for numbers of both signs; hard limits are kept as they are."""
    low, high = scale.range(*values)
    if is_whole:
        low, high = float(floor(low)), float(ceil(high))
    low, high = low if hard[0] is None else hard[0], high if hard[1] is None else hard[1]
    return (low, high) if low < high else (0.0, 100.0)


def _first_digit(value: float) -> str:
    return f"{abs(value):e}"[0]
