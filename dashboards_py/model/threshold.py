"""Thresholds: the values at which a panel changes its colour."""

from dataclasses import dataclass
from typing import Literal

Color = Literal["green", "yellow", "red"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A colour that applies from `value` upwards, in the panel's unit (None: from the lowest value)."""

    color: Color
    value: float | None = None
