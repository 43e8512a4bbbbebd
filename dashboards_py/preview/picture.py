"""A board as an SVG picture."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from dashboards_py.board import Board, Panel, fields
from dashboards_py.panel_data.annotations import Event
from dashboards_py.panel_data.frame import PanelData, Window
from dashboards_py.panel_data.interpolate import Variables
from dashboards_py.panel_data.panel_times import panel_time
from dashboards_py.preview.bands import Bands
from dashboards_py.preview.controls import controls
from dashboards_py.preview.fonts import MEDIUM, text_width
from dashboards_py.preview.grid import MARGIN, GridItem, cuts, grid_items, within_picture
from dashboards_py.preview.icons import chevron
from dashboards_py.preview.missing_glyphs import missing_glyphs
from dashboards_py.preview.painter import Request, painter
from dashboards_py.preview.panel_frame import (
    NOTE_LINE,
    board_notes,
    content_box,
    notes,
    notes_height,
    panel_frame,
)
from dashboards_py.preview.prefetch import prefetch
from dashboards_py.preview.shapes import Box, Clips, Element, label, line
from dashboards_py.preview.shortfalls import repeated_rows, shortfalls
from dashboards_py.preview.slowest import slowest
from dashboards_py.preview.theme import DARK, Theme

# A panel and the width in pixels within its frame, to the data that it shows.
DataOf = Callable[[Panel, float], PanelData]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureOptions:
    """How a board is drawn: `width` in pixels, collapsed rows open if `all_rows`.

    `variables` are those of the board; `events` are marked in graphs; `notes` say what is not drawn of the whole board.
    `concurrency` is how many panels' data may be asked for at once.
    """

    window: Window
    width: int = 1440
    theme: Theme = DARK
    all_rows: bool = False
    variables: Variables = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    notes: tuple[str, ...] = ()
    concurrency: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An SVG text, its size in pixels, and a sentence for each thing that is not drawn, by panel.

    `notices` are what the source says of its answers, by panel; they are read where Grafana has them, behind a sign.
    """

    svg: str
    width: int
    height: int
    problems: tuple[tuple[str, str], ...] = ()
    notices: tuple[tuple[str, str], ...] = ()


def board_picture(
    board: Board, data_of: DataOf, options: PictureOptions, finished: Callable[[str], None] | None = None
) -> Picture:
    """Draw the board with the data of its panels; each band of a large picture is `finished` before the next begins."""
    clips, of_rows = Clips(), tuple(repeated_rows(board))
    notices: list[tuple[str, str]] = []
    items, below_all = within_picture(list(grid_items(board, options.width, all_rows=options.all_rows)))
    of_board = (*options.notes, *below_all)
    problems: list[tuple[str, str]] = [*(("", note) for note in of_board), *of_rows]
    top = controls(board, options.variables, options.window, options.width, options.theme)
    sentences = [*of_board, *(f"{title}: {sentence}" for title, sentence in of_rows)]
    glyphs = missing_glyphs(top.elements, *(row.title for row in board.rows), *sentences)
    problems += [("", sentence) for sentence in glyphs]
    sentences += glyphs
    bands = Bands(options.width, options.theme.canvas, finished)
    bands.add([*top.elements, *board_notes(sentences, top.bottom, options.width)])
    below = bottom = top.bottom + NOTE_LINE * len(sentences)
    panels = [(item.panel, content_box(item.box, item.panel).width) for item in items if item.panel]
    early = slowest([panel for panel, _ in panels], options.concurrency // 2)
    answers = prefetch([partial(data_of, *panel_and_width) for panel_and_width in panels], options.concurrency, early)
    with _no_collection():
        for item, cut in zip(items, cuts(items), strict=True):
            box = Box(item.box.x, item.box.y + below, item.box.width, item.box.height)
            bottom = max(bottom, box.bottom)
            if item.panel is None:
                bands.add(_heading(item, box, options.theme))
                continue
            data = next(answers)
            drawn, missing = panel_elements(item.panel, data, box, options, clips)
            bands.add(drawn)
            notices += notices_in(item.panel, data)
            problems += [(item.panel.title, sentence) for sentence in missing]
            if cut is not None:
                bands.cut(cut + below)
    height = round(bottom + MARGIN)
    svg = bands.end(height)
    problems_and_notices = {"problems": tuple(problems), "notices": tuple(notices)}
    return Picture(svg=svg, width=options.width, height=height, **problems_and_notices)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without a search for cycles of garbage, which would go through a million samples again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def notices_in(panel: Panel, data: PanelData) -> list[tuple[str, str]]:
    """What the source says of a panel's answers; warnings are among the problems."""
    return [(panel.title, notice.text) for notice in data.notices if not notice.is_warning]


def panel_elements(
    panel: Panel, data: PanelData, box: Box, options: PictureOptions, clips: Clips
) -> tuple[list[Element], tuple[str, ...]]:
    """One panel within its box, and what is not drawn of it: the sentences are below what is drawn."""
    theme = options.theme
    known = (*shortfalls(panel), *data.problems)
    if painter(panel.type) is None and not panel.library:
        known = (_not_drawn(panel), *known)
    own_time = panel_time(panel, options.window, options.variables).text
    header = panel_frame(box, theme, panel, own_time, data.notices)
    sentences, elements = known, header
    cut: list[str] = []
    for _ in range(2):  # once more if there are sentences that only the painting tells
        reserved = notes_height(box, len(sentences))
        painted, from_painter, cut = _painted(panel, data, content_box(box, panel, reserved), options, clips)
        elements, before = [*header, *painted], sentences
        sentences = (*known, *from_painter, *missing_glyphs(elements, *known, *from_painter))
        if len(sentences) == len(before):
            break
    sentences = (*sentences, *cut)
    return [*elements, *notes(box, theme, sentences)], sentences


def _not_drawn(panel: Panel) -> str:
    """What is not drawn of a panel whose type has no painter: a row within a row holds panels of its own."""
    inner = [str(item.get("title") or "without title") for item in fields.mappings(panel.raw, "panels")]
    if panel.type == "row" and inner:
        return f"a row within a row is not drawn, nor its panels: {', '.join(inner)}"
    return f"{panel.type}: this type of panel is not drawn" if panel.type else "panels without a type are not drawn"


def _painted(
    panel: Panel, data: PanelData, box: Box, options: PictureOptions, clips: Clips
) -> tuple[list[Element], list[str], list[str]]:
    """What the painter of the panel's type draws within the box, and what it says, with and without room of its own."""
    draw = painter(panel.type)
    if draw is None:
        return [], [], []
    request = Request(
        panel=panel,
        data=data,
        box=box,
        theme=options.theme,
        window=panel_time(panel, options.window, options.variables).window,
        clips=clips,
        events=tuple(event for event in options.events if event.is_on(panel.id)),
    )
    return draw.paint(request), request.notes, request.notes_without_room


def _heading(item: GridItem, box: Box, theme: Theme) -> Iterator[Element]:
    """The heading of a row, with the sign that it is open or collapsed."""
    x, middle = box.x + 14, box.middle - 1
    yield from chevron(x, middle + 0.5, theme.text, turned="down" if item.is_open else "right")
    yield label(box.x + 30, middle, item.row.title, theme.text, size=16, weight=MEDIUM, name="row")
    if not item.is_open:
        count = len(item.row.panels)
        text = f"({count} panel{'' if count == 1 else 's'})"
        x = box.x + 54 + text_width(item.row.title, 16, MEDIUM)
        yield label(x, middle, text, theme.text, opacity=theme.secondary_opacity, size=12, is_italic=True)
        yield line(box.x, box.bottom, box.right, box.bottom, theme.ink, opacity=theme.weak_border_opacity)
