"""Columns left out, put in order and renamed, by their names."""

import math
from dataclasses import replace
from functools import partial

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.collation import Key, natural_key
from dashboards_py.panel_data.frame import Field, FieldType, Frame
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.transformations._fields_by_name import with_fields_kept
from dashboards_py.panel_data.transformations._transformation import Frames, Json


def transform(frames: Frames, options: Json) -> Frames:
    """The frames with the fields that are wanted; a frame without any is left out."""
    chosen = {
        "include": {"names": _switched_on(options, "includeByName")},
        "exclude": {"names": _switched_on(options, "excludeByName")},
    }
    kept = with_fields_kept(frames, chosen)
    names = Names(kept)
    new_names = json_fields.mapping(options, "renameByName")
    return tuple(_organized(frame, names, options, new_names) for frame in kept)


def _switched_on(options: Json, key: str) -> list[str]:
    return [name for name, is_on in json_fields.mapping(options, key).items() if is_on]


def _organized(frame: Frame, names: Names, options: Json, new_names: Json) -> Frame:
    """The frame in order, renamed; names that a frame has for itself are those that are renamed."""
    own = names if len(names.frames) == 1 else Names((frame,))
    fields = [(names.of(field, frame), own.of(field, frame), field) for field in frame.fields]
    if json_fields.text(options, "orderByMode") != "auto":
        positions = json_fields.mapping(options, "indexByName")
        fields.sort(key=lambda item: _position(positions.get(item[0])))
    else:
        fields = _by_names_or_labels(fields, options)
    return replace(frame, fields=tuple(_renamed(field, new_names.get(name)) for _, name, field in fields))


def _position(value: object) -> float:
    is_whole = isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
    return float(value) if is_whole and isinstance(value, int | float) else math.inf


def _by_names_or_labels(fields: list[tuple[str, str, Field]], options: Json) -> list[tuple[str, str, Field]]:
    """The first time first, then by name or by the values of labels; texts with numbers in them by the numbers."""
    times = [item for item in fields if item[2].type is FieldType.TIME][:1]
    rest = [item for item in fields if item not in times]
    for rule in reversed(list(json_fields.mappings(options, "orderBy"))):
        label = None if rule.get("type") == "name" else json_fields.text(rule, "name")
        rest.sort(key=partial(_text_of, label), reverse=json_fields.flag(rule, "desc"))
    return [*times, *rest]


def _text_of(label: str | None, item: tuple[str, str, Field]) -> Key:
    """What a field is sorted by: its name, or the value of a label."""
    return natural_key(item[0] if label is None else item[2].labels.get(label, ""))


def _renamed(field: Field, name: object) -> Field:
    if not isinstance(name, str) or not name:
        return field
    return replace(field, config=replace(field.config, display_name=name))
