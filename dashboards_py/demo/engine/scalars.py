"""Functions of single values: arithmetic, and dates."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import numpy as np

from dashboards_py.demo.engine.errors import NotSupported
from dashboards_py.demo.engine.vector import Floats, Mask

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


DATES: Mapping[str, Callable[[datetime], int]] = {
    "day_of_month": lambda date: date.day,
    "day_of_week": lambda date: date.isoweekday() % 7,
    "day_of_year": lambda date: date.timetuple().tm_yday,
    "days_in_month": lambda date: monthrange(date.year, date.month)[1],
    "hour": lambda date: date.hour,
    "minute": lambda date: date.minute,
    "month": lambda date: date.month,
    "year": lambda date: date.year,
}


def date_part(name: str, values: Floats, present: Mask) -> Floats:
    """A part of the date that each value is, in seconds since 1970; years before 1 and after 9999 are not supported."""
    part, result = DATES[name], np.full(values.shape, np.nan)
    for index in zip(*np.nonzero(present), strict=True):
        try:
            result[index] = part(datetime.fromtimestamp(int(values[index]), UTC))
        except (ValueError, OverflowError, OSError) as error:
            raise NotSupported(f"{name}() of {values[index]:g}") from error
    return result
