"""Gradients of a series' line and area. Source: @grafana/ui, uPlot/config/gradientFills.ts."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from dashboards_py.panel_data.colors import named_color, scale
from dashboards_py.preview.lines import Line
from dashboards_py.preview.painter import Request
from dashboards_py.preview.scales import ValueAxis
from dashboards_py.preview.shades import shade
from dashboards_py.preview.shapes import Box, Element, Stop

SAMPLES = 16  # of a continuous scheme
CONTINUOUS = "continuous-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """The colors of a series: `line`, and `area` with its opacity; `elements` are the gradients that they name."""

    line: str
    area: str
    area_opacity: float
    elements: tuple[Element, ...] = ()


def ink_of(request: Request, line: Line, axis: ValueAxis, plot: Box, opacity: float) -> Ink:
    """The colors of a series by its gradientMode; one for which its color mode has no gradient is in one color."""
    mode = line.style("gradientMode", "none")
    color, top, bottom = line.color, (plot.x, plot.y), (plot.x, plot.bottom)
    if mode == "opacity":
        area, name = request.clips.gradient(top, bottom, [Stop(0, color, opacity), Stop(1, color, 0)])
        return Ink(line=color, area=name, area_opacity=1 if opacity else 0, elements=(area,))
    stops = list(_stops(request, line, axis, plot, str(mode)))
    if not stops:
        return Ink(line=color, area=color, area_opacity=opacity)
    stroke, stroke_name = request.clips.gradient(top, bottom, stops)
    shades = [Stop(stop.offset, stop.color, stop.opacity * opacity) for stop in stops]
    area, area_name = request.clips.gradient(top, bottom, shades)
    return Ink(line=stroke_name, area=area_name, area_opacity=1 if opacity else 0, elements=(stroke, area))


def _stops(request: Request, line: Line, axis: ValueAxis, plot: Box, mode: str) -> Iterator[Stop]:
    """The colors from the top of the plot to its bottom."""
    if mode == "hue":
        light = shade(line.color, turn=20, stronger=20, brighter=10)
        dark = shade(line.color, turn=-25, lighter=-15 if request.theme.is_dark else -5)
        yield from (Stop(0, shade(light, lighter=10), 1), Stop(1, dark, 1))
        return
    config = line.field.config
    if mode != "scheme":
        return
    if config.color_mode == "thresholds":
        yield from _steps(request, line, axis, plot)
    elif config.color_mode.startswith(CONTINUOUS):
        at = scale(line.field, dark=request.theme.is_dark)
        low, high = axis.data
        for number in range(SAMPLES, -1, -1):
            value = low + (high - low) * number / SAMPLES
            yield Stop(_offset(value, axis, plot), at(value).color, 1)


def _steps(request: Request, line: Line, axis: ValueAxis, plot: Box) -> Iterator[Stop]:
    """Each threshold's color up to the next."""
    config = line.field.config
    low, high = axis.data
    minimum = low if config.minimum is None else config.minimum
    span = (high if config.maximum is None else config.maximum) - minimum
    limits = [
        axis.low if step.value is None else minimum + span * step.value / 100 if config.percentage_steps else step.value
        for step in config.steps
    ]
    bands = list(zip(config.steps, pairwise([*limits, max(axis.high, *limits, axis.low)]), strict=True))
    for step, (begin, end) in reversed(bands):
        color = named_color(step.color, dark=request.theme.is_dark)
        opacity = 0 if step.color == "transparent" else 1
        yield Stop(_offset(end, axis, plot), color, opacity)
        yield Stop(_offset(begin, axis, plot), color, opacity)


def _offset(value: float, axis: ValueAxis, plot: Box) -> float:
    """A value's position: 0 at the top of the plot, 1 at the bottom."""
    return min(max((axis.y(value, plot) - plot.y) / (plot.height or 1), 0.0), 1.0)
