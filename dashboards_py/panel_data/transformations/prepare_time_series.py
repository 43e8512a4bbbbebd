"""Series in one shape: side by side by time (wide), one frame each (multi), or below each other with labels (long).

Source: public/app/features/transformers/prepareTimeSeries.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.conversions import text
from dashboards_py.panel_data.frame import Field, FieldType, Frame, Value
from dashboards_py.panel_data.names import labels_text
from dashboards_py.panel_data.transformations._columns import sorted_rows
from dashboards_py.panel_data.transformations._join import joined
from dashboards_py.panel_data.transformations._transformation import Frames, Json, NotApplied

_LABELS = (FieldType.STRING, FieldType.BOOLEAN)


def transform(frames: Frames, options: Json) -> Frames:
    """The frames in the shape that `format` names."""
    shape = json_fields.text(options, "format") or "wide"
    if not frames:
        return frames
    if shape == "wide":
        return (_wide(frames),)
    if shape not in ("multi", "many", "long"):
        raise NotApplied(f"its format {shape[:100]!r} is unknown")
    tables = [_table(frame) for frame in frames if _time(frame)]
    if shape == "long":
        return tuple(_long(table) for table in tables)
    return tuple(series for table in tables for series in _multi(table))


def _time(frame: Frame) -> Field | None:
    return next((field for field in frame.fields if field.type is FieldType.TIME), None)


def _wide(frames: Frames) -> Frame:
    """All frames joined by their first time; a single frame with that time first."""
    if len(frames) > 1:
        return joined(frames, "", "outer", "")
    time = _time(frames[0])
    if time is None:
        return frames[0]
    others = [field for field in frames[0].fields if field is not time]
    return sorted_rows(replace(frames[0], fields=(time, *others)), time)


@dataclass(frozen=True, slots=True)
class _Row:
    """The values of the series that have the same labels, at a moment."""

    time: Value
    labels: Mapping[str, Value]
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class _Table:
    """A frame as rows, in order of time."""

    frame: Frame
    time: str
    labels: tuple[str, ...]
    values: tuple[str, ...]
    rows: tuple[_Row, ...]


def _table(frame: Frame) -> _Table:
    time = _time(frame)
    assert time is not None, "only frames with a time are tables"
    factors = {field.name: field for field in reversed(frame.fields) if field.type in _LABELS}
    numbers = [field for field in frame.fields if field.type is FieldType.NUMBER]
    sets = {labels_text(field.labels): field.labels for field in numbers}
    in_order = sorted_rows(Frame(fields=(time, *factors.values(), *numbers)), time)
    columns = [field.values for field in in_order.fields]
    rows = []
    for row, moment in enumerate(columns[0]):
        of_row = {name: columns[1 + index][row] for index, name in enumerate(factors)}
        for key in sorted(sets):
            values = {
                field.name: columns[1 + len(factors) + index][row]
                for index, field in enumerate(numbers)
                if labels_text(field.labels) == key
            }
            rows.append(_Row(moment, {**of_row, **sets[key]}, values))
    labels = {*factors, *(label for labels in sets.values() for label in labels)}
    names = {field.name for field in numbers}
    return _Table(frame, time.name, tuple(sorted(labels)), tuple(sorted(names)), tuple(rows))


def _long(table: _Table) -> Frame:
    fields = [Field(name=table.time, type=FieldType.TIME, values=tuple(row.time for row in table.rows))]
    fields += [
        Field(name=name, type=FieldType.NUMBER, values=tuple(row.values.get(name) for row in table.rows))
        for name in table.values
    ]
    fields += [
        Field(name=name, type=FieldType.STRING, values=tuple(row.labels.get(name) for row in table.rows))
        for name in table.labels
    ]
    return replace(table.frame, fields=tuple(fields))


def _multi(table: _Table) -> list[Frame]:
    """A frame for each value and set of labels; what is not there is left out, for it comes from a join."""
    result = []
    for name in table.values:
        series: dict[str, list[_Row]] = {}
        for row in table.rows:
            if row.time is not None and (row.values.get(name) is not None or not table.labels):
                key = "/".join(
                    "" if row.labels.get(label) is None else text(row.labels[label]) for label in table.labels
                )
                series.setdefault(key, []).append(row)
        for rows in series.values():
            labels = {label: text(value) for label, value in rows[0].labels.items() if value is not None}
            fields = (
                Field(name=table.time, type=FieldType.TIME, values=tuple(row.time for row in rows)),
                Field(
                    name=name, type=FieldType.NUMBER, values=tuple(row.values.get(name) for row in rows), labels=labels
                ),
            )
            result.append(replace(table.frame, fields=fields))
    return result
