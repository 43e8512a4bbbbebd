"""Names of the rows of a frame, where a panel shows each row as a value.

Source: @grafana/data, field/fieldDisplay.ts (getSmartDisplayNameForRow).
"""

import re
from collections.abc import Callable, Sequence

from dashboards_py.panel_data.frame import Display, Field, FieldType, Frame, Value
from dashboards_py.panel_data.names import Names

Show = Callable[[Field, Value], Display]

_CELL = re.compile(
    r"\$\{__cell_(\d+)[^}]*\}|\[\[__cell_(\d+)[^\]]*\]\]|\$__cell_(\d+)|\$\{__data\.fields\[\"?([^\]\"]*)\"?\]\}"
)


def row_name(frame: Frame, field: Field, row: int, show: Show) -> tuple[str, bool]:
    """The name of a row of a field, by its values as `show` draws them, and whether the field's own name is part of it.

    It is the texts in the row, and the field's name where the frame has other numbers or the row no text; or what the
    field's display name makes of the row: $__cell_0 and ${__data.fields[0]} are the text of the first field.
    """
    if field.config.display_name:
        return _filled_in(field.config.display_name, frame, row, show), False
    others = [other for other in frame.fields if other is not field]
    parts = _texts(others, row, show)
    is_named = not parts or any(other.type is FieldType.NUMBER for other in others)
    return " ".join((*parts, own_name(field, frame)) if is_named else parts), is_named


def own_name(field: Field, frame: Frame) -> str:
    """The name of a field in its frame alone."""
    return Names((frame,)).of(field, frame)


def _texts(fields: Sequence[Field], row: int, show: Show) -> list[str]:
    texts = []
    for field in fields:
        if field.type is FieldType.STRING:
            value = field.values[row] if row < len(field.values) else None
            texts.append(show(field, "" if value is None else value).text)
    return [text for text in texts if text]


def _filled_in(template: str, frame: Frame, row: int, show: Show) -> str:
    def cell(match: re.Match[str]) -> str:
        column = next(group for group in match.groups() if group is not None)
        index = int(column) if column.isascii() and column.isdecimal() and len(column) < 5 else len(frame.fields)
        field = next((field for field in frame.fields if field.name == column), None)
        field = field or (frame.fields[index] if index < len(frame.fields) else None)
        if field is None or row >= len(field.values):
            return match[0]
        return str(show(field, field.values[row]))

    return _CELL.sub(cell, template)
