"""The line above a board: variables, links, the range of time. Only what a picture shows: nothing of it works."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from dashboards_py.board import Board
from dashboards_py.panel_data.frame import Window
from dashboards_py.preview.fonts import MEDIUM, shorten, text_width
from dashboards_py.preview.grid import MARGIN
from dashboards_py.preview.shapes import Box, Element, frame, label, line
from dashboards_py.preview.theme import Theme

HEIGHT = 32
BELOW = 64  # where the board begins
WIDEST = 260


def controls(board: Board, values: Mapping[str, str], window: Window, width: float, theme: Theme) -> list[Element]:
    """Variables from the left, links and times from the right; what has no room is left out. `values` are texts."""
    right_elements, edge = _right(board, window, width - MARGIN, theme)
    elements = list(right_elements)
    x = float(MARGIN)
    for variable in board.variables:
        if variable.hidden:
            continue
        name = shorten(variable.label or variable.name, WIDEST, 12, MEDIUM)
        value = shorten(values.get(variable.name, "") or "", WIDEST, 14)
        name_width, value_width = text_width(name, 12, MEDIUM) + 16, text_width(value, 14) + 40
        if x + name_width + value_width > edge - 8:
            break
        elements += _variable(Box(x, MARGIN, name_width + value_width, HEIGHT), name, name_width, value, theme)
        x += name_width + value_width + 8
    return elements


def _variable(box: Box, name: str, name_width: float, value: str, theme: Theme) -> Iterator[Element]:
    yield frame(box, theme.ink, opacity=theme.medium_border_opacity, fill=theme.canvas)
    yield label(box.x + 8, box.middle, name, theme.text, size=12, weight=MEDIUM, name="variable")
    x = box.x + name_width
    yield line(x + 0.5, box.y, x + 0.5, box.bottom, theme.ink, opacity=theme.medium_border_opacity)
    yield label(x + 8, box.middle, value, theme.text, name="variable-value")
    yield from _chevron(box.right - 14, box.middle, theme)


def _chevron(x: float, middle: float, theme: Theme) -> Iterator[Element]:
    yield line(x - 3.5, middle - 2, x, middle + 1.5, theme.text)
    yield line(x, middle + 1.5, x + 3.5, middle - 2, theme.text)


def _right(board: Board, window: Window, right: float, theme: Theme) -> tuple[list[Element], float]:
    """Refresh, the range of time and the board's links, and the left edge of them."""
    begin, end = (_written(moment) for moment in (window.begin, window.end))
    elements: list[Element] = []
    edge = right
    refresh = board.raw.get("refresh")
    if isinstance(refresh, str) and refresh:
        edge = _button(elements, edge, f"Refresh  {refresh}", theme)
    edge = _button(elements, edge, f"{begin} to {end} UTC", theme)
    for link in board.links:
        if link.title and edge > right / 2:
            edge = _button(elements, edge, shorten(link.title, 200, 14), theme)
    return elements, edge


def _written(moment: float) -> str:
    """A time as the picker writes it, in UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _button(elements: list[Element], right: float, text: str, theme: Theme) -> float:
    """Draw a button that ends at `right`; returns where the next one ends."""
    box = Box(right - text_width(text, 14) - 24, MARGIN, text_width(text, 14) + 24, HEIGHT)
    elements.append(frame(box, theme.ink, opacity=theme.medium_border_opacity, fill=theme.button))
    elements.append(label(box.center, box.middle, text, theme.text, anchor="middle", name="control"))
    return box.x - 8
