"""Thresholds: the value from which a panel takes a colour."""

from dataclasses import dataclass
from typing import Literal

Color = Literal["green", "yellow", "red"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """From `value` on, in the panel's unit, the colour is `color`; None: from the lowest value on."""

    color: Color
    value: float | None = None
