"""Legends: the series of a graph with their colors and calculations.

Sources: PlotLegend.tsx, VizLegendTable.tsx and getDisplayValuesForCalcs (uPlot/utils.ts) of @grafana/ui;
prepareGraphableFields in public/app/plugins/panel/timeseries/utils.ts.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.collation import natural_key
from dashboards_py.panel_data.colors import field_color
from dashboards_py.panel_data.display import displayer
from dashboards_py.panel_data.frame import Display, Field, FieldType, Frame, Value, are_finite
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.reduce import reducer_id, reducer_name, reduction
from dashboards_py.panel_data.units import UTC_CLOCK, Clock

BY_NAME = "Name"
# Calculations whose result is not in the field's unit.
_UNITS = {"diffperc": "percent", "count": "none", "changeCount": "none", "distinctCount": "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendRow:
    """A series: its name and color, and each calculation's title with its value.

    Grafana writes the titles in lower case after the first letter if the legend is a list, not a table. `is_hidden`:
    the series is in the legend but not in the graph.
    """

    name: str
    color: str
    values: tuple[tuple[str, Display], ...]
    field: Field
    is_hidden: bool = False


def legend_rows(
    options: Mapping[str, Any], frames: Sequence[Frame], *, dark: bool, clock: Clock = UTC_CLOCK
) -> tuple[LegendRow, ...]:
    """The rows of a graph's legend, sorted if it is a table; `options` are the panel's `options.legend`."""
    calcs = json_fields.texts(options, "calcs")
    shown = [(name, field) for name, field, _ in graph_series(frames) if not hides(field, "legend")]
    rows = [_row(name, field, calcs, dark, clock) for name, field in shown]
    sort_by = options.get("sortBy")
    if options.get("displayMode") == "table" and isinstance(sort_by, str):
        descending = bool(options.get("sortDesc"))
        if sort_by == BY_NAME:
            rows.sort(key=lambda row: natural_key(row.name), reverse=descending)
        else:
            rows.sort(key=lambda row: _sort_value(row, sort_by), reverse=descending)
    return tuple(rows)


def graph_series(frames: Sequence[Frame]) -> Iterator[tuple[str, Field, tuple[Value, ...]]]:
    """The series of a graph with their names and times, each with its index among them; what it cannot draw is null."""
    names, index = Names(frames), 0
    for frame in frames:
        times = next((field.values for field in frame.fields if field.type is FieldType.TIME), None)
        if times is None:
            continue
        for position, field in enumerate(frame.fields):
            if field.type in (FieldType.NUMBER, FieldType.BOOLEAN):
                shown = _drawable(field)
                if position and shown.index != index:
                    shown = replace(shown, index=index)
                yield names.of(field, frame), shown, times
                index += position > 0


def _drawable(field: Field) -> Field:
    """The field with what a graph can draw: finite numbers, 1 for true and 0 for false."""
    if field.type is FieldType.NUMBER:
        return field if are_finite(field.values) else replace(field, values=tuple(map(_finite, field.values)))
    config = replace(field.config, minimum=0, maximum=1)
    if not config.unit.startswith("bool"):
        config = replace(config, unit="bool")
    values = tuple(None if value is None else float(bool(value)) for value in field.values)
    return replace(field, type=FieldType.NUMBER, values=values, config=config)


def _finite(value: Value) -> Value:
    return value if isinstance(value, int | float) and math.isfinite(value) else None


def _row(name: str, field: Field, calcs: Sequence[str], dark: bool, clock: Clock) -> LegendRow:
    known = filter(reducer_id, calcs)
    values = tuple((reducer_name(calc), _calculated(name, field, calc, dark, clock)) for calc in known)
    color = field_color(field, dark=dark, name=name)
    return LegendRow(name=name, color=color, values=values, field=field, is_hidden=hides(field, "viz"))


def _calculated(name: str, field: Field, calc: str, dark: bool, clock: Clock) -> Display:
    unit = _UNITS.get(calc, field.config.unit)
    shown = field if unit == field.config.unit else replace(field, config=replace(field.config, unit=unit))
    show = displayer(shown, dark=dark, name=name, clock=clock)
    return show(reduction(field, calc))


def hides(field: Field, where: str) -> bool:
    """Whether a field is left out of the visualization ("viz") or the legend ("legend")."""
    hidden = field.config.custom.get("hideFrom")
    return isinstance(hidden, Mapping) and bool(hidden.get(where))


def _sort_value(row: LegendRow, title: str) -> float:
    """The number that a row is sorted by; a row without a number is the lowest."""
    number = next((display.number for name, display in row.values if name == title), math.nan)
    return -math.inf if math.isnan(number) else number
