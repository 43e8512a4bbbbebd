"""The frame of a panel: border, title, description sign, and what could not be drawn."""

from collections.abc import Iterator, Sequence

import svg

from dashboards_py.board import Panel, fields
from dashboards_py.panel_data.colors import named_color
from dashboards_py.panel_data.source import Notice
from dashboards_py.preview.fonts import MEDIUM, shorten, text_width
from dashboards_py.preview.grid import MARGIN
from dashboards_py.preview.icons import clock
from dashboards_py.preview.shapes import Box, Element, frame, label, line, polyline, rect
from dashboards_py.preview.theme import Theme

TITLE_HEIGHT, PADDING = 32, 9
NOTE_LINE, NOTES_MARGIN = 16, 4
SIGN = 32  # the width that a sign takes
TITLE_END = 8  # pixels after a title
STROKE = 1.2  # of the lines of signs
ORANGE = "#ff9830"
WITHOUT_PADDING = ("stat", "singlestat")


def content_box(box: Box, panel: Panel, reserved: float = 0) -> Box:
    """The space for the panel's type: below the title, within a margin, which a stat has not.

    Of its height so much is `reserved` at the bottom.
    """
    top = TITLE_HEIGHT + 1 if panel.title else 0  # below the border
    if panel.type in WITHOUT_PADDING:
        return box.inset(1, max(top, 1), 1, 1 + reserved)
    return box.inset(PADDING, top + PADDING - 1, PADDING, PADDING + max(reserved - PADDING, 0))


def notes_height(box: Box, count: int) -> float:
    """The height to reserve for so many sentences; none where they leave less than half of the panel: they cover it."""
    height = NOTE_LINE * min(count, _fitting(box)) + 2 * NOTES_MARGIN if count else 0
    return height if height <= (box.height - TITLE_HEIGHT) / 2 else 0


def panel_frame(
    box: Box, theme: Theme, panel: Panel, own_time: str = "", notices: Sequence[Notice] = ()
) -> list[Element]:
    """The background, the title, the signs of a description, of links and of remarks, and words for its own time."""
    elements: list[Element] = []
    if panel.raw.get("transparent") is not True:
        elements.append(frame(box, theme.ink, opacity=theme.weak_border_opacity, fill=theme.panel))
    if not panel.title:
        return elements
    signs = [_information] if panel.description.strip() else []
    signs += [_link] if any(fields.mappings(panel.raw, "links")) else []
    signs += [_document] if any(not notice.is_warning for notice in notices) else []
    signs += [_warning] if any(notice.is_warning for notice in notices) else []
    room = box.width - PADDING - TITLE_END - SIGN * len(signs) - (text_width(own_time, 12) + SIGN if own_time else 0)
    text = shorten(panel.title, room, 14, MEDIUM)
    middle = box.y + TITLE_HEIGHT / 2 + 0.5
    elements.append(label(box.x + PADDING, middle, text, theme.text, weight=MEDIUM, name="title"))
    x = box.x + PADDING + text_width(text, 14, MEDIUM) + TITLE_END + SIGN / 2 - 0.5
    for sign in signs:
        elements += sign(x, middle, theme)
        x += SIGN
    if own_time:
        elements += clock(x, middle, theme.link)
        elements.append(label(x + 13, middle, own_time, theme.link, size=12, name="time"))
    return elements


def _link(x: float, middle: float, theme: Theme) -> list[Element]:
    """The sign of a panel's links: an arrow out of a box."""
    opacity = theme.secondary_opacity
    corners = [(x - 1, middle - 4), (x - 5, middle - 4), (x - 5, middle + 5), (x + 4, middle + 5), (x + 4, middle + 1)]
    tip = [(x + 1, middle - 5), (x + 5, middle - 5), (x + 5, middle - 1)]
    return [
        polyline(corners, theme.text, opacity=opacity),
        polyline(tip, theme.text, opacity=opacity),
        line(x - 1, middle + 1, x + 5, middle - 5, theme.text, opacity=opacity),
    ]


def _document(x: float, middle: float, theme: Theme) -> list[Element]:
    """The sign of what the source remarks: a page with lines."""
    opacity = theme.secondary_opacity
    corners = [(x - 6, middle - 4.5), (x + 2.5, middle - 4.5), (x + 6, middle - 1), (x + 6, middle + 5)]
    edges = [*corners, (x - 6, middle + 5), corners[0]]
    return [
        polyline(edges, theme.text, opacity=opacity, width=STROKE),
        line(x - 3.5, middle - 1.5, x + 0.5, middle - 1.5, theme.text, opacity=opacity, width=STROKE),
        line(x - 3.5, middle + 2, x + 3.5, middle + 2, theme.text, opacity=opacity, width=STROKE),
    ]


def _warning(x: float, middle: float, theme: Theme) -> list[Element]:
    """The sign of a warning of the source: a triangle with an exclamation mark."""
    corners = [(x, middle - 6), (x + 6.5, middle + 5), (x - 6.5, middle + 5), (x, middle - 6), (x + 6.5, middle + 5)]
    color = named_color("orange", dark=theme.is_dark)
    return [
        polyline(corners, color, width=STROKE),
        line(x, middle - 2.5, x, middle + 1, color, width=STROKE),
        rect(Box(x - 0.7, middle + 2.2, 1.4, 1.4), color),
    ]


def _information(x: float, middle: float, theme: Theme) -> list[Element]:
    """The sign by which a reader finds the description."""
    opacity = theme.secondary_opacity
    circle = svg.Circle(
        cx=round(x, 2),
        cy=round(middle, 2),
        r=6,
        fill="none",
        stroke=theme.text,
        stroke_opacity=opacity,
        stroke_width=STROKE,
    )
    return [
        circle,
        line(x, middle - 0.5, x, middle + 3, theme.text, opacity=opacity, width=STROKE),
        rect(Box(x - 0.7, middle - 3.2, 1.4, 1.4), theme.text, opacity=opacity),
    ]


def notes(box: Box, theme: Theme, sentences: Sequence[str]) -> list[Element]:
    """What is not drawn, or failed, at the bottom of the panel; the last line says how many more there are."""
    elements: list[Element] = []
    shown = list(sentences[: _fitting(box)])
    more = f" and {len(sentences) - len(shown)} more" if len(sentences) > len(shown) else ""
    if not shown:
        return elements
    top = box.bottom - NOTE_LINE * len(shown) - NOTES_MARGIN
    elements.append(rect(Box(box.x + 1, top, box.width - 2, box.bottom - top - 1), theme.panel, opacity=0.9))
    for number, sentence in enumerate(shown):
        middle = top + NOTE_LINE * (number + 0.5)
        end = more if number == len(shown) - 1 else ""
        text = shorten(sentence, box.width - 2 * PADDING - text_width(end, 11), 11) + end
        elements.append(label(box.x + PADDING, middle, text, ORANGE, size=11, name="problem"))
    return elements


def _fitting(box: Box) -> int:
    """How many sentences a panel has room for: one at least."""
    return max(int((box.height - TITLE_HEIGHT) // NOTE_LINE), 1)


def board_notes(sentences: Sequence[str], top: float, width: float) -> Iterator[Element]:
    """What is not drawn, or failed, of a whole board, above its panels."""
    for number, sentence in enumerate(sentences):
        text = shorten(sentence, width - 2 * MARGIN, 11)
        yield label(MARGIN, top + NOTE_LINE * number, text, ORANGE, size=11, name="problem")
