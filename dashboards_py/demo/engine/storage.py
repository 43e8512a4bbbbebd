"""Where the engine reads samples from."""

from dataclasses import dataclass
from typing import Protocol

from dashboards_py.demo.engine.labels import Labels
from dashboards_py.demo.engine.matching import Matcher
from dashboards_py.demo.engine.vector import Floats, Integers, Mask


@dataclass(frozen=True, eq=False)
class Block:
    """Samples of series that were scraped together: a row of `values` for each series, a column for each of `times`.

    `rows` are the positions of the series in the selection. `stale` marks scrapes at which all of them had gone, which
    Prometheus stores as stale markers; `times` are milliseconds since 1970, ascending.
    """

    rows: Integers
    times: Integers
    values: Floats
    stale: Mask | None = None

    def without_markers(self) -> "Block":
        """The block without stale markers, as ranges see it."""
        if self.stale is None or not self.stale.any():
            return self
        kept = ~self.stale
        return Block(self.rows, self.times[kept], self.values[:, kept])


@dataclass(frozen=True, eq=False)
class Selection:
    """Series in the order of their labels, with their samples."""

    labels: tuple[Labels, ...]
    blocks: tuple[Block, ...]


class Storage(Protocol):
    """A database of series."""

    def select(self, matchers: tuple[Matcher, ...], begin: int, end: int) -> Selection:
        """The series that all the matchers match, with their samples between two moments, and perhaps others."""
        ...

    def holders(self, label: str) -> tuple[str, ...]:
        """Names of series that have, between them, each value that a series has of a label at any time."""
        ...
