"""Functions of single values: arithmetic, and dates."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import numpy as np

from dashboards_py.demo.engine.vector import Floats

Function = Callable[[Floats], Floats]

ARITHMETIC: Mapping[str, Function] = {
    "abs": np.abs,
    "acos": np.arccos,
    "acosh": np.arccosh,
    "asin": np.arcsin,
    "asinh": np.arcsinh,
    "atan": np.arctan,
    "atanh": np.arctanh,
    "ceil": np.ceil,
    "cos": np.cos,
    "cosh": np.cosh,
    "deg": np.degrees,
    "exp": np.exp,
    "floor": np.floor,
    "ln": np.log,
    "log10": np.log10,
    "log2": np.log2,
    "rad": np.radians,
    "sgn": np.sign,
    "sin": np.sin,
    "sinh": np.sinh,
    "sqrt": np.sqrt,
    "tan": np.tan,
    "tanh": np.tanh,
}


def rounded(values: Floats, nearest: Floats) -> Floats:
    """The values as multiples of `nearest`; what lies between two of them is rounded up."""
    inverse = 1.0 / nearest
    return np.floor(values * inverse + 0.5) / inverse


def clamped(values: Floats, lowest: Floats, highest: Floats) -> Floats:
    """The values within limits."""
    return np.maximum(lowest, np.minimum(highest, values))


def _of_date(part: Callable[[datetime], int]) -> Function:
    def function(values: Floats) -> Floats:
        result = np.full(values.shape, np.nan)
        for index, seconds in np.ndenumerate(values):
            result[index] = part(datetime.fromtimestamp(int(seconds), UTC)) if np.isfinite(seconds) else np.nan
        return result

    return function


DATES: Mapping[str, Function] = {
    "day_of_month": _of_date(lambda date: date.day),
    "day_of_week": _of_date(lambda date: date.isoweekday() % 7),
    "day_of_year": _of_date(lambda date: date.timetuple().tm_yday),
    "days_in_month": _of_date(lambda date: monthrange(date.year, date.month)[1]),
    "hour": _of_date(lambda date: date.hour),
    "minute": _of_date(lambda date: date.minute),
    "month": _of_date(lambda date: date.month),
    "year": _of_date(lambda date: date.year),
}
