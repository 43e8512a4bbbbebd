"""Frames by rows and columns: picked rows, sorted rows, columns of one length."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cmp_to_key
from typing import Any

from dashboards_py.panel_data.collation import letter_key
from dashboards_py.panel_data.frame import Field, FieldType, Frame, Value

_NUMBER = re.compile(r"\s*(-?(\d*\.?\d+|\d+\.?\d*)(e[-+]?\d+)?|NAN)\s*", re.IGNORECASE | re.ASCII)


def picked(frame: Frame, rows: Sequence[int]) -> Frame:
    """The frame with these of its rows, in this order."""
    fields = (replace(field, values=tuple(field.values[row] for row in rows)) for field in frame.fields)
    return replace(frame, fields=tuple(fields))


def of_length(values: Iterable[Value], length: int) -> tuple[Value, ...]:
    """Values cut to a length, or filled up with null."""
    cut = tuple(values)[:length]
    return cut + (None,) * (length - len(cut))


def sorted_rows(frame: Frame, field: Field, *, descending: bool = False) -> Frame:
    """The frame with its rows in order of a field's values, as Grafana compares them by the field's type."""
    rows = range(len(field.values))
    key = _key(field)
    if key is None:
        return picked(frame, rows[::-1] if descending else rows)
    return picked(frame, sorted(rows, key=lambda row: key(field.values[row]), reverse=descending))


def _key(field: Field) -> Callable[[Value], Any] | None:
    """What rows are sorted by; None: by their position."""
    if field.type in (FieldType.NUMBER, FieldType.TIME):
        if any(isinstance(value, float) and math.isnan(value) for value in field.values):
            return cmp_to_key(_compare)
        return _number
    if field.type is FieldType.STRING:
        return lambda value: (not value, letter_key(str(value)) if value else ())
    return (lambda value: not value) if field.type is FieldType.BOOLEAN else None


def _number(value: Value) -> float:
    """Null counts as 0."""
    return float(value) if isinstance(value, int | float) else 0.0


def _compare(left: Value, right: Value) -> int:
    """NaN counts as equal to any number."""
    return (_number(left) > _number(right)) - (_number(left) < _number(right))


def guessed_type(name: str, values: Iterable[object]) -> FieldType:
    """The type of a field by its name and first value, as guessFieldTypeForField."""
    if name.lower() in ("date", "time"):
        return FieldType.TIME
    first = next((value for value in values if value is not None), None)
    if isinstance(first, bool) or first in ("true", "TRUE", "True", "false", "FALSE", "False"):
        return FieldType.BOOLEAN
    if isinstance(first, int | float) or (isinstance(first, str) and _NUMBER.fullmatch(first)):
        return FieldType.NUMBER
    return FieldType.STRING if isinstance(first, str) else FieldType.OTHER
