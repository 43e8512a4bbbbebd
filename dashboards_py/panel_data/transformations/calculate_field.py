"""A field calculated from others: row by row, from two fields, from one, over a window, or the number of the row."""

from dataclasses import replace

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.conversions import number
from dashboards_py.panel_data.frame import Field, FieldConfig, FieldType, Frame
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.reduce import reducer_id, reducer_name
from dashboards_py.panel_data.transformations import _calculations as calculations
from dashboards_py.panel_data.transformations._calculations import Numbers
from dashboards_py.panel_data.transformations._join import joined
from dashboards_py.panel_data.transformations._refs import joined_refs
from dashboards_py.panel_data.transformations._transformation import Frames, Json, NotApplied


def transform(frames: Frames, options: Json) -> Frames:
    """The frames, series joined by time, each with the new field; with replaceFields only with that and the time."""
    mode = json_fields.text(options, "mode") or "reduceRow"
    by_time = options.get("timeSeries") is not False
    right = json_fields.mapping(options, "binary").get("right")
    fixed = right.get("fixed") if isinstance(right, dict) else right
    is_constant = mode == "binary" and fixed is not None and number(fixed) == number(fixed)
    if by_time and not is_constant:
        frames = _by_time(frames)
    names = Names(frames)
    if mode == "index":
        return tuple(_numbered(frame, options) for frame in frames)
    if mode == "binary" and (kind := calculations.type_of_all(options)):
        frames_of_type = (_each_of_type(frame, names, options, kind, by_time) for frame in frames)
        return tuple(frame for frame in frames_of_type if frame is not None)
    calculated = (
        _calculated(frame, calculations.values(frame, names, mode, options), options, by_time) for frame in frames
    )
    return tuple(frame for frame in calculated if frame is not None)


def _by_time(frames: Frames) -> Frames:
    """The frames as one, if each has a time of the same name. Source: ensureColumns.ts."""
    times = {field.name if (field := _time(frame)) else None for frame in frames}
    if len(frames) < 2 or len(times) > 1 or None in times:
        return frames
    name = times.pop() or ""
    return (joined(frames, name, "outer", joined_refs("joinByField", frames)),)


def _time(frame: Frame) -> Field | None:
    return next((field for field in frame.fields if field.type is FieldType.TIME), None)


def _calculated(frame: Frame, values: Numbers | None, options: Json, by_time: bool) -> Frame | None:
    """The frame with the field; None where it would be replaced and there is nothing to calculate."""
    replaces = bool(options.get("replaceFields"))
    if values is None:
        return None if replaces else frame
    alias = json_fields.text(options, "alias")
    field = Field(
        name=alias or _name(options), type=FieldType.NUMBER, values=values, config=FieldConfig(display_name=alias)
    )
    time = _time(frame)
    before = frame.fields if not replaces else ((time,) if time and by_time else ())
    return replace(frame, fields=(*before, field))


def _each_of_type(frame: Frame, names: Names, options: Json, kind: str, by_time: bool) -> Frame | None:
    """The frame with a new field for each field of a type."""
    replaces, time = bool(options.get("replaceFields")), _time(frame)
    binary = json_fields.mapping(options, "binary")
    fields = [time] if time and by_time else []
    is_new = False
    for field in frame.fields:
        if not replaces and not (by_time and field is time):  # the time is there already
            fields.append(field)
        if field.type.value != kind:
            continue
        values = calculations.with_right(frame, names, field.values, options)
        if values is None:
            return None
        name = f"{field.name} {json_fields.text(binary, 'operator') or '+'} {calculations.side_name(options, 'right')}"
        fields.append(replace(field, name=name, values=values))
        is_new = True
    return None if replaces and not is_new else replace(frame, fields=tuple(fields))


def _numbered(frame: Frame, options: Json) -> Frame:
    """The frame with the number of each row, from 0, or its share of all rows."""
    is_share = bool(json_fields.mapping(options, "index").get("asPercentile"))
    values = tuple(row / frame.length if is_share else float(row) for row in range(frame.length))
    alias = options.get("alias")
    name = alias if isinstance(alias, str) else "Row"
    config = FieldConfig(unit="percentunit") if is_share else FieldConfig()
    field = Field(name=name, type=FieldType.NUMBER, values=values, config=config)
    return replace(frame, fields=(field,) if options.get("replaceFields") else (*frame.fields, field))


def _name(options: Json) -> str:
    """What Grafana calls the field where the options give no name. Source: getNameFromOptions."""
    mode = json_fields.text(options, "mode") or "reduceRow"
    if mode == "binary":
        left, right = calculations.side_name(options, "left"), calculations.side_name(options, "right")
        operator = json_fields.text(json_fields.mapping(options, "binary"), "operator") or "+"
        return f"{left} {operator} {right}" if left and right and "$" not in left + right else ""
    if mode == "reduceRow":
        reducer = reducer_id(json_fields.text(json_fields.mapping(options, "reduce"), "reducer") or "sum")
        return reducer_name(reducer) if reducer else "math"
    if mode not in ("unary", "cumulativeFunctions", "windowFunctions"):
        raise NotApplied(f"its mode {mode[:100]!r} is unknown")
    key = {"cumulativeFunctions": "cumulative", "windowFunctions": "window"}.get(mode, "unary")
    part = json_fields.mapping(options, key)
    field = json_fields.text(part, "fieldName" if key == "unary" else "field")
    function = json_fields.text(part, "operator") if key == "unary" else json_fields.text(part, "reducer")
    if key == "cumulative":
        function = f"cumulative {function or 'sum'}"
    elif key == "window":
        function = f"{json_fields.text(part, 'windowAlignment') or 'trailing'} moving {function or 'mean'}"
    else:
        function = function or "abs"
    return f"{function}({field})" if field else function
