"""Axes: how far they reach and where their ticks are, as uPlot has them."""

import pytest

from dashboards_py.preview.ticks import (
    TIME_INCREMENTS,
    binary_increments,
    decimal_increments,
    increment,
    tick_values,
    value_range,
)

NO_SOFT = (None, None)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        pytest.param(30, 124, (20, 134), id="padded by a tenth of the data's range"),
        pytest.param(3, 97, (0, 107), id="padding does not cross zero"),
        pytest.param(0, 16_500, (0, 19_000), id="not below zero if the data is not"),
        pytest.param(5, 5, (0, 10), id="one value"),
        pytest.param(0, 0, (0, 100), id="only zeros"),
        pytest.param(-20, 0, (-22, 0), id="not above zero if the data is not"),
        pytest.param(100, 110, (99, 111), id="far from zero"),
        pytest.param(0.1, 0.30000000000000004, (0.08, 0.32), id="decimals"),
        pytest.param(0.025, 0.025000000000000005, (0, 0.05), id="equal but for rounding"),
        pytest.param(89.69999999999999, 89.7, (0, 180), id="equal but for rounding, large"),
        pytest.param(-7.000000000000001, -7, (-14, 0), id="equal but for rounding, below zero"),
        pytest.param(0, 1e-17, (0, 1.1e-17), id="a tiny one"),
        pytest.param(0, 1e-25, (0, 100), id="zeros but for rounding"),
        pytest.param(7, 7.00001, (7, 7.000011), id="a small change"),
    ],
)
def test_an_axis_reaches_a_tenth_beyond_the_data(low: float, high: float, expected: tuple[float, float]) -> None:
    """As uPlot 1.6.31 has it (rangeNum, run in Node): padded, but not across zero if the padding alone would cross it.

    Numbers that differ by rounding alone are one value.
    """
    actual = value_range(low, high, hard_low=None, hard_high=None, soft=NO_SOFT)
    assert actual == pytest.approx(expected, rel=1e-9, abs=0)


@pytest.mark.parametrize(
    ("data", "hard", "soft", "expected"),
    [
        pytest.param((0.1, 0.3), (0, None), (0, None), (0, 0.32), id="a soft minimum"),
        pytest.param((50, 50.001), (0, None), (1, None), (1, 50.0011), id="soft within hard"),
        pytest.param((1, 5), (None, None), (5, None), (0.6, 5.4), id="soft above the data"),
        pytest.param((2, 3), (0, 4), (1, 3.5), (1, 3.5), id="soft at both ends"),
        pytest.param((-9, 30), (0, 20), (1, 2), (0, 20), id="data beyond both"),
        pytest.param((0.1, 1), (None, None), (None, 1), (0.01, 1), id="a soft maximum"),
        pytest.param((40, 40.00000004), (0, None), (None, None), (0, 44), id="hard alone"),
        pytest.param((0.3, 0.3000000000003), (None, 1), (None, None), (0.23, 1), id="a hard maximum"),
    ],
)
def test_soft_and_hard_limits_together(
    data: tuple[float, float],
    hard: tuple[float | None, float | None],
    soft: tuple[float | None, float | None],
    expected: tuple[float, float],
) -> None:
    """As UPlotScaleBuilder and uPlot have it: with a soft limit the hard one is how far the axis may reach."""
    actual = value_range(*data, hard_low=hard[0], hard_high=hard[1], soft=soft)
    assert actual == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_limits_of_the_field_win() -> None:
    """`min` and `max` are the ends of the axis, whatever the data."""
    assert value_range(3, 97, hard_low=0, hard_high=1, soft=NO_SOFT) == (0, 1)


@pytest.mark.parametrize(("hard_low", "hard_high"), [(0, None), (None, -90), (5, 3)])
def test_limits_beyond_all_data_are_a_range_too(hard_low: float | None, hard_high: float | None) -> None:
    """Where the ends cross, the axis is from 0 to 100, as in Grafana (UPlotScaleBuilder)."""
    low, high = value_range(-80, -3, hard_low=hard_low, hard_high=hard_high, soft=NO_SOFT)
    assert low < high
    assert value_range(-80, -3, hard_low=5, hard_high=3, soft=NO_SOFT) == (0, 100)


def test_one_value_above_a_fixed_minimum_is_padded_like_any_range() -> None:
    """Ten sessions all the time, with a minimum of 0: the axis ends at 11."""
    assert value_range(10, 10, hard_low=0, hard_high=None, soft=NO_SOFT) == (0, 11)


def test_soft_limits_give_way_to_data() -> None:
    """A soft maximum is reached if the data is lower, and is not one if it is higher."""
    assert value_range(1, 5, hard_low=0, hard_high=None, soft=(None, 50))[1] == 50
    assert value_range(1, 80, hard_low=0, hard_high=None, soft=(None, 50))[1] > 80


@pytest.mark.parametrize(
    ("span", "length", "space", "expected"),
    [(100, 100, 30, 50), (100, 300, 30, 10), (19_000, 85, 15, 5000), (0.004, 200, 30, 0.001)],
)
def test_ticks_are_as_near_as_there_is_room(span: float, length: float, space: float, expected: float) -> None:
    """The smallest step of 1, 2, 2.5, 5 times a power of ten that leaves the space."""
    assert increment(span, length, space, decimal_increments()) == expected


def test_steps_of_bytes_are_powers_of_two() -> None:
    """So that labels are whole numbers of KiB and MiB."""
    assert increment(3 * 2**20, 200, 30, binary_increments()) == 2**19


def test_steps_of_time_are_those_of_a_clock() -> None:
    """An hour on 380 px has a tick each ten minutes."""
    assert increment(3600, 380, 49, TIME_INCREMENTS) == 600


def test_tick_values_are_multiples_of_the_step() -> None:
    """Both ends included."""
    assert tick_values(0, 1, 0.25) == [0, 0.25, 0.5, 0.75, 1]
    assert tick_values(7, 23, 5) == [10, 15, 20]
    assert tick_values(float("nan"), 1, 0.25) == []
