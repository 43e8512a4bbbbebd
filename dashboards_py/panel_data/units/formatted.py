"""What a unit makes of a number, and the clock by which times are written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo


@dataclass(frozen=True, slots=True)
class Formatted:
    """A number with its unit: `text` with what is before and behind it, spaces included."""

    text: str
    prefix: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        return f"{self.prefix}{self.text}{self.suffix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The time zone that times are written in, and `now`, in milliseconds since 1970, for times that are relative.

    With `milliseconds` a time without a format of its own is written to the millisecond.
    """

    now: float = 0
    zone: tzinfo = UTC
    milliseconds: bool = False


UTC_CLOCK = Clock()
Format = Callable[[float | None, int | None, Clock], Formatted]
