"""Texts in upper case, in camel case, cut, and so on."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.frame import Field, FieldType, Value
from dashboards_py.panel_data.matchers import field_matcher
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.transformations._transformation import Frames, Json, NotApplied


def transform(frames: Frames, options: Json) -> Frames:
    """The frames with the texts of the named field changed."""
    output = json_fields.text(options, "outputFormat") or "Upper Case"
    if output not in FORMATS and output != "Substring":
        raise NotApplied(f"its format {output[:100]!r} is unknown")
    matches, names = field_matcher("byName", json_fields.text(options, "stringField")), Names(frames)

    def changed(value: Value) -> Value:
        if not isinstance(value, str):
            return value
        return _part(value, options) if output == "Substring" else FORMATS[output](value)

    def formatted(field: Field) -> Field:
        return replace(field, type=FieldType.STRING, values=tuple(changed(value) for value in field.values))

    return tuple(
        replace(
            frame,
            fields=tuple(
                formatted(field) if matches and matches(field, frame, names) else field for field in frame.fields
            ),
        )
        for frame in frames
    )


def _part(value: str, options: Json) -> str:
    """String.substring: positions below 0 are 0, and the smaller comes first."""
    first = max(json_fields.integer(options, "substringStart"), 0)
    last = max(json_fields.integer(options, "substringEnd", len(value)), 0)
    return value[min(first, last) : max(first, last)]


def _capitals(value: str) -> list[str]:
    return [word[:1].upper() + word[1:].lower() for word in value.split(" ")]


def _camel(value: str) -> str:
    joined = "".join(_capitals(value))
    return joined[:1].lower() + joined[1:]


FORMATS: Mapping[str, Callable[[str], str]] = {
    "Upper Case": str.upper,
    "Lower Case": str.lower,
    "Sentence Case": lambda value: value[:1].upper() + value[1:],
    "Title Case": lambda value: " ".join(_capitals(value)),
    "Pascal Case": lambda value: "".join(_capitals(value)),
    "Camel Case": _camel,
    "Snake Case": lambda value: value.lower().replace(" ", "_"),
    "Kebab Case": lambda value: value.lower().replace(" ", "-"),
    "Trim": str.strip,
}
