"""Runs of a text as lines: where its words are wrapped."""

from collections.abc import Iterator
from dataclasses import replace

from dashboards_py.preview.fonts import MEDIUM, REGULAR, text_width
from dashboards_py.preview.markdown import Block, Run

CODE_SIZE, CODE_EDGE = 12, 8  # what the frame of code within a line takes at each side
# Sizes of headings, each with the height of its lines.
HEADINGS = {1: (28, 32.0), 2: (24, 28.0), 3: (22, 24.0), 4: (18, 22.0), 5: (16, 22.0), 6: (14, 22.0)}


def run_weight(run: Run, block: Block) -> int:
    """The weight of a run's text."""
    return MEDIUM if run.is_bold or block.heading == max(HEADINGS) else REGULAR


def run_width(block: Block, run: Run, size: float) -> float:
    """The width of a run of a block with texts of this size."""
    if not run.is_code:
        return text_width(run.text, size, run_weight(run, block))
    return text_width(run.text, CODE_SIZE, is_code=True) + (0 if block.is_code else 2 * CODE_EDGE)


def wrapped(block: Block, width: float, size: float) -> list[list[Run]]:
    """The runs as lines of words; a word that is wider than the line is broken, and code only then."""
    lines: list[list[Run]] = [[]]
    used = 0.0
    for number, run in enumerate(block.runs):
        if block.is_code and number:
            lines.append([])
            used = 0.0
        for piece in _pieces(run):
            part = piece
            if used + run_width(block, part, size) > width and lines[-1]:
                lines.append([])
                part, used = replace(part, text=part.text.lstrip()), 0.0
            while part.text:
                fitting = _fitting(block, part, width, size)
                if fitting != part.text and lines[-1]:
                    lines.append([])
                    used = 0.0
                shown = replace(part, text=fitting)
                part = replace(part, text=part.text[len(fitting) :])
                if lines[-1] and replace(lines[-1][-1], text="") == replace(shown, text="") and not shown.is_code:
                    lines[-1][-1] = replace(shown, text=lines[-1][-1].text + fitting)
                else:
                    lines[-1].append(shown)
                used += run_width(block, shown, size)
                if part.text:
                    lines.append([])
                    used = 0.0
    return lines


def _pieces(run: Run) -> Iterator[Run]:
    """What is not broken where there is room for it: words with the space before them, code as a whole."""
    if run.is_code:
        yield run
        return
    for number, word in enumerate(run.text.split(" ")):
        yield replace(run, text=word if number == 0 else f" {word}")


def _fitting(block: Block, run: Run, width: float, size: float) -> str:
    """The beginning of a text that is not wider than the line; at least one character of it."""
    if run_width(block, run, size) <= width:
        return run.text
    low, high = 1, len(run.text)
    while low < high:
        middle = (low + high + 1) // 2
        if run_width(block, replace(run, text=run.text[:middle]), size) <= width:
            low = middle
        else:
            high = middle - 1
    return run.text[:low]
