"""Labelled series as a table: a row for each set of labels, a column for each value of one of them.

Source: public/app/features/transformers/joinByLabels.
"""

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.frame import Field, FieldType, Frame, Value
from dashboards_py.panel_data.transformations._refs import joined_refs
from dashboards_py.panel_data.transformations._transformation import Frames, Json, NotApplied


def transform(frames: Frames, options: Json) -> Frames:
    """One frame; refused where no series has the label `value`."""
    if not frames:
        return frames
    wanted = json_fields.text(options, "value")
    series = [field for frame in frames for field in frame.fields if field.labels and field.type is not FieldType.TIME]
    distinct = list(dict.fromkeys(label for field in series for label in field.labels))
    if wanted not in distinct:
        raise NotApplied(f"no series has the label {wanted[:100]!r}")
    join = [label for label in json_fields.texts(options, "join") or distinct if label != wanted]
    cells: dict[tuple[str | None, ...], dict[str, tuple[Value, ...]]] = {}
    kinds: dict[str, FieldType] = {}
    for field in series:
        key = tuple(field.labels.get(label) for label in join)
        name = field.labels.get(wanted, "undefined")  # as JavaScript names what is not there
        column = cells.setdefault(key, {})
        column[name] = (*column.get(name, ()), *field.values)
        kinds.setdefault(name, field.type)
    rows: list[tuple[tuple[str | None, ...], dict[str, Value]]] = []
    for key, columns in cells.items():
        for row in range(max(map(len, columns.values()), default=0) or 1):
            rows.append((key, {name: values[row] for name, values in columns.items() if row < len(values)}))
    fields = [
        Field(name=label, type=FieldType.STRING, values=tuple(key[index] for key, _ in rows))
        for index, label in enumerate(join)
    ]
    fields += [
        Field(name=name, type=kind, values=tuple(values.get(name) for _, values in rows))
        for name, kind in kinds.items()
    ]
    return (Frame(fields=tuple(fields), ref=joined_refs("joinByLabels", frames)),)
