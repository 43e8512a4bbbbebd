"""The footer of a table: reductions of its columns, as texts.

Source: @grafana/ui, Table/TableNG/hooks.ts (useReducerEntries), components/SummaryCell.tsx, utils.ts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dashboards_py.panel_data.display import displayer
from dashboards_py.panel_data.frame import Field, FieldType
from dashboards_py.panel_data.javascript import number_text
from dashboards_py.panel_data.reduce import Reduced, reducer_id, reducer_name, reduction
from dashboards_py.panel_data.units import UTC_CLOCK, Clock

ROWS = "countAll"  # the number of rows, which only the first column has
# Reductions that are also of texts and times.
OF_ANYTHING = {
    *("allValues", "changeCount", "count", ROWS, "distinctCount", "first", "firstNotNull", "last", "lastNotNull"),
    "uniqueValues",
}
WITHOUT_UNIT = ("count", ROWS)


@dataclass(frozen=True, slots=True)
class FooterLine:
    """A reduction of a column: its name, "" where another column has it, and the value, "" for none."""

    name: str
    value: str


def has_footer(field: Field) -> bool:
    """Whether a column has reductions."""
    return bool(_reducers(field))


def footer_of(fields: Sequence[Field], *, dark: bool, clock: Clock = UTC_CLOCK) -> list[list[FooterLine]]:
    """For each column its lines; the names are in the first column alone where all columns have the same reductions.

    The fields' values are in the order of the rows.
    """
    reducers = [_reducers(field) for field in fields]
    named = [names for names in reducers if names]
    is_uniform = all(names == named[0] for names in named)
    lines = []
    for column, (field, names) in enumerate(zip(fields, reducers, strict=True)):
        values = _values(field, names, is_first=column == 0, dark=dark, clock=clock)
        if is_uniform and column == 0:
            shown = values or [(name, None) for name in named[0]] if named else []
            lines.append([FooterLine(_name(name), value or "") for name, value in shown])
        else:
            lines.append(
                [FooterLine("" if is_uniform or value is None else _name(name), value or "") for name, value in values]
            )
    return lines


def _reducers(field: Field) -> list[str]:
    """The ids of a field's reductions."""
    footer = field.config.custom.get("footer")
    names = footer.get("reducers") if isinstance(footer, Mapping) else None
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _values(
    field: Field, reducers: Sequence[str], *, is_first: bool, dark: bool, clock: Clock
) -> list[tuple[str, str | None]]:
    """The reductions with their texts; nothing for a column of texts that has only those of numbers."""
    is_number = field.type is FieldType.NUMBER
    if not is_number and OF_ANYTHING.isdisjoint(reducers):
        return []
    # Limits of the field's own values do not matter to a text.
    show = displayer(replace(field, limits=None), dark=dark, clock=clock)
    values: list[tuple[str, str | None]] = []
    for name in reducers:
        if not reducer_id(name) or not (is_number or name in OF_ANYTHING) or (name == ROWS and not is_first):
            values.append((name, None))
            continue
        value: Reduced = reduction(field, name)
        is_count = name in WITHOUT_UNIT and isinstance(value, float)
        values.append((name, number_text(value) if is_count and isinstance(value, float) else str(show(value))))
    return values


def _name(reducer: str) -> str:
    """What the footer calls a reduction."""
    return "Count" if reducer == ROWS else reducer_name(reducer)
