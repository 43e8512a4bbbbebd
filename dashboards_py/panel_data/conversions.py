"""Values as JavaScript converts them: to text, to numbers, and quotients."""

import math
from typing import Any

from dashboards_py.panel_data.javascript import as_float, number_text, parse_float, to_number

_EXACT = 2**53  # from which on not every whole number is a double
_DEEPEST = 100  # levels, as in documents of boards


def text(value: object) -> str:
    """String(value)."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value) if isinstance(value, int | float) else str(value)


def number(value: object) -> float:
    """Number(value), NaN where it is no number."""
    if value is None:
        return 0.0
    return as_float(value) if isinstance(value, bool | int | float) else to_number(str(value))


def leading_number(value: object) -> float:
    """parseFloat(value): the number that its text begins with, NaN where it begins with none."""
    return parse_float(text(value))


def doubles(value: Any, depth: int = 0) -> Any:
    """JSON as JSON.parse reads it: each number is a double, so that a whole one may be infinite; too deep is null."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < _EXACT else as_float(value)
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {key: doubles(item, depth + 1) for key, item in value.items()}
    return [doubles(item, depth + 1) for item in value] if isinstance(value, list) else value


def divided(dividend: float, divisor: float) -> float:
    """A quotient; that by zero is infinite or NaN."""
    if divisor:
        return dividend / divisor
    if dividend == 0 or math.isnan(dividend):
        return math.nan
    return math.copysign(math.inf, dividend) * math.copysign(1, divisor)
