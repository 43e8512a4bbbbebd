"""A table of three columns as a matrix: one column's values are the rows, another's the columns."""

from dataclasses import replace

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.conversions import text
from dashboards_py.panel_data.frame import Field, Frame, Value
from dashboards_py.panel_data.matchers import field_matcher
from dashboards_py.panel_data.names import TIME, VALUE, Names
from dashboards_py.panel_data.transformations._texts import empty_cell
from dashboards_py.panel_data.transformations._transformation import Frames, Json


def transform(frames: Frames, options: Json) -> Frames:
    """One frame; the frames as they are where there are several, or a column is missing."""
    if len(frames) != 1:
        return frames
    (frame,) = frames
    row_name, column_name = (json_fields.text(options, key) or TIME for key in ("rowField", "columnField"))
    rows, columns = _field(frame, row_name), _field(frame, column_name)
    values = _field(frame, json_fields.text(options, "valueField") or VALUE)
    if rows is None or columns is None or values is None:
        return frames
    empty = empty_cell(options.get("emptyValue"))
    cells: dict[tuple[Value, Value], Value] = dict(
        zip(zip(columns.values, rows.values, strict=True), values.values, strict=True)
    )
    row_values = tuple(dict.fromkeys(rows.values))
    fields = [Field(name=f"{row_name}\\{column_name}", type=rows.type, values=row_values, config=rows.config)]
    for column in dict.fromkeys(columns.values):
        in_column = tuple(empty if cells.get((column, row)) is None else cells[column, row] for row in row_values)
        is_number = isinstance(column, int | float) and not isinstance(column, bool)
        source = "" if is_number else values.config.name_from_source
        config = replace(values.config, display_name="", name_from_source=source)
        name = "" if column is None else text(column)
        fields.append(Field(name=name, type=values.type, values=in_column, config=config))
    return (Frame(fields=tuple(fields)),)


def _field(frame: Frame, name: str) -> Field | None:
    matches, names = field_matcher("byName", name), Names((frame,))
    return next((field for field in frame.fields if matches and matches(field, frame, names)), None)
