"""The axes of a graph: where its plot is, gridlines, labels. Source: @grafana/ui, UPlotAxisBuilder."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil, floor, log10

from dashboards_py.panel_data.display import displayer
from dashboards_py.panel_data.frame import Field, Window
from dashboards_py.preview.fonts import text_width
from dashboards_py.preview.shapes import Box, Element, label, line
from dashboards_py.preview.theme import Theme
from dashboards_py.preview.ticks import (
    DAY,
    MINUTE,
    TIME_INCREMENTS,
    binary_increments,
    decimal_increments,
    increment,
    tick_values,
)

SIZE = 12  # of the labels
TICK, GAP = 4, 5
EDGE = 8  # beside a plot without an axis on that side
BOTTOM = TICK + GAP + SIZE
BINARY_UNITS = ("bytes", "bits", "kbytes", "mbytes", "gbytes", "binBps", "binbps")


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueAxis:
    """A vertical axis from `low` to `high` for fields like `field`; `is_log` if it is logarithmic."""

    low: float
    high: float
    field: Field
    is_right: bool = False
    is_log: bool = False
    is_hidden: bool = False
    label: str = ""

    def y(self, value: float, plot: Box) -> float:
        """The vertical position of a value."""
        low, high, value = self._scaled(self.low), self._scaled(self.high), self._scaled(value)
        return plot.bottom - plot.height * (value - low) / (high - low)

    def _scaled(self, value: float) -> float:
        return log10(max(value, 1e-12)) if self.is_log else value

    def ticks(self, length: float) -> list[tuple[float, str]]:
        """The values that have a label, and it."""
        if self.is_log:
            values = [
                10.0**power
                for power in range(ceil(log10(max(self.low, 1e-12))), floor(log10(max(self.high, 1e-12))) + 1)
            ]
            return self._labelled(values, None)
        space = 15 if length <= 150 else 30
        increments = binary_increments() if self.field.config.unit in BINARY_UNITS else decimal_increments()
        step = increment(self.high - self.low, length, space, increments)
        decimals = _decimals(step) or None
        return self._labelled(tick_values(self.low, self.high, step), decimals)

    def _labelled(self, values: Sequence[float], decimals: int | None) -> list[tuple[float, str]]:
        show = displayer(self.field, dark=True, decimals=decimals)
        return [(value, str(show(value))) for value in values]

    def width(self, length: float) -> float:
        """The width in pixels of labels, ticks and the axis' own label."""
        if self.is_hidden:
            return 0.0
        labels = max((text_width(text, SIZE) for _, text in self.ticks(length)), default=0.0)
        return ceil(TICK + GAP + labels) + (SIZE + 8 if self.label else 0)


def _decimals(step: float) -> int:
    """The decimal places of a step."""
    text = f"{round(step, 6):f}".rstrip("0")
    return len(text.partition(".")[2])


def plot_box(box: Box, axes: Sequence[ValueAxis]) -> Box:
    """The box of the lines: what the axes leave of it."""
    height = box.height - 8 - BOTTOM
    left = sum(axis.width(height) for axis in axes if not axis.is_right) or EDGE
    right = sum(axis.width(height) for axis in axes if axis.is_right) or EDGE
    return box.inset(left, 8, right, BOTTOM)


def value_axes(axes: Sequence[ValueAxis], plot: Box, theme: Theme) -> Iterator[Element]:
    """Gridlines of the first axis, and labels of each; a second axis of a side is farther out."""
    edges = {False: plot.x, True: plot.right}
    for number, axis in enumerate(axes):
        if axis.is_hidden:
            continue
        edge, width = edges[axis.is_right], axis.width(plot.height)
        edges[axis.is_right] += width if axis.is_right else -width
        for value, text in axis.ticks(plot.height):
            y = round(axis.y(value, plot)) + 0.5
            x1, x2 = (edge, edge + TICK) if axis.is_right else (edge - TICK, edge)
            if number == 0:
                x1, x2 = min(x1, plot.x), max(x2, plot.right)
            yield line(x1, y, x2, y, theme.plot_grid, opacity=theme.plot_grid_opacity)
            x = edge + TICK + GAP if axis.is_right else edge - TICK - GAP
            yield label(x, y, text, theme.text, size=SIZE, anchor="start" if axis.is_right else "end", name="tick")


def time_axis(window: Window, plot: Box, theme: Theme) -> Iterator[Element]:
    """Gridlines and labels of time, in UTC."""
    span = window.end - window.begin
    coarse = increment(span, plot.width, 40, TIME_INCREMENTS)
    space = text_width(time_text(span, coarse)(window.begin), SIZE) + 18
    step = increment(span, plot.width, space, TIME_INCREMENTS)
    text = time_text(span, step)
    for moment in tick_values(window.begin, window.end, step):
        x = round(time_x(moment, window, plot)) + 0.5
        yield line(x, plot.y, x, plot.bottom + TICK, theme.plot_grid, opacity=theme.plot_grid_opacity)
        if x + text_width(text(moment), SIZE) / 2 <= plot.right + EDGE:
            yield label(x, plot.bottom + TICK + GAP + SIZE / 2, text(moment), theme.text, size=SIZE, anchor="middle")


def time_x(moment: float, window: Window, plot: Box) -> float:
    """The horizontal position of a time, in Unix seconds."""
    return plot.x + plot.width * (moment - window.begin) / max(window.end - window.begin, 1e-9)


def time_text(span: float, step: float) -> Callable[[float], str]:
    """How times are written on an axis of this range and step, both in seconds."""
    if step < MINUTE:
        pattern = "%H:%M:%S"
    elif span <= DAY:
        pattern = "%H:%M"
    elif step < DAY:
        pattern = "%m/%d %H:%M"
    elif span < 365 * DAY:
        pattern = "%m/%d"
    else:
        pattern = "%Y-%m"
    return lambda moment: datetime.fromtimestamp(moment, UTC).strftime(pattern)
