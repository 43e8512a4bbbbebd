"""Fields converted to another type: texts to numbers, numbers to times, and so on."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.conversions import number, text
from dashboards_py.panel_data.frame import Field, FieldType, Value
from dashboards_py.panel_data.matchers import field_matcher
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.transformations._texts import time_texts
from dashboards_py.panel_data.transformations._transformation import Frames, Json, NotApplied


def transform(frames: Frames, options: Json) -> Frames:
    """The frames after each conversion, in order."""
    for conversion in json_fields.mappings(options, "conversions"):
        target = json_fields.text(conversion, "targetField")
        matches = field_matcher("byName", target)
        if not target or matches is None:
            continue
        names = Names(frames)
        frames = tuple(
            replace(
                frame,
                fields=tuple(
                    _converted(field, conversion) if matches(field, frame, names) else field for field in frame.fields
                ),
            )
            for frame in frames
        )
    return frames


def _converted(field: Field, conversion: Json) -> Field:
    kind, pattern = json_fields.text(conversion, "destinationType"), json_fields.text(conversion, "dateFormat")
    if kind not in _CONVERSIONS:
        raise NotApplied(f"the type {kind[:100]!r} is not supported")
    return _CONVERSIONS[kind](field, pattern)


def _numbers(field: Field, _pattern: str) -> Field:
    values = [
        None if value is None else number(value.replace(",", "") if isinstance(value, str) else value)
        for value in field.values
    ]
    finite = tuple(None if value is None or value - value != 0 else value for value in values)
    return replace(field, type=FieldType.NUMBER, values=finite)


def _texts(field: Field, pattern: str) -> Field:
    if field.type is FieldType.TIME:
        return replace(field, type=FieldType.STRING, values=time_texts(field, pattern))
    if field.type in (FieldType.STRING, FieldType.OTHER):
        values = tuple(json.dumps(value, ensure_ascii=False) for value in field.values)
    else:
        values = tuple(text(value) for value in field.values)
    return replace(field, type=FieldType.STRING, values=values)


def _switches(field: Field, _pattern: str) -> Field:
    values = tuple(bool(value) and value == value for value in field.values)  # NaN is false
    return replace(field, type=FieldType.BOOLEAN, values=values)


def _times(field: Field, pattern: str) -> Field:
    first = field.values[0] if field.values else None
    if isinstance(first, int | float) and pattern != "X":
        return replace(field, type=FieldType.TIME)
    return replace(field, type=FieldType.TIME, values=tuple(_milliseconds(value) for value in field.values))


def _milliseconds(value: Value) -> float | None:
    """A time of a number of seconds, or of a text in ISO 8601; null for any other."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value * 1000 if value and value - value == 0 else None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000


_CONVERSIONS: Mapping[str, Callable[[Field, str], Field]] = {
    "number": _numbers,
    "string": _texts,
    "boolean": _switches,
    "time": _times,
}
