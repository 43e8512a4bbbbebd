"""The lines above a board: variables, links, the range of time. Only what a picture shows: nothing of it works.

Source: DashboardControls in Grafana: variables, and after them the board's links, wrap in what the controls of time on
the right leave of the width; links are at the right of the line that they are on, unless that is their own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from dashboards_py.board import Board, Variable
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.interpolate import VariableValue
from dashboards_py.preview import icons
from dashboards_py.preview.fonts import MEDIUM, shorten, text_width
from dashboards_py.preview.grid import GAP, MARGIN
from dashboards_py.preview.shapes import Box, Element, frame, label, line, rect
from dashboards_py.preview.theme import Theme

HEIGHT = 32
WIDEST = 260  # of a name or a value
WIDEST_LINK = 200
MOST_CHIPS = 5
CHIP_HEIGHT, CHIP_PADDING, CHIP_CROSS, CHIP_GAP = 18, 8, 19, 4
# The widths of buttons of an arrow or another sign, of a sign before a text, of that of a menu after it, and of a side
# without.
ARROW, SIGN, BEFORE, AFTER, EDGE = 28, 36, 35, 30, 10
AFTER_TIMES = 8  # pixels more after a range of time
FIRST, BETWEEN = MARGIN + 1, 9  # where variables begin, and the pixels between them
WITHOUT_MENU = ("textbox", "constant", "adhoc")
ZONE, ZONE_GAP = "#eb7b18", 6  # the color of a time zone, and the pixels before it
LEAST_WIDTH = 300  # for the variables: with less they are below the other controls


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """What is drawn above a board, and where that begins."""

    elements: list[Element]
    bottom: float


def controls(board: Board, values: Mapping[str, VariableValue], window: Window, width: float, theme: Theme) -> Controls:
    """Variables from the left, then links, and times on the right."""
    right = _times(board, window, width - MARGIN, theme)
    elements, limit, top = list(right.elements), right.leftmost - GAP, float(MARGIN)
    if limit - MARGIN < LEAST_WIDTH:
        limit, top = width - MARGIN, right.bottom + GAP
    variables = [
        _Variable(variable, values.get(variable.name, VariableValue(())), theme)
        for variable in board.variables
        if not variable.hidden
    ]
    links = [_Link(shorten(link.title, WIDEST_LINK, 12, MEDIUM), theme) for link in board.links if link.title]
    boxes = list(_flowing([item.width for item in variables], [link.width for link in links], limit, top))
    for variable, box in zip(variables, boxes, strict=False):
        elements += variable.drawn(box)
    for link, box in zip(links, boxes[len(variables) :], strict=True):
        elements += link.drawn(box)
    return Controls(elements=elements, bottom=max([right.bottom, *(box.bottom for box in boxes)]) + MARGIN + 1)


def _flowing(variables: Sequence[float], links: Sequence[float], limit: float, top: float) -> Iterator[Box]:
    """The boxes of controls of these widths, line by line; links are one block at the right of what is left of one."""
    x = float(FIRST)
    for width in variables:
        if x > FIRST and x + width > limit:
            x, top = float(FIRST), top + HEIGHT + GAP
        yield Box(x, top, width, HEIGHT)
        x += width + BETWEEN
    # Between them is an empty item that takes what is left of its line: where that is full it is on the next one.
    if x > limit:
        x, top = float(MARGIN), top + HEIGHT + GAP
    whole = sum(links) + GAP * (len(links) - 1)
    if x + GAP + whole <= limit:
        x = limit - whole
    elif links:
        x, top = float(MARGIN), top + HEIGHT + GAP
    for width in links:
        if x > MARGIN and x + width > limit:
            x, top = float(MARGIN), top + HEIGHT + GAP
        yield Box(x, top, width, HEIGHT)
        x += width + GAP


class _Variable:
    """The name of a variable, and its values: as chips where several can be chosen."""

    def __init__(self, variable: Variable, value: VariableValue, theme: Theme) -> None:
        self.theme = theme
        self.name = shorten(variable.label or variable.name, WIDEST, 12, MEDIUM)
        self.name_width = text_width(self.name, 12, MEDIUM) + 18
        self.has_menu = variable.type not in WITHOUT_MENU
        self.chips = _chips(value) if value.is_multi and self.has_menu else ()
        self.value = shorten(value.text, WIDEST, 14)

    @property
    def width(self) -> float:
        """The width in pixels."""
        if self.chips:
            return self.name_width + 12 + sum(map(_chip_width, self.chips)) + CHIP_GAP * (len(self.chips) - 1) + 58
        return self.name_width + 8 + text_width(self.value, 14) + (33 if self.has_menu else 8)

    def drawn(self, box: Box) -> Iterator[Element]:
        """The variable in its box."""
        theme, opacity = self.theme, self.theme.medium_border_opacity
        yield frame(box, theme.ink, opacity=opacity, fill=theme.canvas)
        yield rect(Box(box.x + 1, box.y + 1, self.name_width - 1, box.height - 2), theme.panel)
        yield label(box.x + 9, box.middle, self.name, theme.text, size=12, weight=MEDIUM, name="variable")
        x = box.x + self.name_width
        yield line(x + 0.5, box.y, x + 0.5, box.bottom, theme.ink, opacity=opacity)
        if self.chips:
            yield from self._chips(x + 12, box)
        else:
            yield label(x + 8, box.middle, self.value, theme.text, name="variable-value")
        if self.has_menu:
            yield from icons.chevron(box.right - 17, box.middle, theme.text)

    def _chips(self, x: float, box: Box) -> Iterator[Element]:
        theme = self.theme
        for text in self.chips:
            chip = Box(x, box.middle - CHIP_HEIGHT / 2, _chip_width(text), CHIP_HEIGHT)
            yield rect(chip, theme.ink, opacity=theme.button_opacity, radius=2)
            yield label(x + CHIP_PADDING, box.middle, text, theme.text, size=12, name="variable-value")
            yield from icons.cross(chip.right - 11, box.middle, theme.text, size=2.8, width=1.5)
            x = chip.right + CHIP_GAP
        yield from icons.cross(box.right - 33, box.middle, theme.text, opacity=theme.secondary_opacity)


def _chips(value: VariableValue) -> tuple[str, ...]:
    """The texts of what is chosen: of many only the first, and how many more there are."""
    texts = value.text.split(" + ") if len(value.values) > 1 else [value.text]
    if len(texts) > 1 and len(texts) != len(value.values):
        texts = [value.text]
    chips = [shorten(text, WIDEST, 12) for text in texts[:MOST_CHIPS] if text]
    return (*chips, *([f"+{len(texts) - MOST_CHIPS}"] if len(texts) > MOST_CHIPS else []))


def _chip_width(text: str) -> float:
    return text_width(text, 12) + CHIP_PADDING + CHIP_CROSS


def _written(window: Window) -> str:
    """A range of time as the picker writes it, in the zone of the board."""
    begin, end = map(window.calendar.moment, (window.begin, window.end))
    return f"{begin:%Y-%m-%d %H:%M:%S} to {end:%Y-%m-%d %H:%M:%S}"


Icon = Callable[[float, float, str], Iterator[Element]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Button:
    """A text with a sign before it, or one of them; `has_menu` if it opens a menu.

    `zone` is that of its times; `alone` is the width of a sign alone, `extra` that of room at the end.
    """

    text: str = ""
    icon: Icon | None = None
    has_menu: bool = False
    zone: str = ""
    alone: float = SIGN
    extra: float = 0

    @property
    def width(self) -> float:
        """The width in pixels."""
        if not self.text:
            return self.alone
        zone = ZONE_GAP + text_width(self.zone, 12, MEDIUM) if self.zone else 0
        text = text_width(self.text, 14, MEDIUM) + zone
        return (BEFORE if self.icon else EDGE) + text + self.extra + (AFTER if self.has_menu else EDGE)

    def drawn(self, box: Box, color: str) -> Iterator[Element]:
        """The button in its box."""
        if self.icon:
            yield from self.icon(box.x + (18 if self.text else self.alone / 2), box.middle, color)
        if self.text:
            x = box.x + (BEFORE if self.icon else EDGE)
            yield label(x, box.middle, self.text, color, weight=MEDIUM, name="control")
            x += text_width(self.text, 14, MEDIUM) + ZONE_GAP
            yield from [label(x, box.middle, self.zone, ZONE, size=12, weight=MEDIUM, name="zone")] if self.zone else []
        if self.has_menu:
            yield from icons.chevron(box.right - 17, box.middle, color)


@dataclass(slots=True)
class _Right:
    """The controls on the right, placed from right to left; a line that is full begins another below it."""

    theme: Theme
    right: float
    edge: float
    leftmost: float
    elements: list[Element] = field(default_factory=list)
    top: float = MARGIN

    @property
    def bottom(self) -> float:
        """The lower edge of what was placed."""
        return self.top + HEIGHT

    def _box(self, width: float) -> Box:
        if self.edge - width < MARGIN and self.edge < self.right:
            self.edge, self.top = self.right, self.top + HEIGHT + GAP
        box = Box(self.edge - width, self.top, width, HEIGHT)
        self.edge, self.leftmost = box.x - GAP, min(self.leftmost, box.x)
        return box

    def group(self, *buttons: _Button) -> None:
        """Buttons without a gap between them."""
        theme = self.theme
        box = self._box(sum(button.width for button in buttons))
        self.elements.append(rect(box, theme.ink, opacity=theme.button_opacity, radius=2))
        self.elements.append(frame(box, theme.ink, opacity=theme.weak_border_opacity))
        x = box.x
        for button in buttons:
            if x > box.x:
                self.elements.append(line(x, box.y, x, box.bottom, theme.ink, opacity=theme.weak_border_opacity))
            self.elements += button.drawn(Box(x, box.y, button.width, box.height), theme.text)
            x += button.width


@dataclass(frozen=True, slots=True)
class _Link:
    """A link of the board."""

    text: str
    theme: Theme

    @property
    def width(self) -> float:
        """The width in pixels."""
        return text_width(self.text, 12, MEDIUM) + 39

    def drawn(self, box: Box) -> Iterator[Element]:
        """The link in its box."""
        theme = self.theme
        yield frame(box, theme.ink, opacity=theme.medium_border_opacity)
        yield from icons.bars(box.x + 17, box.middle, theme.text)
        yield label(box.x + 29, box.middle, self.text, theme.text, size=12, weight=MEDIUM, name="control")


def _times(board: Board, window: Window, right: float, theme: Theme) -> _Right:
    """Refresh and the range of time."""
    placed = _Right(theme=theme, right=right, edge=right, leftmost=right)
    refresh = board.raw.get("refresh")
    menu = _Button(text=refresh if isinstance(refresh, str) else "", has_menu=True)
    placed.group(_Button(text="Refresh", icon=icons.circling), menu)
    zone = window.calendar.moment(window.begin).strftime("%Z")
    room = right - MARGIN - 2 * ARROW - SIGN - BEFORE - AFTER - AFTER_TIMES - ZONE_GAP - text_width(zone, 12, MEDIUM)
    text = shorten(_written(window), room, 14, MEDIUM)
    placed.group(
        _Button(icon=partial(icons.chevron, turned="left"), alone=ARROW),
        _Button(text=text, icon=icons.clock, has_menu=True, zone=zone, extra=AFTER_TIMES),
        _Button(icon=partial(icons.chevron, turned="right"), alone=ARROW),
        _Button(icon=icons.magnifier),
    )
    return placed
