"""Numbers with a unit behind or before them, in thousands, as hexadecimal digits and so on.

Source: @grafana/data, valueFormats: valueFormats.ts, arithmeticFormatters.ts, symbolFormatters.ts.
"""

import math
from collections.abc import Sequence

from dashboards_py.panel_data.javascript import (
    exponential_text,
    grouped_text,
    hexadecimal_text,
    number_text,
    parse_float,
    power_of_ten,
    rounded,
)
from dashboards_py.panel_data.units.formatted import Clock, Format, Formatted

NOTHING = Formatted("")
SI_PREFIXES = ("f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E", "Z", "Y")
SI_BASE = SI_PREFIXES.index("")
BINARY_PREFIXES = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi")
COUNT_PREFIXES = ("", "K", "M", "B", "T")


def to_fixed(value: float | None, decimals: int | None = None) -> str:
    """A number with so many decimals; None: three digits that count, none for a whole number."""
    if value is None:
        return ""
    if math.isinf(value):
        return grouped_text(value)
    if decimals is None:
        decimals = automatic_decimals(value)
    if value == 0:
        return f"{0:.{decimals}f}" if 0 <= decimals <= 100 else "0"
    factor = power_of_ten(max(0, decimals))
    text = number_text(_divide(rounded(value * factor), factor))
    if "e" in text:
        return text
    precision = len(text) - text.index(".") - 1 if "." in text else 0
    if precision < decimals:
        # Zeros, or what String(factor) has in their place where the factor itself is written with an exponent.
        return text + ("" if precision else ".") + number_text(factor)[1 : max(1, decimals - precision + 1)]
    return text


def automatic_decimals(value: float) -> int:
    """How many decimals tell three digits of a number; none for a whole number."""
    if not math.isfinite(value) or value % 1 == 0:
        return 0
    return max(0, 2 - math.floor(math.log(abs(value)) / math.log(10)))


def fixed(unit: str, before: bool = False) -> Format:
    """A number with its unit behind a space, or before it."""

    def write(value: float | None, decimals: int | None, _: Clock) -> Formatted:
        if value is None or not unit:
            return Formatted(to_fixed(value, decimals))
        text = to_fixed(value, decimals)
        return Formatted(text, prefix=unit) if before else Formatted(text, suffix=f" {unit}")

    return write


def percent(factor: float) -> Format:
    """A share of 100, or of 1 with the factor 100."""

    def write(value: float | None, decimals: int | None, _: Clock) -> Formatted:
        return NOTHING if value is None else Formatted(to_fixed(value * factor, decimals), suffix="%")

    return write


def scaled(factor: int, suffixes: Sequence[str], base: int = 0) -> Format:
    """A number in the largest step of `suffixes` that it reaches, each `factor` times the one before.

    `base` is the index of the suffix that the number itself is in.
    """

    def write(value: float | None, decimals: int | None, _: Clock) -> Formatted:
        if value is None:
            return NOTHING
        if not math.isfinite(value):
            return Formatted(grouped_text(value))
        step = math.floor(math.log10(abs(value)) / math.log10(factor)) if value else 0
        suffix = suffixes[min(max(base + step, 0), len(suffixes) - 1)]
        exponent = min(max(step, -base), len(suffixes) - base - 1)
        divisor = power_of_ten(3 * exponent) if factor == 1000 else float(factor) ** exponent
        return Formatted(to_fixed(_divide(value, divisor), decimals), suffix=suffix)

    return write


def si(unit: str, offset: int = 0) -> Format:
    """A unit with the prefixes of the International System; `offset` 1: the number is in thousands of it."""
    return scaled(1000, [f" {prefix}{unit}" for prefix in SI_PREFIXES], SI_BASE + offset)


def binary(unit: str, offset: int = 0) -> Format:
    """A unit with the prefixes of 1024; `offset` 1: the number is in 1024s of it."""
    return scaled(1024, [f" {prefix}{unit}" for prefix in BINARY_PREFIXES], offset)


def count(unit: str) -> Format:
    """A count in thousands, millions and so on. An infinite one reads "∞undefined ops/s", as in Grafana."""
    scale = scaled(1000, COUNT_PREFIXES)

    def write(value: float | None, decimals: int | None, clock: Clock) -> Formatted:
        if value is None:
            return NOTHING
        shown = scale(value, decimals, clock)
        return Formatted(shown.text, suffix=f"{shown.suffix if math.isfinite(value) else 'undefined'} {unit}")

    return write


def currency(symbol: str, behind: bool = False) -> Format:
    """An amount in thousands, millions and so on, with a symbol before or behind it."""
    scale = scaled(1000, COUNT_PREFIXES)

    def write(value: float | None, decimals: int | None, clock: Clock) -> Formatted:
        if value is None:
            return NOTHING
        shown = scale(abs(value), decimals, clock)
        sign = "-" if value < 0 else ""
        if not behind:
            return Formatted(shown.text, f"{sign}{symbol}", shown.suffix)
        return Formatted(shown.text, sign, f"{shown.suffix}{symbol}" if math.isfinite(value) else "")

    return write


def full_currency(symbol: str, behind: bool = False) -> Format:
    """A whole amount with its thousands apart: $1,234.5."""

    def write(value: float | None, decimals: int | None, _: Clock) -> Formatted:
        if value is None:
            return NOTHING
        digits = (0, 1) if decimals is None or not 0 <= decimals <= 100 else (decimals, decimals)
        return Formatted(grouped_text(value, *digits), "" if behind else symbol, symbol if behind else "")

    return write


def boolean(true: str, false: str) -> Format:
    """One text for 0, NaN and nothing, another for all else."""

    def write(value: float | None, _: int | None, __: Clock) -> Formatted:
        return Formatted(true if value and not math.isnan(value) else false)

    return write


def grouped(value: float | None, decimals: int | None, _: Clock) -> Formatted:
    """A number with its thousands apart and at most three decimals, or as many as are asked for."""
    most = 3 if decimals is None or not 0 <= decimals <= 100 else decimals
    return NOTHING if value is None else Formatted(grouped_text(value, 0, most))


def plain(value: float | None, _: int | None, __: Clock) -> Formatted:
    """All digits of a number."""
    return Formatted("null" if value is None else number_text(value))


def scientific(value: float | None, decimals: int | None, _: Clock) -> Formatted:
    """A number with an exponent."""
    return NOTHING if value is None else Formatted(exponential_text(value, decimals))


def hexadecimal(mark: str) -> Format:
    """A number to base 16, with a mark before its digits."""

    def write(value: float | None, decimals: int | None, _: Clock) -> Formatted:
        if value is None:
            return NOTHING
        # An infinite number is written as a sign, which is no number when it is read again.
        digits = hexadecimal_text(parse_float(to_fixed(value, decimals))).upper()
        negative = digits.startswith("-") and bool(mark)
        return Formatted(f"-{mark}{digits[1:]}" if negative else f"{mark}{digits}")

    return write


def _divide(value: float, divisor: float) -> float:
    """The operator /, which yields NaN or an infinite number where Python raises."""
    if divisor == 0:
        return math.nan if value == 0 or math.isnan(value) else math.copysign(math.inf, value)
    return value / divisor
