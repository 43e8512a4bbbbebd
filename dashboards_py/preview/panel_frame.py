"""The frame of a panel: border, title, description sign, and what could not be drawn."""

from collections.abc import Iterator, Sequence

import svg

from dashboards_py.board import Panel
from dashboards_py.preview.fonts import MEDIUM, shorten, text_width
from dashboards_py.preview.grid import MARGIN
from dashboards_py.preview.shapes import Box, Element, frame, label, line, rect
from dashboards_py.preview.theme import Theme

TITLE_HEIGHT, PADDING = 32, 9
NOTE_LINE = 16
WITHOUT_PADDING = ("stat", "singlestat")


def content_box(box: Box, panel: Panel) -> Box:
    """The space for the panel's type: below the title, within a margin, which a stat has not."""
    top = TITLE_HEIGHT if panel.title else 0
    if panel.type in WITHOUT_PADDING:
        return box.inset(1, max(top, 1), 1, 1)
    return box.inset(PADDING, top + PADDING - 1, PADDING, PADDING)


def panel_frame(box: Box, theme: Theme, title: str, *, is_transparent: bool, has_description: bool) -> list[Element]:
    """The background and the title."""
    elements: list[Element] = []
    if not is_transparent:
        elements.append(frame(box, theme.ink, opacity=theme.weak_border_opacity, fill=theme.panel))
    if not title:
        return elements
    room = box.width - 2 * PADDING - (34 if has_description else 0)
    text = shorten(title, room, 14, MEDIUM)
    middle = box.y + TITLE_HEIGHT / 2 + 0.5
    elements.append(label(box.x + PADDING, middle, text, theme.text, weight=MEDIUM, name="title"))
    if has_description:
        elements += _information(box.x + PADDING + text_width(text, 14, MEDIUM) + 25, middle, theme)
    return elements


def _information(x: float, middle: float, theme: Theme) -> list[Element]:
    """The sign by which a reader finds the description."""
    opacity = theme.secondary_opacity
    circle = svg.Circle(
        cx=round(x, 2), cy=round(middle, 2), r=6, fill="none", stroke=theme.text, stroke_opacity=opacity
    )
    return [
        circle,
        line(x, middle - 0.5, x, middle + 3, theme.text, opacity=opacity),
        rect(Box(x - 0.6, middle - 3, 1.2, 1.2), theme.text, opacity=opacity),
    ]


def notes(box: Box, theme: Theme, sentences: Sequence[str]) -> list[Element]:
    """What is not drawn, or failed, at the bottom of the panel."""
    elements: list[Element] = []
    fitting = max(int((box.height - TITLE_HEIGHT) // NOTE_LINE), 1)
    shown = list(sentences[:fitting])
    top = box.bottom - NOTE_LINE * len(shown) - 4
    elements.append(rect(Box(box.x + 1, top, box.width - 2, box.bottom - top - 1), theme.panel, opacity=0.9))
    for number, sentence in enumerate(shown):
        middle = top + NOTE_LINE * (number + 0.5)
        text = shorten(sentence, box.width - 2 * PADDING, 11)
        elements.append(label(box.x + PADDING, middle, text, ORANGE, size=11, name="problem"))
    return elements


def board_notes(sentences: Sequence[str], top: float, width: float) -> Iterator[Element]:
    """What is not drawn, or failed, of a whole board, above its panels."""
    for number, sentence in enumerate(sentences):
        text = shorten(sentence, width - 2 * MARGIN, 11)
        yield label(MARGIN, top + NOTE_LINE * number, text, ORANGE, size=11, name="problem")


ORANGE = "#ff9830"
