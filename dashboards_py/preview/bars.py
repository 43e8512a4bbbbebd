"""One bar of a bar gauge, without its texts. Source: @grafana/ui, BarGauge."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import floor

from dashboards_py.panel_data.colors import named_color
from dashboards_py.panel_data.colors.modes import CONTINUOUS
from dashboards_py.panel_data.display import displayer
from dashboards_py.panel_data.shown import ShownValue
from dashboards_py.preview.numbers import finite
from dashboards_py.preview.painter import Request
from dashboards_py.preview.shapes import Box, Element, Stop, rect

CELL, CELL_SPACING = 12, 2  # of the display mode lcd
UNLIT, LIT = 0.18, 0.75


def share(value: ShownValue) -> float:
    """How much of its bar a value fills."""
    return min(max(finite(value.display.percent) or 0.0, 0.0), 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a bar is drawn: `mode` is basic, gradient or lcd."""

    mode: str
    is_vertical: bool = False
    shows_unfilled: bool = True


def bar(request: Request, value: ShownValue, whole: Box, length: float, look: Look) -> Iterator[Element]:
    """The bar from the left, or from below, in a space of which `length` pixels are 100 %."""
    theme, mode, is_vertical = request.theme, look.mode, look.is_vertical
    color = value.display.color or theme.text
    if mode == "lcd":
        yield from _cells(request, value, whole, length, is_vertical=is_vertical)
        return
    if look.shows_unfilled:
        yield rect(whole, theme.ink, opacity=theme.bar_background_opacity, radius=2)
    size = max(share(value) * length, 1)
    filled = (
        Box(whole.x, whole.bottom - size, whole.width, size)
        if is_vertical
        else replace(whole, width=min(size, whole.width))
    )
    if mode == "basic":
        yield rect(filled, color, opacity=0.35, radius=2)
        edge = replace(filled, height=2) if is_vertical else Box(filled.right - 2, filled.y, 2, filled.height)
        yield rect(edge, color)
        return
    stops = list(_stops(request, value))
    if len(stops) < 2:
        yield rect(filled, color, radius=2)
        return
    begin = (whole.x, whole.bottom)
    end = (whole.x, whole.bottom - length) if is_vertical else (whole.x + length, whole.bottom)
    gradient, name = request.clips.gradient(begin, end, stops)
    yield from (gradient, rect(filled, name, radius=2))


def _stops(request: Request, value: ShownValue) -> Iterator[Stop]:
    """The colors from 0 to 100 %: those of a continuous scheme, or of the thresholds that the value reaches."""
    dark = request.theme.is_dark
    if value.field is None:
        return
    config = value.field.config
    if names := CONTINUOUS.get(config.color_mode):
        for index, name in enumerate(names):
            yield Stop(index / (len(names) - 1), named_color(name, dark=dark), 1)
        return
    if config.color_mode not in ("thresholds", ""):
        return
    least, span = value.limits.least, value.limits.most - value.limits.least
    last = 0.0
    for index, step in enumerate(config.steps):
        color = named_color(step.color, dark=dark)
        if index == 0 or step.value is None:
            yield Stop(0, color, 1)
            continue
        position = step.value / 100 if config.percentage_steps else (step.value - least) / span if span else 1.0
        if not value.display.number >= (least + span * position if config.percentage_steps else step.value):
            return
        position = min(max(position, 0.0), 1.0)
        yield Stop(position - (position - last) / 2, color, 1)
        last = position


def _cells(request: Request, value: ShownValue, whole: Box, length: float, *, is_vertical: bool) -> Iterator[Element]:
    """Small cells, lit up to the value, each in the color of its own position."""
    count = max(floor(length / CELL), 1)
    size = max(floor((length - CELL_SPACING * count) / count), 1)
    field = value.field
    show = displayer(field, dark=request.theme.is_dark, clock=request.clock) if field else None
    least, most = value.limits.least, value.limits.most
    number = value.display.number
    for index in range(count):
        position = least + (most - least) * index / count
        color = (show(position).color if show else "") or value.display.color or request.theme.text
        is_lit = number == number and position <= number
        offset = index * (size + CELL_SPACING)
        cell = (
            Box(whole.x, whole.bottom - offset - size, whole.width, size)
            if is_vertical
            else Box(whole.x + offset, whole.y, size, whole.height)
        )
        yield rect(cell, color, opacity=LIT if is_lit else UNLIT, radius=2)
