"""Text: Markdown, as headings, paragraphs, lists, quotes and code. Source: @grafana/ui, themes/GlobalStyles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboards_py.preview.markdown import Block, Run, blocks
from dashboards_py.preview.painter import Request
from dashboards_py.preview.shapes import Box, Element, frame, label, rect
from dashboards_py.preview.wrapping import CODE_EDGE, CODE_SIZE, HEADINGS, run_weight, run_width, wrapped

LINE_HEIGHT, CODE_LINE = 22.0, 19.0
QUOTE_SIZE, QUOTE_LINE, QUOTE_BAR, QUOTE_INDENT = 17.5, 22.0, 5, 21
BLOCK_EDGE, CODE_HEIGHT = 10, 20
INDENT, GAP, HEADING_GAP = 18.0, 16.0, 0.45


@dataclass(frozen=True, slots=True)
class Measures:
    """How a block is set: the size of its text, the height of a line, and what is left of its lines, in pixels."""

    size: float
    line_height: float
    left: float
    edge: float = 0


def paint(request: Request) -> list[Element]:
    """The text, wrapped at the width of the panel; what does not fit is cut, as Grafana scrolls it."""
    content = request.options.get("content")
    text = content if isinstance(content, str) else ""
    y = request.box.y
    elements: list[Element] = []
    parts = list(_blocks(text, is_source=request.options.get("mode") in ("html", "code")))
    for number, block in enumerate(parts):
        following = parts[number + 1] if number + 1 < len(parts) else None
        measures = _measures(block, request.box)
        lines = wrapped(block, request.box.width - measures.left - measures.edge, measures.size)
        bottom = y + len(lines) * measures.line_height + 2 * measures.edge
        elements += _around(request, block, measures, y, bottom)
        for index, line in enumerate(lines):
            top = y + measures.edge + index * measures.line_height
            if top + measures.line_height > request.box.bottom + 4:
                return [request.clips.clipped(request.box, elements)] if block.is_code or block.quotes else elements
            elements += _line(request, block, line, measures, top + measures.line_height / 2)
        y = bottom + _gap(block, following)
    return elements


def _blocks(text: str, *, is_source: bool) -> Iterator[Block]:
    if is_source:
        yield Block(tuple(Run(line, is_code=True) for line in text.split("\n")), is_code=True)
    else:
        yield from blocks(text)


def _measures(block: Block, box: Box) -> Measures:
    left = min(INDENT * block.depth + QUOTE_INDENT * block.quotes, box.width / 2)
    if block.heading:
        size, height = HEADINGS[block.heading]
        return Measures(size, height, left)
    if block.is_code:
        return Measures(CODE_SIZE, CODE_LINE, left + BLOCK_EDGE, BLOCK_EDGE)
    return Measures(QUOTE_SIZE, QUOTE_LINE, left) if block.quotes else Measures(14, LINE_HEIGHT, left)


def _gap(block: Block, following: Block | None) -> float:
    """The space below a block; items of one list are close to each other."""
    if block.heading:
        return HEADINGS[block.heading][0] * HEADING_GAP
    return 0 if following is None or (block.depth and following.depth) else GAP


def _around(request: Request, block: Block, measures: Measures, top: float, bottom: float) -> Iterator[Element]:
    """The bars of quotes, the frame of code, and the bullet of an item."""
    theme, box = request.theme, request.box
    left = box.x + measures.left - measures.edge
    for number in range(block.quotes):
        bar = Box(left - QUOTE_INDENT * (number + 1), top, QUOTE_BAR, bottom - top)
        yield rect(bar, theme.ink, opacity=theme.medium_border_opacity)
    if block.is_code:
        whole = Box(left, top, box.right - left, bottom - top)
        yield frame(whole, theme.ink, opacity=theme.medium_border_opacity, fill=theme.panel, radius=4)
    if block.bullet:
        x = box.x + measures.left - 14 - measures.edge
        yield label(x, top + measures.edge + measures.line_height / 2, block.bullet, theme.text)


def _line(request: Request, block: Block, runs: Sequence[Run], measures: Measures, middle: float) -> Iterator[Element]:
    theme, x = request.theme, request.box.x + measures.left
    for run in runs:
        is_inline, width = run.is_code and not block.is_code, run_width(block, run, measures.size)
        if is_inline:
            box = Box(x + 2, middle - CODE_HEIGHT / 2, width - 4, CODE_HEIGHT)
            yield frame(box, theme.ink, opacity=theme.medium_border_opacity, fill=theme.panel, radius=4)
        yield label(
            x + (CODE_EDGE if is_inline else 0),
            middle,
            run.text,
            theme.link if run.is_link else theme.text,
            size=CODE_SIZE if run.is_code else measures.size,
            weight=run_weight(run, block),
            is_italic=run.is_italic,
            is_code=run.is_code,
            decoration="line-through" if run.is_struck else None,
            name="text",
        )
        x += width
