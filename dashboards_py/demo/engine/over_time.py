"""Functions of all samples in a window."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dashboards_py.demo.engine.quantiles import quantile
from dashboards_py.demo.engine.vector import Floats, Mask
from dashboards_py.demo.engine.windows import Windows

Result = tuple[Floats, Mask]
Function = Callable[..., Result]


def reduced(function: Callable[[Floats], Floats]) -> Function:
    """A function over the samples, which are the columns of its argument."""

    def over_time(windows: Windows) -> Result:
        result = windows.blank()
        for step, samples in windows.with_samples():
            result[:, step] = function(windows.values[:, samples])
        return result, windows.at_least(1)

    return over_time


def count(windows: Windows) -> Result:
    """The number of samples."""
    return np.broadcast_to(windows.counts.astype(float), windows.blank().shape), windows.at_least(1)


def present(windows: Windows) -> Result:
    """1 where there is any sample."""
    return np.ones_like(windows.blank()), windows.at_least(1)


def first(windows: Windows) -> Result:
    """The first sample."""
    some = windows.at_least(1)
    return windows.spread(windows.values[:, windows.first[some]], some), some


def last(windows: Windows) -> Result:
    """The last sample."""
    some = windows.at_least(1)
    return windows.spread(windows.values[:, windows.beyond[some] - 1], some), some


def changes(windows: Windows) -> Result:
    """How often the value is another than before."""
    after, before = windows.values[:, 1:], windows.values[:, :-1]
    return _counted(windows, (after != before) & ~(np.isnan(after) & np.isnan(before)))


def resets(windows: Windows) -> Result:
    """How often the value is smaller than before."""
    return _counted(windows, windows.values[:, 1:] < windows.values[:, :-1])


def _counted(windows: Windows, happened: Mask) -> Result:
    """How often something happened between two samples of each window."""
    some = windows.at_least(1)
    until = np.concatenate([np.zeros((len(happened), 1)), np.cumsum(happened, axis=1)], axis=1)
    return windows.spread(until[:, windows.beyond[some] - 1] - until[:, windows.first[some]], some), some


def quantile_over_time(windows: Windows, share: Floats) -> Result:
    """A quantile of the samples."""
    result = windows.blank()
    for step, samples in windows.with_samples():
        result[:, step] = quantile(share[step], windows.values[:, samples].T)
    return result, windows.at_least(1)


def _maximum(samples: Floats) -> Floats:
    greatest: Floats = np.fmax.reduce(samples, axis=1)
    return greatest


def _minimum(samples: Floats) -> Floats:
    least: Floats = np.fmin.reduce(samples, axis=1)
    return least


def _exactly(values: NDArray[np.longdouble]) -> Floats:
    """Sums in longer numbers than 64 bits where the machine has them, as good as Prometheus' compensated ones."""
    return np.asarray(values, dtype=np.float64)


maximum = reduced(_maximum)
minimum = reduced(_minimum)
total = reduced(lambda samples: _exactly(samples.sum(axis=1, dtype=np.longdouble)))
mean = reduced(lambda samples: _exactly(samples.mean(axis=1, dtype=np.longdouble)))
variance = reduced(lambda samples: samples.var(axis=1))
deviation = reduced(lambda samples: samples.std(axis=1))
