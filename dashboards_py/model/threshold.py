"""Thresholds: the values at which a panel changes its colour."""

from dataclasses import dataclass
from typing import Literal

Color = Literal["text", "green", "yellow", "red"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A colour that applies from `value` upwards, in the panel's unit (None: from the lowest value).

    `level` is the limit's level whose value it is ("map-pressure.critical"), "" if there is none.
    """

    color: Color
    value: float | None = None
    level: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level of a limit (`name`: warning or critical) and its value; `limit` is the limit's name."""

    limit: str
    name: str
    value: float

    @property
    def qualified_name(self) -> str:
        """`limit.name`."""
        return f"{self.limit}.{self.name}"
