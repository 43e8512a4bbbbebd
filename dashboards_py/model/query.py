"""A query of a panel."""

from dataclasses import dataclass
from string import ascii_uppercase
from typing import Literal

from dashboards_py.model.threshold import Color, Level, Threshold
from dashboards_py.model.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The text, "" for the number itself, and the color of values from `low` to `high`, both included."""

    text: str
    color: Color | Literal["gray", "text"]
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One PromQL expression.

    `legend` is a Grafana legend format (`{{label}}`), or the heading of a table's column. `unit` overrides the panel's
    unit unless it is "", and `decimals` are its decimal places (None: Grafana's default). A `secondary` number of a
    panel of numbers shows what the one before is part of, and is never coloured; a table does not rank by it. In a
    table, `states` are shown for values. `thresholds` color the column of a table, or one of several numbers. `levels`
    are those of limits whose values the expression compares with, in the order written.
    """

    expr: str
    legend: str
    unit: Unit | Literal[""] = ""
    decimals: int | None = None
    states: tuple[State, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    secondary: bool = False
    levels: tuple[Level, ...] = ()


def ref_id(index: int) -> str:
    """The id of a panel's query at an index: A to Z, then AA, AB and so on, as in Grafana."""
    head, last = divmod(index, len(ascii_uppercase))
    return (ref_id(head - 1) if head else "") + ascii_uppercase[last]
