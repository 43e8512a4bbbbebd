"""Bar gauge: values as bars with a name and the number. Source: @grafana/ui, BarGauge."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboards_py.board import fields
from dashboards_py.panel_data.shown import ShownValue
from dashboards_py.preview.bars import Look, bar, share
from dashboards_py.preview.fonts import fitting_size, shorten, text_width
from dashboards_py.preview.numbers import positive
from dashboards_py.preview.painter import Request, shown
from dashboards_py.preview.repeat import Grid, cells
from dashboards_py.preview.shapes import Box, Element, label

TITLE_GAP, VALUE_GAP = 10, 10
LINE_HEIGHT = 1.5  # of names
LEAST_HEIGHT, MOST_HEIGHT, MOST_WIDTH = 18, 50, 150  # of a value
SPACING, LCD_SPACING = 10, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How a cell is divided: where the names are (left, above, below or hidden), and the sizes of texts in pixels.

    `title_space` is the width of names at the left, or the height of names above or below; `value_space` the width
    that is kept for numbers at the right, or the height of those above a vertical bar. 0 for what is not shown.
    """

    placement: str
    title: float
    title_space: float
    value: float
    value_space: float


def paint(request: Request) -> list[Element]:
    """Each value as a bar: horizontal below each other, or vertical beside each other."""
    values = _without_lone_name(request, shown(request))
    is_vertical = _is_vertical(request)
    boxes = cells(request.box, _grid(request, len(values), is_vertical=is_vertical))
    sizes = _sizes(request, values, boxes[0], is_vertical=is_vertical)
    elements: list[Element] = []
    for value, cell in zip(values, boxes, strict=True):
        if cell.middle > request.box.bottom or cell.center > request.box.right:
            break  # Grafana scrolls to it
        elements += (_vertical if is_vertical else _horizontal)(request, value, cell, sizes)
    return [request.clips.clipped(request.box, elements)]


def _is_vertical(request: Request) -> bool:
    """Bars side by side; without a choice in panels that are wider than high."""
    orientation = request.options.get("orientation") or "auto"
    if orientation == "auto":
        return request.box.width > request.box.height
    return orientation == "vertical"


def _grid(request: Request, count: int, *, is_vertical: bool) -> Grid:
    options = request.options
    is_manual = options.get("sizing") == "manual"
    return Grid(
        count=count,
        orientation="vertical" if is_vertical else "horizontal",
        spacing=LCD_SPACING if options.get("displayMode") == "lcd" else SPACING,
        lowest=positive(options, "minVizHeight", 16) if is_manual else 16,
        highest=positive(options, "maxVizHeight", 300) if is_manual else 300,
        narrowest=positive(options, "minVizWidth", 8) if is_manual else 8,
    )


def _without_lone_name(request: Request, values: tuple[ShownValue, ...]) -> tuple[ShownValue, ...]:
    """The values; a single one has a name only if the panel sets one. Source: clearNameForSingleSeries in Grafana."""
    if len(values) != 1 or fields.text(fields.mapping(request.panel.raw, "fieldConfig", "defaults"), "displayName"):
        return values
    return (replace(values[0], title=""),)


def _sizes(request: Request, values: Sequence[ShownValue], cell: Box, *, is_vertical: bool) -> Sizes:
    """The sizes for all bars, by the longest name and the longest number."""
    options = fields.mapping(request.options, "text")
    own_title, own_value = positive(options, "titleSize", 0), positive(options, "valueSize", 0)
    title = max((value.title for value in values), key=len)
    text = max((str(value.display) for value in values), key=len)
    placement, size, space = _title_sizes(request, title, cell, own_title, is_vertical=is_vertical)
    if request.options.get("valueMode") == "hidden":
        return Sizes(placement=placement, title=size, title_space=space, value=0, value_space=0)
    if is_vertical:
        height = own_value * LINE_HEIGHT or min(max(cell.height * 0.1, LEAST_HEIGHT), MOST_HEIGHT)
        value = own_value or fitting_size(text, cell.width, height, LINE_HEIGHT, 1000)
        return Sizes(placement=placement, title=size, title_space=space, value=value, value_space=height)
    width = max(min(cell.width * 0.2, MOST_WIDTH), text_width(text, own_value or max(size, 12)) + 2 * VALUE_GAP)
    height = cell.height - (space if placement == "above" else 0)
    value = own_value or fitting_size(text, width - 2 * VALUE_GAP, max(height, 1), 1, 1000)
    return Sizes(placement=placement, title=size, title_space=space, value=value, value_space=width)


def _title_sizes(request: Request, title: str, cell: Box, own: float, *, is_vertical: bool) -> tuple[str, float, float]:
    """Where names are, their size, and the width or height that they take."""
    placement = request.options.get("namePlacement", "auto")
    if not title or placement == "hidden":
        return "hidden", 0.0, 0.0
    if is_vertical:
        return "below", own or 14.0, (own or 14.0) * LINE_HEIGHT
    if placement == "top" or (placement == "auto" and cell.height > 40):
        height = own * LINE_HEIGHT or max(min(cell.height * 0.45, MOST_HEIGHT), 17)
        return "above", height / LINE_HEIGHT, height
    size = max(cell.height * 0.6, LEAST_HEIGHT) / LINE_HEIGHT
    return "left", own or size, min(text_width(title, size) + 15, cell.width * 0.4)


def _horizontal(request: Request, value: ShownValue, cell: Box, sizes: Sizes) -> list[Element]:
    """Bars are as long as the widest number leaves room for; the background goes on to the number of its own row."""
    theme, color, elements = request.theme, _value_color(request, value), list[Element]()
    whole = cell
    if sizes.placement == "left":
        name = shorten(value.title, max(sizes.title_space - TITLE_GAP, 1), sizes.title)
        x = cell.x + sizes.title_space
        elements.append(
            label(x - TITLE_GAP, cell.middle, name, theme.text, size=sizes.title, anchor="end", name="name")
        )
        whole = Box(x, cell.y, cell.width - sizes.title_space, cell.height)
    elif sizes.placement == "above":
        name = shorten(value.title, cell.width, sizes.title)
        elements.append(label(cell.x, cell.y + sizes.title_space / 2, name, theme.text, size=sizes.title, name="name"))
        whole = cell.below(sizes.title_space)
    is_lcd = request.options.get("displayMode") == "lcd"
    own_width = text_width(str(value.display), sizes.value) + 2 * VALUE_GAP if sizes.value else 0.0
    length = max(whole.width - sizes.value_space, 1)
    room = replace(whole, width=max(length if is_lcd else whole.width - own_width, 1))
    elements += bar(request, value, room, length, _look(request))
    if sizes.value:
        x = whole.right - own_width if is_lcd else room.right
        text = str(value.display)
        elements.append(label(x + VALUE_GAP, whole.middle, text, color, size=sizes.value, name="value"))
    return elements


def _vertical(request: Request, value: ShownValue, cell: Box, sizes: Sizes) -> list[Element]:
    """The number above the bar, and the name below it."""
    below = sizes.title_space if sizes.placement == "below" else 0.0
    length = max(cell.height - sizes.value_space - below, 1)
    whole = Box(cell.x, cell.y + sizes.value_space, cell.width, length)
    is_lcd = request.options.get("displayMode") == "lcd"
    top = whole.y if request.options.get("showUnfilled", True) or is_lcd else whole.bottom - length * share(value)
    elements = list(bar(request, value, whole, length, _look(request)))
    if sizes.value:
        text, y = str(value.display), top - sizes.value_space / 2
        color = _value_color(request, value)
        elements.append(label(cell.center, y, text, color, size=sizes.value, anchor="middle", name="value"))
    if below:
        name = shorten(value.title, cell.width, sizes.title)
        y, color = cell.bottom - below / 2, request.theme.text
        elements.append(label(cell.center, y, name, color, size=sizes.title, anchor="middle", name="name"))
    return elements


def _look(request: Request) -> Look:
    options = request.options
    return Look(
        mode=str(options.get("displayMode", "gradient")),
        is_vertical=_is_vertical(request),
        shows_unfilled=options.get("showUnfilled") is not False,
    )


def _value_color(request: Request, value: ShownValue) -> str:
    is_text = request.options.get("valueMode") == "text"
    return request.theme.text if is_text else value.display.color or request.theme.text
