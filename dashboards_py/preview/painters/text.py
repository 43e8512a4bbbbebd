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
        indent = min(18.0 * block.depth, box.width / 2)
        for number, line in enumerate(_wrapped(block, box.width - indent, size)):
            if y + height > box.bottom + 4:
                return elements
            if block.bullet and number == 0:
                elements.append(label(box.x + indent - 14, y + height / 2, block.bullet, request.theme.text))
            x = box.x + indent
            for run in line:
                weight = _weight(run, block)
                color = request.theme.link if run.is_link else request.theme.text
                elements.append(label(x, y + height / 2, run.text, color, size=size, weight=weight, name="text"))
                x += text_width(run.text, size, weight)
            y += height
        y += 0 if is_source else 8
    return elements


def _weight(run: Run, block: Block) -> int:
    return BOLD if run.is_bold or block.heading else REGULAR


def _wrapped(block: Block, width: float, size: float) -> list[list[Run]]:
    """The runs as lines of words; a word that is wider than the line is broken."""
    lines: list[list[Run]] = [[]]
    used = 0.0
    for run in block.runs:
        weight = _weight(run, block)
        for number, word in enumerate(run.text.split(" ")):
            text = word if number == 0 else f" {word}"
            if used + text_width(text, size, weight) > width and lines[-1]:
                lines.append([])
                text, used = text.lstrip(), 0.0
            while text:
                piece = _fitting(text, width, size, weight)
                if piece != text and lines[-1]:
                    lines.append([])
                    used = 0.0
                text = text[len(piece) :]
                if lines[-1] and (lines[-1][-1].is_bold, lines[-1][-1].is_link) == (run.is_bold, run.is_link):
                    lines[-1][-1] = Run(lines[-1][-1].text + piece, run.is_bold, run.is_link)
                else:
                    lines[-1].append(Run(piece, run.is_bold, run.is_link))
                used += text_width(piece, size, weight)
                if text:
                    lines.append([])
                    used = 0.0
    return lines


def _fitting(text: str, width: float, size: float, weight: int) -> str:
    """The beginning of a text that is not wider than the line; at least one character of it."""
    if text_width(text, size, weight) <= width:
        return text
    used = 0.0
    for number, character in enumerate(text):
        used += text_width(character, size, weight)
        if used > width:
            return text[: max(number, 1)]
    return text
