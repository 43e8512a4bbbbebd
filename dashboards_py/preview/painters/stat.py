"""Stat: one or several large values. Source: @grafana/ui, BigValue and VizRepeater."""

import re
from collections.abc import Sequence
from math import cos, radians, sin

from dashboards_py.board import fields
from dashboards_py.panel_data.colors import named_color, text_color
from dashboards_py.panel_data.frame import FieldType
from dashboards_py.panel_data.shown import ShownValue
from dashboards_py.plural import counted_of
from dashboards_py.preview.big_value import LINE_HEIGHT, Layout, Texts, layout, longest, texts_of
from dashboards_py.preview.fonts import MEDIUM, shorten, text_width
from dashboards_py.preview.numbers import finite, positive
from dashboards_py.preview.painter import Request, shown
from dashboards_py.preview.repeat import Grid, cells
from dashboards_py.preview.shades import shade
from dashboards_py.preview.shapes import CAP_HEIGHT, Box, Element, Stop, label, line, polyline, rect
from dashboards_py.preview.sparkline import sparkline

SPACING = 3
GAP = 6  # between name and value: 0.75ch of Grafana's font at 14 px
CHANGE_SIZE, LEAST_CHANGE = 2.5, 12  # a change is smaller than its value by this factor, but not below this size
LEAST_NAME = 0.25  # of the width: with less for it the name is above the value
SMALLEST = 5  # pixels: smaller texts cannot be read
# Parts of a line, each with how much larger or smaller it is than the value.
Line = list[tuple[str, float]]
BACKGROUNDS = ("background", "background_solid")


def paint(request: Request) -> list[Element]:
    """Each value with its name, in cells of one size."""
    values, options = shown(request), request.options
    grid = Grid(count=len(values), orientation=str(options.get("orientation") or "auto"), spacing=SPACING)
    texts = [texts_of(value, options, len(values)) for value in values]
    widest = longest(texts)
    elements: list[Element] = []
    cut = 0
    for value, text, cell in zip(values, texts, cells(request.box, grid), strict=True):
        sizes = layout(
            cell,
            widest,
            options,
            has_chart=_has_chart(value, request),
            has_change=bool(_change_text(request, value)),
        )
        painted = _value(request, value, text, cell, sizes)
        if _overflows(text, sizes, cell):
            cut += 1
            painted = [request.clips.clipped(cell, painted)]
        elements += painted
    if cut:
        tight = "has no room for its text, which is cut", "have no room for their texts, which are cut"
        request.note(counted_of(cut, len(values), "value", *tight), takes_room=False)
    return elements


def _overflows(texts: Texts, sizes: Layout, cell: Box) -> bool:
    """Whether the texts are higher or wider than the cell, or too small to be read."""
    lines = _lines(texts, sizes, cell)
    title = sizes.title * LINE_HEIGHT if texts.title else 0
    high = (len(lines) - 1) * sizes.value * LINE_HEIGHT + sizes.value * CAP_HEIGHT
    high = max(title, high) if sizes.is_wide and len(lines) == 1 else title + high
    wide = max(_width(line, sizes.value) for line in lines)
    return high > cell.height + 1 or wide > cell.width + 1 or (bool(str(texts)) and sizes.value < SMALLEST)


def _lines(texts: Texts, sizes: Layout, cell: Box) -> list[Line]:
    """The value's texts by line: words wrap where they have no room."""
    parts = [(texts.prefix, 1.0)] if texts.prefix else []
    parts += [(word, 1.0) for word in re.findall(r"\s*\S+|\s+$", texts.text)]
    parts += [(texts.suffix, _suffix_factor(sizes.value))] if texts.suffix else []
    room, lines = cell.width - 2 * sizes.padding, list[Line]([[]])
    for text, factor in parts:
        is_first = not lines[-1]
        if not is_first and text[:1].isspace() and _width([*lines[-1], (text, factor)], sizes.value) > room + 0.5:
            lines.append([(text.lstrip(), factor)])
        elif not is_first and lines[-1][-1][1] == factor and factor == 1 and (len(lines[-1]) > 1 or not texts.prefix):
            lines[-1][-1] = (lines[-1][-1][0] + text, factor)
        else:
            lines[-1].append((text, factor))
    return lines


def _suffix_factor(size: float) -> float:
    """How much smaller a suffix is than the value."""
    return 0.9 if size < 20 else 0.8 if size < 26 else 0.6


def _width(line: Line, size: float) -> float:
    return sum(text_width(text, size * factor, MEDIUM) for text, factor in line)


def _value(request: Request, value: ShownValue, texts: Texts, cell: Box, sizes: Layout) -> list[Element]:
    options, theme = request.options, request.theme
    color = value.display.color or theme.text
    elements: list[Element] = []
    if options.get("colorMode") in BACKGROUNDS:
        elements += _background(request, cell, color)
    elif options.get("colorMode") == "none":
        color = theme.text
    if sizes.chart:
        elements += _chart(request, value, cell.below(cell.height - sizes.chart), color)
    if options.get("colorMode") in BACKGROUNDS:
        color = text_color(color, dark=theme.is_dark)
    return elements + (_side_by_side if sizes.is_wide else _stacked)(request, value, texts, cell, sizes, color)


def _background(request: Request, cell: Box, color: str) -> list[Element]:
    """The cell in the value's color; from one shade of it to another, at an angle of 120 degrees."""
    if request.options.get("colorMode") == "background_solid":
        return [rect(cell, color, radius=2)]
    factor = 1 if request.theme.is_dark else -0.7
    begin = shade(shade(color, lighter=-15 * factor), turn=8)
    end = shade(shade(color, lighter=-5 * factor), turn=-8)
    across, down = sin(radians(120)), -cos(radians(120))
    half = (cell.width * across + cell.height * down) / 2
    ends = [(cell.center + side * half * across, cell.middle + side * half * down) for side in (-1, 1)]
    gradient, name = request.clips.gradient(ends[0], ends[1], [Stop(0, begin, 1), Stop(1, end, 1)])
    return [gradient, rect(cell, name, radius=2)]


def _is_centered(request: Request, texts: Texts) -> bool:
    return request.options.get("justifyMode") == "center" or not texts.title


def _side_by_side(
    request: Request, value: ShownValue, texts: Texts, cell: Box, sizes: Layout, color: str
) -> list[Element]:
    """Name and value in one line."""
    lines = _lines(texts, sizes, cell)
    width = max(_width(parts, sizes.value) for parts in lines)
    change, change_width = _change_text(request, value), 0.0
    change_size = _change_size(request, sizes)
    if change:
        change_width = text_width(change, change_size, MEDIUM) + change_size + GAP
    room = cell.width - 2 * sizes.padding - width - change_width - GAP
    if len(lines) > 1 or (texts.title and room < min(text_width(texts.title, sizes.title), cell.width * LEAST_NAME)):
        return _stacked(request, value, texts, cell, sizes, color)
    name = shorten(texts.title, room, sizes.title) if texts.title else ""
    name_width = text_width(name, sizes.title) + GAP if name else 0.0
    is_centered = _is_centered(request, texts)
    whole = name_width + width + change_width
    x = cell.center - whole / 2 if is_centered else cell.x + sizes.padding
    value_x = x + name_width if is_centered else cell.right - sizes.padding - width - change_width
    at_top = sizes.chart and not is_centered
    middle = cell.y + sizes.padding + max(sizes.value, sizes.title) * LINE_HEIGHT / 2 if at_top else cell.middle
    elements = _value_texts(value_x, middle, lines[0], sizes.value, color, _names(texts, lines)[0])
    if name:
        elements.insert(0, label(x, middle, name, _title_color(request, color), size=sizes.title, name="name"))
    if change:
        elements += _change(request, value, value_x + width + GAP, middle, sizes, color)
    return elements


def _stacked(request: Request, value: ShownValue, texts: Texts, cell: Box, sizes: Layout, color: str) -> list[Element]:
    """The name above the value, and its change below."""
    is_centered = _is_centered(request, texts)
    change = _change_text(request, value)
    title_height = sizes.title * LINE_HEIGHT + GAP if texts.title else 0.0
    change_size = _change_size(request, sizes)
    change_height = change_size * LINE_HEIGHT if change else 0.0
    lines = _lines(texts, sizes, cell)
    value_height = sizes.value * LINE_HEIGHT
    values_height = value_height * len(lines)
    at_top = sizes.chart and not is_centered
    top = cell.y + sizes.padding if at_top else cell.middle - (title_height + values_height + change_height) / 2

    def start(width: float) -> float:
        return cell.center - width / 2 if is_centered else cell.x + sizes.padding

    elements: list[Element] = []
    if texts.title:
        name = shorten(texts.title, max(cell.width - 2 * sizes.padding, 1), sizes.title)
        x = start(text_width(name, sizes.title))
        color_of_name = _title_color(request, color)
        elements.append(label(x, top + (title_height - GAP) / 2, name, color_of_name, size=sizes.title, name="name"))
    middle = top + title_height + value_height / 2
    for parts, names in zip(lines, _names(texts, lines), strict=True):
        elements += _value_texts(start(_width(parts, sizes.value)), middle, parts, sizes.value, color, names)
        middle += value_height
    bottom = top + title_height + values_height
    if change:
        x = start(text_width(change, change_size, MEDIUM) + change_size)
        elements += _change(request, value, x, bottom + change_height / 2, sizes, color)
    return elements


def _title_color(request: Request, color: str) -> str:
    return color if request.options.get("colorMode") in BACKGROUNDS else request.theme.text


def _value_texts(x: float, middle: float, parts: Line, size: float, color: str, names: Sequence[str]) -> list[Element]:
    """A line of the value: its parts on one baseline, each up to the next: kerning makes them narrower than known."""
    elements: list[Element] = []
    for (text, factor), name in zip(parts, names, strict=True):
        lower = middle + (size - size * factor) * CAP_HEIGHT / 2  # capitals of all sizes stand on one line
        x += text_width(text, size * factor, MEDIUM)
        elements.append(label(x, lower, text, color, size=size * factor, weight=MEDIUM, anchor="end", name=name))
    return elements


def _names(texts: Texts, lines: Sequence[Line]) -> list[list[str]]:
    """What each part of each line is: prefix, value or suffix."""
    names = [["value"] * len(line) for line in lines]
    if texts.prefix:
        names[0][0] = "prefix"
    if texts.suffix:
        names[-1][-1] = "suffix"
    return names


def _change_text(request: Request, value: ShownValue) -> str:
    """The change of a series in percent, with three digits; "" if the panel does not show it."""
    change = finite(value.change)
    if request.options.get("showPercentChange") is not True or change is None:
        return ""
    return f"{float(f'{change:.3g}'):,.10g}%"


def _change_size(request: Request, sizes: Layout) -> float:
    own = positive(fields.mapping(request.options, "text"), "percentSize", 0)
    return own or max(sizes.value / CHANGE_SIZE, LEAST_CHANGE)


def _change(request: Request, value: ShownValue, x: float, middle: float, sizes: Layout, color: str) -> list[Element]:
    """An arrow and the change."""
    mode, change = request.options.get("percentChangeColorMode"), finite(value.change) or 0.0
    if mode != "same_as_value" and request.options.get("colorMode") not in BACKGROUNDS:
        is_good = change * (-1 if mode == "inverted" else 1) > 0
        color = named_color("green" if is_good else "red", dark=request.theme.is_dark)
    size = _change_size(request, sizes)
    elements: list[Element] = []
    if change:
        half, side = size / 3, -1 if change > 0 else 1
        tip = middle + side * half
        elements += [
            line(x + half, middle - side * half, x + half, tip, color),
            polyline([(x, tip - side * half), (x + half, tip), (x + 2 * half, tip - side * half)], color),
        ]
    text = _change_text(request, value)
    return [*elements, label(x + size, middle, text, color, size=size, weight=MEDIUM, name="change-of-value")]


def _has_chart(value: ShownValue, request: Request) -> bool:
    is_number = value.field is not None and value.field.type == FieldType.NUMBER
    has_many = value.field is not None and len(value.field.values) > 1
    return is_number and has_many and request.options.get("graphMode", "area") != "none"


def _chart(request: Request, value: ShownValue, box: Box, color: str) -> list[Element]:
    """The series behind the value."""
    if request.options.get("colorMode") in BACKGROUNDS:
        return sparkline(request, value, box, shade(color, brighter=40), "#ffffff", 0.4)
    return sparkline(request, value, box, color, color)
