"""The ids and positions of panels."""

from dashboards_py.compile import layout
from dashboards_py.compile.links import Boards, column_links, header_links, value_links
from dashboards_py.compile.panel_ids import panel_id
from dashboards_py.errors import DashboardsError
from dashboards_py.model import COLUMNS, Box, Dashboard, Panel, PlacedDashboard, PlacedPanel, PlacedRow, Row


def position_dashboard(board: Dashboard, boards: Boards) -> PlacedDashboard:
    """Give each panel and row an id and a box; a collision of ids raises DashboardsError."""
    ids = _Ids(board.uid)
    row_ids = [ids.take(f"row {row.title}") for row in board.rows]
    rows = []
    top = 0
    for row, row_id in zip(board.rows, row_ids, strict=True):
        placed = _row(row, row_id, top, board.uid, boards, ids)
        rows.append(placed)
        top += layout.ROW_HEIGHT
        top = top if row.collapsed else layout.bottom([panel.box for panel in placed.panels], top)
    return PlacedDashboard(
        uid=board.uid,
        title=board.title,
        about=board.about,
        variables=board.variables,
        annotations=board.annotations,
        tags=board.tags,
        refresh=board.refresh,
        rows=tuple(rows),
    )


class _Ids:
    """The ids of one board, each used once."""

    def __init__(self, uid: str) -> None:
        self.uid = uid
        self.titles: dict[int, str] = {}

    def take(self, title: str) -> int:
        number = panel_id(self.uid, title)
        if number in self.titles:
            raise DashboardsError(
                f"board {self.uid}, panel {title!r}",
                cause=f"its id {number} collides with that of {self.titles[number]!r}",
                fix="give it another title",
            )
        self.titles[number] = title
        return number


def _row(row: Row, row_id: int, top: int, uid: str, boards: Boards, ids: _Ids) -> PlacedRow:
    boxes = layout.arrange([(panel.width, panel.height) for panel in row.panels], top + layout.ROW_HEIGHT)
    return PlacedRow(
        title=row.title,
        id=row_id,
        box=Box(0, top, COLUMNS, layout.ROW_HEIGHT),
        collapsed=row.collapsed,
        panels=tuple(_panel(panel, box, uid, boards, ids) for panel, box in zip(row.panels, boxes, strict=True)),
    )


def _panel(panel: Panel, box: Box, uid: str, boards: Boards, ids: _Ids) -> PlacedPanel:
    return PlacedPanel(
        panel=panel,
        id=ids.take(panel.former_title or panel.title),
        box=box,
        header_links=header_links(panel, uid, boards),
        value_links=value_links(panel, uid, boards),
        column_links=column_links(panel, uid, boards),
    )
