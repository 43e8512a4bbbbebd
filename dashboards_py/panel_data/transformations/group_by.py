"""Rows with the same values in some columns as one row, the other columns reduced."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.conversions import text
from dashboards_py.panel_data.frame import Field, FieldConfig, FieldType, Frame, Value
from dashboards_py.panel_data.names import VALUE, Names
from dashboards_py.panel_data.reduce import Reduced, reducer_id, reduction
from dashboards_py.panel_data.transformations._transformation import Frames, Json

_COUNTS = ("count", "countAll", "distinctCount", "changeCount")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is made of a column: a part of the key, or reductions."""

    is_key: bool
    reducers: tuple[str, ...]


def transform(frames: Frames, options: Json) -> Frames:
    """Frames with a row for each key; those without any of its columns are left out."""
    wanted = {name: _wanted(value) for name, value in json_fields.mapping(options, "fields").items()}
    keys = {name for name, of_name in wanted.items() if of_name.is_key}
    if not keys:
        return frames
    names = Names(frames)
    return tuple(grouped for frame in frames if (grouped := _grouped(frame, names, keys, wanted)))


def _wanted(value: Any) -> _Wanted:
    options = value if isinstance(value, Mapping) else {}
    reducers = tuple(name for name in json_fields.texts(options, "aggregations") if reducer_id(name))
    operation = options.get("operation")
    if operation == "groupby":
        return _Wanted(True, reducers if reducers == ("count",) else ())
    return _Wanted(False, reducers if operation == "aggregate" else ())


def _grouped(frame: Frame, names: Names, keys: set[str], wanted: Mapping[str, _Wanted]) -> Frame | None:
    by = [field for field in frame.fields if field.name in keys or names.of(field, frame) in keys]
    if not by:
        return None
    rows: dict[str, list[int]] = {}
    for row in range(frame.length):
        rows.setdefault(",".join(_part(field.values[row]) for field in by), []).append(row)
    fields = [
        Field(
            name=field.name,
            type=field.type,
            config=field.config,
            values=tuple(field.values[group[0]] for group in rows.values()),
        )
        for field in by
    ]
    for field in frame.fields:
        name = _name(field, frame, names, keys)
        for reducer in wanted[name].reducers if name in wanted else ():
            groups = [replace(field, values=tuple(field.values[row] for row in group)) for group in rows.values()]
            values = tuple(_single(reduction(group, reducer)) for group in groups)
            kind = _type(reducer, field.type)
            fields.append(Field(name=f"{name} ({reducer})", type=kind, values=values, config=FieldConfig()))
    return Frame(fields=tuple(fields), ref=frame.ref)


def _part(value: Value) -> str:
    """A value in a list that is made a text: null is empty."""
    return "" if value is None else text(value)


def _name(field: Field, frame: Frame, names: Names, keys: set[str]) -> str:
    """The name in the options: as shown if there is one frame, else, and for a key, without its labels."""
    if len(names.frames) == 1 and field.name not in keys:
        return names.of(field, frame)
    return field.config.display_name or field.name or VALUE


def _single(value: Reduced) -> Value:
    return ", ".join(text(item) for item in value) if isinstance(value, tuple) else value


def _type(reducer: str, kind: FieldType) -> FieldType:
    if reducer in _COUNTS:
        return FieldType.NUMBER
    return FieldType.BOOLEAN if reducer in ("allIsNull", "allIsZero") else kind
