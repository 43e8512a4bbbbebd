"""Series as one table with a row for each value: time, the series' name, value; the newest first."""

from dataclasses import replace
from itertools import pairwise

from dashboards_py.panel_data.frame import Field, FieldType, Frame, Value
from dashboards_py.panel_data.names import TIME, VALUE, frame_name
from dashboards_py.panel_data.transformations._columns import sorted_rows
from dashboards_py.panel_data.transformations._refs import joined_refs
from dashboards_py.panel_data.transformations._transformation import Frames, Json

_SAMPLES = 100  # of the times that are looked at: MAX_TIME_COMPARISONS in dataframe/utils.ts


def transform(frames: Frames, _options: Json) -> Frames:
    """One frame; the frames as they are where one of them is not a series over time."""
    full = tuple(frame for frame in frames if frame.length)
    if not full or not all(_is_series(frame) for frame in full):
        return full
    rows: list[tuple[Value, Value, Value]] = []
    for frame in full:
        time, value = _columns(frame)
        name = frame_name(frame)
        rows += [(moment, name, item) for moment, item in zip(time.values, value.values, strict=True)]
    moments, names, values = zip(*rows, strict=True)
    time, value = _columns(full[0])
    fields = (
        _structure(time, TIME, moments),
        Field(name="Metric", type=FieldType.STRING, values=names),
        _structure(next(field for field in full[0].fields if field.type is not FieldType.TIME), VALUE, values),
    )
    frame = Frame(fields=fields, ref=joined_refs("seriesToRows", full))
    return (sorted_rows(frame, fields[0], descending=True),)


def _columns(frame: Frame) -> tuple[Field, Field]:
    """The last time of the frame, and the first field that is another one."""
    index = max(index for index, field in enumerate(frame.fields) if field.type is FieldType.TIME)
    return frame.fields[index], frame.fields[0 if index else 1]


def _structure(field: Field, name: str, values: tuple[Value, ...]) -> Field:
    """A field like this one with other values, and without a name that was given to it."""
    config = replace(field.config, display_name="", name_from_source="")
    return Field(name=name, type=field.type, values=values, config=config)


def _is_series(frame: Frame) -> bool:
    """Whether it has numbers, and a time that only grows."""
    times = [field for field in frame.fields if field.type is FieldType.TIME]
    has_numbers = any(field.type is FieldType.NUMBER for field in frame.fields)
    return has_numbers and any(_grows(field.values[:_SAMPLES]) for field in times)


def _grows(values: tuple[Value, ...]) -> bool:
    numbers = [value for value in values if isinstance(value, int | float)]
    return len(numbers) == len(values) and all(before < after for before, after in pairwise(numbers))
