"""Functions of how fast values grow: rate, increase, delta, and those of the last two samples.

Extrapolation to the ends of the window follows `extrapolatedRate` in Prometheus' promql/functions.go.
"""

import numpy as np

from dashboards_py.demo.engine.vector import Floats, Mask
from dashboards_py.demo.engine.windows import Windows

# Samples that are nearer to the end of the window than this, in mean intervals, are taken to reach it.
NEAR = 1.1
Result = tuple[Floats, Mask]


def rate(windows: Windows) -> Result:
    """The growth of a counter per second."""
    return _extrapolated(windows, counter=True, seconds=windows.length / 1000)


def increase(windows: Windows) -> Result:
    """The growth of a counter over the window; where it falls it began again at 0."""
    return _extrapolated(windows, counter=True)


def delta(windows: Windows) -> Result:
    """The difference between the ends of the window."""
    return _extrapolated(windows, counter=False)


def irate(windows: Windows) -> Result:
    """The growth per second between the last two samples of a counter."""
    last, previous, seconds, present = _last_two(windows)
    grown = np.where(last < previous, last, last - previous)
    return windows.spread(grown / seconds, present), present


def idelta(windows: Windows) -> Result:
    """The difference between the last two samples."""
    last, previous, _, present = _last_two(windows)
    return windows.spread(last - previous, present), present


def _last_two(windows: Windows) -> tuple[Floats, Floats, Floats, Mask]:
    present = windows.at_least(2)
    last = windows.beyond[present] - 1
    seconds = (windows.times[last] - windows.times[last - 1]) / 1000
    return windows.values[:, last], windows.values[:, last - 1], seconds, present


def _extrapolated(windows: Windows, *, counter: bool, seconds: float = 1.0) -> Result:
    """The difference between the ends of each window, divided by `seconds`; operations in the order of Prometheus'."""
    present = windows.at_least(2)
    first, last = windows.first[present], windows.beyond[present] - 1
    begin = windows.values[:, first]
    grown = windows.values[:, last] - begin
    if counter:
        grown = grown + _lost_in_restarts(windows, present)
    sampled = (windows.times[last] - windows.times[first]) / 1000
    interval = sampled / (windows.counts[present] - 1)
    ends = windows.ends[present]
    before = (windows.times[first] - (ends - windows.length)) / 1000
    after = (ends - windows.times[last]) / 1000
    before = np.where(before >= interval * NEAR, interval / 2, before)
    after = np.where(after >= interval * NEAR, interval / 2, after)
    before_each = np.broadcast_to(before, grown.shape)
    if counter:  # which cannot have been negative
        to_zero = sampled * (begin / grown)
        before_each = np.where((grown > 0) & (begin >= 0) & (to_zero < before), to_zero, before)
    factor = (sampled + before_each + after) / sampled / seconds
    return windows.spread(grown * factor, present), present


def _lost_in_restarts(windows: Windows, present: Mask) -> Floats:
    """What the counters had counted before they began again within each window."""
    lost = np.zeros((len(windows.values), int(present.sum())))
    fell = windows.values[:, 1:] < windows.values[:, :-1]
    if fell.any():
        counted = np.where(fell, windows.values[:, :-1], 0.0)
        for column, (_, samples) in enumerate(windows.with_samples(2)):
            lost[:, column] = counted[:, samples.start : samples.stop - 1].sum(axis=1)
    return lost
