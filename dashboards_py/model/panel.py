"""The kinds of panel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from dashboards_py.model.link import BoardLink
from dashboards_py.model.query import Query
from dashboards_py.model.threshold import Threshold
from dashboards_py.model.unit import Unit

# The rules of lint that a panel may break with a reason. Add one when the first panel has to.
ExcusableRule = Literal["counter-without-rate"]
Legend = Literal["table", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The fields of every kind of panel.

    `description` says what the panel shows and what to do when it looks bad; `no_value` what missing data means;
    `links` where to look next. `width` (of 24 columns) and `height` (units of 30 px) are preferences: the compiler
    fills each line. `excuses` maps rules of lint that the panel breaks to the reason.
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

    def __post_init__(self) -> None:
        """Raise ValueError for an unknown unit or excused rule, since not everybody runs mypy."""
        require_known("unit", self.unit, Unit)
        for rule in self.excuses:
            require_known("excuse for the rule", rule, ExcusableRule)
        for query in self.queries:
            require_known("unit", query.unit or self.unit, Unit)


def require_known(what: str, value: str, literal: Any) -> None:
    """Raise ValueError unless the value is one of a Literal type's."""
    if value not in get_args(literal):
        raise ValueError(f"unknown {what} {value!r}; known: {', '.join(get_args(literal))}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat(Panel):
    """Big numbers: the current values. `decimals` is how many are shown (None: Grafana's default)."""

    decimals: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarGauge(Panel):
    """A ranking of current values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Panel):
    """Current values, one row per label set; each query is a column, and rows are sorted by the first one.

    `label_columns` are the labels in the order of their columns; `headings` replaces the headings of some of them.
    """

    label_columns: tuple[str, ...]
    headings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSeries(Panel):
    """Lines over time. `max_data_points` limits the points of each series.

    Series take the palette's colours in order, or by name; `series_colors` (regular expressions of names to Grafana
    colours) take precedence.
    """

    max_data_points: int
    legend: Legend = "table"
    colors_by_name: bool = False
    series_colors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateTimeline(Panel):
    """States over time, one lane a series; `value_names` names values (`{"0": "not ready"}`)."""

    max_data_points: int
    value_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap(Panel):
    """A histogram over time; queries give rates by `le`, `unit` is that of the buckets."""

    max_data_points: int
