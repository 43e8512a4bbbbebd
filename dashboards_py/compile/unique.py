"""Check that uids, titles and folders are unique among the boards that are compiled together."""

from collections.abc import Iterable, Mapping

from dashboards_py.errors import DashboardsError
from dashboards_py.model import Dashboard


def by_uid(boards: Iterable[Dashboard]) -> Mapping[str, Dashboard]:
    """The boards by uid, sorted.

    Raises DashboardsError for duplicate uids, for duplicate titles in a folder, and for folders that differ only by
    case, which some of Grafana's databases and some file systems do not distinguish.
    """
    uids: dict[str, Dashboard] = {}
    titles: dict[tuple[str, str], Dashboard] = {}
    folders: dict[str, Dashboard] = {}
    for board in sorted(boards, key=lambda board: board.uid):
        other = uids.setdefault(board.uid, board)
        if other is not board:
            raise DashboardsError(
                f"uid {board.uid!r}",
                cause=f"two boards have it: {other.title!r} and {board.title!r}",
                fix="give one of them another uid",
            )
        other = folders.setdefault(board.folder.casefold(), board)
        if other.folder != board.folder:
            raise DashboardsError(
                f"folder {board.folder!r} of board {board.uid!r}",
                cause=f"differs only by case from {other.folder!r} of board {other.uid!r}",
                fix="use the same spelling in both",
            )
        other = titles.setdefault((board.folder.casefold(), board.title.casefold()), board)
        if other is not board:
            raise DashboardsError(
                f"title {board.title!r} in folder {board.folder!r}",
                cause=f"two boards have it: {other.uid!r} and {board.uid!r}",
                fix="give one of them another title or folder",
            )
    return uids
