"""Bar gauge: values as bars with a name and the number. Source: @grafana/ui, BarGauge."""

from dataclasses import replace

from dashboards_py.board import fields
from dashboards_py.panel_data.shown import ShownValue
from dashboards_py.preview.fonts import shorten, text_width
from dashboards_py.preview.numbers import finite, positive
from dashboards_py.preview.painter import Request, shown
from dashboards_py.preview.repeat import Grid, cells
from dashboards_py.preview.shapes import Box, Element, label, rect

TITLE_GAP, VALUE_GAP = 10, 10


def paint(request: Request) -> list[Element]:
    """Each value as a bar: horizontal below each other, or vertical beside each other."""
    values = _without_lone_name(request, shown(request))
    options = request.options
    is_vertical = options.get("orientation") == "vertical"
    manual = options.get("sizing") == "manual"
    lowest, highest = (
        (positive(options, "minVizHeight", 16), positive(options, "maxVizHeight", 300)) if manual else (16, 300)
    )
    orientation = "vertical" if is_vertical else "horizontal"
    grid = Grid(count=len(values), orientation=orientation, spacing=10, lowest=lowest, highest=highest)
    title_width, value_width = _widths(request, values, cells(request.box, grid)[0])
    elements: list[Element] = []
    for value, cell in zip(values, cells(request.box, grid), strict=True):
        if cell.y + cell.height / 2 > request.box.bottom:
            break
        if is_vertical:
            elements += _vertical(request, value, cell)
        else:
            elements += _horizontal(request, value, cell, title_width, value_width)
    return [request.clips.clipped(request.box, elements)]


def _without_lone_name(request: Request, values: tuple[ShownValue, ...]) -> tuple[ShownValue, ...]:
    """The values; a single one has a name only if the panel sets one. Source: clearNameForSingleSeries in Grafana."""
    if len(values) != 1 or fields.text(fields.mapping(request.panel.raw, "fieldConfig", "defaults"), "displayName"):
        return values
    return (replace(values[0], title=""),)


def _text_sizes(request: Request, height: float) -> tuple[float, float]:
    """The sizes of the name and of the number."""
    sizes = fields.mapping(request.options, "text")
    title_size = max(height * 0.6, 18) / 1.5
    value_size = min(max(height * 0.6, 12), 30)
    return positive(sizes, "titleSize", title_size), positive(sizes, "valueSize", value_size)


def _widths(request: Request, values: tuple[ShownValue, ...], cell: Box) -> tuple[float, float]:
    """The widths of the column of names and of that of numbers: those of the longest, within limits."""
    _, value_size = _text_sizes(request, cell.height)
    measured = max(cell.height * 0.6, 18) / 1.5
    title = max((value.title for value in values), key=len)
    title_width = min(text_width(title, measured) + 15, cell.width * 0.4) if title else 0.0
    text = max((str(value.display) for value in values), key=len)
    real_width = text_width(text, value_size) + 2 * VALUE_GAP
    return title_width, max(min(cell.width * 0.2, 150), real_width)


def _share(value: ShownValue) -> float:
    return min(max(finite(value.display.percent) or 0.0, 0.0), 1.0)


def _horizontal(
    request: Request, value: ShownValue, cell: Box, title_width: float, value_width: float
) -> list[Element]:
    """Bars are as long as the widest number leaves room for; the background goes on to the number of its own row."""
    theme, color = request.theme, value.display.color or request.theme.text
    title_size, value_size = _text_sizes(request, cell.height)
    name = shorten(value.title, max(title_width - TITLE_GAP, 1), title_size) if title_width else ""
    own_width = text_width(str(value.display), value_size) + 2 * VALUE_GAP
    whole = Box(cell.x + title_width, cell.y, max(cell.width - title_width - own_width, 1), cell.height)
    filled = max(_share(value) * max(cell.width - title_width - value_width, 1), 1)
    elements = [label(whole.x - TITLE_GAP, cell.middle, name, theme.text, size=title_size, anchor="end", name="name")]
    return [
        *(elements if name else []),
        *_bar(request, whole, Box(whole.x, whole.y, filled, whole.height), color),
        rect(Box(whole.x + filled - 2, whole.y, 2, whole.height), color),
        label(whole.right + VALUE_GAP, cell.middle, str(value.display), color, size=value_size, name="value"),
    ]


def _vertical(request: Request, value: ShownValue, cell: Box) -> list[Element]:
    theme, color = request.theme, value.display.color or request.theme.text
    title_size, value_size = _text_sizes(request, 24)
    title_height = title_size * 1.5 if value.title else 0
    whole = Box(cell.x, cell.y + value_size * 1.2, cell.width, max(cell.height - value_size * 1.2 - title_height, 1))
    filled = max(_share(value) * whole.height, 1)
    name = shorten(value.title, cell.width, title_size)
    return [
        label(
            cell.center,
            cell.y + value_size / 2,
            str(value.display),
            color,
            size=value_size,
            anchor="middle",
            name="value",
        ),
        *_bar(request, whole, Box(whole.x, whole.bottom - filled, whole.width, filled), color),
        rect(Box(whole.x, whole.bottom - filled, whole.width, 2), color),
        label(
            cell.center, cell.bottom - title_height / 2, name, theme.text, size=title_size, anchor="middle", name="name"
        ),
    ]


def _bar(request: Request, whole: Box, filled: Box, color: str) -> list[Element]:
    """The background, if the panel shows it, and the bar."""
    opacity = 0.35 if request.options.get("displayMode") == "basic" else 0.8
    background = [rect(whole, request.theme.ink, opacity=request.theme.bar_background_opacity, radius=2)]
    return [
        *(background if request.options.get("showUnfilled", True) else []),
        rect(filled, color, opacity=opacity, radius=2),
    ]
