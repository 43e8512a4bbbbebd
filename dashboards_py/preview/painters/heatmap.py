"""Heatmap: counts by time and bucket as colors. Source: Grafana's heatmap panel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, log10
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.frame import FieldType, Frame
from dashboards_py.panel_data.names import field_name
from dashboards_py.panel_data.units import format_value
from dashboards_py.preview.axes import BOTTOM, time_axis, time_x
from dashboards_py.preview.event_marks import event_marks
from dashboards_py.preview.fonts import text_width
from dashboards_py.preview.no_data import no_data
from dashboards_py.preview.numbers import finite
from dashboards_py.preview.painter import Request
from dashboards_py.preview.ramps import ramp_color
from dashboards_py.preview.scales import GAP, SIZE, TICK
from dashboards_py.preview.shapes import Box, Element, label, line, rect
from dashboards_py.preview.theme import Theme

LEGEND = 34  # the height of the scale of colors


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A count between two times (Unix seconds) and two heights of the axis, from 0 to 1."""

    begin: float
    end: float
    low: float
    high: float
    count: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Buckets:
    """The cells, and the labels of the axis by height."""

    cells: list[Cell]
    labels: list[tuple[float, str]]


def paint(request: Request) -> list[Element]:
    """The cells, the axes and the scale of colors."""
    buckets = _buckets(request)
    counts = [cell.count for cell in buckets.cells if cell.count > 0]
    if not counts:
        return no_data(request)
    color = json_fields.mapping(request.options, "color")
    shows_legend = json_fields.mapping(request.options, "legend").get("show", True)
    box = request.box.top_part(request.box.height - LEGEND) if shows_legend else request.box
    left = max((text_width(text, SIZE) for _, text in buckets.labels), default=0) + TICK + GAP
    plot = box.inset(left, 8, 8, BOTTOM)
    theme, low, high = request.theme, min(counts), max(counts)
    elements: list[Element] = []
    for cell in buckets.cells:
        if cell.count > 0:
            begin = time_x(max(cell.begin, request.window.begin), request.window, plot)
            end = time_x(min(cell.end, request.window.end), request.window, plot)
            top, bottom = plot.bottom - plot.height * cell.high, plot.bottom - plot.height * cell.low
            if end > begin:
                share = (cell.count - low) / (high - low) if high > low else 1.0
                fill = ramp_color(color, share, is_dark=theme.is_dark)
                elements.append(rect(Box(begin, top, max(end - begin - 1, 0.5), max(bottom - top - 1, 0.5)), fill))
    return [
        *time_axis(request.window, plot, theme),
        *_labels(buckets, plot, theme),
        request.clips.clipped(plot, elements),
        *event_marks(request, plot),
        *(_scale(request, color, low, high, request.box.below(box.height)) if shows_legend else []),
    ]


def _buckets(request: Request) -> Buckets:
    rows = next((frame for frame in request.frames if frame.kind == "heatmap-rows"), None)
    cells = next((frame for frame in request.frames if frame.kind == "heatmap-cells"), None)
    if rows is not None:
        return _from_rows(request, rows)
    return _from_cells(request, cells) if cells is not None else Buckets(cells=[], labels=[])


def _unit(request: Request) -> str:
    return str(json_fields.mapping(request.options, "yAxis").get("unit") or request.panel.unit)


def _from_rows(request: Request, frame: Frame) -> Buckets:
    """One row of cells for each field: a bucket, named by its upper limit."""
    times = _times(frame)
    fields = [field for field in frame.fields if field.type == FieldType.NUMBER]
    step = _step(times)
    cells = [
        Cell(begin=time - step, end=time, low=row / len(fields), high=(row + 1) / len(fields), count=count)
        for row, field in enumerate(fields)
        for time, value in zip(times, field.values, strict=True)
        if (count := finite(value)) is not None
    ]
    labels = [
        ((row + 1) / len(fields), _limit_text(field_name(field, frame, (frame,)), _unit(request)))
        for row, field in enumerate(fields)
    ]
    return Buckets(cells=cells, labels=labels)


def _limit_text(limit: str, unit: str) -> str:
    try:
        number = float(limit)
    except ValueError:
        return limit
    return str(format_value(unit, number, None)) if isfinite(number) else limit


def _from_cells(request: Request, frame: Frame) -> Buckets:
    """Cells with limits of their own, as native histograms have them, on a logarithmic axis."""
    columns = {field.name: field.values for field in frame.fields}
    lows, highs = columns.get("yMin", ()), columns.get("yMax", ())
    positive = [number for low in lows if (number := finite(low) or 0.0) > 0]
    if not positive:
        return Buckets(cells=[], labels=[])
    bottom = log10(min(positive))
    top = log10(max((finite(high) or 0.0 for high in highs), default=0.0) or 1.0)
    span = top - bottom or 1

    def height(value: object) -> float:
        return (log10(max(finite(value) or 0.0, 10**bottom)) - bottom) / span

    times = [(finite(time) or 0.0) / 1000 for time in columns.get("xMax", ())]
    step = _step(sorted(set(times)))
    cells = [
        Cell(begin=time - step, end=time, low=height(low), high=height(high), count=count)
        for time, low, high, value in zip(times, lows, highs, columns.get("count", ()), strict=True)
        if (count := finite(value)) is not None
    ]
    powers = range(int(bottom // 1), int(top // 1) + 2)
    labels = [(height(10.0**power), str(format_value(_unit(request), 10.0**power, None))) for power in powers]
    return Buckets(cells=cells, labels=[entry for entry in labels if 0 < entry[0] <= 1])


def _times(frame: Frame) -> list[float]:
    """The times of the rows, in Unix seconds."""
    times = next((field.values for field in frame.fields if field.type == FieldType.TIME), ())
    return [(finite(value) or 0.0) / 1000 for value in times]


def _step(times: list[float]) -> float:
    """The seconds from one time to the next."""
    return min((later - earlier for earlier, later in pairwise(times)), default=30.0) or 30.0


def _labels(buckets: Buckets, plot: Box, theme: Theme) -> Iterator[Element]:
    """Labels of the axis, as many as there is room for."""
    last = plot.bottom + 100
    for height, text in buckets.labels:
        y = plot.bottom - plot.height * height
        if last - y >= 18:
            yield line(plot.x - TICK, y, plot.x, y, theme.plot_grid, opacity=theme.plot_grid_opacity)
            yield label(plot.x - TICK - GAP, y, text, theme.text, size=SIZE, anchor="end", name="tick")
            last = y


def _scale(request: Request, color: Mapping[str, Any], low: float, high: float, box: Box) -> Iterator[Element]:
    """The colors from the smallest count to the largest."""
    unit = str(json_fields.mapping(request.options, "cellValues").get("unit") or "short")
    width = min(box.width - 16, 300)
    count = 40
    for number in range(count):
        x = box.x + 8 + width * number / count
        yield rect(
            Box(x, box.y + 6, width / count + 0.5, 8),
            ramp_color(color, number / (count - 1), is_dark=request.theme.is_dark),
        )
    for x, value, anchor in ((box.x + 8, low, "start"), (box.x + 8 + width, high, "end")):
        yield label(
            x,
            box.y + 24,
            str(format_value(unit, value, None)),
            request.theme.text,
            size=SIZE,
            anchor="start" if anchor == "start" else "end",
            name="scale",
        )
