"""Times as texts in a pattern."""

from dataclasses import replace

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.frame import Field, FieldType
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.transformations._texts import time_texts
from dashboards_py.panel_data.transformations._transformation import Frames, Json


def transform(frames: Frames, options: Json) -> Frames:
    """The frames with the named time written out, in UTC."""
    names, wanted = Names(frames), json_fields.text(options, "timeField")
    pattern = json_fields.text(options, "outputFormat")

    def written(field: Field) -> Field:
        return replace(field, type=FieldType.STRING, values=time_texts(field, pattern))

    return tuple(
        replace(
            frame,
            fields=tuple(
                written(field) if field.type is FieldType.TIME and names.of(field, frame) == wanted else field
                for field in frame.fields
            ),
        )
        for frame in frames
    )
