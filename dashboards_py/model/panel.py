"""The kinds of panels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from dashboards_py.model.link import BoardLink
from dashboards_py.model.query import Query
from dashboards_py.model.threshold import Threshold
from dashboards_py.model.unit import Unit

# The rules of lint that a panel can be excused from. Add a rule when the first panel needs it.
ExcusableRule = Literal["counter-without-rate", "remote-workload"]
Legend = Literal["table", "right", "list"]
Rank = Literal["first", "columns", "max", "sum", "min"]
COLUMNS, MAX_HEIGHT = 24, 100  # of Grafana's grid; higher than any screen
LineStyle = Literal["solid", "dash", "dot", "long dash"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The fields that all kinds of panels have.

    `description` states what the panel shows and what to do when it looks bad, `no_value` what missing data means, and
    `links` which boards to look at next. `width` (of 24 columns) and `height` (units of 30 px) are preferences: the
    compiler fills each line. `excuses` maps rules of lint that the panel breaks to the reasons. A panel with a
    `former_title` keeps the id that it had under that title, so that links to it still lead there.
    """

    title: str
    description: str
    queries: tuple[Query, ...]
    unit: Unit
    thresholds: tuple[Threshold, ...] = ()
    no_value: str = ""
    links: tuple[BoardLink, ...] = ()
    width: int
    height: int
    excuses: Mapping[ExcusableRule, str] = field(default_factory=dict)
    former_title: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError for an unknown unit or excused rule, and for a size that no panel has."""
        for what, size, most in (("width", self.width, COLUMNS), ("height", self.height, MAX_HEIGHT)):
            if not isinstance(size, int) or not 1 <= size <= most:
                raise ValueError(f"{what} {size!r}: must be a whole number from 1 to {most}")
        require_known("unit", self.unit, Unit)
        for rule in self.excuses:
            require_known("excuse for the rule", rule, ExcusableRule)
        for query in self.queries:
            require_known("unit", query.unit or self.unit, Unit)


def require_known(what: str, value: str, literal: Any) -> None:
    """Raise ValueError unless the value is a member of a Literal type."""
    if value not in get_args(literal):
        raise ValueError(f"unknown {what} {value!r}; known: {', '.join(get_args(literal))}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat(Panel):
    """Current values as big numbers, with `decimals` decimal places (None: Grafana's default)."""

    decimals: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarGauge(Panel):
    """A ranking of current values, as bars; `series_colors` as in TimeSeries."""

    series_colors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Panel):
    """Current values, one row per label set; each query is a column.

    `rank` chooses the row that comes first, that with the greatest value: in the "first" column; from left to right in
    the "columns", where the second decides between equal ones of the first; or the "max" or "sum" of all columns. With
    "min" it is the row with the least value of all columns. Secondary ones do not count.

    `label_columns` are the labels in the order of their columns; `headings` overrides some of their headings. The
    column of each query is as many pixels wide as `number_widths` says, those of some labels as `label_widths` does,
    and the others share the rest. `hidden_labels` have columns that only links read.
    """

    label_columns: tuple[str, ...]
    headings: Mapping[str, str] = field(default_factory=dict)
    number_widths: tuple[int, ...]
    label_widths: Mapping[str, int] = field(default_factory=dict)
    hidden_labels: tuple[str, ...] = ()
    rank: Rank = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSeries(Panel):
    """Lines over time. `max_data_points` limits the points of each series.

    The series of a query have shades of its colour in `hues`, or this colour if it has one series only or the panel
    has no shades (`has_shades`), and its style in `styles`. By regular expressions of series names, `name_hues` gives
    other hues, and `series_colors`, which takes precedence, colours of single series; of several that match, the last
    counts. `name_styles` does the same for styles of lines. The axis reaches `soft_max` at least (None: Grafana's
    default), with `decimals` decimal places (None: as many as a tick has). `bars`: counts of rare events, as bars on
    top of each other. `steps`: each value holds for the time before it.
    """

    max_data_points: int
    legend: Legend = "table"
    soft_max: float | None = None
    decimals: int | None = None
    bars: bool = False
    steps: bool = False
    hues: tuple[str, ...] = ()
    has_shades: bool = True
    styles: tuple[LineStyle, ...] = ()
    name_hues: Mapping[str, str] = field(default_factory=dict)
    series_colors: Mapping[str, str] = field(default_factory=dict)
    name_styles: Mapping[str, LineStyle] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateTimeline(Panel):
    """States over time, with one lane per series; `value_names` are texts for values (`{"0": "not ready"}`)."""

    max_data_points: int
    value_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap(Panel):
    """A histogram over time; its queries return rates by `le`, and `unit` is the unit of the buckets."""

    max_data_points: int
