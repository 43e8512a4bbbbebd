"""Changed panels of a board, before and after side by side, as one picture."""

from collections.abc import Sequence
from functools import partial
from itertools import accumulate

from dashboards_py.board import Panel
from dashboards_py.preview.changes import Change
from dashboards_py.preview.fonts import MEDIUM, shorten
from dashboards_py.preview.grid import CELL, COLUMNS, GAP, HIGHEST, MARGIN, TALLEST, too_low
from dashboards_py.preview.missing_glyphs import missing_glyphs
from dashboards_py.preview.panel_frame import NOTE_LINE, board_notes, content_box
from dashboards_py.preview.picture import DataOf, Picture, PictureOptions, notices_in, panel_elements
from dashboards_py.preview.prefetch import prefetch
from dashboards_py.preview.shapes import Box, Clips, Element, document, frame, label, rect

LINE = 20
MOST_SENTENCES = 12  # of one panel


def comparison(changed: Sequence[Change], data_of: DataOf, options: PictureOptions) -> Picture:
    """Draw the panels of both versions with the same data, each pair under what changed, the board's notes above."""
    clips, theme = Clips(), options.theme
    column = _column(options.width)
    changed, notes_of_board = _within_picture(changed, options.notes)
    of_board = (*notes_of_board, *missing_glyphs([], *_written(changed), *notes_of_board))
    elements: list[Element] = list(board_notes(of_board, MARGIN + NOTE_LINE / 2, options.width))
    problems: list[tuple[str, str]] = [("", sentence) for sentence in of_board]
    notices: list[tuple[str, str]] = []
    y = float(MARGIN + NOTE_LINE * len(of_board))
    panels = [panel for change in changed for panel in (change.before, change.after) if panel]
    questions = [partial(data_of, panel, content_box(_box(panel, options.width), panel).width) for panel in panels]
    answers = prefetch(questions, options.concurrency)
    for change in changed:
        elements.append(label(MARGIN, y + LINE / 2, change.title or "(no title)", theme.text, size=16, weight=MEDIUM))
        y += LINE + 4
        for sentence in _sentences(change):
            text = shorten(sentence, options.width - 2 * MARGIN, 12)
            elements.append(
                label(MARGIN, y + LINE / 2, text, theme.text, size=12, opacity=theme.secondary_opacity, name="change")
            )
            y += LINE
        height = _highest(change)
        for number, (panel, missing) in enumerate(((change.before, "not there before"), (change.after, "removed"))):
            x = MARGIN + number * (column + MARGIN)
            if panel is None:
                empty = Box(x, y, column, height)
                elements.append(frame(empty, theme.ink, opacity=theme.weak_border_opacity))
                elements.append(label(empty.center, empty.middle, missing, theme.text, anchor="middle"))
                continue
            box, data = _box(panel, options.width, x, y), next(answers)
            drawn, notes = panel_elements(panel, data, box, options, clips)
            elements += drawn
            notices += notices_in(panel, data)
            problems += [(panel.title, note) for note in notes]
        y += height + 2 * MARGIN
    background = rect(Box(0, 0, options.width, y), theme.canvas)
    svg = document(options.width, y, [background, *elements])
    of_panels = {"problems": tuple(dict.fromkeys(problems)), "notices": tuple(dict.fromkeys(notices))}
    return Picture(svg=svg, width=options.width, height=round(y), **of_panels)


def _within_picture(changed: Sequence[Change], notes: Sequence[str]) -> tuple[list[Change], list[str]]:
    """The changes that a picture has room for, and the notes with one more if some have none."""
    ends = accumulate(LINE * (1 + len(_sentences(change))) + 4 + _highest(change) + 2 * MARGIN for change in changed)
    fitting = [change for change, end in zip(changed, ends, strict=True) if end <= HIGHEST]
    return fitting, [*notes, *too_low(len(changed) - len(fitting), "changed panel")]


def _sentences(change: Change) -> list[str]:
    """What changed of a panel, or the first of it."""
    more = len(change.sentences) - MOST_SENTENCES
    return [*change.sentences[:MOST_SENTENCES], *([f"and {more} more"] if more > 0 else [])]


def _highest(change: Change) -> float:
    """The height of the higher panel of a pair."""
    return max(_height(panel) for panel in (change.before, change.after) if panel)


def _written(changed: Sequence[Change]) -> list[str]:
    """The titles of the pairs, and what changed."""
    return [text for change in changed for text in (change.title, *change.sentences[:MOST_SENTENCES])]


def _column(page: float) -> float:
    return (page - 3 * MARGIN) / 2


def _box(panel: Panel, page: float, x: float = 0.0, y: float = 0.0) -> Box:
    return Box(x, y, min(_width(panel, page), _column(page)), _height(panel))


def _width(panel: Panel, page: float) -> float:
    share = (page - 2 * MARGIN + GAP) / COLUMNS
    return (panel.w or COLUMNS // 2) * share - GAP


def _height(panel: Panel) -> float:
    return min(panel.h or 8, TALLEST) * (CELL + GAP) - GAP
