"""A fact that may differ between releases."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from dashboards_py.release import RELEASES, Release

T = TypeVar("T")


@cache
def release_named(text: str) -> Release:
    """Parse a release as the data writes it (`1.18`); an unknown one raises DashboardsError."""
    return Release.parse(text)


@dataclass(frozen=True, slots=True)
class ByRelease(Generic[T]):
    """Values with the first release of each, in ascending order; the first value also applies to older releases."""

    steps: tuple[tuple[Release, T], ...]

    def on(self, release: Release) -> T:
        """The value for a release."""
        current = self.steps[0][1]
        for start, value in self.steps[1:]:
            if start <= release:
                current = value
        return current

    @property
    def all(self) -> tuple[T, ...]:
        """All values, oldest first."""
        return tuple(value for _, value in self.steps)

    @classmethod
    def read(cls, data: Any, convert: Callable[[Any], T]) -> "ByRelease[T]":
        """Read JSON: either one value for all releases, or an object with the first release of each value."""
        if isinstance(data, dict):
            return cls(tuple((release_named(start), convert(value)) for start, value in data.items()))
        return cls(((RELEASES[0], convert(data)),))
