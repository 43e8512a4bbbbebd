"""The ids of panels."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from dashboards_py.model import Dashboard


def panel_id(uid: str, title: str) -> int:
    """A panel's id, 1 to 2^31 - 1, derived from the board's uid and the panel's title: independent of other panels."""
    return int.from_bytes(sha256(f"{uid}\0{title}".encode()).digest()[:8]) % (2**31 - 1) + 1


def ids_by_title(boards: Iterable[Dashboard]) -> Mapping[tuple[str, str], int]:
    """The ids of all panels, by the uid of the board and the title; one that was renamed has that of its former one."""
    return {
        (board.uid, panel.title): panel_id(board.uid, panel.former_title or panel.title)
        for board in boards
        for row in board.rows
        for panel in row.panels
    }
