"""Values of a field as they are drawn: mapped, in the field's unit, with their color.

Source: @grafana/data, field/displayProcessor.ts (getDisplayProcessor).
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime

from dashboards_py.panel_data import conversions
from dashboards_py.panel_data.colors import named_color, scale
from dashboards_py.panel_data.frame import Display, Field, FieldType, Value
from dashboards_py.panel_data.javascript import NAN, as_float, number_text, to_number
from dashboards_py.panel_data.mappings import mapped
from dashboards_py.panel_data.reduce import Reduced
from dashboards_py.panel_data.units import DATES, UTC_CLOCK, Clock, Formatted, format_value

# A reduction may result in a list of values.
Displayer = Callable[[Reduced], Display]


def display(
    field: Field, value: Reduced, *, dark: bool, index: int | None = None, name: str = "", clock: Clock = UTC_CLOCK
) -> Display:
    """A value of a field as it is drawn. For many of one field, `displayer` is faster."""
    return displayer(field, dark=dark, index=index, name=name, clock=clock)(value)


def displayer(
    field: Field,
    *,
    dark: bool,
    index: int | None = None,
    name: str = "",
    clock: Clock = UTC_CLOCK,
    decimals: int | None = None,
) -> Displayer:
    """What makes of each value of a field what is drawn.

    `index` and `name` are those of the series, for the color modes that use them; the field's where not said.
    `decimals` are those of the values beside it, as on an axis: they are used where the field has none of its own.
    """
    config = field.config
    unit, is_date = _unit(field)
    clock = _to_the_millisecond(clock, field)
    at = scale(field, dark=dark, index=index, name=name)
    trims = _can_trim(field, unit, is_date) and decimals is not None

    def write(number: float) -> Formatted:
        shown = format_value(unit, number, decimals if trims else config.decimals, clock=clock)
        if trims and not math.isnan(short := to_number(shown.text)):
            return Formatted(number_text(short), shown.prefix, shown.suffix)
        return shown

    def show(value: Reduced) -> Display:
        if is_date and isinstance(value, str):
            value = _milliseconds(value)
        number = NAN if unit == "string" else _number(value)
        known = mapped(config.mappings, value)
        text = known.text if known else None
        color = "" if known is None or known.color is None else named_color(known.color, dark=dark)
        shown, percent = Formatted(text or ""), None
        if not math.isnan(number):
            if text is None and not isinstance(value, bool):
                shown = write(number)
                text = shown.text
            if known is None or known.color is None:
                scaled = at(number)
                color, percent = scaled.color, scaled.percent
        if text is None:
            text = _listed(value) if isinstance(value, tuple) else _plain(value) or config.no_value
        if not color:
            base = at(-math.inf)
            color, percent = base.color, base.percent
        return Display(text=text, prefix=shown.prefix, suffix=shown.suffix, number=number, color=color, percent=percent)

    return show


def _unit(field: Field) -> tuple[str, bool]:
    """The unit that a field's values are written in, and whether it is one of times."""
    unit = field.config.unit
    is_date = unit in DATES or unit == "dateTimeFromNow" or unit.startswith("time:")
    if field.type is FieldType.TIME and not is_date:
        return "dateTimeAsSystem", True
    if field.type is FieldType.BOOLEAN and not unit.startswith("bool"):
        return "bool", is_date
    return unit or ("string" if field.type is FieldType.STRING else "none"), is_date


def _can_trim(field: Field, unit: str, is_date: bool) -> bool:
    """Whether zeros at the end of a decimal fraction are left out on an axis."""
    return (
        field.type is FieldType.NUMBER
        and field.config.decimals is None
        and not is_date
        and not unit.startswith(("currency", "bool"))
        and unit != "locale"
    )


def _to_the_millisecond(clock: Clock, field: Field) -> Clock:
    """The clock for a field: times of less than a minute are written to the millisecond."""
    if field.type is not FieldType.TIME or len(field.values) < 2:
        return clock
    first, last = (_milliseconds(value) if isinstance(value, str) else _number(value) for value in _ends(field))
    return Clock(now=clock.now, zone=clock.zone, milliseconds=abs(last - first) < 60_000)


def _ends(field: Field) -> tuple[Value, Value]:
    return field.values[0], field.values[-1]


def _plain(value: Value) -> str:
    """A value without unit; a zero below zero keeps its sign."""
    if isinstance(value, float) and value == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    return "" if value is None else conversions.text(value)


def _listed(values: tuple[Value, ...]) -> str:
    return ", ".join("" if value is None else conversions.text(value) for value in values)


def _number(value: Reduced) -> float:
    """A value as a number, NaN for any other and for null."""
    if value is None or value == "" or isinstance(value, tuple):
        return NAN
    return to_number(value) if isinstance(value, str) else as_float(value)


def _milliseconds(text: str) -> float:
    """A date of ISO 8601 as milliseconds since 1970, in UTC where it has no zone; NaN where it is no date."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return NAN
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return moment.timestamp() * 1000
    except (OverflowError, ValueError):
        return NAN
