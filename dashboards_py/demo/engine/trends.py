"""Straight lines through the samples of a window: deriv and predict_linear.

The sums are as exact as Prometheus', which compensates them, where the machine has longer numbers than 64 bits.
"""

import numpy as np

from dashboards_py.demo.engine.vector import Floats, Integers, Mask
from dashboards_py.demo.engine.windows import Windows

Result = tuple[Floats, Mask]


def deriv(windows: Windows) -> Result:
    """The slope per second."""
    some = windows.at_least(2)
    starts = np.zeros(len(some), dtype=np.int64)
    starts[some] = windows.times[windows.first[some]]
    slope, _ = _lines(windows, starts)
    return slope, some


def predict_linear(windows: Windows, seconds: Floats) -> Result:
    """The value of the line so many seconds after the moment of evaluation."""
    slope, intercept = _lines(windows, windows.steps)
    return slope * seconds + intercept, windows.at_least(2)


def _lines(windows: Windows, origins: Integers) -> tuple[Floats, Floats]:
    """The slope of each window's line and its value at the window's origin."""
    slopes, intercepts = windows.blank(), windows.blank()
    for step, samples in windows.with_samples(2):
        values, x = windows.values[:, samples], (windows.times[samples] - origins[step]) / 1000
        count = len(x)
        sum_x, sum_xx, sum_y = _sum(x), _sum(x * x), _sum(values)
        slope = (_sum(x * values) - sum_x * sum_y / count) / (sum_xx - sum_x * sum_x / count)
        first = values[:, 0]
        constant = (values == first[:, None]).all(axis=1)
        level = np.where(np.isinf(first), np.nan, first)
        slopes[:, step] = np.where(constant, np.where(np.isinf(first), np.nan, 0.0), slope)
        intercepts[:, step] = np.where(constant, level, sum_y / count - slope * sum_x / count)
    return slopes, intercepts


def _sum(values: Floats) -> Floats:
    return np.asarray(values.sum(axis=-1, dtype=np.longdouble), dtype=np.float64)
