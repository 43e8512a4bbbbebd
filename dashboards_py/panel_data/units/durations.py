"""Lengths of time: in the largest unit that fits, in words, and as a clock.

Source: @grafana/data, valueFormats/dateTimeFormatters.ts.
"""

import math
from typing import NamedTuple

from dashboards_py.panel_data.javascript import number_text, remainder
from dashboards_py.panel_data.units.formatted import Clock, Format, Formatted
from dashboards_py.panel_data.units.moments import format_moment
from dashboards_py.panel_data.units.numbers import NOTHING, to_fixed


class Step(NamedTuple):
    """A unit for numbers below `limit`: the number divided by `divisor`; some end in s above one."""

    limit: float
    divisor: float
    suffix: str
    plural: bool = True


_MINUTE, _HOUR, _DAY, _WEEK, _YEAR = 60, 3600, 86400, 604800, 31536000
# The divisors for years are Grafana's, which differ from unit to unit.
STEPS: dict[str, tuple[Step, ...]] = {
    "ns": (
        Step(1e3, 1, " ns"),
        Step(1e6, 1e3, " µs"),
        Step(1e9, 1e6, " ms"),
        Step(6e10, 1e9, " s"),
        Step(36e11, 6e10, " min"),
        Step(864e11, 36e11, " hour"),
        Step(math.inf, 864e11, " day"),
    ),
    "µs": (Step(1e3, 1, " µs"), Step(1e6, 1e3, " ms"), Step(math.inf, 1e6, " s")),
    "ms": (
        Step(1e3, 1, " ms"),
        Step(_MINUTE * 1e3, 1e3, " s"),
        Step(_HOUR * 1e3, _MINUTE * 1e3, " min"),
        Step(_DAY * 1e3, _HOUR * 1e3, " hour"),
        Step(_YEAR * 1e3, _DAY * 1e3, " day"),
        Step(math.inf, _YEAR * 1e3, " year"),
    ),
    "s": (
        Step(1e-6, 1e-9, " ns"),
        Step(1e-3, 1e-6, " µs"),
        Step(1, 1e-3, " ms"),
        Step(_MINUTE, 1, " s"),
        Step(_HOUR, _MINUTE, " min"),
        Step(_DAY, _HOUR, " hour"),
        Step(_WEEK, _DAY, " day"),
        Step(_YEAR, _WEEK, " week"),
        Step(math.inf, 31556900, " year"),
    ),
    "m": (
        Step(60, 1, " min", plural=False),
        Step(1440, 60, " hour"),
        Step(10080, 1440, " day"),
        Step(604800, 10080, " week"),
        Step(math.inf, 525948, " year"),
    ),
    "h": (
        Step(24, 1, " hour", plural=False),
        Step(168, 24, " day"),
        Step(8760, 168, " week"),
        Step(math.inf, 8760, " year"),
    ),
    "d": (Step(7, 1, " day"), Step(365, 7, " week"), Step(math.inf, 365, " year")),
}
_PLURALS = (" min", " hour", " day", " week", " year")
_INTERVALS = {
    "year": 31536e6,
    "month": 2592e6,
    "week": 6048e5,
    "day": 864e5,
    "hour": 36e5,
    "minute": 6e4,
    "second": 1e3,
    "millisecond": 1.0,
}


def duration(unit: str, scale: float = 1) -> Format:
    """A length of time in the largest unit that fits it. `unit` is a key of STEPS, of which a number is 1/scale."""
    steps = STEPS[unit]

    def write(value: float | None, decimals: int | None, _: Clock) -> Formatted:
        if value is None and scale == 1:
            return NOTHING
        number = (value or 0.0) / scale
        if number == 0 and unit == "s":
            return Formatted("0", suffix=" s")
        step = next((step for step in steps if abs(number) < step.limit), steps[-1])
        # What is below the unit of the number is multiplied, as Grafana does it: the last digit may depend on it.
        shown = number * round(1 / step.divisor) if step.divisor < 1 else number / step.divisor
        several = step.plural and step.suffix in _PLURALS and abs(shown) > 1
        return Formatted(to_fixed(shown, decimals), suffix=step.suffix + "s" * several)

    return write


def in_words(interval: str) -> Format:
    """A length of time in words, the largest interval and as many smaller ones as there are decimals."""

    def write(value: float | None, decimals: int | None, clock: Clock) -> Formatted:
        if value is None:
            return NOTHING
        if value == 0:
            return Formatted("0", suffix=f" {interval}s")
        if value < 0:
            shown = write(-value, decimals, clock)
            return Formatted(shown.text, suffix=f"{shown.suffix} ago")
        words: list[str] = []
        rest, left = value * _INTERVALS[interval], decimals or 0
        for name, length in _INTERVALS.items():
            if left < 0:
                break
            if words or rest / length >= 1:
                whole = _floor(rest / length)
                words.append(f"{number_text(whole)} {name}{'' if whole == 1 else 's'}")
                rest, left = remainder(rest, length), left - 1
        return Formatted(", ".join(words))

    return write


def clock_time(value: float | None, _: int | None, __: Clock) -> Formatted:
    """Seconds as hours, minutes and seconds: 01:02:03."""
    return _clock_time(value, days=False)


def days_and_clock_time(value: float | None, _: int | None, __: Clock) -> Formatted:
    """Seconds as days, hours, minutes and seconds: 4 d 01:02:03."""
    return _clock_time(value, days=True)


def _clock_time(value: float | None, *, days: bool) -> Formatted:
    number = value or 0.0
    if number < 0:
        return Formatted(_clock_time(-number, days=days).text, suffix=" ago")
    whole = _floor(number / 86400) if days else 0.0
    seconds = abs(number - whole * 24 * 3600)  # of a number so large that its seconds are lost, less than none
    parts = (
        _floor(seconds / 3600),
        _floor(remainder(seconds, 3600) / 60),
        _floor(remainder(remainder(seconds, 3600), 60)),
    )
    text = ":".join(("" if part > 9 else "0") + number_text(part) for part in parts)
    return Formatted(f"{number_text(whole)} d {text}" if whole > 0 else text)


def clock(factor: float) -> Format:
    """A length of time as 02h:03m:04s:005ms; decimals leave out its end. The number times `factor` is milliseconds."""

    def write(value: float | None, decimals: int | None, _: Clock) -> Formatted:
        if value is None and factor == 1:
            return NOTHING
        number = (value or 0.0) * factor
        if number < 1e3:
            return Formatted(format_moment(number, "SSS[ms]"))
        if number < 6e4:
            return Formatted(format_moment(number, "ss[s]" if decimals == 0 else "ss[s]:SSS[ms]"))
        if number < 36e5:
            return Formatted(
                format_moment(number, ("mm[m]", "mm[m]:ss[s]", "mm[m]:ss[s]:SSS[ms]")[_level(decimals, 1)])
            )
        hours = f"{number_text(_floor(number / 36e5))}h"
        pattern = ("", "mm[m]", "mm[m]:ss[s]", "mm[m]:ss[s]:SSS[ms]")[_level(decimals, 2)]
        return Formatted(f"{hours}:{format_moment(number, pattern)}" if pattern else hours)

    return write


def _level(decimals: int | None, most: int) -> int:
    """The index of a pattern: the decimals where these are few, the one behind otherwise."""
    return decimals if decimals is not None and 0 <= decimals <= most else most + 1


def _floor(value: float) -> float:
    return float(math.floor(value)) if math.isfinite(value) else value
