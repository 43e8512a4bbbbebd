"""What a panel says, line by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from dashboards_py import demo
from dashboards_py.board import Board, Panel, fields, read
from dashboards_py.compile import compile_boards
from dashboards_py.panel_data import opening_values, panel_data
from dashboards_py.panel_data.cells import cells_of
from dashboards_py.panel_data.colors import named_color
from dashboards_py.panel_data.field_config import default_config
from dashboards_py.panel_data.frame import Frame, PanelData, Value, Window
from dashboards_py.panel_data.legend import legend_rows
from dashboards_py.panel_data.names import field_name
from dashboards_py.panel_data.shown import NO_DATA, shown_values
from dashboards_py.panel_data.source import Source
from dashboards_py.panel_data.variables import Chosen
from dashboards_py.render.kind import COLORS
from tests.demo.boards import scene_source

HOUR = Window(begin=demo.END - 3600, end=demo.END)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a panel: its texts, their colors as #rrggbb, and the labels or cells that links may use."""

    texts: tuple[str, ...]
    colors: frozenset[str] = frozenset()
    values: Mapping[str, str] = field(default_factory=dict)

    def has(self, shows: Sequence[str], color: str = "") -> bool:
        """Whether all the texts are in the line, and one of its texts has the color."""
        is_colored = not color or named_color(COLORS.get(color, color), dark=True) in self.colors
        return is_colored and all(any(shown in text for text in self.texts) for shown in shows)


@cache
def boards() -> Mapping[str, Board]:
    """Ours, by uid."""
    return {board.uid: read(board.json) for board in compile_boards()}


def scene(name: str) -> Source:
    """The source of a scene."""
    return scene_source(name)


def first_row(board: Board) -> Sequence[Panel]:
    """The panels of the first row with a heading: what is above it is the board's text."""
    return next(row.panels for row in board.rows if row.title)


def panel_of(board: Board, title: str) -> Panel:
    """A panel of the open rows by its title."""
    panels = {panel.title: panel for row in board.rows if not row.collapsed for panel in row.panels}
    assert title in panels, f"{board.uid} has no panel {title!r} in its open rows, but {', '.join(panels)}"
    return panels[title]


def data_of(board: Board, panel: Panel, source: Source, chosen: Chosen) -> PanelData:
    """The data of a panel on a board that was opened with chosen values."""
    opened = opening_values(board, HOUR, source, {name: chosen[name] for name in chosen})
    data = panel_data(panel, HOUR, opened.values, source)
    assert not data.problems, (board.uid, panel.title, data.problems)
    return data


def lines(panel: Panel, data: PanelData) -> tuple[Line, ...]:
    """The lines of a panel in the order in which they are drawn."""
    if panel.type == "table":
        return tuple(line for frame in data.frames[:1] for line in _rows(panel, frame))
    if panel.type in ("stat", "bargauge"):
        return tuple(_numbers(panel, data))
    return tuple(
        Line(texts=(row.name, *(str(value) for _, value in row.values)), values=row.field.labels)
        for row in legend_rows(fields.mapping(panel.raw, "options", "legend"), data.frames, dark=True)
    )


def _numbers(panel: Panel, data: PanelData) -> Iterator[Line]:
    options = fields.mapping(panel.raw, "options")
    for value in shown_values(options, data.frames, dark=True, defaults=default_config(panel.raw)):
        if value.calc != NO_DATA:
            labels = value.field.labels if value.field else {}
            yield Line(texts=(value.title, str(value.display)), colors=frozenset({value.display.color}), values=labels)


def _rows(panel: Panel, frame: Frame) -> Iterator[Line]:
    columns = [(field_name(column, frame), column) for column in frame.fields]
    makers = [cells_of(column, dark=True) for _, column in columns]
    for row in _order(panel, {name: column.values for name, column in columns}, frame.length):
        cells = [make(column.values[row]) for make, (_, column) in zip(makers, columns, strict=True)]
        yield Line(
            texts=tuple(str(cell.display) for cell in cells),
            colors=frozenset(color for cell in cells for color in (cell.color, cell.background) if color),
            values={key: str(column.values[row]) for name, column in columns for key in (name, column.name)},
        )


def _order(panel: Panel, columns: Mapping[str, Sequence[Value]], length: int) -> list[int]:
    """The rows as the panel sorts them; those without a value come last."""
    order = list(range(length))
    for choice in reversed([*fields.mappings(fields.mapping(panel.raw, "options"), "sortBy")]):
        values = columns.get(str(choice.get("displayName")))
        if values is not None:
            present = [row for row in order if values[row] is not None]
            present.sort(key=lambda row: _key(values[row]), reverse=choice.get("desc") is True)
            order = present + [row for row in order if values[row] is None]
    return order


def _key(value: Value) -> tuple[bool, float, str]:
    return (True, 0.0, value.lower()) if isinstance(value, str) else (False, float(value or 0), "")
