"""Names of fields as Grafana shows them: what an override or a query says, else the name, the labels, or both.

Source: calculateFieldDisplayName in packages/grafana-data/src/field/fieldState.ts.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

from dashboards_py.panel_data.frame import Field, FieldType, Frame

TIME, VALUE = "Time", "Value"


class Names:
    """The names of the fields of some frames: a field's name depends on what tells its frame from the others."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        self.frames = frames

    @cached_property
    def single_label(self) -> str:
        """The label that is the only one in all frames, "" where there are several or none."""
        labels = {label for frame in self.frames for field in frame.fields for label in field.labels}
        return labels.pop() if len(labels) == 1 else ""

    @cached_property
    def frame_names_differ(self) -> bool:
        """Whether the frames have names of their own."""
        return len({frame.name for frame in self.frames}) > 1

    def of(self, field: Field, frame: Frame) -> str:
        """The name of a field of one of the frames."""
        if field.config.display_name or field.config.name_from_source:
            return field.config.display_name or field.config.name_from_source
        if field.type is FieldType.TIME and not field.labels:
            # Of tables that were joined side by side Grafana numbers the times too.
            return _unique_name(field, frame) if frame.ref.startswith("joinByField") else field.name or TIME
        of_frame = frame.name if self.frame_names_differ else ""
        own = "" if field.name == VALUE else field.name
        labels = field.labels.get(self.single_label, "") if self.single_label else labels_text(field.labels)
        if not of_frame and not labels and field.name == VALUE:
            of_frame = frame.name
        name = " ".join(filter(None, (of_frame, own, labels))) or field.name or VALUE
        return _unique_name(field, frame) if name == field.name else name


def field_name(field: Field, frame: Frame, frames: Sequence[Frame] = ()) -> str:
    """The name of a field of a frame, of those that a panel is given."""
    return Names(frames or (frame,)).of(field, frame)


def frame_name(frame: Frame) -> str:
    """The name of a frame: its own, that of its only value, or all of them. Source: getFrameDisplayName."""
    names = Names((frame,))
    values = [names.of(field, frame) for field in frame.fields if field.type is not FieldType.TIME]
    return frame.name or ", ".join(values)


def labels_text(labels: Mapping[str, str]) -> str:
    """Labels as `{a="1", b="2"}`, in order of their names; "" for none."""
    pairs = ", ".join(f'{name}="{labels[name]}"' for name in sorted(labels))
    return f"{{{pairs}}}" if pairs else ""


def _unique_name(field: Field, frame: Frame) -> str:
    """The field's name, numbered where other fields of the frame have the same."""
    same = [other for other in frame.fields if other.name == field.name]
    position = next((index for index, other in enumerate(same, 1) if other is field), 0)
    if len(same) < 2 and position:
        return field.name
    return f"{field.name} {position or len(same)}" if same else field.name
