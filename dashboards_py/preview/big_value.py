"""How a large value, its name and its chart share a cell. Source: @grafana/ui, BigValueLayout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards_py.board import fields
from dashboards_py.panel_data.shown import ShownValue
from dashboards_py.preview.fonts import fitting_size
from dashboards_py.preview.numbers import positive
from dashboards_py.preview.shapes import Box

LINE_HEIGHT = 1.2
LARGEST_TITLE = 30
WIDE = 2.5  # times the height, from which on the name is beside the value
ABOVE_CHANGE = 0.75  # of the height, for a value with its change below it
SMALL_TITLE = 0.7  # of the value's size, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What is written of a value: its name, and the number with its parts."""

    title: str
    prefix: str
    text: str
    suffix: str

    def __str__(self) -> str:
        return f"{self.prefix}{self.text}{self.suffix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Sizes in pixels: of the texts, of the margin around them, and the height of the chart below, 0 for none."""

    is_wide: bool
    padding: float
    title: float
    value: float
    chart: float


def texts_of(value: ShownValue, options: Mapping[str, Any], count: int) -> Texts:
    """The texts of one of `count` values by the option textMode."""
    mode = options.get("textMode") or "auto"
    shown = value.display
    if mode == "name":
        return Texts(title="", prefix="", text=value.title, suffix="")
    if mode == "none":
        return Texts(title="", prefix="", text="", suffix="")
    has_title = mode == "value_and_name" or (mode == "auto" and count > 1)
    return Texts(title=value.title if has_title else "", prefix=shown.prefix, text=shown.text, suffix=shown.suffix)


def longest(texts: Sequence[Texts]) -> Texts:
    """The longest of each part: all values of a panel have the size at which it fits."""
    return Texts(
        title=max((text.title for text in texts), key=len),
        prefix=max((text.prefix for text in texts), key=len),
        text=max((text.text for text in texts), key=len),
        suffix=max((text.suffix for text in texts), key=len),
    )


def layout(
    cell: Box, widest: Texts, options: Mapping[str, Any], *, has_chart: bool, has_change: bool = False
) -> Layout:
    """The sizes for a cell; those that the options set are taken as they are.

    A value without a chart leaves room for its change, if it has one.
    """
    sizes = fields.mapping(options, "text")
    own_title, own_value = positive(sizes, "titleSize", 0), positive(sizes, "valueSize", 0)
    padding = 12.0 if cell.height > 100 else 8.0
    width, height = max(cell.width - 2 * padding, 1), max(cell.height - 2 * padding, 1)
    is_wide = cell.width / max(cell.height, 1) > WIDE and options.get("wideLayout") is not False
    has_chart = has_chart and cell.height > (50 if is_wide else 100)
    fits_title = bool(widest.title) and not own_title
    title, chart = own_title, 0.0
    if is_wide:
        if fits_title:
            title = _fitting(widest.title, width * 0.6, height * (0.4 if has_chart else 1), LARGEST_TITLE)
        share = 0.4 if has_chart else 0.3 if fits_title else 1
        room = height * (0.5 if has_chart else ABOVE_CHANGE if has_change else 1)
        value = own_value or _fitting(str(widest), width * share, room, 1000)
        title = min(title, value * SMALL_TITLE) if fits_title and not has_chart else title
        chart = cell.height * 0.5 if has_chart else 0
        return Layout(is_wide=True, padding=padding, title=title, value=value, chart=chart)
    if fits_title:
        title = _fitting(widest.title, width, cell.height * 0.15, LARGEST_TITLE)
    title_height = title * LINE_HEIGHT if fits_title else 0
    left = height - (cell.height * 0.25 if has_chart else 0) - title_height
    left *= ABOVE_CHANGE if has_change and not has_chart else 1
    value = own_value or _fitting(str(widest), width, max(left, 1), 1000)
    title = min(title, value * SMALL_TITLE) if fits_title else title
    if has_chart:
        chart = max(cell.height - (title if widest.title else 0) * LINE_HEIGHT - value * LINE_HEIGHT, 0)
    return Layout(is_wide=False, padding=padding, title=title, value=value, chart=chart)


def _fitting(text: str, width: float, height: float, largest: float) -> float:
    return max(fitting_size(text, width, height, LINE_HEIGHT, largest), 0.1)
