"""Logarithmic axes, of numbers above zero and of both signs.

The expected ranges and ticks are what uPlot 1.6.32 itself gives (rangeLog, rangeAsinh, logAxisSplits,
asinhAxisSplits, log10AxisValsFilt and log2AxisValsFilt, run in Node), without those beyond the range.
"""

from itertools import pairwise

import pytest

from dashboards_py.preview.log_scales import LogScale, log_range, symmetric_range
from tests.preview.panels import panel_picture
from tests.preview.svg import texts

NO_LIMITS = (None, None)


@pytest.mark.parametrize(
    ("scale", "data", "length", "expected", "labels", "count"),
    [
        pytest.param(
            LogScale(10, 1), (-950, 12_000), 300, (-1000, 100_000),
            [-1000, -100, -10, -1, 0, 1, 10, 100, 1000, 10_000, 100_000], 75, id="of both signs",
        ),
        pytest.param(LogScale(10, 100), (-950, 12_000), 300, (-1000, 100_000), [0, 100_000], 39, id="wide linear part"),
        pytest.param(LogScale(10, 1), (0, 5000), 120, (0, 10_000), [0, 1, 10, 100, 1000, 10_000], 38, id="from zero"),
        pytest.param(LogScale(10, 1), (3, 700), 200, (1, 1000), [1, 10, 100, 1000], 28, id="above zero"),
        pytest.param(LogScale(10, 1), (-20, -3), 200, (-100, -1), [-100, -50, -20, -10, -5, -2, -1], 19, id="below 0"),
        pytest.param(
            LogScale(2, 1), (-9, 9), 200, (-16, 16), [-16, -8, -4, -2, -1, 0, 1, 2, 4, 8, 16], 11, id="base 2",
        ),
        pytest.param(LogScale(10, 1), (0, 1e6), 60, (0, 1e6), [0, 1, 100, 10_000, 1_000_000], 56, id="little room"),
        pytest.param(LogScale(10), (0.02, 70), 300, (0.01, 100), [0.01, 0.1, 1, 10, 100], 37, id="logarithmic"),
        pytest.param(LogScale(2), (3, 700), 100, (2, 1024), [4, 16, 64, 256, 1024], 10, id="logarithmic, base 2"),
        pytest.param(LogScale(10), (5, 5), 200, (0.1, 100), [0.1, 1, 10, 100], 28, id="one value"),
    ],
)  # fmt: skip
def test_ranges_and_ticks_are_those_of_uplot(
    scale: LogScale, data: tuple[float, float], length: float, expected: tuple[float, float], labels: list[float],
    count: int,
) -> None:  # fmt: skip
    """The range, how many values have a gridline, and which have a label."""
    limits = log_range(scale, data, NO_LIMITS)
    if scale.linear:
        limits = symmetric_range(scale, data, NO_LIMITS, is_whole=False)
    assert limits == expected
    ticks = scale.ticks(*limits, length, 15 if length <= 150 else 30)
    assert [value for value, has_label in ticks if has_label] == labels
    assert len(ticks) == count


def test_only_zeros_have_a_range() -> None:
    """From 0 to 100, as in Grafana (UPlotScaleBuilder)."""
    assert symmetric_range(LogScale(10, 1), (0, 0), NO_LIMITS, is_whole=False) == (0, 100)


@pytest.mark.parametrize("linear", [0.0, 1e-12, 0.5, 1e9])
@pytest.mark.parametrize("value", [-1e299, -1e-300, 0.0, 1e-13, 1.0, 1e299])
def test_any_data_has_a_range(value: float, linear: float) -> None:
    """Numbers that are very large, very small, or of the wrong sign."""
    scale = LogScale(10, linear)
    data = (min(value, 3.0), max(value, 3.0))
    low, high = symmetric_range(scale, data, NO_LIMITS, is_whole=False) if linear else log_range(scale, data, NO_LIMITS)
    assert low < high
    assert all(low <= tick <= high for tick, _ in scale.ticks(low, high, 200, 30))


@pytest.mark.fault("an axis of numbers of both signs that is logarithmic is drawn as a linear one")
def test_a_graph_of_both_signs_is_drawn_on_a_logarithmic_axis() -> None:
    """Each power of ten is as far from the next, and the linear part is around zero."""
    series: dict[str, list[float | None]] = {"a": [*[-900.0] * 30, *[900.0] * 30]}
    custom = {"scaleDistribution": {"type": "symlog", "log": 10}}
    picture = panel_picture("timeseries", custom=custom, series=series, size=(12, 12))
    assert texts(picture.svg)["tick"] == ["-1000", "-100", "-10", "-1", "0", "1", "10", "100", "1000"]
    assert not picture.problems


def test_limits_of_the_field_are_the_ends_of_a_symmetric_axis() -> None:
    """As they are, and only where there is no soft limit; those of a logarithmic one are whole powers."""
    assert symmetric_range(LogScale(10, 1), (-9, 9), (-50, 70), is_whole=False) == (-50, 70)
    assert log_range(LogScale(10), (3, 9), (2, 2000)) == (1, 10_000)


def test_powers_are_equally_far_from_each_other() -> None:
    """On a logarithmic scale always, on a symmetric one beyond its linear part."""
    for scale in (LogScale(10), LogScale(10, 1)):
        steps = [scale.position(b) - scale.position(a) for a, b in pairwise([100, 1000, 10_000, 100_000])]
        assert steps == pytest.approx([steps[0]] * 3, rel=1e-2)
