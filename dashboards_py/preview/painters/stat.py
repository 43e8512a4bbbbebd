"""Stat: one or several large values. Source: @grafana/ui, BigValueLayout and VizRepeater."""

from collections.abc import Mapping
from typing import Any

from dashboards_py.board import fields
from dashboards_py.panel_data.colors import text_color
from dashboards_py.panel_data.frame import FieldType
from dashboards_py.panel_data.shown import ShownValue
from dashboards_py.preview.fonts import MEDIUM, REGULAR, fitting_size, shorten, text_width
from dashboards_py.preview.numbers import finite, positive
from dashboards_py.preview.painter import Request, shown
from dashboards_py.preview.repeat import Grid, cells
from dashboards_py.preview.shapes import CAP_HEIGHT, Box, Element, label, polygon, polyline, rect

LINE_HEIGHT = 1.2
LARGEST_TITLE = 30
SUFFIX_SIZE = 0.6  # of the value's size; Grafana draws prefix and suffix smaller


def paint(request: Request) -> list[Element]:
    """Each value with its name, in cells of one size."""
    values = shown(request)
    orientation = str(request.options.get("orientation") or "auto")
    grid = Grid(count=len(values), orientation=orientation, spacing=8)
    elements: list[Element] = []
    for value, cell in zip(values, cells(request.box, grid), strict=True):
        elements += _value(request, value, cell, len(values))
    return elements


def _value(request: Request, value: ShownValue, cell: Box, count: int) -> list[Element]:
    options = request.options
    text_mode = options.get("textMode") or "auto"
    title = value.title if text_mode in ("value_and_name", "name") or (text_mode == "auto" and count > 1) else ""
    text, prefix, suffix = value.display.text, value.display.prefix, value.display.suffix
    if text_mode == "name":
        text, prefix, suffix, title = value.title, "", "", ""
    elif text_mode == "none":
        text = prefix = suffix = ""
    color = value.display.color or request.theme.text
    elements: list[Element] = []
    color_mode = options.get("colorMode") or "value"
    if color_mode in ("background", "background_solid"):
        elements.append(rect(cell, color, radius=2))
        color = text_color(color, dark=request.theme.is_dark)
    elif color_mode == "none":
        color = request.theme.text
    sparkline = _sparkline(value, cell, request) if options.get("graphMode", "area") != "none" else []
    elements += sparkline
    title_size, value_size = _sizes(options, title, prefix + text + suffix, cell, bool(sparkline))
    text_box = cell.top_part(cell.height * 0.7) if sparkline else cell
    wide = cell.width / max(cell.height, 1) > 2.5
    return elements + (_side_by_side if wide and title else _stacked)(
        request, title, (prefix, text, suffix), (title_size, value_size), text_box, color
    )


def _sizes(options: Mapping[str, Any], title: str, text: str, cell: Box, with_chart: bool) -> tuple[float, float]:
    """The sizes of name and value: those of the options, otherwise as large as fits."""
    sizes = fields.mapping(options, "text")
    padding = 12 if cell.height > 100 else 8
    width, height = max(cell.width - 2 * padding, 1), max(cell.height - 2 * padding, 1)
    wide = cell.width / max(cell.height, 1) > 2.5
    title_size = 0.0
    if title:
        title_height = height if wide else cell.height * 0.15
        title_size = fitting_size(title, width * (0.6 if wide else 1), title_height, LINE_HEIGHT, LARGEST_TITLE)
    value_width = width * (0.3 if wide and title else 1)
    value_height = height * 0.5 if with_chart else height - (0 if wide else title_size * LINE_HEIGHT)
    value_size = positive(sizes, "valueSize", 0) or fitting_size(text, value_width, value_height, LINE_HEIGHT, 1000)
    return positive(sizes, "titleSize", 0) or min(title_size, value_size * 0.7), value_size


def _side_by_side(
    request: Request, title: str, texts: tuple[str, str, str], sizes: tuple[float, float], box: Box, color: str
) -> list[Element]:
    """Name and value in one line."""
    title_size, value_size = sizes
    gap = text_width("0", title_size) * 0.75
    name = shorten(title, max(box.width - _value_width(texts, value_size) - gap - 16, 1), title_size)
    name_width = text_width(name, title_size)
    if request.options.get("justifyMode") == "center":
        x = box.center - (name_width + gap + _value_width(texts, value_size)) / 2
        value_x = x + name_width + gap
    else:
        x, value_x = box.x + 8, box.right - 8 - _value_width(texts, value_size)
    heading = label(x, box.middle, name, request.theme.text, size=title_size, name="name")
    return [heading, *_value_texts(value_x, box.middle, texts, value_size, color)]


def _stacked(
    request: Request, title: str, texts: tuple[str, str, str], sizes: tuple[float, float], box: Box, color: str
) -> list[Element]:
    """The name above the value."""
    title_size, value_size = sizes
    centered = request.options.get("justifyMode") == "center" or not title
    title_height = title_size * LINE_HEIGHT if title else 0.0
    top = box.middle - (title_height + value_size * LINE_HEIGHT) / 2
    elements: list[Element] = []
    if title:
        name = shorten(title, box.width, title_size)
        x = box.center - text_width(name, title_size) / 2 if centered else box.x + 8
        elements.append(label(x, top + title_height / 2, name, request.theme.text, size=title_size, name="name"))
    width = _value_width(texts, value_size)
    x = box.center - width / 2 if centered else box.x + 8
    middle = top + title_height + value_size * LINE_HEIGHT / 2
    return [*elements, *_value_texts(x, middle, texts, value_size, color)]


def _value_width(texts: tuple[str, str, str], size: float) -> float:
    prefix, text, suffix = texts
    small = size * SUFFIX_SIZE
    return text_width(prefix, small, MEDIUM) + text_width(text, size, MEDIUM) + text_width(suffix, small, REGULAR)


def _value_texts(x: float, middle: float, texts: tuple[str, str, str], size: float, color: str) -> list[Element]:
    """Prefix, number and suffix on one baseline."""
    prefix, text, suffix = texts
    small = size * SUFFIX_SIZE
    lower = middle + (size - small) * CAP_HEIGHT / 2  # capitals of both sizes stand on one line
    elements: list[Element] = []
    if prefix:
        elements.append(label(x, lower, prefix, color, size=small, weight=MEDIUM, name="prefix"))
        x += text_width(prefix, small, MEDIUM)
    elements.append(label(x, middle, text, color, size=size, weight=MEDIUM, name="value"))
    if suffix:
        x += text_width(text, size, MEDIUM)
        elements.append(label(x, lower, suffix, color, size=small, name="suffix"))
    return elements


def _sparkline(value: ShownValue, cell: Box, request: Request) -> list[Element]:
    """The series behind the value, below it."""
    if value.field is None or value.field.type != FieldType.NUMBER or len(value.field.values) < 2 or cell.height < 50:
        return []
    numbers = [finite(number) for number in value.field.values]
    present = [number for number in numbers if number is not None]
    if len(present) < 2:
        return []
    low, high = min(present), max(present)
    area = Box(cell.x, cell.bottom - cell.height * 0.35, cell.width, cell.height * 0.35)
    span = high - low or 1
    points = [
        (area.x + area.width * index / (len(numbers) - 1), area.bottom - area.height * (number - low) / span)
        for index, number in enumerate(numbers)
        if number is not None
    ]
    color = value.display.color or request.theme.text
    return [
        polygon([(points[0][0], area.bottom), *points, (points[-1][0], area.bottom)], color, 0.2),
        polyline(points, color),
    ]
