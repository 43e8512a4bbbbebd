"""Where panels are: Grafana's grid."""

from hypothesis import given
from hypothesis import strategies as st

from dashboards_py.board import read
from dashboards_py.preview.grid import CELL, GAP, MARGIN, compacted, grid_items


def board(panels: list[dict[str, object]]) -> dict[str, object]:
    """A board with these panels."""
    return {"uid": "b", "title": "b", "schemaVersion": 41, "panels": panels}


def panel(title: str, x: int, y: int, w: int, h: int) -> dict[str, object]:
    """A panel at a position of the grid."""
    return {"type": "stat", "title": title, "gridPos": {"x": x, "y": y, "w": w, "h": h}}


def test_a_panel_has_the_size_that_grafana_gives_it() -> None:
    """On a page of 1440 px a column is 51 px; a cell is 30 px high; 8 px are between cells."""
    item = next(iter(grid_items(read(board([panel("a", 6, 0, 6, 4)])), 1440, all_rows=False)))
    assert (item.box.x, item.box.y) == (MARGIN + 6 * (51 + GAP), 0)
    assert (item.box.width, item.box.height) == (6 * 51 + 5 * GAP, 4 * CELL + 3 * GAP)


def test_rows_follow_each_other_and_collapsed_ones_are_one_line() -> None:
    """The panels of a collapsed row are shown only with all rows, and what is below moves down."""
    row: dict[str, object] = {
        "type": "row",
        "title": "closed",
        "collapsed": True,
        "gridPos": {"x": 0, "y": 4, "w": 24, "h": 1},
    }
    inner: list[dict[str, object]] = [panel("inside", 0, 5, 24, 3)]
    last: dict[str, object] = {"type": "row", "title": "last", "gridPos": {"x": 0, "y": 5, "w": 24, "h": 1}}
    parsed = read(board([panel("top", 0, 0, 24, 4), {**row, "panels": inner}, last, panel("end", 0, 6, 24, 2)]))
    collapsed = [
        (item.panel.title if item.panel else item.row.title) for item in grid_items(parsed, 1440, all_rows=False)
    ]
    assert collapsed == ["top", "closed", "last", "end"]
    opened = list(grid_items(parsed, 1440, all_rows=True))
    assert [(item.panel.title if item.panel else item.row.title) for item in opened] == [
        *("top", "closed", "inside", "last", "end")
    ]
    assert opened[-1].box.y == (4 + 1 + 3 + 1) * (CELL + GAP)


def test_old_boards_without_positions_flow_from_left_to_right() -> None:
    """A span of 12 is the whole width."""
    old = {
        "title": "old",
        "schemaVersion": 14,
        "rows": [
            {
                "title": "",
                "panels": [
                    {"type": "graph", "span": 8, "title": "a"},
                    {"type": "graph", "span": 4, "title": "b"},
                    {"type": "graph", "span": 6, "title": "c"},
                ],
            }
        ],
    }
    first, second, third = (item.box for item in grid_items(read(old), 1440, all_rows=False))
    assert first.right + GAP == second.x
    assert third.y == first.bottom + GAP
    assert third.x == MARGIN


boxes = st.lists(
    st.tuples(st.integers(0, 23), st.integers(0, 40), st.integers(1, 24), st.integers(1, 9)).filter(
        lambda box: box[0] + box[2] <= 24
    ),
    max_size=20,
)


@given(boxes)
def test_no_panel_covers_another(sizes: list[tuple[int, int, int, int]]) -> None:
    """However a board places them."""
    cells = [(column, row) for x, y, w, h in compacted(sizes) for column in range(x, x + w) for row in range(y, y + h)]
    assert len(cells) == len(set(cells))
