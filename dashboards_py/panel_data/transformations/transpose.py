"""Rows as columns and columns as rows."""

from dataclasses import replace

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.conversions import text
from dashboards_py.panel_data.frame import Field, FieldType, Frame, Value
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.transformations._texts import empty_cell
from dashboards_py.panel_data.transformations._transformation import Frames, Json


def transform(frames: Frames, options: Json) -> Frames:
    """Frames with a column for each row, named by the first field if that is of texts or times."""
    names = Names(frames)
    return tuple(_transposed(frame, names, options) if frame.fields else frame for frame in frames)


def _transposed(frame: Frame, names: Names, options: Json) -> Frame:
    first_name = json_fields.text(options, "firstFieldName") or "Field"
    rest_name = json_fields.text(options, "restFieldsName") or "Value"
    empty = empty_cell(options.get("emptyValue"))
    first = frame.fields[0]
    has_headers = first.type in (FieldType.STRING, FieldType.TIME)
    rest = frame.fields[1:] if has_headers else frame.fields
    kinds = {field.type for field in rest}
    kind = kinds.pop() if len(kinds) == 1 else FieldType.STRING
    columns = [Field(name=first_name, type=FieldType.STRING, values=tuple(names.of(field, frame) for field in rest))]
    for row, header in enumerate(first.values):
        values = tuple(_cell(field.values[row], kind, empty) for field in rest)
        label = str(_cell(header, FieldType.STRING, empty)) if has_headers else str(row + 1)
        columns.append(
            Field(name=rest_name, type=kind, values=values, labels={first.name if has_headers else "row": label})
        )
    return replace(frame, fields=tuple(columns), ref=f"transpose-{frame.ref}")


def _cell(value: Value, kind: FieldType, empty: Value) -> Value:
    if kind is not FieldType.STRING:
        return value
    return empty if value is None else text(value)
