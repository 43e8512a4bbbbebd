"""Several frames as one table: rows with the same values in the columns that all frames share become one row."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dashboards_py.panel_data.conversions import text
from dashboards_py.panel_data.frame import Field, Frame, Value
from dashboards_py.panel_data.transformations._refs import joined_refs
from dashboards_py.panel_data.transformations._transformation import Frames, Json

Row = dict[str, Value]


@dataclass(slots=True)
class _Rows:
    """Rows in order of their first appearance, and by their key, so that one that fits can be added to."""

    in_order: list[Row]
    by_key: dict[str, list[Row]]

    def add(self, key: str, row: Row) -> None:
        """Put the row into those of its key that differ in no column, else after all."""
        fitting = [other for other in self.by_key.get(key, ()) if _fits(other, row)]
        for other in fitting:
            other.update(row)
        if not fitting:
            self.by_key.setdefault(key, []).append(row)
            self.in_order.append(row)


def transform(frames: Frames, _options: Json) -> Frames:
    """One frame with a row for each key; the frames as they are where they share no column."""
    with_fields = tuple(frame for frame in frames if frame.fields)
    if len(frames) <= 1 or not with_fields:
        return frames[:1]
    columns: dict[str, Field] = {}
    for frame in with_fields:
        for field in frame.fields:
            columns.setdefault(field.name, _structure(field))
    shared = {
        name for name in columns if all(any(field.name == name for field in frame.fields) for frame in with_fields)
    }
    if not shared:
        return frames
    order = list(dict.fromkeys(field.name for field in with_fields[-1].fields if field.name in shared))
    rows = _Rows([], {})
    for frame in with_fields:
        for row in _rows(frame):
            rows.add("".join(text(row[name]) for name in order), row)
    fields = tuple(
        replace(field, values=tuple(row.get(name) for row in rows.in_order)) for name, field in columns.items()
    )
    return (Frame(fields=fields, ref=joined_refs("merge", with_fields)),)


def _structure(field: Field) -> Field:
    """The field without values, labels and the name that was given to it."""
    return replace(field, values=(), labels={}, config=replace(field.config, display_name=""))


def _rows(frame: Frame) -> Iterator[Row]:
    names = [field.name for field in frame.fields]
    return (
        dict(zip(names, values, strict=True)) for values in zip(*(field.values for field in frame.fields), strict=True)
    )


def _fits(row: Row, other: Row) -> bool:
    """Whether no column has different values in both; null can become any value."""
    return all(row.get(name) is None or row[name] == value for name, value in other.items())
