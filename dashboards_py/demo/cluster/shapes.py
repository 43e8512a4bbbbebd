"""Shapes of values over time: counters with a known rate, gauges with a known level, histograms with a known mean."""

from dataclasses import dataclass, replace
from math import cos, exp, pi, sin

PERIOD = 2400.0  # seconds of a wave


@dataclass(frozen=True, slots=True)
class Counter:
    """Grows by `rate` a second, waving by the share `wave` around it; `start` at time 0.

    At `restart`, in seconds after the beginning of history, its process starts again and it counts from 0.
    """

    rate: float
    start: float = 0.0
    wave: float = 0.0
    phase: float = 0.0
    restart: float | None = None

    def at(self, seconds: float) -> float:
        """The value `seconds` after the beginning of history."""
        if self.restart is not None and seconds >= self.restart:
            return replace(self, start=0.0, restart=None).at(seconds - self.restart)
        turn = 2 * pi / PERIOD
        swing = (cos(self.phase) - cos(turn * seconds + self.phase)) / turn
        return self.start + self.rate * (seconds + self.wave * swing)


@dataclass(frozen=True, slots=True)
class Gauge:
    """Waves around `level` by the share `wave`; whole numbers where `whole`."""

    level: float
    wave: float = 0.0
    phase: float = 0.0
    whole: bool = False

    def at(self, seconds: float) -> float:
        """The value `seconds` after the beginning of history."""
        value = self.level * (1 + self.wave * sin(2 * pi / PERIOD * seconds + self.phase))
        return float(round(value)) if self.whole else value


@dataclass(frozen=True, slots=True)
class Started:
    """A moment in Unix time that does not move."""

    moment: float

    def at(self, _: float) -> float:
        """The same moment always."""
        return self.moment


@dataclass(frozen=True, slots=True)
class Step:
    """One value before a moment in seconds of history, another from then on."""

    before: float
    after: float
    moment: float

    def at(self, seconds: float) -> float:
        """The value `seconds` after the beginning of history."""
        return self.before if seconds < self.moment else self.after


Shape = Counter | Gauge | Started | Step

BOUNDS = {
    "seconds": (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
    "milliseconds": (0.5, 1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0),
    "count": (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0),
}


def share_below(bound: float, mean: float) -> float:
    """The share of observations up to `bound`: they are spread exponentially around `mean`."""
    return 1 - exp(-bound / mean)
