"""Time series: lines, areas, bars and points over time. Source: @grafana/ui, TimeSeries and GraphNG."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from dashboards_py.board import Step
from dashboards_py.panel_data.colors import named_color
from dashboards_py.preview import legend
from dashboards_py.preview.axes import ValueAxis, plot_box, time_axis, time_x, value_axes
from dashboards_py.preview.event_marks import event_marks
from dashboards_py.preview.lines import Line, graph_lines
from dashboards_py.preview.no_data import no_data
from dashboards_py.preview.numbers import finite
from dashboards_py.preview.painter import Request
from dashboards_py.preview.shapes import Box, Element, line, polygon, polyline, rect
from dashboards_py.preview.stacking import stacked
from dashboards_py.preview.ticks import value_range

Point = tuple[float, float]


def paint(request: Request) -> list[Element]:
    """The graph and its legend."""
    lines = stacked(list(graph_lines(request)))
    if not any(value is not None for one_line in lines for _, value in one_line.samples):
        return no_data(request)
    rows = legend.rows(request)
    graph, legend_box = legend.split(request, rows)
    axes, axis_of = _axes(lines)
    plot = plot_box(graph, axes)
    elements = [*value_axes(axes, plot, request.theme), *time_axis(request.window, plot, request.theme)]
    drawn: list[Element] = []
    for number, one_line in enumerate(lines):
        drawn += _band(request, one_line, lines, axes[axis_of[number]], plot)
        drawn += _line(request, one_line, axes[axis_of[number]], plot)
    drawn += _thresholds(request, lines, axes, plot)
    elements.append(request.clips.clipped(plot.inset(0, -1), drawn))
    elements += event_marks(request, plot)
    return elements + (legend.paint(request, rows, legend_box) if legend_box else [])


def _axes(lines: Sequence[Line]) -> tuple[list[ValueAxis], list[int]]:
    """An axis for each unit, placement and range, and for each line the number of its axis."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, one_line in enumerate(lines):
        config = one_line.field.config
        placement = one_line.style("axisPlacement", "auto")
        key = (config.unit, config.minimum, config.maximum, placement, one_line.style("axisLabel", ""))
        groups.setdefault(key, []).append(number)
    axes: list[ValueAxis] = []
    axis_of = [0] * len(lines)
    for members in groups.values():
        placement = lines[members[0]].style("axisPlacement", "auto")
        is_right = placement == "right" or (placement == "auto" and any(not axis.is_right for axis in axes))
        for number in members:
            axis_of[number] = len(axes)
        axes.append(_axis([lines[number] for number in members], is_right=is_right, is_hidden=placement == "hidden"))
    return axes, axis_of


def _axis(lines: Sequence[Line], *, is_right: bool, is_hidden: bool) -> ValueAxis:
    config = lines[0].field.config
    values = [value for one_line in lines for _, value in one_line.samples if value is not None] or [0.0]
    is_log = lines[0].group("scaleDistribution").get("type") == "log"
    if is_log:
        positive = [value for value in values if value > 0] or [1.0]
        low, high = min(positive), max(positive)
        high = high if high > low else low * 10
    else:
        soft = (finite(lines[0].style("axisSoftMin", None)), finite(lines[0].style("axisSoftMax", None)))
        low, high = value_range(min(values), max(values), hard_low=config.minimum, hard_high=config.maximum, soft=soft)
    label = str(lines[0].style("axisLabel", ""))
    return ValueAxis(
        low=low, high=high, field=lines[0].field, is_right=is_right, is_log=is_log, is_hidden=is_hidden, label=label
    )


def _line(request: Request, one_line: Line, axis: ValueAxis, plot: Box) -> Iterator[Element]:
    """One series: area, line, bars or points."""
    opacity = (finite(one_line.style("fillOpacity", 0)) or 0) / 100
    width = finite(one_line.style("lineWidth", 1))
    width = 1.0 if width is None else width
    style, color = one_line.style("drawStyle", "line"), one_line.color
    runs = _segments(one_line)
    segments = [[(time_x(moment, request.window, plot), axis.y(value, plot)) for moment, value in run] for run in runs]
    base = dict(one_line.base or ())
    zero = axis.y(min(max(0.0, axis.low), axis.high), plot)
    if style == "bars":
        step = min((b[0] - a[0] for segment in segments for a, b in pairwise(segment)), default=20.0)
        bar = max(step * 0.6, 1)
        for x, y in (point for segment in segments for point in segment):
            yield rect(Box(x - bar / 2, min(y, zero), bar, max(abs(zero - y), 0.5)), color, opacity=max(opacity, 0.1))
        return
    dashes = "10 10" if one_line.group("lineStyle").get("fill") == "dash" else ""
    for segment, samples in zip(segments, runs, strict=True):
        points = _interpolated(segment, str(one_line.style("lineInterpolation", "linear")))
        if opacity and style == "line" and len(points) > 1 and not one_line.style("fillBelowTo", ""):
            under = [
                (time_x(moment, request.window, plot), axis.y(base.get(moment) or 0.0, plot) if base else zero)
                for moment, _ in samples
            ]
            yield polygon([*points, *reversed(under)], color, opacity)
        if style == "line" and width and len(points) > 1:
            yield polyline(points, color, width=width, dashes=dashes)
        if style == "points" or len(segment) == 1 or one_line.style("showPoints", "auto") == "always":
            size = finite(one_line.style("pointSize", 5)) or 5
            for x, y in segment:
                yield rect(Box(x - size / 2, y - size / 2, size, size), color, radius=size / 2)


def _band(request: Request, one_line: Line, lines: Sequence[Line], axis: ValueAxis, plot: Box) -> Iterator[Element]:
    """The area between a series and the one that it names as its lower limit."""
    lower_name = one_line.style("fillBelowTo", "")
    lower = next((other for other in lines if lower_name and other.name == lower_name), None)
    if lower is None:
        return
    values = dict(lower.samples)
    both = [
        (moment, value, below)
        for moment, value in one_line.samples
        if value is not None and (below := values.get(moment)) is not None
    ]
    if len(both) > 1:
        upper_edge = [(time_x(moment, request.window, plot), axis.y(value, plot)) for moment, value, _ in both]
        lower_edge = [(time_x(moment, request.window, plot), axis.y(below, plot)) for moment, _, below in both]
        opacity = (finite(one_line.style("fillOpacity", 0)) or 35) / 100
        yield polygon([*upper_edge, *reversed(lower_edge)], one_line.color, opacity)


def _segments(one_line: Line) -> list[list[tuple[float, float]]]:
    """The runs of samples without a gap between them."""
    segments: list[list[tuple[float, float]]] = [[]]
    spans_gaps = one_line.style("spanNulls", False) is True
    for moment, value in one_line.samples:
        if value is not None:
            segments[-1].append((moment, value))
        elif segments[-1] and not spans_gaps:
            segments.append([])
    return [segment for segment in segments if segment]


def _interpolated(points: list[Point], interpolation: str) -> list[Point]:
    """The points of the line with the corners of steps; a smooth line is drawn straight between near points."""
    if interpolation not in ("stepBefore", "stepAfter"):
        return points
    result = points[:1]
    for (x1, y1), (x2, y2) in pairwise(points):
        result += [(x1, y2) if interpolation == "stepBefore" else (x2, y1), (x2, y2)]
    return result


def _thresholds(request: Request, lines: Sequence[Line], axes: Sequence[ValueAxis], plot: Box) -> Iterator[Element]:
    """Thresholds as lines or areas, once for each configuration that shows them."""
    drawn: set[tuple[Step, ...]] = set()
    for one_line in lines:
        mode = str(one_line.group("thresholdsStyle").get("mode", "off"))
        config = one_line.field.config
        if mode == "off" or config.steps in drawn:
            continue
        drawn.add(config.steps)
        axis = axes[0]
        span = axis.high - axis.low
        levels = [
            (
                axis.low
                if step.value is None
                else axis.low + span * step.value / 100
                if config.percentage_steps
                else step.value,
                step,
            )
            for step in config.steps
        ]
        for number, (value, step) in enumerate(levels):
            color = named_color(step.color, dark=request.theme.is_dark)
            upper = levels[number + 1][0] if number + 1 < len(levels) else axis.high
            if "area" in mode:
                top, bottom = axis.y(min(upper, axis.high), plot), axis.y(max(value, axis.low), plot)
                if bottom > top:
                    yield rect(Box(plot.x, top, plot.width, bottom - top), color, opacity=0.15)
            if ("line" in mode or "dashed" in mode) and step.value is not None and axis.low <= value <= axis.high:
                y = axis.y(value, plot)
                if "dashed" in mode:
                    yield polyline([(plot.x, y), (plot.right, y)], color, width=2, dashes="10 10")
                else:
                    yield line(plot.x, y, plot.right, y, color, width=2, opacity=0.7)
