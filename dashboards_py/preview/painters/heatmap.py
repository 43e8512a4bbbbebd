"""Heatmap: counts by time and bucket as colors. Source: Grafana's heatmap panel."""

from collections.abc import Iterator, Sequence

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.units import format_value
from dashboards_py.preview.axes import BOTTOM, axis_title, time_axis, time_x
from dashboards_py.preview.buckets import Buckets, Cell, buckets_of
from dashboards_py.preview.event_marks import event_marks
from dashboards_py.preview.fonts import shorten, text_width
from dashboards_py.preview.no_data import no_data
from dashboards_py.preview.numbers import decimals, finite
from dashboards_py.preview.painter import Request
from dashboards_py.preview.ramps import palette, step_of
from dashboards_py.preview.scales import GAP, LABEL, SIZE, TICK
from dashboards_py.preview.shapes import Box, Element, label, line, rect

LEGEND = 34  # the height of the scale of colors
SMALLEST_COUNT = 1e-9  # fewer are not drawn, unless the panel says which are
WIDEST_SCALE = 300
WIDEST_LABEL = 0.4  # of the panel: names of series may be longer than it is wide
Palette = Sequence[tuple[str, float]]


def paint(request: Request) -> list[Element]:
    """The cells, the axes and the scale of colors."""
    buckets = buckets_of(request)
    cells = [cell for cell in buckets.cells if _is_shown(request, cell)]
    if not cells:
        return no_data(request)
    color = json_fields.mapping(request.options, "color")
    colors = palette(color, is_dark=request.theme.is_dark)
    limits = _limits(request, cells)
    shows_scale = json_fields.mapping(request.options, "legend").get("show", True)
    box = request.box.top_part(request.box.height - LEGEND) if shows_scale else request.box
    plot = _plot(request, buckets, box)
    drawn = [element for cell in cells for element in _cell(request, cell, colors, limits, plot)]
    return [
        *time_axis(request.window, plot, request.theme),
        *_labels(request, buckets, plot, box),
        request.clips.clipped(plot, drawn),
        *event_marks(request, plot),
        *(_scale(request, colors, limits, request.box.below(box.height)) if shows_scale else []),
    ]


def _is_shown(request: Request, cell: Cell) -> bool:
    """Whether the count is within the filter of the panel."""
    values = json_fields.mapping(request.options, "filterValues")
    least, most = finite(values.get("le", SMALLEST_COUNT)), finite(values.get("ge"))
    return (least is None or cell.count > least) and (most is None or cell.count < most)


def _limits(request: Request, cells: Sequence[Cell]) -> tuple[float, float]:
    """The counts of the first and of the last color."""
    color = json_fields.mapping(request.options, "color")
    counts = [cell.count for cell in cells]
    least, most = finite(color.get("min")), finite(color.get("max"))
    return min(counts) if least is None else least, max(counts) if most is None else most


def _cell(request: Request, cell: Cell, colors: Palette, limits: tuple[float, float], plot: Box) -> Iterator[Element]:
    gap = finite(request.options.get("cellGap"))
    gap = 1.0 if gap is None else min(max(gap, 0.0), 50.0)
    begin = time_x(max(cell.begin, request.window.begin), request.window, plot)
    end = time_x(min(cell.end, request.window.end), request.window, plot)
    top, bottom = plot.bottom - plot.height * cell.high, plot.bottom - plot.height * cell.low
    if end > begin:
        fill, opacity = colors[step_of(cell.count, *limits, len(colors))]
        box = Box(begin, top, max(end - begin - gap, 0.5), max(bottom - top - gap, 0.5))
        radius = min(max(finite(request.options.get("cellRadius")) or 0.0, 0.0), 50.0)
        yield rect(box, fill, opacity=opacity if opacity < 1 else None, radius=radius)


def _placement(request: Request) -> str:
    placement = json_fields.mapping(request.options, "yAxis").get("axisPlacement")
    return placement if placement in ("right", "hidden") else "left"


def _axis_label(request: Request) -> str:
    return json_fields.text(json_fields.mapping(request.options, "yAxis"), "axisLabel")


def _plot(request: Request, buckets: Buckets, box: Box) -> Box:
    """The box of the cells: the axis of buckets is at the left, at the right or hidden."""
    own = finite(json_fields.mapping(request.options, "yAxis").get("axisWidth")) or 0.0
    width = max((text_width(text, SIZE) for _, text in buckets.labels), default=0)
    width = min(width, WIDEST_LABEL * box.width) + TICK + GAP
    width = (own if 0 < own < box.width else width) + (LABEL if _axis_label(request) else 0)
    placement = _placement(request)
    return box.inset(width if placement == "left" else 8, 8, width if placement == "right" else 8, BOTTOM)


def _labels(request: Request, buckets: Buckets, plot: Box, box: Box) -> Iterator[Element]:
    """Labels of the axis, as many as there is room for, and its own."""
    placement, theme = _placement(request), request.theme
    if placement == "hidden":
        return
    is_right = placement == "right"
    edge, side = (plot.right, 1) if is_right else (plot.x, -1)
    last = plot.bottom + 100
    for height, text in buckets.labels:
        y = plot.bottom - plot.height * height
        if last - y >= 18:
            yield line(edge, y, edge + side * TICK, y, theme.plot_grid, opacity=theme.plot_grid_opacity)
            x = edge + side * (TICK + GAP)
            shown = shorten(text, WIDEST_LABEL * box.width, SIZE)
            yield label(x, y, shown, theme.text, size=SIZE, anchor="start" if is_right else "end", name="tick")
            last = y
    if text := _axis_label(request):
        yield axis_title(text, box.right if is_right else box.x, plot, theme.text, is_right=is_right)


def _scale(request: Request, colors: Palette, limits: tuple[float, float], box: Box) -> Iterator[Element]:
    """The colors from the smallest count to the largest."""
    values = json_fields.mapping(request.options, "cellValues")
    unit, digits = str(values.get("unit") or "short"), decimals(values)
    width = min(box.width - 16, WIDEST_SCALE)
    for number, (color, opacity) in enumerate(colors):
        step = Box(box.x + 8 + width * number / len(colors), box.y + 6, width / len(colors) + 0.5, 8)
        yield rect(step, color, opacity=opacity if opacity < 1 else None)
    for x, value, is_first in ((box.x + 8, limits[0], True), (box.x + 8 + width, limits[1], False)):
        text = str(format_value(unit, value, digits))
        yield label(
            x, box.y + 24, text, request.theme.text, size=SIZE, anchor="start" if is_first else "end", name="scale"
        )
