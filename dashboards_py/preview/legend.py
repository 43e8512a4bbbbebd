"""The legend of a graph: a list, or a table with calculations. Source: @grafana/ui, VizLegend."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dashboards_py.board import fields
from dashboards_py.panel_data.legend import LegendRow, legend_rows
from dashboards_py.preview.fonts import MEDIUM, shorten, text_width
from dashboards_py.preview.numbers import positive
from dashboards_py.preview.painter import Request
from dashboards_py.preview.shapes import Box, Element, label, line, rect

SIZE, ROW = 12, 24.0
LARGEST = 0.35  # of the panel's height, below it
SWATCH = 14.0
# Of a list: the space above and below it, the height of a line, where the first item begins, and what is between two.
LIST_EDGE, LIST_ROW, LIST_START, LIST_GAP = 5, 23.0, 4.0, 10
# Of the titles of columns: the margin at their left, and the room at their right for a sign of 12 pixels.
HEADER_INDENT, HEADER_END, CARET = 30, 12, 12
LEAST_NAME = 20  # pixels of a name beside more calculations than there is room for
BELOW = 4  # pixels of the panel's margin that a legend reaches into


def options_of(request: Request) -> Mapping[str, Any]:
    """The options of the legend."""
    return fields.mapping(request.options, "legend")


def rows(request: Request) -> tuple[LegendRow, ...]:
    """The rows of the legend with their calculations."""
    return legend_rows(options_of(request), request.frames, dark=request.theme.is_dark, clock=request.clock)


def split(request: Request, rows: Sequence[LegendRow]) -> tuple[Box, Box | None]:
    """The box of the graph, and that of the legend if the panel shows one."""
    legend, box = options_of(request), request.box
    if legend.get("showLegend") is False or legend.get("displayMode") == "hidden" or not rows:
        return box, None
    if legend.get("placement") == "right":
        needed = _table_width(rows) if _is_table(legend) else 40 + max(text_width(row.name, SIZE) for row in rows)
        width = min(positive(legend, "width", needed), box.width * 0.6)
        return Box(box.x, box.y, box.width - width, box.height), Box(box.right - width, box.y, width, box.height)
    needed = (
        (len(rows) + 1) * ROW if _is_table(legend) else 2 * LIST_EDGE + len(_list_lines(rows, box.width)) * LIST_ROW
    )
    height = min(needed, box.height * LARGEST)
    return box.top_part(box.height - height), box.below(box.height - height)


def paint(request: Request, rows: Sequence[LegendRow], box: Box) -> list[Element]:
    """The legend in its box; rows that do not fit are cut, as Grafana scrolls them."""
    elements = _table(request, rows, box) if _is_table(options_of(request)) else _list(request, rows, box)
    return [request.clips.clipped(replace(box, height=box.height + BELOW), elements)]


def _is_table(legend: Mapping[str, Any]) -> bool:
    return legend.get("displayMode") == "table"


def _list_lines(rows: Sequence[LegendRow], width: float) -> list[list[tuple[float, LegendRow]]]:
    """The items with their x, line by line."""
    lines: list[list[tuple[float, LegendRow]]] = [[]]
    x = LIST_START
    for row in rows:
        needed = SWATCH + 8 + text_width(_item(row), SIZE) + LIST_GAP
        if lines[-1] and x + needed > width:
            lines.append([])
            x = LIST_START
        lines[-1].append((x, row))
        x += needed
    return lines


def _item(row: LegendRow) -> str:
    return " ".join([row.name, *(f"{title}: {value}" for title, value in row.values)])


def _list(request: Request, rows: Sequence[LegendRow], box: Box) -> list[Element]:
    theme = request.theme
    on_right = options_of(request).get("placement") == "right"
    lines = [[(LIST_START, row)] for row in rows] if on_right else _list_lines(rows, box.width)
    elements: list[Element] = []
    for number, items in enumerate(lines):
        middle = box.y + LIST_EDGE + (number + 0.5) * LIST_ROW
        if middle - SIZE / 2 > box.bottom:
            break
        for x, row in items:
            elements += [
                *_swatch(box.x + x, middle, row),
                label(
                    box.x + x + SWATCH + 8,
                    middle,
                    shorten(_item(row), box.right - box.x - x - SWATCH - 8, SIZE),
                    theme.text,
                    size=SIZE,
                    name="legend",
                ),
            ]
    return elements


def _swatch(x: float, middle: float, row: LegendRow) -> Iterator[Element]:
    """A short line in the color and the style of the series: whole, of two dashes or of three dots (SeriesIcon)."""
    style = fields.mapping(row.field.config.custom, "lineStyle").get("fill")
    width, step, radius = {"dash": (6, 8, 0), "dot": (4, 5, 2)}.get(str(style), (SWATCH, SWATCH, 2))
    for left in range(0, round(SWATCH - width) + 1, round(step)):
        yield rect(Box(x + left, middle - 2, width, 4), row.color, radius=radius)


def _table_width(rows: Sequence[LegendRow]) -> float:
    return 40 + max(text_width(row.name, SIZE) for row in rows) + sum(_column_widths(rows))


def _column_widths(rows: Sequence[LegendRow]) -> list[float]:
    """The width of each column of calculations: of its longest text, or of its title with the margin at its left."""
    titles = [title for title, _ in rows[0].values]
    return [
        max(
            HEADER_INDENT + text_width(title, SIZE, MEDIUM) + HEADER_END,
            max(text_width(str(row.values[index][1]), SIZE) for row in rows) + 16,
        )
        for index, title in enumerate(titles)
    ]


def _table(request: Request, rows: Sequence[LegendRow], box: Box) -> list[Element]:
    theme, legend = request.theme, options_of(request)
    widths = _column_widths(rows)
    room = box.width - sum(widths) - 38
    right = box.right - 8 + max(LEAST_NAME - room, 0)  # columns without room are cut, as Grafana scrolls them
    edges = [right - sum(widths[index + 1 :]) for index in range(len(widths))]
    middle = box.y + ROW / 2
    elements = [label(box.x + HEADER_INDENT, middle, "Name", theme.link, size=SIZE, weight=MEDIUM)]
    for (title, _), edge, width in zip(rows[0].values, edges, widths, strict=True):
        x = edge + 8 - width + HEADER_INDENT
        elements.append(label(x, middle, title, theme.link, size=SIZE, weight=MEDIUM))
        if title == legend.get("sortBy"):
            x += text_width(title, SIZE, MEDIUM) + CARET / 2
            elements += _caret(x, middle, descending=bool(legend.get("sortDesc")), color=theme.link)
    for number, row in enumerate(rows, start=1):
        middle = box.y + (number + 0.5) * ROW
        if middle - SIZE / 2 > box.bottom:
            break
        top = round(box.y + number * ROW) + 0.5
        elements.append(line(box.x, top, box.right, top, theme.ink, opacity=theme.weak_border_opacity))
        elements += [
            *_swatch(box.x + 8, middle, row),
            label(
                box.x + 30, middle, shorten(row.name, max(room, LEAST_NAME), SIZE), theme.text, size=SIZE, name="legend"
            ),
        ]
        for (_, value), edge in zip(row.values, edges, strict=True):
            elements.append(label(edge, middle, str(value), theme.text, size=SIZE, anchor="end", name="legend-value"))
    return elements


def _caret(x: float, middle: float, *, descending: bool, color: str) -> list[Element]:
    tip = middle + (2 if descending else -2)
    base = middle - (1 if descending else -1)
    return [line(x - 3, base, x, tip, color), line(x, tip, x + 3, base, color)]
