"""The first frame split into one for each combination of values of some of its fields.

Source: public/app/features/transformers/partitionByValues.
"""

from collections.abc import Iterable
from dataclasses import replace

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.conversions import text
from dashboards_py.panel_data.frame import Field, Frame, Value
from dashboards_py.panel_data.matchers import field_matcher
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.transformations._columns import picked
from dashboards_py.panel_data.transformations._transformation import Frames, Json


def transform(frames: Frames, options: Json) -> Frames:
    """A frame for each combination, with its values as labels, or in the frame's name."""
    wanted = json_fields.texts(options, "fields")
    matches = field_matcher("byNames", {"names": list(wanted)})
    if not frames or not wanted or matches is None:
        return frames
    renamed = {field.name: _shown(field) for field in frames[0].fields}
    frame = replace(frames[0], fields=tuple(_plain(field) for field in frames[0].fields))
    names = Names((frame,))
    keys = [field for field in frame.fields if matches(field, frame, names)]
    if not keys:
        return frames[:1]
    groups: dict[tuple[Value, ...], list[int]] = {}
    for row in range(frame.length):
        groups.setdefault(tuple(field.values[row] for field in keys), []).append(row)
    parts = tuple(_part(frame, keys, key, groups[key], options) for key in _in_order(groups))
    return _with_names(parts, {shown: name for name, shown in renamed.items() if shown})


def _in_order(keys: Iterable[tuple[Value, ...]]) -> list[tuple[Value, ...]]:
    """The combinations by the first value, then by the second; values as they first appear."""
    first: dict[tuple[Value, ...], int] = {}
    for key in keys:
        for length in range(1, len(key) + 1):
            first.setdefault(key[:length], len(first))
    return sorted(keys, key=lambda key: [first[key[:length]] for length in range(1, len(key) + 1)])


def _shown(field: Field) -> str:
    return field.config.name_from_source or field.config.display_name


def _plain(field: Field) -> Field:
    """The field called as it is shown."""
    config = replace(field.config, display_name="", name_from_source="")
    return replace(field, name=_shown(field) or field.name, config=config)


def _part(frame: Frame, keys: list[Field], key: tuple[Value, ...], rows: list[int], options: Json) -> Frame:
    naming = json_fields.mapping(options, "naming")
    labels = {field.name: text(value) for field, value in zip(keys, key, strict=True)}
    is_labelled = naming.get("asLabels", True) is not False
    key_names = set() if options.get("keepFields") else {field.name for field in keys}
    part = picked(frame, rows)
    fields = [
        replace(field, labels={**field.labels, **labels} if is_labelled else field.labels)
        for field in part.fields
        if field.name not in key_names
    ]
    return replace(part, ref="", name=frame.name if is_labelled else _name(frame, labels, naming), fields=tuple(fields))


def _name(frame: Frame, labels: dict[str, str], naming: Json) -> str:
    """The values, with their names if that is wanted, after the frame's own name if that is."""
    between, apart = (naming.get(key, default) for key, default in (("separator1", "="), ("separator2", " ")))
    pairs = (f"{name}{between}{value}" if naming.get("withNames") else value for name, value in labels.items())
    name = str(apart).join(pairs)
    return f"{frame.name} {name}" if naming.get("append") and frame.name else name


def _with_names(frames: Frames, original: dict[str, str]) -> Frames:
    """Fields that had a name of their own are called by it again, and shown as what tells them apart."""
    names = Names(frames)

    def restored(field: Field, frame: Frame) -> Field:
        if field.name not in original:
            return field
        config = replace(field.config, display_name=names.of(field, frame))
        return replace(field, name=original[field.name], config=config)

    return tuple(replace(frame, fields=tuple(restored(field, frame) for field in frame.fields)) for frame in frames)
