"""Each field as one value or several: a row for each series, or each field cut to one row."""

import math
from dataclasses import replace

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.frame import Field, FieldType, Frame, Value
from dashboards_py.panel_data.matchers import Matcher, field_matcher
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.reduce import Reduced, reducer_id, reducer_name, reduction
from dashboards_py.panel_data.transformations._columns import guessed_type, of_length
from dashboards_py.panel_data.transformations._refs import joined_refs
from dashboards_py.panel_data.transformations._transformation import Frames, Json, NotApplied

_KEEP_TYPE = ("first", "firstNotNull", "last", "lastNotNull")


def transform(frames: Frames, options: Json) -> Frames:
    """Rows of reductions, the first column the names of the fields; or with mode reduceFields frames of one row."""
    reducers = options.get("reducers", ["max"])
    ids = [reducer_id(name) for name in reducers if isinstance(name, str)] if isinstance(reducers, list) else []
    known = list(dict.fromkeys(name for name in ids if name))
    if not reducers:
        return frames
    fields_only = options.get("mode") == "reduceFields"
    matches = _matcher(options, with_time=fields_only and bool(options.get("includeTimeField")))
    names = Names(frames)
    if fields_only:
        cut = (_of_one_row(frame, names, matches, known) for frame in frames)
        return tuple(frame for frame in cut if frame.fields)
    with_labels = bool(options.get("labelsToFields"))
    labels = list(dict.fromkeys(label for frame in frames for field in frame.fields for label in field.labels))
    tables = [_table(frame, names, matches, known, labels if with_labels else None) for frame in frames]
    return (_below_each_other(tables, joined_refs("reduce", frames)),) if tables else ()


def _matcher(options: Json, *, with_time: bool) -> Matcher:
    config = json_fields.mapping(options, "fields")
    if not config:
        return lambda field, _frame, _names: with_time or field.type is not FieldType.TIME
    matcher = field_matcher(json_fields.text(config, "id"), config.get("options"))
    if matcher is None:
        raise NotApplied(f"its matcher {json_fields.text(config, 'id')[:100]!r} cannot be read")
    return matcher


def _table(frame: Frame, names: Names, matches: Matcher, reducers: list[str], labels: list[str] | None) -> list[Field]:
    """The columns of a frame: names of its fields, their labels, a reduction of each."""
    source = [field for field in frame.fields if matches(field, frame, names)]
    titles = tuple(names.of(field, frame) if labels is None else field.name for field in source)
    columns = [Field(name="Field", type=FieldType.STRING, values=titles)]
    columns += [
        Field(name=label, type=FieldType.STRING, values=tuple(field.labels.get(label) for field in source))
        for label in labels or ()
    ]
    for reducer in reducers:
        values = tuple(_single(reduction(field, reducer)) for field in source)
        numbers = tuple(math.nan if value is None else value for value in values)
        name = reducer_name(reducer)
        columns.append(Field(name=name, type=guessed_type(name, numbers), values=numbers))
    return columns


def _single(value: Reduced) -> Value:
    """A reduction to all values as the text that shows them."""
    return ", ".join(str(item) for item in value) if isinstance(value, tuple) else value


def _below_each_other(tables: list[list[Field]], ref: str) -> Frame:
    """One table with the columns of the first; a column of another type is left out, as Grafana does."""
    length = sum(len(table[0].values) for table in tables)
    columns = []
    for column in tables[0]:
        values = [*column.values]
        for index, other in ((index, other) for table in tables[1:] for index, other in enumerate(table)):
            if (column is tables[0][0] and index == 0) or (other.name, other.type) == (column.name, column.type):
                values += other.values
        columns.append(replace(column, values=of_length(values, length)))
    return Frame(fields=tuple(columns), ref=ref)


def _of_one_row(frame: Frame, names: Names, matches: Matcher, reducers: list[str]) -> Frame:
    fields = [
        replace(
            field,
            type=field.type if reducer in _KEEP_TYPE else FieldType.NUMBER,
            values=(_single(reduction(field, reducer)),),
            labels={**field.labels, "reducer": reducer_name(reducer)} if len(reducers) > 1 else field.labels,
        )
        for field in frame.fields
        if matches(field, frame, names)
        for reducer in reducers
    ]
    return replace(frame, fields=tuple(fields))
