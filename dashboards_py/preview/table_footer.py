"""The footer of a table, drawn at the lower edge of its panel. Source: @grafana/ui, TableNG/components/SummaryCell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dashboards_py.panel_data.footers import FooterLine
from dashboards_py.preview.fonts import MEDIUM, shorten, text_width
from dashboards_py.preview.shapes import Anchor, Box, Element, label, line
from dashboards_py.preview.theme import Theme

LINE, EDGE = 22, 6  # the height of a line, and the space above the first and below the last
NAME_SIZE, SIZE, GAP = 12, 14, 4
ANCHORS: Mapping[str, Anchor] = {"left": "start", "center": "middle", "right": "end"}


@dataclass(frozen=True, slots=True)
class FooterCell:
    """The lines below a column; `align` is that of values without a name: left, center or right."""

    x: float
    width: float
    align: str
    lines: Sequence[FooterLine]


def footer_height(columns: Sequence[Sequence[FooterLine]]) -> float:
    """The height that the column with the most lines takes; 0 without any."""
    most = max(map(len, columns), default=0)
    return most * LINE + 2 * EDGE if most else 0.0


def footer_elements(cells: Sequence[FooterCell], box: Box, theme: Theme) -> Iterator[Element]:
    """A border above, between the columns too, and the lines."""
    top = round(box.y) + 0.5
    yield line(box.x, top, box.right, top, theme.ink, opacity=theme.weak_border_opacity)
    for number, cell in enumerate(cells):
        if number:
            x = round(cell.x) + 0.5
            yield line(x, box.y, x, box.bottom, theme.ink, opacity=theme.weak_border_opacity)
        for index, one in enumerate(cell.lines):
            yield from _line(cell, one, box.y + EDGE + (index + 0.5) * LINE, theme)


def _line(cell: FooterCell, one: FooterLine, middle: float, theme: Theme) -> Iterator[Element]:
    """A name at the left and its value at the right, or a value alone where those of the column are."""
    left, right = cell.x + EDGE, cell.x + cell.width - EDGE
    align = cell.align
    if one.name:
        name = shorten(one.name.upper(), right - left, NAME_SIZE)
        opacity = theme.secondary_opacity
        yield label(left, middle, name, theme.text, size=NAME_SIZE, opacity=opacity, name="footer-name")
        left, align = left + text_width(name, NAME_SIZE) + GAP, "right"
    if one.value and right > left:
        x = {"left": left, "right": right}.get(align, (left + right) / 2)
        text = shorten(one.value, right - left, SIZE, MEDIUM)
        yield label(
            x, middle, text, theme.text, size=SIZE, weight=MEDIUM, anchor=ANCHORS.get(align, "start"), name="footer"
        )
