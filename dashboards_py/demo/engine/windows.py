"""Ranges of samples: which of a block's samples lie in the window before each step."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dashboards_py.demo.engine.storage import Block
from dashboards_py.demo.engine.vector import Floats, Integers, Mask


@dataclass(frozen=True, eq=False)
class Windows:
    """The samples of a block by window; each ends at one of `ends` and is `length` milliseconds long.

    A sample at the end is inside, one at the beginning is not, as in Prometheus 3. `steps` are the moments of the
    evaluation, from which `ends` differ by an offset.
    """

    times: Integers
    values: Floats
    ends: Integers
    steps: Integers
    length: int

    @classmethod
    def of(cls, block: Block, ends: Integers, steps: Integers, length: int) -> "Windows":
        """The windows over a block without its stale markers."""
        kept = block.without_markers()
        return cls(kept.times, kept.values, ends, steps, length)

    @cached_property
    def first(self) -> Integers:
        """The index of the first sample of each window."""
        return np.searchsorted(self.times, self.ends - self.length, side="right")

    @cached_property
    def beyond(self) -> Integers:
        """The index after the last sample of each window."""
        return np.searchsorted(self.times, self.ends, side="right")

    @cached_property
    def counts(self) -> Integers:
        """The number of samples in each window."""
        return self.beyond - self.first

    def at_least(self, samples: int) -> Mask:
        """Which windows have at least that many samples."""
        return self.counts >= samples

    def with_samples(self, samples: int = 1) -> Iterator[tuple[int, slice]]:
        """The steps whose windows have at least that many samples, with the columns of these."""
        for step in np.flatnonzero(self.at_least(samples)):
            yield int(step), slice(int(self.first[step]), int(self.beyond[step]))

    def blank(self) -> Floats:
        """A value for each series and step, to be filled."""
        return np.full((len(self.values), len(self.ends)), np.nan)

    def spread(self, values: Floats, steps: Mask) -> Floats:
        """Values of some steps as values of all."""
        result = self.blank()
        result[:, steps] = values
        return result
