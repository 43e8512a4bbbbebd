"""The value axes of a graph: their ranges and labels. Source: @grafana/ui, UPlotScaleBuilder and UPlotAxisBuilder."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from dashboards_py.panel_data.display import displayer
from dashboards_py.panel_data.frame import Field
from dashboards_py.preview.fonts import text_width
from dashboards_py.preview.lines import Line
from dashboards_py.preview.log_scales import LEAST, LogScale, log_range, symmetric_range
from dashboards_py.preview.numbers import finite
from dashboards_py.preview.shapes import Box
from dashboards_py.preview.ticks import binary_increments, decimal_increments, increment, tick_values, value_range

SIZE = 12  # of the labels
TICK, GAP = 4, 5
LABEL = SIZE + 8  # the width that the axis' own label takes
LARGEST_SHARE = 0.4  # of the graph's width, for labels
# Units whose axis has ticks at powers of two: IEC_UNITS in TimeSeries/utils.ts.
BINARY_UNITS = {
    *("bytes", "bits", "kbytes", "mbytes", "gbytes", "tbytes", "pbytes", "binBps", "binbps"),
    *(f"{prefix}i{unit}" for prefix in "KMGTP" for unit in ("Bs", "bits")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueAxis:
    """A vertical axis from `low` to `high` for fields like `field`, whose values are from `data[0]` to `data[1]`.

    `log` is the scale of a logarithmic axis. `color` is that of its texts, "" for the page's.
    `has_grid`: it has gridlines. `own_width` in pixels, 0 for what the labels need.
    """

    low: float
    high: float
    field: Field
    data: tuple[float, float] = (0.0, 0.0)
    is_right: bool = False
    is_hidden: bool = False
    log: LogScale | None = None
    label: str = ""
    color: str = ""
    has_border: bool = False
    has_grid: bool = True
    own_width: float = 0

    def y(self, value: float, plot: Box) -> float:
        """The vertical position of a value."""
        low, high, value = self._scaled(self.low), self._scaled(self.high), self._scaled(value)
        return plot.bottom - plot.height * (value - low) / (high - low)

    def ys(self, values: Iterable[float], plot: Box) -> list[float]:
        """The vertical positions of many values."""
        low, high = self._scaled(self.low), self._scaled(self.high)
        factor, bottom = plot.height / (high - low), plot.bottom
        return [bottom - (value - low) * factor for value in (map(self._scaled, values) if self.log else values)]

    def _scaled(self, value: float) -> float:
        return self.log.position(value) if self.log else value

    def ticks(self, length: float) -> list[tuple[float, str]]:
        """The values that have a gridline, and the label of each."""
        space = 15 if length <= 150 else 30
        increments = binary_increments() if self.field.config.unit in BINARY_UNITS else decimal_increments()
        step = increment(self.high - self.low, length, space, increments)
        decimals = _decimals(step) or None
        if self.log:
            ticks = self.log.ticks(self.low, self.high, length, space)
            texts = dict(self._labelled([value for value, has_label in ticks if has_label], decimals))
            return [(value, texts.get(value, "")) for value, _ in ticks]
        return self._labelled(tick_values(self.low, self.high, step), decimals)

    def _labelled(self, values: Sequence[float], decimals: int | None) -> list[tuple[float, str]]:
        """With no decimals only whole numbers have a label."""
        show = displayer(self.field, dark=True, decimals=decimals)
        only_whole = self.field.config.decimals == 0 and not self.log
        return [(value, str(show(value)) if value == int(value) or not only_whole else "") for value in values]

    def width(self, length: float, graph_width: float) -> float:
        """The width in pixels of labels, ticks and the axis' own label."""
        if self.is_hidden:
            return 0.0
        labels = max((text_width(text, SIZE) for _, text in self.ticks(length)), default=0.0)
        own = self.own_width or ceil(TICK + GAP + min(labels, graph_width * LARGEST_SHARE))
        return own + (LABEL if self.label else 0)


def _decimals(step: float) -> int:
    """The decimal places of a step."""
    text = f"{round(step, 6):f}".rstrip("0")
    return len(text.partition(".")[2])


def value_axes_of(lines: Sequence[Line]) -> tuple[list[ValueAxis], list[int]]:
    """An axis for each unit, range, label, placement and scale, and for each line the number of its axis."""
    groups: dict[str, list[int]] = {}
    for number, one_line in enumerate(lines):
        groups.setdefault(_key(one_line), []).append(number)
    axes: list[ValueAxis] = []
    axis_of = [0] * len(lines)
    for members in groups.values():
        for number in members:
            axis_of[number] = len(axes)
        has_left = any(not axis.is_right and not axis.is_hidden for axis in axes)
        axes.append(_axis([lines[number] for number in members], has_left=has_left))
    first = next((number for number, axis in enumerate(axes) if not axis.is_right and not axis.is_hidden), None)
    for number, axis in enumerate(axes):
        wanted = lines[axis_of.index(number)].style("axisGridShow", None)
        axes[number] = replace(axis, has_grid=wanted if isinstance(wanted, bool) else number == first)
    return axes, axis_of


def _key(one_line: Line) -> str:
    """What is equal of lines on one axis: buildScaleKey in @grafana/ui."""
    config = one_line.field.config
    names = ("axisSoftMin", "axisSoftMax", "axisCenteredZero", "axisPlacement", "axisLabel", "scaleDistribution")
    values = (config.unit, config.minimum, config.maximum, config.decimals)
    return repr((*values, *(one_line.style(name, None) for name in names)))


def _axis(lines: Sequence[Line], *, has_left: bool) -> ValueAxis:
    first = lines[0]
    placement, field, is_percent = first.style("axisPlacement", "auto"), first.field, first.is_percent
    values = [value for one_line in lines for _, value in one_line.samples if value is not None] or [0.0]
    data = (min(values), max(values))
    log, config = _log_scale(first), field.config
    hard = (finite(config.minimum), finite(config.maximum))
    if log and log.linear:
        low, high = symmetric_range(
            log, _centered(first, data), _without_soft(first, hard), is_whole=config.decimals == 0
        )
    elif log:
        low, high = log_range(log, values, hard)
    else:
        low, high = _linear_range(first, data, is_percent=is_percent)
    if is_percent:
        field = replace(field, config=replace(field.config, unit="percentunit"))
    label = first.style("axisLabel", "")
    return ValueAxis(
        low=low,
        high=high,
        field=field,
        data=data,
        is_right=placement == "right" or (placement not in ("left", "hidden") and has_left),
        is_hidden=placement == "hidden",
        log=log,
        label=label if isinstance(label, str) else "",
        color=first.color if first.style("axisColorMode", "text") == "series" else "",
        has_border=first.style("axisBorderShow", False) is True,
        own_width=min(max(finite(first.style("axisWidth", 0)) or 0.0, 0.0), 2000.0),
    )


def _linear_range(first: Line, data: tuple[float, float], *, is_percent: bool) -> tuple[float, float]:
    config = first.field.config
    soft = _soft(first)
    if is_percent:
        soft = (
            0.0 if soft[0] is None and config.minimum is None else soft[0],
            1.0 if soft[1] is None and config.maximum is None else soft[1],
        )
    data = _centered(first, data)
    low, high = value_range(*data, hard_low=finite(config.minimum), hard_high=finite(config.maximum), soft=soft)
    if config.decimals == 0:
        low = low if config.minimum is not None and soft[0] is None else floor(low)
        high = high if config.maximum is not None and soft[1] is None else ceil(high)
    return float(low), float(high)


def _soft(first: Line) -> tuple[float | None, float | None]:
    return finite(first.style("axisSoftMin", None)), finite(first.style("axisSoftMax", None))


def _without_soft(first: Line, hard: tuple[float | None, float | None]) -> tuple[float | None, float | None]:
    """The hard limits where there is no soft one."""
    soft = _soft(first)
    return hard[0] if soft[0] is None else None, hard[1] if soft[1] is None else None


def _centered(first: Line, data: tuple[float, float]) -> tuple[float, float]:
    """The range of the data, as far below zero as above where the field asks for it."""
    if first.style("axisCenteredZero", False) is not True:
        return data
    most = max(abs(data[0]), abs(data[1])) or 80.0
    return -most, most


def _log_scale(one_line: Line) -> LogScale | None:
    """The scale of a field that has a logarithmic one."""
    distribution = one_line.group("scaleDistribution")
    kind = distribution.get("type")
    if kind not in ("log", "symlog"):
        return None
    base = finite(distribution.get("log")) or 2.0
    linear = abs(finite(distribution.get("linearThreshold")) or 1.0) if kind == "symlog" else 0.0
    return LogScale(base if 1 < base <= 1000 else 2.0, max(linear, LEAST) if linear else 0.0)
