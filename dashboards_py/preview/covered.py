"""Series of a graph, and parts of their areas, that cannot be seen since the areas of many others are drawn over them.

An area of 10 percent leaves nine tenths of what is below it: of the difference that a series makes, sixty areas leave
less than half a step of a color. To blend thousands of areas takes seconds.
"""

from collections.abc import Sequence
from dataclasses import replace
from heapq import heappush, heapreplace
from math import ceil, floor, log

from dashboards_py.preview.lines import Line, Samples
from dashboards_py.preview.scales import ValueAxis
from dashboards_py.preview.shapes import Box

HALF_A_STEP = 0.5 / 255  # of a color's value


def seen(lines: Sequence[Line], axis: ValueAxis, plot: Box, points_up_to: float) -> list[Line]:
    """The lines that can be seen, all on one axis and drawn in this order, each with the lowest value of its area.

    What as many later areas as hide it reach all the time is not drawn. Lines of fewer samples than `points_up_to` may
    have points.
    """
    layers = max((_layers(line.number("fillOpacity", 0)) for line in lines), default=0)
    is_plain = len(lines) > layers > 0 and not axis.log and axis.data[0] >= max(axis.low, 0)
    if not is_plain or not all(_is_plain(line, points_up_to) for line in lines):
        return list(lines)
    longest = max(lines, key=lambda line: len(line.samples)).samples
    gaps = [_gaps(line) for line in lines]
    common = frozenset.intersection(*gaps)
    if _has_points(longest, common):
        return list(lines)
    highest: list[tuple[int, float]] = []  # of the later areas: what they reach all the time, in pixels and as a value
    shown = []
    for line, own in zip(reversed(lines), reversed(gaps), strict=True):
        values = [value for _, value in line.samples if value is not None]
        if not values:
            continue
        least, most = min(values), max(values)
        lowest, top = (floor(plot.bottom - y + 0.5) for y in axis.ys((least, most), plot))
        has_same_gaps = own == common and not (own and line.style("spanNulls", False))
        is_whole = len(line.samples) == len(longest) and has_same_gaps
        reached = highest[0] if len(highest) == layers else None
        if reached and is_whole and top + line.number("lineWidth", 1) // 2 <= reached[0]:
            continue
        shown.append(replace(line, area_from=reached[1]) if reached else line)
        if is_whole:
            if len(highest) < layers:
                heappush(highest, (lowest, least))
            elif lowest > highest[0][0]:
                heapreplace(highest, (lowest, least))
    return shown[::-1]


def _gaps(line: Line) -> frozenset[float]:
    """The moments without a value."""
    values = [value for _, value in line.samples]
    return frozenset(moment for moment, value in line.samples if value is None) if None in values else frozenset()


def _has_points(samples: Samples, gaps: frozenset[float]) -> bool:
    """Whether a sample is alone between gaps, where no area covers its point."""
    present = [False, *(moment not in gaps for moment, _ in samples), False]
    around = zip(present, present[1:], present[2:], strict=False)
    return any(value and not before and not after for before, value, after in around)


def _is_plain(line: Line, points_up_to: float) -> bool:
    """Whether it is a line with an area of one color from the bottom up, without points."""
    points = line.style("showPoints", "auto")
    return (
        line.base is None
        and line.style("drawStyle", "line") == "line"
        and line.style("gradientMode", "none") == "none"
        and line.style("lineInterpolation", "linear") == "linear"
        and (points == "never" or (points == "auto" and len(line.samples) > points_up_to))
        and not line.style("fillBelowTo", "")
        and not line.style("transform", "")
        and line.number("fillOpacity", 0) > 0
    )


def _layers(percent: float) -> int:
    """The number of areas that hide what is below them, 0 if there are none."""
    return 0 if percent <= 0 else 1 if percent >= 100 else ceil(log(HALF_A_STEP) / log(1 - percent / 100))
