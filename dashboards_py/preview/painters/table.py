"""Table: rows and columns, sorted, with colored cells. Source: @grafana/ui, TableNG."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboards_py.panel_data.cells import Cell, cell_options, cells_of
from dashboards_py.panel_data.collation import Key, natural_key
from dashboards_py.panel_data.colors import text_color
from dashboards_py.panel_data.footers import FooterLine, footer_of, has_footer
from dashboards_py.panel_data.frame import Field, FieldType, Frame, Value
from dashboards_py.panel_data.legend import hides
from dashboards_py.panel_data.limits import own_limits
from dashboards_py.panel_data.names import field_name
from dashboards_py.panel_data.shown import ShownValue
from dashboards_py.preview.bars import Look, bar
from dashboards_py.preview.fonts import MEDIUM, REGULAR, shorten, text_width
from dashboards_py.preview.no_data import no_data
from dashboards_py.preview.numbers import positive
from dashboards_py.preview.painter import Request
from dashboards_py.preview.shades import shade
from dashboards_py.preview.shapes import Anchor, Box, Element, Stop, label, line, rect
from dashboards_py.preview.table_footer import FooterCell, footer_elements, footer_height

HEADER = 28
ROW_HEIGHTS = {"sm": 36, "md": 42, "lg": 48}
PADDING = 6
LINK_END = 12  # pixels after a number that is a link
NARROWEST = 150  # where the panel does not say
ANCHORS: Mapping[str, Anchor] = {"left": "start", "center": "middle", "right": "end"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column with its place on the picture; `align` is that of its header.

    `widest` is the width that the numbers of bars take.
    """

    field: Field
    name: str
    x: float
    width: float
    align: str
    cell: Callable[[Value], Cell]
    widest: float = 0.0


def paint(request: Request) -> list[Element]:
    """The first frame's rows, or those of the frame that the panel chooses."""
    index = request.options.get("frameIndex")
    frames = request.frames
    if not frames or not any(frame.length for frame in frames):
        return no_data(request)
    if len(frames) > 1:
        request.note(f"of its {len(frames)} tables only one is drawn")
    frame = frames[index] if isinstance(index, int) and 0 <= index < len(frames) else frames[0]
    columns = _columns(request, frame)
    if not columns or not frame.length:
        return no_data(request)
    order = _order(request, frame)
    color_of_row = _row_color(request, frame)
    shows_header = request.options.get("showHeader") is not False
    height = ROW_HEIGHTS.get(str(request.options.get("cellHeight", "sm")), 36)
    elements = _header(request, columns) if shows_header else []
    body = request.box.below(HEADER if shows_header else 0)
    footer = _footer(request, columns, order)
    body = body.top_part(max(body.height - footer_height(footer), 0))
    cells: list[Element] = []
    for number, row in enumerate(order):
        top = body.y + number * height
        if top >= body.bottom:
            break
        cells.append(
            line(
                body.x,
                round(top) + 0.5,
                body.right,
                round(top) + 0.5,
                request.theme.ink,
                opacity=request.theme.weak_border_opacity,
            )
        )
        row_color = color_of_row(row)
        if row_color:
            cells.append(rect(Box(body.x, top, body.width, height), row_color))
        for column in columns:
            box = Box(column.x, top, column.width, height)
            cells += _cell(request, column, column.field.values[row], box, row_color)
    for column in columns[1:]:
        x = round(column.x) + 0.5
        bottom = min(body.y + len(order) * height, body.bottom)
        cells.append(line(x, body.y, x, bottom, request.theme.ink, opacity=request.theme.weak_border_opacity))
    elements = [request.clips.clipped(request.box, elements), request.clips.clipped(body, cells)]
    if not any(footer):
        return elements
    below = request.box.below(body.bottom - request.box.y)
    lines = (
        FooterCell(column.x, column.width, _footer_align(column), texts)
        for column, texts in zip(columns, footer, strict=True)
    )
    return [*elements, request.clips.clipped(below, list(footer_elements(list(lines), below, request.theme)))]


def _footer(request: Request, columns: Sequence[Column], order: Sequence[int]) -> list[list[FooterLine]]:
    """The lines below each column; none without any reduction."""
    if not any(has_footer(column.field) for column in columns):
        return []
    rows = [replace(column.field, values=tuple(map(column.field.values.__getitem__, order))) for column in columns]
    return footer_of(rows, dark=request.theme.is_dark, clock=request.clock)


def _footer_align(column: Column) -> str:
    """Where values below a column are: on the other side of bars, whose numbers are there."""
    if cell_options(column.field).get("type") != "gauge":
        return column.align
    return {"left": "right", "right": "left"}.get(column.align, column.align)


def _columns(request: Request, frame: Frame) -> list[Column]:
    """The fields that are shown; those without a width of their own share what is left."""
    box, frames = request.box, request.frames
    shown = [field for field in frame.fields if not _is_hidden(field)]
    widths = [_width(field) for field in shown]
    free = max(box.width - sum(width for width in widths if width), 0)
    flexible = sum(1 for width in widths if not width)
    share = free / flexible if flexible else 0
    columns, x = [], box.x
    for field, own_width in zip(shown, widths, strict=True):
        width = own_width or max(share, positive(field.config.custom, "minWidth", NARROWEST))
        make = cells_of(field, dark=request.theme.is_dark, clock=request.clock)
        name = field_name(field, frame, frames)
        is_gauge = cell_options(field).get("type") == "gauge"
        numbers = [str(make(value).display) for value in field.values] if is_gauge else []
        columns.append(
            Column(
                field=field,
                name=name,
                x=x,
                width=width,
                align=make(None).align,
                cell=make,
                widest=max((text_width(text, 14) for text in numbers), default=0.0) + PADDING,
            )
        )
        x += width
    return [column for column in columns if column.x < box.right]


def _is_hidden(field: Field) -> bool:
    return bool(field.config.custom.get("hidden")) or hides(field, "viz")


def _width(field: Field) -> float:
    return positive(field.config.custom, "width", 0.0)


def _order(request: Request, frame: Frame) -> list[int]:
    """The numbers of the rows, sorted as the panel says, by hidden columns too; rows without a value are the least.

    Equal rows are in reverse order if the first column is sorted descending: so they are in docs/grafana. Names that no
    column has are ignored.
    """
    sort_by = request.options.get("sortBy")
    choices = [choice for choice in sort_by if isinstance(choice, dict)] if isinstance(sort_by, list) else []
    fields = {field_name(field, frame, request.frames): field for field in reversed(frame.fields)} if choices else {}
    names = [(choice.get("displayName"), choice.get("desc") is True) for choice in choices]
    known = [(fields[name], descending) for name, descending in names if isinstance(name, str) and name in fields]
    order = list(range(frame.length))
    if known and known[0][1]:
        order.reverse()
    for field, descending in reversed(known):
        keys = list(map(_key, field.values))
        order.sort(key=keys.__getitem__, reverse=descending)
    return order


def _key(value: Value) -> tuple[int, float, Key]:
    """Numbers by size, texts as in a language; what is missing comes first."""
    if isinstance(value, str):
        return 2, 0.0, natural_key(value)
    if value is None or value != value:
        return 0, 0.0, ()
    return 1, float(value), ()


def _header(request: Request, columns: Sequence[Column]) -> list[Element]:
    sort_by = request.options.get("sortBy")
    sorted_names = (
        {str(choice.get("displayName")): choice.get("desc") is True for choice in sort_by if isinstance(choice, dict)}
        if isinstance(sort_by, list)
        else {}
    )
    middle = request.box.y + HEADER / 2
    elements: list[Element] = []
    for column in columns:
        arrow = 20 if column.name in sorted_names else 0
        name = shorten(column.name, column.width - 2 * PADDING - arrow, 14, MEDIUM)
        if column.align == "right":
            x = column.x + column.width - PADDING - 3 - arrow - text_width(name, 14, MEDIUM)
        else:
            x = column.x + PADDING
        if column.field.config.custom.get("hideHeader") is True:
            continue
        elements.append(label(x, middle, name, request.theme.text, weight=MEDIUM, name="column"))
        if arrow:
            elements += _arrow(
                x + text_width(name, 14, MEDIUM) + 12, middle, sorted_names[column.name], request.theme.text
            )
    return elements


def _arrow(x: float, middle: float, descending: bool, color: str) -> list[Element]:
    tip, back = (middle + 5, middle - 5) if descending else (middle - 5, middle + 5)
    side = tip - 4 if descending else tip + 4
    return [line(x, back, x, tip, color), line(x - 4, side, x, tip, color), line(x + 4, side, x, tip, color)]


def _row_color(request: Request, frame: Frame) -> Callable[[int], str]:
    """The color of each row: that of the first column, hidden or not, that colors whole rows; "" without one."""
    for field in frame.fields:
        options = cell_options(field)
        if options.get("applyToRow") is True and options.get("type") == "color-background":
            cell = cells_of(field, dark=request.theme.is_dark, clock=request.clock)
            return lambda row: cell(field.values[row]).background
    return lambda _: ""


def _cell(request: Request, column: Column, value: Value, box: Box, row_color: str) -> list[Element]:
    """A cell's background and text."""
    cell = column.cell(value)
    color = cell.color or (text_color(row_color, dark=request.theme.is_dark) if row_color else request.theme.text)
    if cell.kind == "gauge" and cell.display.percent is not None and column.field.type is FieldType.NUMBER:
        return _gauge(request, column, cell, box)
    elements = _background(request, column, cell, box) if cell.background else []
    leads_on = column.field.config.has_links and value is not None
    is_link = leads_on and cell.kind == "auto"
    weight, end = (MEDIUM, PADDING + LINK_END) if is_link else (REGULAR, PADDING)
    text = shorten(str(cell.display), box.width - 2 * PADDING, 14, weight)
    x = {"left": box.x + PADDING, "right": box.right - end}.get(cell.align, box.center)
    written = label(
        x,
        box.middle,
        text,
        request.theme.link if is_link else color,
        weight=weight,
        anchor=ANCHORS[cell.align],
        decoration="underline" if leads_on and not is_link else None,
        name="cell",
    )
    return [*elements, written]


def _background(request: Request, column: Column, cell: Cell, box: Box) -> list[Element]:
    """The color behind a cell; in the mode gradient, from a darker shade of it."""
    options = cell_options(column.field)
    if options.get("mode") == "basic":
        return [rect(box, cell.background)]
    factor = 1 if request.theme.is_dark else -0.7
    darker = shade(cell.background, turn=5, lighter=-10 * factor)
    stops = [Stop(0, darker, 1), Stop(1, cell.background, 1)]
    gradient, name = request.clips.gradient((box.x, box.y), (box.right, box.bottom), stops)
    return [gradient, rect(box, name)]


def _gauge(request: Request, column: Column, cell: Cell, box: Box) -> list[Element]:
    """A bar, with the number at its right."""
    options, shown = cell_options(column.field), cell.display
    hides_value = options.get("valueDisplayMode") == "hidden"
    text = "" if hides_value else str(shown)
    width = column.widest if not hides_value else 0.0
    whole = box.inset(PADDING, PADDING, PADDING + width, PADDING)
    limits = column.field.limits or own_limits(column.field)
    value = ShownValue(title="", display=shown, field=column.field, limits=limits)
    look = Look(mode=str(options.get("mode") or "gradient"), shows_unfilled=True)
    color = request.theme.text if options.get("valueDisplayMode") == "text" else shown.color or request.theme.text
    elements = list(bar(request, value, whole, max(whole.width, 1), look))
    if text:
        elements.append(label(box.right - PADDING, box.middle, text, color, anchor="end", name="cell"))
    return elements
