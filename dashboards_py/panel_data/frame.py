"""Data frames, as Grafana's panels get them: columns of values with their options.

Source: @grafana/data, DataFrame, Field and FieldConfig.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import NoneType
from typing import TypeGuard

from dashboards_py.board import Step
from dashboards_py.panel_data.source import Notice
from dashboards_py.panel_data.times import Calendar
from dashboards_py.shapes import Json

Value = float | str | bool | None


def are_finite(values: Sequence[Value]) -> TypeGuard[Sequence[float | None]]:
    """True for finite numbers and gaps alone; a board may have half a million, so that each is not looked at here.

    False as well where their sum is too large.
    """
    return set(map(type, values)) <= {float, NoneType} and math.isfinite(sum(filter(None, values)))  # type: ignore[arg-type]


class FieldType(StrEnum):
    """What a field's values are; a time is in milliseconds since 1970."""

    TIME = "time"
    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldConfig:
    """Options of a field: the panel's defaults with the overrides that match it.

    `unit` is Grafana's id ("bytes", "percentunit"); `decimals` None: as many as the value needs; `minimum` and
    `maximum` None: the data's. `steps` are the thresholds, percentages of the range if `percentage_steps`. `color_mode`
    is Grafana's id ("thresholds", "palette-classic", "fixed"); `color_by` is the reduction whose result colors a whole
    series ("last", "min", "max"). `mappings` and `custom`, the options of the panel's type such as fillOpacity, are
    Grafana's JSON. `has_links`: its values are links. `name_from_source` is the legend that the query gives;
    `display_name` is what an override sets. `own_range`: a missing minimum or maximum is that of the field's own
    values, not of all fields (Grafana's fieldMinMax). `interval` is the distance between a time field's points in
    milliseconds, 0 if unknown.
    """

    unit: str = ""
    decimals: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    no_value: str = ""
    display_name: str = ""
    name_from_source: str = ""
    steps: tuple[Step, ...] = ()
    percentage_steps: bool = False
    color_mode: str = ""
    fixed_color: str = ""
    color_by: str = "last"
    mappings: tuple[Json, ...] = ()
    custom: Mapping[str, object] = field(default_factory=dict)
    own_range: bool = False
    interval: int = 0
    has_links: bool = False


@dataclass(frozen=True, slots=True)
class ValueRange:
    """The least and the greatest value."""

    least: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column, with as many `values` as the other fields of its frame; `labels` are those of its series.

    `index` is its number among the panel's series, which colors may depend on; `limits` are the values at 0 and 100 %,
    None for the range of its own values.
    """

    name: str
    type: FieldType
    values: tuple[Value, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    config: FieldConfig = field(default_factory=FieldConfig)
    index: int = 0
    limits: ValueRange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Columns of equal length: one series over time, or a table. `ref` is the query's letter.

    `kind` is "heatmap-rows" (one field a bucket), "heatmap-cells" (xMax, yMin, yMax, count) or empty.
    """

    fields: tuple[Field, ...]
    ref: str = ""
    name: str = ""
    kind: str = ""

    @property
    def length(self) -> int:
        """The number of rows."""
        return len(self.fields[0].values) if self.fields else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The range of time that a board shows, in Unix seconds, and the width in pixels of the panel that is drawn.

    A panel's own range of time ends at `now`, which is the end where it is None; it is not used where the board's is
    not relative to that. Weeks are those of the `calendar`.
    """

    begin: float
    end: float
    width: int = 1000
    now: float | None = None
    is_relative: bool = True
    calendar: Calendar = field(default_factory=Calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelData:
    """The frames that a panel draws, and in `problems` a sentence for each thing that could not be done.

    `notices` are the remarks of the source on its answers; warnings among them are problems as well.
    """

    frames: tuple[Frame, ...]
    problems: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """A value as it is drawn: prefix, text, suffix; `color` as #rrggbb, or #rrggbbaa if it is translucent.

    `percent` is its position in the range of its field: 0 for the least value, 1 for the greatest; it may be less
    or more. `number` is NaN if the value is not a number.
    """

    text: str
    prefix: str = ""
    suffix: str = ""
    number: float = float("nan")
    color: str = ""
    percent: float | None = None

    def __str__(self) -> str:
        return f"{self.prefix}{self.text}{self.suffix}"
