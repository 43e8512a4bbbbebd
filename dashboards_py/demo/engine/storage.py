"""Where the engine reads samples from."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

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


def selection(series: list[tuple[Labels, Integers, Floats, Mask | None]]) -> Selection:
    """Series of whatever samples as a selection: those that share the same arrays of times share a block."""
    ordered = sorted(series, key=lambda item: item[0])
    together: dict[tuple[int, int], list[int]] = {}
    for row, (_, times, _, stale) in enumerate(ordered):
        together.setdefault((id(times), id(stale)), []).append(row)
    blocks = []
    for rows in together.values():
        _, times, _, stale = ordered[rows[0]]
        values = np.stack([ordered[row][2] for row in rows])
        blocks.append(Block(np.array(rows, dtype=np.int64), times, values, stale))
    return Selection(tuple(item[0] for item in ordered), tuple(blocks))
