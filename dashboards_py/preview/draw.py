"""A board with a source of values, as a picture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dashboards_py.board import Board, Panel, fields
from dashboards_py.panel_data import panel_data
from dashboards_py.panel_data.annotations import board_events
from dashboards_py.panel_data.frame import PanelData, Window
from dashboards_py.panel_data.interpolate import Variables, interpolate
from dashboards_py.panel_data.old_panels import upgraded
from dashboards_py.panel_data.source import Source, concurrency_of
from dashboards_py.panel_data.times import zone_of
from dashboards_py.panel_data.variables import OpenedVariables, opening_values
from dashboards_py.preview.changes import Change
from dashboards_py.preview.comparison import comparison
from dashboards_py.preview.picture import DataOf, Picture, PictureOptions, board_picture


def draw_changes(
    changed: Sequence[Change],
    after: Board,
    source: Source,
    options: PictureOptions,
    chosen: Mapping[str, Sequence[str]],
) -> Picture:
    """Panels that differ between two versions of a board, with the data that the newer one's variables choose.

    What is not drawn of the whole board is that of the newer version.
    """
    opened = opening_values(after, options.window, source, chosen)
    options = _with_board(options, after, opened, source)
    shown = [
        replace(
            change,
            before=change.before and _written(change.before, opened.values),
            after=change.after and _written(change.after, opened.values),
        )
        for change in changed
    ]
    return comparison(shown, _data_of(options.window, opened.values, source), options)


def _data_of(window: Window, variables: Variables, source: Source) -> DataOf:
    """What the source has for a panel."""

    def data_of(panel: Panel, width: float) -> PanelData:
        return panel_data(panel, replace(window, width=max(round(width), 1)), variables, source)

    return data_of


def with_panels(board: Board, convert: Callable[[Panel], Panel]) -> Board:
    """The board with each panel converted."""
    return replace(board, rows=tuple(replace(row, panels=tuple(map(convert, row.panels))) for row in board.rows))


def _written(panel: Panel, variables: Variables) -> Panel:
    """The panel with the variables in its title and its text written out."""
    panel = replace(panel, title=interpolate(panel.title, variables, "text"))
    if panel.type != "text":
        return panel
    options = fields.mapping(panel.raw, "options")
    content = interpolate(fields.text(options, "content"), variables, "html")
    return replace(panel, raw={**panel.raw, "options": {**options, "content": content}})


def _opened(board: Board, variables: Variables) -> Board:
    """The board with the variables in the titles of its rows and panels, and in its texts, written out."""
    board = with_panels(board, lambda panel: _written(panel, variables))
    rows = (replace(row, title=interpolate(row.title, variables, "text")) for row in board.rows)
    return replace(board, rows=tuple(rows))


def _other_zone(board: Board) -> tuple[str, ...]:
    """A sentence if the board's times are in a zone that is not known; those of the browser are in UTC here."""
    zone = fields.text(board.raw, "timezone")
    return () if zone_of(zone) else (f"its times are in UTC: {zone[:100]!r} is not known as a time zone",)


def _with_board(options: PictureOptions, board: Board, opened: OpenedVariables, source: Source) -> PictureOptions:
    """The options with the board's variables and events, and with what is not drawn of the whole board."""
    events = board_events(board, options.window, opened.values, source)
    return replace(
        options,
        variables=opened.values,
        events=events.events,
        notes=(*options.notes, *_other_zone(board), *opened.problems, *events.problems),
        concurrency=concurrency_of(source),
    )


def draw(
    board: Board,
    source: Source,
    options: PictureOptions,
    chosen: Mapping[str, Sequence[str]],
    finished: Callable[[str], None] | None = None,
) -> Picture:
    """Ask the source for what each panel shows and draw the board; `chosen` are values of variables by name.

    Each band of a large picture is `finished`, as SVG, before the next one is asked for.
    What fails or is not drawn is in the picture's problems; nothing is raised for a fault of the board.
    """
    board = upgraded(board)
    opened = opening_values(board, options.window, source, chosen)
    board = _opened(board, opened.values)
    data_of = _data_of(options.window, opened.values, source)
    return board_picture(board, data_of, _with_board(options, board, opened, source), finished)
