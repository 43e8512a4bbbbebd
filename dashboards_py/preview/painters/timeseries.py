"""Time series: lines, areas, bars and points over time. Source: @grafana/ui, TimeSeries and GraphNG."""

from collections.abc import Iterator, Sequence

from dashboards_py.board import Step
from dashboards_py.panel_data.colors import named_color
from dashboards_py.preview import legend
from dashboards_py.preview.axes import plot_box, time_axis, value_axes
from dashboards_py.preview.covered import seen
from dashboards_py.preview.event_marks import event_marks
from dashboards_py.preview.lines import Line, graph_lines
from dashboards_py.preview.no_data import no_data
from dashboards_py.preview.painter import Request
from dashboards_py.preview.scales import ValueAxis, value_axes_of
from dashboards_py.preview.shapes import Box, Element, polyline, rect
from dashboards_py.preview.stacking import stacked
from dashboards_py.preview.strokes import DASHES, POINT_SPACE, strokes
from dashboards_py.preview.zones import zones_of


def paint(request: Request) -> list[Element]:
    """The graph and its legend."""
    lines = stacked(list(graph_lines(request)))
    if not any(value is not None for one_line in lines for _, value in one_line.samples):
        return no_data(request)
    rows = legend.rows(request)
    graph, legend_box = legend.split(request, rows)
    axes, axis_of = value_axes_of(lines)
    zones = zones_of(request)
    plot = plot_box(graph, axes, len(zones))
    elements = [*value_axes(axes, plot, graph, request.theme), *time_axis(request.window, plot, request.theme, zones)]
    drawn = list(_thresholds(request, lines, axes, axis_of, plot))
    shown = list(zip(lines, axis_of, strict=True))
    if len(axes) == 1:
        shown = [(one_line, 0) for one_line in seen(lines, axes[0], plot, 1 + plot.width / POINT_SPACE)]
    for one_line, number in shown:
        drawn += strokes(request, one_line, lines, axes[number], plot)
    elements.append(request.clips.clipped(plot.inset(0, -1), drawn, leaves=_leaves(request, lines, axes, plot)))
    elements += event_marks(request, plot)
    return elements + (legend.paint(request, rows, legend_box) if legend_box else [])


def _leaves(request: Request, lines: Sequence[Line], axes: Sequence[ValueAxis], plot: Box) -> bool:
    """Whether something is beyond the axes: values, or times, which a point or a wide line at the edge is as well."""
    begin, end = request.window.begin, request.window.end
    return any(axis.data[0] < axis.low or axis.data[1] > axis.high for axis in axes) or any(
        one_line.samples[0][0] < begin
        or one_line.samples[-1][0] > end
        or one_line.number("lineWidth", 1) > 1
        or one_line.style("drawStyle", "line") != "line"
        or one_line.style("showPoints", "auto") == "always"
        or (one_line.style("showPoints", "auto") != "never" and len(one_line.samples) - 1 <= plot.width / POINT_SPACE)
        for one_line in lines
        if one_line.samples
    )


def _thresholds(
    request: Request, lines: Sequence[Line], axes: Sequence[ValueAxis], axis_of: Sequence[int], plot: Box
) -> Iterator[Element]:
    """Thresholds as lines or areas, once for each axis, below the series."""
    drawn: set[int] = set()
    for one_line, number in zip(lines, axis_of, strict=True):
        mode = str(one_line.group("thresholdsStyle").get("mode", "off"))
        if mode != "off" and number not in drawn:
            drawn.add(number)
            levels = list(_levels(one_line, axes[number]))
            if "area" in mode:
                yield from _areas(request, levels, axes[number], plot)
            if "line" in mode or "dashed" in mode:
                yield from _level_lines(request, levels, axes[number], plot, is_dashed="dashed" in mode)


def _levels(one_line: Line, axis: ValueAxis) -> Iterator[tuple[float, Step]]:
    """The value from which on each step is; percentages are of the field's range, otherwise of the data's."""
    config = one_line.field.config
    least = axis.data[0] if config.minimum is None else config.minimum
    most = axis.data[1] if config.maximum is None else config.maximum
    for step in config.steps:
        if step.value is None:
            yield axis.low, step
        else:
            yield least + (most - least) * step.value / 100 if config.percentage_steps else step.value, step


def _areas(request: Request, levels: Sequence[tuple[float, Step]], axis: ValueAxis, plot: Box) -> Iterator[Element]:
    limits = [*(value for value, _ in levels[1:]), *([axis.high] if levels else [])]
    for (value, step), upper in zip(levels, limits, strict=True):
        top, bottom = axis.y(min(upper, axis.high), plot), axis.y(max(value, axis.low), plot)
        if bottom > top and step.color != "transparent":
            color = named_color(step.color, dark=request.theme.is_dark)
            yield rect(Box(plot.x, top, plot.width, bottom - top), color, opacity=0.15)


def _level_lines(
    request: Request, levels: Sequence[tuple[float, Step]], axis: ValueAxis, plot: Box, *, is_dashed: bool
) -> Iterator[Element]:
    """A line at each step but the lowest; up to the one that is transparent, in the color of the step below it."""
    transparent = next((index for index, (_, step) in enumerate(levels) if step.color == "transparent"), 0)
    for index, (value, step) in enumerate(levels):
        if index and axis.low <= value <= axis.high:
            shown = levels[index - 1][1] if transparent >= index else step
            color = named_color(shown.color, dark=request.theme.is_dark)
            y = axis.y(value, plot)
            ends, dashes = [(plot.x, y), (plot.right, y)], DASHES if is_dashed else ()
            yield polyline(ends, color, width=2, dashes=dashes, opacity=0.7)
