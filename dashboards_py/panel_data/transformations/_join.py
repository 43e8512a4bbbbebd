"""Joins of frames by a field. Source: joinDataFrames.ts."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cmp_to_key

from dashboards_py.panel_data.conversions import text
from dashboards_py.panel_data.frame import Field, FieldType, Frame, Value
from dashboards_py.panel_data.matchers import Matcher, field_matcher
from dashboards_py.panel_data.names import VALUE, Names
from dashboards_py.panel_data.transformations._transformation import Frames

Column = tuple[Value, ...]


def joined(frames: Frames, by: str, mode: str, ref: str) -> Frame:
    """One frame of the fields of all, by the field of a name, or by their first time; frames without it are dropped."""
    matches = _matcher(frames, by)
    names = Names(frames)
    fields: list[Field] = []
    tables: list[list[Column]] = []
    for frame in frames:
        key = next((field for field in frame.fields if matches and matches(field, frame, names)), None)
        if key is None:
            continue
        others = [_named(field, frame) for field in frame.fields if field is not key]
        fields += others if fields else [key, *others]
        tables.append([key.values, *(field.values for field in others)])
    if not tables:
        return Frame(fields=(), ref=ref)
    columns = _by_rows(tables, keep_all=mode == "outerTabular") if mode in ("inner", "outerTabular") else _outer(tables)
    return Frame(
        fields=tuple(replace(field, values=tuple(column)) for field, column in zip(fields, columns, strict=True)),
        ref=ref,
    )


def _matcher(frames: Frames, by: str) -> Matcher | None:
    if by:
        return field_matcher("byName", by)
    has_time = any(field.type is FieldType.TIME for field in frames[0].fields)
    return field_matcher("firstTimeField", None) if has_time else None


def _named(field: Field, frame: Frame) -> Field:
    """The field with its frame's name, as its own or as a label."""
    if not frame.name:
        return field
    if field.name == VALUE:
        return replace(field, name=frame.name)
    return replace(field, labels={**field.labels, "name": field.labels.get("name") or frame.name})


def _outer(tables: Sequence[Sequence[Column]]) -> list[list[Value]]:
    """A row for each value of the key, in order; of several rows with the same key the last one."""
    keys = sorted(dict.fromkeys(key for table in tables for key in table[0]), key=cmp_to_key(_compare))
    rows = {key: row for row, key in enumerate(keys)}
    result: list[list[Value]] = [list(keys)]
    for table in tables:
        for column in table[1:]:
            values: list[Value] = [None] * len(keys)
            for key, value in zip(table[0], column, strict=True):
                values[rows[key]] = value
            result.append(values)
    return result


def _compare(left: Value, right: Value) -> int:
    """As a difference of JavaScript: texts are equal to all, null is 0."""
    first, second = (0 if value is None else value for value in (left, right))
    if isinstance(first, str) or isinstance(second, str):
        return 0
    return (first > second) - (first < second)


def _by_rows(tables: Sequence[Sequence[Column]], *, keep_all: bool) -> list[list[Value]]:
    """Each row of the left with each row of the right that has its key; with `keep_all` also the rows of one only."""
    left = [list(column) for column in tables[0]]
    for right in tables[1:]:
        index: dict[str, list[int]] = {}
        for row, key in enumerate(right[0]):
            index.setdefault(text(key), []).append(row)
        pairs: list[tuple[int | None, int | None]] = []
        alone: list[tuple[int | None, int | None]] = []
        for row, key in enumerate(left[0]):
            matching = index.get(text(key)) if key is not None else None
            pairs += [(row, other) for other in matching or ()]
            if matching is None and keep_all:
                alone.append((row, None))
        if keep_all:
            # Grafana looks for the keys as texts among those of the left: a number is never found there.
            matched = {key for key in left[0] if isinstance(key, str) and key in index}
            alone += [(None, row) for key in _in_order(index) if key not in matched for row in index[key]]
        left = _rows_of(left, right, [*pairs, *alone])
    return left


def _rows_of(
    left: Sequence[Sequence[Value]], right: Sequence[Column], pairs: Sequence[tuple[int | None, int | None]]
) -> list[list[Value]]:
    keys = [right[0][other] if row is None and other is not None else left[0][row or 0] for row, other in pairs]
    lefts = [[None if row is None else column[row] for row, _ in pairs] for column in left[1:]]
    rights = [[None if other is None else column[other] for _, other in pairs] for column in right[1:]]
    return [keys, *lefts, *rights]


def _in_order(index: dict[str, list[int]]) -> list[str]:
    """The keys of an object of JavaScript: whole numbers first, by size."""
    whole = sorted(
        (key for key in index if key.isdecimal() and text(int(key)) == key and int(key) < 2**32 - 1), key=int
    )
    return [*whole, *(key for key in index if key not in set(whole))]
