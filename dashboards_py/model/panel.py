"""The kinds of panel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from dashboards_py.model.link import BoardLink
from dashboards_py.model.query import Query
from dashboards_py.model.threshold import Threshold
from dashboards_py.model.unit import Unit

# The rules of lint that a panel may break with a reason: add one when a panel first has to.
ExcusableRule = Literal["counter-without-rate"]
Legend = Literal["table", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What every kind has.

    `description` says what is shown and what to do when it is bad; `no_value` what no data means; `links` where to look
    next. `width` (of 24 columns) and `height` (30 px each) are wishes: the compiler fills its lines. `excuses` gives,
    by rule of lint, the reason why the panel breaks it.
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
        """A unit or an excused rule that is not known raises ValueError: not everybody runs mypy."""
        require_known("unit", self.unit, Unit)
        for rule in self.excuses:
            require_known("excuse for the rule", rule, ExcusableRule)
        for query in self.queries:
            require_known("unit", query.unit or self.unit, Unit)


def require_known(what: str, value: str, literal: Any) -> None:
    """Raise ValueError unless the value is one of those of a Literal type."""
    if value not in get_args(literal):
        raise ValueError(f"unknown {what} {value!r}; known: {', '.join(get_args(literal))}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat(Panel):
    """Big numbers of the present; `decimals` is how many are shown (None: as Grafana sees fit)."""

    decimals: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarGauge(Panel):
    """A ranking of the present."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Panel):
    """Rows of the present, merged by their labels; each query is a column, and the first one sorts.

    `label_columns` are the labels, in the order of their columns; `headings` are what stands over some of them.
    """

    label_columns: tuple[str, ...]
    headings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSeries(Panel):
    """Lines over time. `max_data_points` bounds what is read for a series.

    Series take the palette's colours in order, or by their name; `series_colors` (a regular expression of names, a
    colour of Grafana) go first.
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
