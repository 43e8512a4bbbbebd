"""Labels of series as columns of their frames, or as rows of a table of their own."""

from dataclasses import replace

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.frame import Field, FieldType, Frame
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.transformations._transformation import Frames, Json


def transform(frames: Frames, options: Json) -> Frames:
    """Frames whose labels are columns; with mode rows a frame of labels and values for each field that has any."""
    kept = json_fields.texts(options, "keepLabels") if isinstance(options.get("keepLabels"), list) else None
    if options.get("mode") == "rows":
        return _as_rows(frames, kept)
    return tuple(_as_columns(frame, kept or None, json_fields.text(options, "valueLabel")) for frame in frames)


def _as_columns(frame: Frame, kept: tuple[str, ...] | None, value_label: str) -> Frame:
    fields: list[Field] = []
    values: dict[str, list[str]] = {}
    for field in frame.fields:
        labels = {label: value for label, value in field.labels.items() if kept is None or label in kept}
        fields.append(_without_labels(field, labels.pop(value_label, "")) if field.labels else field)
        for label, value in labels.items():
            values.setdefault(label, []).append(value)
    fields += [
        Field(name=label, type=FieldType.STRING, values=(value,) * frame.length)
        for label, in_order in values.items()
        for value in dict.fromkeys(in_order)
    ]
    return replace(frame, fields=tuple(fields))


def _without_labels(field: Field, name: str) -> Field:
    config = replace(field.config, display_name="", name_from_source="")
    return replace(field, name=name or field.name, labels={}, config=config)


def _as_rows(frames: Frames, kept: tuple[str, ...] | None) -> Frames:
    names = Names(frames)
    result = []
    for frame in frames:
        for field in frame.fields:
            labels = tuple(field.labels) if kept is None else kept
            if not field.labels or not labels:
                continue
            columns = {"label": labels, "value": tuple(field.labels.get(label) for label in labels)}
            fields = (Field(name=name, type=FieldType.STRING, values=values) for name, values in columns.items())
            result.append(replace(frame, name=names.of(field, frame), fields=tuple(fields)))
    return tuple(result)
