"""Numbers in what a board or a source of data has: everything else is none."""

from collections.abc import Mapping
from math import inf, isfinite
from typing import Any

LARGEST = 1e300  # beyond it sums of a few would be infinite


def finite(value: object) -> float | None:
    """The value as a number; None if it is something else, not a number, or too large to draw."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) and abs(number) < LARGEST else None


def is_huge(value: object) -> bool:
    """Whether the value is a number that is too large to draw; one that is infinite is a gap in Grafana too."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return finite(value) is None and value == value and abs(value) != inf


def positive(values: Mapping[str, Any], key: str, default: float) -> float:
    """The number above zero at a key of a JSON object, otherwise the default."""
    number = finite(values.get(key))
    return number if number is not None and number > 0 else default


def decimals(values: Mapping[str, Any]) -> int | None:
    """The option `decimals` of a JSON object, if it is a number of digits that Grafana writes (0 to 20)."""
    digits = values.get("decimals")
    return digits if isinstance(digits, int) and not isinstance(digits, bool) and 0 <= digits <= 20 else None
