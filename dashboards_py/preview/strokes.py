"""One series of a graph: its line, area, bars or points. Source: @grafana/ui, UPlotSeriesBuilder; uPlot's paths."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from math import ceil, floor

from dashboards_py.preview.axes import time_x
from dashboards_py.preview.gradients import Ink, ink_of
from dashboards_py.preview.lines import Line
from dashboards_py.preview.numbers import finite
from dashboards_py.preview.painter import Request
from dashboards_py.preview.scales import ValueAxis
from dashboards_py.preview.shapes import FARTHEST, Box, Element, boxes, polygon, polyline, rect

Point = tuple[float, float]
Run = list[tuple[float, float]]
DASHES = (10.0, 10.0)
CURVE_STEP = 3  # pixels between the points of a smooth line
POINT_SPACE = 10  # pixels for each sample from which on each has a point: twice the size of uPlot's points
BAND_OPACITY = 35  # percent, of a band without an opacity of its own


def strokes(request: Request, line: Line, lines: Sequence[Line], axis: ValueAxis, plot: Box) -> Iterator[Element]:
    """The elements of one series; `lines` are all of the graph, one of which may be its lower limit."""
    below = _lower(line, lines)
    fill = min(max(line.number("fillOpacity", 0), 0), 100)
    if line.style("fillBelowTo", ""):
        fill = (fill or BAND_OPACITY) if below else 0
    ink = ink_of(request, line, axis, plot, fill / 100)
    yield from ink.elements
    if line.style("drawStyle", "line") == "bars":
        yield from _bars(request, line, axis, plot, ink)
        return
    runs, floor = _runs(line), _floor(line, below, axis)
    interpolation = str(line.style("lineInterpolation", "linear"))
    is_line, width = line.style("drawStyle", "line") != "points", max(line.number("lineWidth", 1), 0)
    half = 0.5 if round(width) % 2 else 0.0
    to_points = partial(_placed, request, axis, plot, half)
    for run in runs:
        points = to_points(run)
        path = _interpolated(points, interpolation)
        if ink.area_opacity and is_line and len(path) > 1:
            is_straight = not below and not line.base
            lower = [(moment, floor(moment)) for moment, _ in ((run[0], run[-1]) if is_straight else run)]
            edge = _interpolated(to_points(lower), interpolation)
            yield polygon([*path, *reversed(edge)], ink.area, ink.area_opacity, is_smooth=width < 1)
        if is_line and width and len(path) > 1:
            yield polyline(path, ink.line, width=width, dashes=_dashes(line), is_round=_is_dotted(line))
    size = max(line.number("pointSize", 5), width, 1)
    for x, y in _with_points(request, line, runs, axis, plot, half):
        yield rect(Box(x - size / 2, y - size / 2, size, size), line.color, radius=size / 2)


def _placed(request: Request, axis: ValueAxis, plot: Box, half: float, run: Run) -> list[Point]:
    """The points of samples on whole pixels, as uPlot rounds them; a board may have half a million of them.

    Lines of odd widths are `half` a pixel farther, so that they cover whole ones. Of points on a straight line along
    an axis only the ends are left.
    """
    begin, end = request.window.begin, request.window.end
    factor, start = plot.width / max(end - begin, 1e-9), plot.x + 0.5
    xs = [floor(start + (moment - begin) * factor) + half for moment, _ in run]
    heights = axis.ys([value for _, value in run], plot)
    if min(heights) < -FARTHEST or max(heights) > FARTHEST:
        heights = [min(max(y, -FARTHEST), FARTHEST) for y in heights]
    ys = [floor(y + 0.5) + half for y in heights]
    points = list(zip(xs, ys, strict=True))
    return [*points[:1], *_corners(xs, ys), *points[1:][-1:]]


def _corners(xs: Sequence[float], ys: Sequence[float]) -> Iterator[Point]:
    """The points between the ends where a line turns."""
    around = zip(zip(xs, xs[1:], xs[2:], strict=False), zip(ys, ys[1:], ys[2:], strict=False), strict=True)
    for (x1, x, x2), (y1, y, y2) in around:
        if y1 == y == y2 or (x1 == x == x2 and (y1 <= y <= y2 or y1 >= y >= y2)):
            continue
        yield x, y


def _point(request: Request, moment: float, value: float, axis: ValueAxis, plot: Box) -> Point:
    return time_x(moment, request.window, plot), axis.y(value, plot)


def _lower(line: Line, lines: Sequence[Line]) -> Line | None:
    """The series that is the lower limit of this one's area."""
    name = line.style("fillBelowTo", "")
    return next((other for other in lines if name and name in (other.name, other.field.name)), None)


def _floor(line: Line, below: Line | None, axis: ValueAxis) -> Callable[[float], float]:
    """Where the area of a series ends at a moment: at its lower limit, at what it is stacked on, or at zero.

    Or where others cover it.
    """
    values, zero = dict((below.samples if below else line.base) or ()), min(max(0.0, axis.low), axis.high)
    if line.area_from is not None:
        zero = max(zero, line.area_from)

    def floor(moment: float) -> float:
        value = values.get(moment)
        return zero if value is None else value

    return floor


def _runs(line: Line) -> list[Run]:
    """The runs of samples without a gap between them; spanNulls is the longest gap (ms) that is bridged, or all."""
    spans = line.style("spanNulls", False)
    longest = float("inf") if spans is True else (finite(spans) or 0.0) / 1000
    present = [(moment, value) for moment, value in line.samples if value is not None]
    if len(present) == len(line.samples):
        return [present] if present else []
    runs: list[Run] = [[]]
    has_gap = False
    for moment, value in line.samples:
        if value is None:
            has_gap = bool(runs[-1])
            continue
        if has_gap and moment - runs[-1][-1][0] > longest:
            runs.append([])
        runs[-1].append((moment, value))
        has_gap = False
    return [run for run in runs if run]


def _interpolated(points: list[Point], interpolation: str) -> list[Point]:
    """The points of the line: with the corners of steps, or of a smooth curve."""
    if interpolation == "smooth" and len(points) > 2:
        return _smooth(points)
    if interpolation not in ("stepBefore", "stepAfter"):
        return points
    result = points[:1]
    for (x1, y1), (x2, y2) in pairwise(points):
        result += [(x1, y2) if interpolation == "stepBefore" else (x2, y1), (x2, y2)]
    return result


def _smooth(points: list[Point]) -> list[Point]:
    """A curve that does not overshoot: a monotone cubic spline (Fritsch and Butland), as uPlot's."""
    spans = [max(b[0] - a[0], 1e-9) for a, b in pairwise(points)]
    slopes = [(b[1] - a[1]) / span for (a, b), span in zip(pairwise(points), spans, strict=True)]
    tangents = [slopes[0]]
    for (left, right), (before, after) in zip(pairwise(spans), pairwise(slopes), strict=True):
        if before * after <= 0:
            tangents.append(0.0)
        else:
            weighted = (2 * right + left) / before + (right + 2 * left) / after
            tangents.append(3 * (left + right) / weighted)
    tangents.append(slopes[-1])
    result = points[:1]
    for number, ((x, y1), (_, y2)) in enumerate(pairwise(points)):
        span, steps = spans[number], min(max(ceil(spans[number] / CURVE_STEP), 1), 200)
        for step in range(1, steps + 1):
            t = step / steps
            curve = (2 * t**3 - 3 * t**2 + 1) * y1 + (3 * t**2 - 2 * t**3) * y2
            curve += span * ((t**3 - 2 * t**2 + t) * tangents[number] + (t**3 - t**2) * tangents[number + 1])
            result.append((round(x + span * t, 2), round(curve, 2)))
    return result


def _is_dotted(line: Line) -> bool:
    return line.group("lineStyle").get("fill") == "dot"


def _dashes(line: Line) -> tuple[float, ...]:
    style = line.group("lineStyle")
    if style.get("fill", "solid") == "solid":
        return ()
    own = style.get("dash")
    lengths = tuple(length for item in own if (length := finite(item)) is not None) if isinstance(own, list) else ()
    return lengths if lengths and all(length >= 0 for length in lengths) and any(lengths) else DASHES


def _with_points(
    request: Request, line: Line, runs: Sequence[Run], axis: ValueAxis, plot: Box, half: float
) -> Iterator[Point]:
    """Where points are: at each sample, or only at those alone between gaps.

    These have points also where the panel has them never: without, a sample that no line reaches would not be seen.
    Source: Grafana's time series, pointsFilter in utils.ts; uPlot asks it also if points are not shown.
    """
    shows = "always" if line.style("drawStyle", "line") == "points" else line.style("showPoints", "auto")
    if line.style("transform", "") == "constant":
        return
    shows_all = shows == "always"
    if shows not in ("always", "never"):
        # Also moments without a value count, as uPlot has one list of times for all series.
        count = sum(request.window.begin <= moment <= request.window.end for moment, _ in line.samples)
        shows_all = count - 1 <= plot.width / POINT_SPACE
    for run in runs:
        for moment, value in run if shows_all or len(run) == 1 else ():
            x, y = _point(request, moment, value, axis, plot)
            yield round(x) + half, round(y) + half


def _bars(request: Request, line: Line, axis: ValueAxis, plot: Box, ink: Ink) -> Iterator[Element]:
    """A bar for each sample: at its left, around it, or at its right."""
    samples = [(moment, value) for moment, value in line.samples if value is not None]
    if not samples:
        return
    factor = min(max(line.number("barWidthFactor", 0.6), 0.0), 1.0)
    most = max(line.number("barMaxWidth", 200), 1)
    positions = [time_x(moment, request.window, plot) for moment, _ in line.samples]
    step = min((b - a for a, b in pairwise(positions) if b > a), default=plot.width)
    width = max(round(min(step * factor, most)), 1)
    alignment = min(max(round(line.number("barAlignment", 0)), -1), 1)
    floor = _floor(line, None, axis)
    xs = [x for x, (_, value) in zip(positions, line.samples, strict=True) if value is not None]
    ends = axis.ys([value for _, value in samples], plot)
    first = floor(samples[0][0])
    starts = axis.ys([floor(moment) for moment, _ in samples] if line.base else [first] * len(samples), plot)
    bars, left = [], (alignment - 1) * width / 2
    for x, y, low in zip(xs, ends, starts, strict=True):
        # On whole pixels, as in uPlot's paths of bars.
        top, bottom = (round(y), round(low)) if y < low else (round(low), round(y))
        bars.append((round(x + left), top, width, max(bottom - top, 0.5)))
    yield boxes(bars, ink.area, ink.area_opacity, ink.line, max(line.number("lineWidth", 1), 0))
