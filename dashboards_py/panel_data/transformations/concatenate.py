"""All fields of all frames side by side in one frame."""

from dataclasses import replace

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.frame import Field, Frame
from dashboards_py.panel_data.names import VALUE
from dashboards_py.panel_data.transformations._columns import of_length
from dashboards_py.panel_data.transformations._transformation import Frames, Json


def transform(frames: Frames, options: Json) -> Frames:
    """One frame as long as the longest; the others' columns end with nulls."""
    if len(frames) < 2:
        return frames
    mode = json_fields.text(options, "frameNameMode") or "field"
    label = json_fields.text(options, "frameNameLabel") or "frame"
    length = max(frame.length for frame in frames)
    fields = [_named(field, frame.name, mode, label) for frame in frames for field in frame.fields]
    return (Frame(fields=tuple(replace(field, values=of_length(field.values, length)) for field in fields)),)


def _named(field: Field, name: str, mode: str, label: str) -> Field:
    """The field with its frame's name in its own, or as a label."""
    if not name or mode == "drop":
        return field
    if mode == "label":
        return replace(field, labels={**field.labels, label: name})
    return replace(field, name=name if field.name in ("", VALUE) else f"{name} · {field.name}")
