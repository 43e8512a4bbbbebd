"""The axes of a graph, drawn: where its plot is, gridlines, labels. Source: @grafana/ui, UPlotAxisBuilder."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from math import ceil

from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.times import Calendar
from dashboards_py.preview.fonts import shorten, text_width
from dashboards_py.preview.scales import GAP, LABEL, SIZE, TICK, ValueAxis
from dashboards_py.preview.shapes import Box, Element, Segment, label, line, lines
from dashboards_py.preview.theme import Theme
from dashboards_py.preview.ticks import DAY, MINUTE, TIME_INCREMENTS, increment
from dashboards_py.preview.zones import Zone

EDGE = 8  # beside a plot without an axis on that side
BOTTOM = TICK + GAP + SIZE


def plot_box(box: Box, axes: Sequence[ValueAxis], time_axes: int) -> Box:
    """The box of the lines: what the axes leave of it, those of time below each other."""
    bottom = time_axes * BOTTOM
    height = box.height - 8 - bottom
    left = sum(axis.width(height, box.width) for axis in axes if not axis.is_right) or EDGE
    right = sum(axis.width(height, box.width) for axis in axes if axis.is_right) or EDGE
    return box.inset(left, 8, right, bottom)


def value_axes(axes: Sequence[ValueAxis], plot: Box, box: Box, theme: Theme) -> Iterator[Element]:
    """Gridlines and labels of each axis; a second axis of a side is farther out. `box` is that of the whole graph."""
    edges = {False: plot.x, True: plot.right}
    gridlines: list[Segment] = []
    for axis in axes:
        if axis.is_hidden:
            continue
        edge, width = edges[axis.is_right], axis.width(plot.height, box.width)
        outer = edge + width if axis.is_right else edge - width
        edges[axis.is_right] = outer
        color = axis.color or theme.text
        room = width - TICK - GAP - (LABEL if axis.label else 0)
        for value, text in axis.ticks(plot.height):
            y = round(axis.y(value, plot)) + 0.5
            if axis.has_grid:
                gridlines.append((plot.x, y, plot.right, y))
            if axis.has_border:
                yield line(edge, y, edge + (TICK if axis.is_right else -TICK), y, color)
            if not text:
                continue
            x = edge + TICK + GAP if axis.is_right else edge - TICK - GAP
            shown = shorten(text, max(room, 0) + 1, SIZE)
            yield label(x, y, shown, color, size=SIZE, anchor="start" if axis.is_right else "end", name="tick")
        if axis.has_border:
            yield line(edge, plot.y, edge, plot.bottom, color)
        if axis.label:
            yield axis_title(axis.label, outer, plot, color, is_right=axis.is_right)
    yield from lines(gridlines, theme.plot_grid, theme.plot_grid_opacity)


def axis_title(text: str, outer: float, plot: Box, color: str, *, is_right: bool) -> Element:
    """The label of a whole axis, along it; `outer` is the edge of the axis that is away from the plot."""
    x = outer - SIZE / 2 - 1 if is_right else outer + SIZE / 2 + 1
    shown, turned = shorten(text, plot.height + BOTTOM, SIZE), 90 if is_right else -90
    return label(x, plot.middle, shown, color, size=SIZE, anchor="middle", turned=turned, name="axis")


def time_axis(window: Window, plot: Box, theme: Theme, zones: Sequence[Zone] = ()) -> Iterator[Element]:
    """Gridlines and labels of time, in the zone of the board or in others.

    Of several zones each has an axis, below each other, with ticks at whole times of the first. Their names take the
    room of the first two ticks.
    """
    zones = zones or (Zone("", window.calendar),)
    span, calendar = window.end - window.begin, zones[0].calendar
    coarse = increment(span, plot.width, 40, TIME_INCREMENTS)
    space = text_width(time_text(span, coarse, calendar)(window.begin), SIZE) + 18
    step = increment(span, plot.width, space, TIME_INCREMENTS)
    offset = (calendar.moment(window.begin).utcoffset() or timedelta()).total_seconds()
    gridlines: list[Segment] = []
    # The first is a whole step, or a midnight: uPlot's timeAxisSplits.
    first = ceil((window.begin + offset) / min(step, DAY)) * min(step, DAY) - offset
    moments = [first + number * step for number in range(max(int((window.end - first) // step) + 1, 0))]
    for number, zone in enumerate(zones):
        text, top = time_text(span, step, zone.calendar), plot.bottom + number * BOTTOM
        middle = top + TICK + GAP + SIZE / 2
        if len(zones) > 1:
            yield label(plot.x, middle, zone.name, theme.text, size=SIZE, name="axis-zone")
        for index, moment in enumerate(moments):
            x = round(time_x(moment, window, plot)) + 0.5
            gridlines.append((x, plot.y if number == 0 else top, x, top + TICK))
            has_room = x + text_width(text(moment), SIZE) / 2 <= plot.right + EDGE
            if has_room and (len(zones) == 1 or index > 1):
                yield label(x, middle, text(moment), theme.text, size=SIZE, anchor="middle", name="axis-time")
    yield from lines(gridlines, theme.plot_grid, theme.plot_grid_opacity)


def time_x(moment: float, window: Window, plot: Box) -> float:
    """The horizontal position of a time, in Unix seconds."""
    return plot.x + plot.width * (moment - window.begin) / max(window.end - window.begin, 1e-9)


def time_text(span: float, step: float, calendar: Calendar) -> Callable[[float], str]:
    """How times are written on an axis of this range and step, both in seconds."""
    if step <= MINUTE:
        pattern = "%H:%M:%S"
    elif span <= DAY:
        pattern = "%H:%M"
    elif step <= DAY:
        pattern = "%m/%d %H:%M"
    elif span < 365 * DAY:
        pattern = "%m/%d"
    else:
        pattern = "%Y" if step >= 365 * DAY else "%Y-%m"
    return lambda moment: calendar.moment(moment).strftime(pattern)
