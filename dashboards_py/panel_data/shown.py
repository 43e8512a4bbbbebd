"""What stat, gauge, bar gauge and pie chart show: fields reduced to values, or each row of them.

Source: @grafana/data, field/fieldDisplay.ts (getFieldDisplayValues).
"""

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.colors import named_color
from dashboards_py.panel_data.display import display
from dashboards_py.panel_data.frame import Display, Field, FieldConfig, FieldType, Frame, ValueRange
from dashboards_py.panel_data.interpolate import interpolate, written_as_is
from dashboards_py.panel_data.limits import own_limits
from dashboards_py.panel_data.matchers import field_matcher
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.reduce import Reduced, reduction
from dashboards_py.panel_data.row_names import own_name, row_name
from dashboards_py.panel_data.units import UTC_CLOCK, Clock

NO_DATA = "No data"
NO_LIMITS = ValueRange(0, 0)
_LIMIT = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownValue:
    """A value with its name. `field` is the one that it is of and `times` the time field beside that.

    Both are None where there is no data, of which `display` tells. `row` is the index of its row where each row is
    shown; `calc` the reduction where a field is reduced, and `change` the difference of its last and first value in
    percent. `limits` is the range of gauges and bars.
    """

    title: str
    display: Display
    field: Field | None = None
    times: Field | None = None
    row: int | None = None
    calc: str = ""
    change: float | None = None
    limits: ValueRange = NO_LIMITS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """A field that is shown."""

    frame: Frame
    field: Field
    title: str

    @property
    def times(self) -> Field | None:
        return next((field for field in self.frame.fields if field.type is FieldType.TIME), None)

    @property
    def limits(self) -> ValueRange:
        return self.field.limits or own_limits(self.field)


class _Displays:
    """Values of fields as they are drawn; as in Grafana one that is drawn again has the color of the first time."""

    def __init__(self, dark: bool, clock: Clock) -> None:
        self.dark, self.clock = dark, clock
        self.known: dict[object, Display] = {}
        self.names: dict[int, str] = {}  # of fields, by identity, as far as Grafana has looked for them

    def of(self, field: Field, value: Reduced, index: int | None = None) -> Display:
        """A value of a field, and of the series of an index."""
        key = (id(field), isinstance(value, bool), "NaN" if value != value else value)
        if key not in self.known:
            name = self.names.get(id(field), field.name)
            self.known[key] = display(field, value, dark=self.dark, index=index, name=name, clock=self.clock)
        return self.known[key]


def shown_values(
    options: Mapping[str, Any],
    frames: Sequence[Frame],
    *,
    dark: bool,
    defaults: FieldConfig | None = None,
    colors_by_name: Mapping[str, str] | None = None,
    clock: Clock = UTC_CLOCK,
) -> tuple[ShownValue, ...]:
    """The values that a panel with these options shows; one that says that there is no data where there are none.

    `defaults` are the options of the panel's fields, used where it has none; `colors_by_name` are the colors that
    overrides give to rows.
    """
    reduce_options = json_fields.mapping(options, "reduceOptions")
    displays, values = _Displays(dark, clock), list[ShownValue]()
    if reduce_options.get("values"):
        rows = (
            value
            for chosen in _chosen(reduce_options, frames, displays)
            for value in _rows(chosen, displays, colors_by_name or {}, values)
        )
        for value in islice(rows, _limit(reduce_options)):
            values.append(value)
    else:
        calcs = json_fields.texts(reduce_options, "calcs") or ("last",)
        for chosen in _chosen(reduce_options, frames, displays):
            values += _reduced(chosen, displays, calcs)
    return tuple(values) or (_no_data(defaults or FieldConfig(), dark),)


def colors_of_overrides(field_config: Mapping[str, Any]) -> dict[str, str]:
    """The fixed colors that overrides of a panel's fieldConfig give by name."""
    colors: dict[str, str] = {}
    for override in json_fields.mappings(field_config, "overrides"):
        matcher = json_fields.mapping(override, "matcher")
        name = matcher.get("options")
        if matcher.get("id") != "byName" or not isinstance(name, str):
            continue
        for item in json_fields.mappings(override, "properties"):
            if item.get("id") == "color" and isinstance(item.get("value"), Mapping):
                colors.setdefault(name, json_fields.text(item["value"], "fixedColor"))
    return colors


def _chosen(reduce_options: Mapping[str, Any], frames: Sequence[Frame], displays: _Displays) -> Iterator[_Chosen]:
    """The fields that are shown: numbers, or those whose names match."""
    pattern = reduce_options.get("fields")
    matches = field_matcher("byRegexp" if pattern else "numeric", pattern)
    names = Names(frames)
    for frame in frames:
        for field in frame.fields:
            if pattern:
                displays.names[id(field)] = names.of(field, frame)
            if matches is not None and matches(field, frame, names):
                yield _Chosen(frame=frame, field=field, title=names.of(field, frame))


def _limit(reduce_options: Mapping[str, Any]) -> int:
    limit = json_fields.number(reduce_options, "limit")
    return min(max(1, math.ceil(limit)), sys.maxsize) if limit and math.isfinite(limit) else _LIMIT


def _reduced(chosen: _Chosen, displays: _Displays, calcs: Sequence[str]) -> Iterator[ShownValue]:
    field, template = chosen.field, chosen.field.config.display_name
    change = reduction(field, "diffperc")
    for calc in calcs:
        yield ShownValue(
            title=interpolate(template, written_as_is(__calc=calc)) if template else chosen.title,
            display=displays.of(field, reduction(field, calc)),
            field=field,
            times=chosen.times,
            calc=calc,
            change=change if isinstance(change, float) else None,
            limits=chosen.limits,
        )
        if not template:
            displays.names[id(field)] = chosen.title


def _rows(
    chosen: _Chosen, displays: _Displays, colors_by_name: Mapping[str, str], before: Sequence[ShownValue]
) -> Iterator[ShownValue]:
    """Each row of a field; series have the number of values that are there `before`."""
    frame, field = chosen.frame, chosen.field
    for row, value in enumerate(field.values):
        shown = displays.of(field, value, len(before))
        title, is_named = row_name(frame, field, row, displays.of)
        if title in colors_by_name:
            shown = replace(shown, color=named_color(colors_by_name[title], dark=displays.dark))
        yield ShownValue(title=title, display=shown, field=field, times=chosen.times, row=row, limits=chosen.limits)
        if is_named:
            displays.names[id(field)] = own_name(field, frame)


def _no_data(defaults: FieldConfig, dark: bool) -> ShownValue:
    """What says that there is no data, in the color of the lowest threshold."""
    empty = Field(name="", type=FieldType.OTHER, values=(), config=defaults)
    shown = display(empty, None, dark=dark)
    limits = ValueRange(defaults.minimum or 0, defaults.maximum or 0)
    text = Display(text=shown.text or NO_DATA, number=0, color=shown.color)
    return ShownValue(title="", display=text, calc=NO_DATA, limits=limits)
