"""Text: Markdown, as headings, paragraphs and lists."""

from dashboards_py.preview.fonts import BOLD, REGULAR, text_width
from dashboards_py.preview.markdown import Block, Run, blocks
from dashboards_py.preview.painter import Request
from dashboards_py.preview.shapes import Element, label

LINE_HEIGHT = 22
HEADING_SIZES = {1: 24, 2: 22, 3: 18, 4: 16, 5: 14, 6: 12}


def paint(request: Request) -> list[Element]:
    """The text, wrapped at the width of the panel; what does not fit is cut, as Grafana scrolls it."""
    content = request.options.get("content")
    text = content if isinstance(content, str) else ""
    box, y = request.box, request.box.y
    elements: list[Element] = []
    is_source = request.options.get("mode") in ("html", "code")
    for block in [Block((Run(line),)) for line in text.split("\n")] if is_source else blocks(text):
        size = HEADING_SIZES.get(block.heading, 14)
        height = LINE_HEIGHT * size / 14
        indent = 18.0 * block.depth
        for number, line in enumerate(_wrapped(block.runs, box.width - indent, size)):
            if y + height > box.bottom + 4:
                return elements
            if block.bullet and number == 0:
                elements.append(label(box.x + indent - 14, y + height / 2, block.bullet, request.theme.text))
            x = box.x + indent
            for run in line:
                weight = BOLD if run.is_bold or block.heading else REGULAR
                color = request.theme.link if run.is_link else request.theme.text
                elements.append(label(x, y + height / 2, run.text, color, size=size, weight=weight, name="text"))
                x += text_width(run.text, size, weight)
            y += height
        y += 0 if is_source else 8
    return elements


def _wrapped(runs: tuple[Run, ...], width: float, size: float) -> list[list[Run]]:
    """The runs as lines of words; a word that is wider than the line has a line of its own."""
    lines: list[list[Run]] = [[]]
    used = 0.0
    for run in runs:
        weight = BOLD if run.is_bold else REGULAR
        for number, word in enumerate(run.text.split(" ")):
            text = word if number == 0 else f" {word}"
            advance = text_width(text, size, weight)
            if used + advance > width and lines[-1]:
                lines.append([])
                text, used = text.lstrip(), 0.0
                advance = text_width(text, size, weight)
            if lines[-1] and (lines[-1][-1].is_bold, lines[-1][-1].is_link) == (run.is_bold, run.is_link):
                lines[-1][-1] = Run(lines[-1][-1].text + text, run.is_bold, run.is_link)
            else:
                lines[-1].append(Run(text, run.is_bold, run.is_link))
            used += advance
    return lines
