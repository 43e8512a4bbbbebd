"""How values of a cluster that looks alive move: waves of several periods, seeded by names, the same in every run.

Times are seconds relative to the end of a scene, so that the past is negative.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from math import inf, tau
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dashboards_py.demo.cluster.shapes import share_below

Floats = NDArray[np.float64]

# Period in seconds and share of the level: what people do is common to all, the rest is each one's own.
COMMON = ((86400.0, 0.22), (5400.0, 0.06))
OWN = ((2580.0, 0.07), (840.0, 0.06), (310.0, 0.05), (97.0, 0.05))


@dataclass(frozen=True, slots=True)
class Waves:
    """Waves around 1: (period in seconds, share, phase)."""

    parts: tuple[tuple[float, float, float], ...] = ()

    def at(self, seconds: Floats) -> Floats:
        """Their sum at each time."""
        result = np.ones_like(seconds)
        for period, share, phase in self.parts:
            result += share * np.sin(tau / period * seconds + phase)
        return result

    def until(self, seconds: Floats) -> Floats:
        """The integral from 0 to each time."""
        result = seconds.copy()
        for period, share, phase in self.parts:
            result += share * period / tau * (np.cos(phase) - np.cos(tau / period * seconds + phase))
        return result


def waves(seed: object, strength: float = 1.0) -> Waves:
    """The waves of whatever has that name; `strength` makes them lower or higher, with a limit."""
    common = tuple((period, share * strength, 1.9) for period, share in COMMON)
    own = tuple(
        (period, share * strength, (crc32(repr((seed, period)).encode()) % 6283) / 1000) for period, share in OWN
    )
    return Waves(common + own)


Motion = Callable[[Floats], Floats]

ORDER = np.arange(1024) * 633 % 1024  # of a thousand events by their size, neighbours far apart
LONGEST = 4.0  # times the mean of its kind: nothing takes longer, so that few observations have no odd quantiles
SIZES = np.minimum(-np.log(1 - (ORDER + 0.5) / len(ORDER)), LONGEST)  # times the mean: those that buckets count
SUMS = np.concatenate([[0.0], np.cumsum(SIZES)])  # of the first events


@dataclass(frozen=True, slots=True)
class Observed:
    """What a series tells of observations of two kinds with these `means`: each event is one.

    A bucket of a histogram counts those up to its `bound`, `_count` all; `_sum` adds them up (`summed`). All of them
    grow when one of the events happens, and only then.
    """

    means: tuple[float, float]
    bound: float = inf
    summed: bool = False

    def of_events(self, events: Floats, slow_events: Floats | float) -> Floats:
        """The value after so many events of each kind."""
        fast, slow = self.means
        return self._of_kind(fast, events) + self._of_kind(slow, slow_events)

    def _of_kind(self, mean: float, events: Floats | float) -> Floats:
        if self.summed:
            return mean * _summed(events)
        return _counted(1.0 if self.bound >= LONGEST * mean else share_below(self.bound, mean), events)

    def longer(self, factor: float) -> "Observed":
        """The same of observations that are so many times as long."""
        fast, slow = self.means
        return replace(self, means=(fast * factor, slow * factor))


@dataclass(frozen=True, slots=True)
class Count:
    """A counter of a process: it began at 0 at the first of `starts` and again at each of the others.

    `rate` is per second; from each moment of `factors` on it is multiplied by the factor there. `whole` counts events.
    `slow_rate` is that of a second kind of events with waves of their own, such as requests that take long. A series of
    a histogram or summary has what is `observed` of them.
    """

    rate: float
    starts: tuple[float, ...]
    waves: Waves = field(default_factory=Waves)
    factors: tuple[tuple[float, float], ...] = ()
    whole: bool = True
    base: float = 0.0
    slow_rate: float = 0.0
    slow_waves: Waves = field(default_factory=Waves)
    observed: Observed | None = None

    def __call__(self, seconds: Floats) -> Floats:
        """The values at these times."""
        values: Floats = sampled((self,), seconds)[0]
        return values

    def growth(self, waves: Waves, seconds: Floats) -> Floats:
        """What a counter with a mean rate of 1 and these waves has counted since its process started."""
        starts = np.array(self.starts)
        latest = np.maximum(np.searchsorted(starts, seconds, side="right") - 1, 0)
        return self._grown(waves, seconds) - self._grown(waves, starts)[latest]

    def of_growth(self, growth: Floats, slow_growth: Floats | float) -> Floats:
        """The values for the growths of both kinds of events."""
        if self.observed:
            events, slow_events = (
                np.floor(rate * grown + 1e-6) for rate, grown in ((self.rate, growth), (self.slow_rate, slow_growth))
            )
            return self.observed.of_events(events, slow_events)
        values = self.base + self.rate * growth + self.slow_rate * slow_growth
        return np.floor(values + 1e-6) if self.whole else values

    def _grown(self, waves: Waves, seconds: Floats) -> Floats:
        """The growth since a moment that does not matter."""
        moments = (-inf, *(moment for moment, _ in self.factors), inf)
        result = np.zeros_like(seconds)
        for (begin, end), factor in zip(pairwise(moments), (1.0, *(factor for _, factor in self.factors)), strict=True):
            grown = waves.until(np.clip(seconds, begin, end))
            result += factor * (grown if begin == -inf else grown - waves.until(np.array(begin)))
        return result

    def times(self, *factors: tuple[float, float]) -> "Count":
        """The counter with its rate multiplied from these moments on."""
        return replace(self, factors=factors)

    def restarted(self, moment: float) -> "Count":
        """The counter, which begins again at a moment."""
        return replace(self, starts=(*self.starts, moment))


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of several counters, such as one of what happened before a moment and one of what happened after it."""

    counts: tuple[Count, ...]

    def __call__(self, seconds: Floats) -> Floats:
        """The values at these times."""
        values: Floats = sampled(self.counts, seconds).sum(axis=0)
        return values


@cache
def _smallest(count: int) -> Floats:
    """How many of the first events in that order are among the `count` smallest."""
    return np.concatenate([[0.0], np.cumsum(count > ORDER)])


def _counted(share: float, events: Floats | float) -> Floats:
    """How many of so many events are among the smallest: one that a bucket counts, all larger ones count too."""
    count = round(share * len(ORDER))
    thousands, rest = np.divmod(events, len(ORDER))
    result: Floats = thousands * count + _smallest(count)[np.asarray(rest, dtype=np.int64)]
    return result


def _summed(events: Floats | float) -> Floats:
    """What so many events add up to, of a mean of 1."""
    thousands, rest = np.divmod(events, len(ORDER))
    result: Floats = thousands * SUMS[-1] + SUMS[np.asarray(rest, dtype=np.int64)]
    return result


@dataclass(frozen=True, slots=True)
class Level:
    """A gauge: straight lines between points (time, level), with waves; `whole` are things that can be counted.

    With a `period` it is set once in so many seconds, for the last time before `last`, and stands still in between.
    """

    points: tuple[tuple[float, float], ...]
    waves: Waves = field(default_factory=Waves)
    whole: bool = False
    highest: float = inf
    period: float = 0.0
    last: float = inf

    def __call__(self, seconds: Floats) -> Floats:
        """The values at these times."""
        if self.period:
            seconds = np.floor(np.minimum(seconds, self.last) / self.period) * self.period
        moments, levels = zip(*self.points, strict=True)
        values: Floats = np.minimum(np.interp(seconds, moments, levels) * self.waves.at(seconds), self.highest)
        return np.round(values) if self.whole else values


@dataclass(frozen=True, slots=True)
class Latest:
    """The Unix time of the last of something that happens every `period` seconds; `end` is that of the scene.

    0, where the period is infinite and nothing happened.
    """

    end: float
    period: float
    phase: float = 0.0

    def __call__(self, seconds: Floats) -> Floats:
        """The values at these times."""
        if self.period == inf:
            return np.zeros_like(seconds)
        return self.end + np.floor((seconds - self.phase) / self.period) * self.period + self.phase


def steady(value: float) -> Level:
    """A gauge that does not move."""
    return Level(((0.0, value),))


def step(before: float, moment: float, after: float) -> Level:
    """A gauge with one level before a moment and another from then on."""
    return Level(((moment - 1e-3, before), (moment, after)))


def sampled(motions: Iterable[Motion], seconds: Floats) -> Floats:
    """The values of each motion at these times, as rows; growth that counters share is computed once."""
    growths: dict[tuple[object, ...], Floats] = {}

    def growth(count: Count, waves: Waves) -> Floats:
        key = (count.starts, count.factors, waves)
        if key not in growths:
            growths[key] = count.growth(waves, seconds)
        return growths[key]

    rows = []
    for motion in motions:
        if isinstance(motion, Count):
            slow = growth(motion, motion.slow_waves) if motion.slow_rate else 0.0
            rows.append(motion.of_growth(growth(motion, motion.waves), slow))
        else:
            rows.append(motion(seconds))
    return np.stack(rows)
