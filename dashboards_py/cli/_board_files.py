"""Boards in the files and directories that a command names."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards_py.cli._input import read_input
from dashboards_py.errors import DashboardsError

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.documents.limits import Limits

FIX = "give a file, a directory, a uid (`cilium-dashboards list`) or -"


def boards_of(names: Iterable[str], limits: "Limits", unread: list[DashboardsError]) -> "Iterator[tuple[str, Board]]":
    """The boards with their files, one after the other; errors of those that cannot be read are added to `unread`.

    Of a directory all *.json in its tree; one without any raises DashboardsError. `-` is standard input.
    """
    for name in names:
        if Path(name).is_dir():
            yield from _boards_in(name, limits, unread)
        elif board := _board(name, limits, unread):
            yield board


def _boards_in(directory: str, limits: "Limits", unread: list[DashboardsError]) -> "Iterator[tuple[str, Board]]":
    from dashboards_py.documents.walk import walk

    files = 0
    for file in walk(Path(directory)):
        files += 1
        if file.why:
            unread.append(DashboardsError(str(file.path), cause=file.why))
        elif board := _board(str(file.path), limits, unread):
            yield board
    if not files:
        raise DashboardsError(directory, cause="is a directory without *.json", fix="give the directory of the boards")


def _board(path: str, limits: "Limits", unread: list[DashboardsError]) -> "tuple[str, Board] | None":
    from dashboards_py.board import read

    try:
        name, source = read_input(path, limits, FIX)
        return name, read(source, name, limits)
    except DashboardsError as error:
        unread.append(error)
        return None
