"""Boards in the files and directories that a command names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards_py.cli._input import read_input
from dashboards_py.errors import DashboardsError

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.board.documents import Linked
    from dashboards_py.documents.limits import Limits

FIX = "give a file, a directory, a uid (`cilium-dashboards list`) or -"
ENDINGS = (".json", ".yaml", ".yml", ".yaml.tpl", ".yml.tpl")


def boards_of(
    names: Iterable[str], limits: "Limits", unread: list[DashboardsError], renamed: Mapping[str, str]
) -> "Iterator[tuple[str, Board]]":
    """The boards with file, document and path, one after the other; errors of those that cannot be read go to `unread`.

    Of a directory all files in its tree; one without any raises DashboardsError. `-` is standard input. `renamed` are
    the names of labels in these boards, by ours, with which they are returned.
    """
    from dashboards_py.queries import with_our_labels

    for name in names:
        boards = _boards_in(name, limits, unread) if Path(name).is_dir() else _boards(name, limits, unread)
        for shown, board in boards:
            yield shown, with_our_labels(board, renamed)


def boards_of_file(name: str, limits: "Limits") -> "list[tuple[str, Board]]":
    """The boards of one file; raises DashboardsError if one of them cannot be read."""
    unread: list[DashboardsError] = []
    boards = list(_boards(name, limits, unread))
    if unread:
        raise unread[0]
    return boards


def _boards_in(directory: str, limits: "Limits", unread: list[DashboardsError]) -> "Iterator[tuple[str, Board]]":
    from dashboards_py.documents.walk import walk

    files = list(walk(Path(directory), ENDINGS))
    links = _links([str(file.path) for file in files if not file.why], limits)
    boards = 0
    for file in files:
        if file.why:
            unread.append(DashboardsError(str(file.path), cause=file.why))
            continue
        # Other YAML than that of dashboards is skipped; a file *.json is meant to be one.
        named_boards = _boards(str(file.path), limits, unread, links, is_optional=not file.path.name.endswith(".json"))
        for name, board in named_boards:
            boards += 1
            yield name, board
    if not boards and not unread:
        kinds = "*.json" if not files else "dashboards"
        fix = "give the directory of the boards"
        raise DashboardsError(directory, cause=f"is a directory without {kinds}", fix=fix)


def _links(paths: Sequence[str], limits: "Limits") -> "Linked":
    """What documents of a tree refer to; the files are read only if there is such a document."""
    from dashboards_py.board.documents import Linked, linked, refers

    sources: dict[str, bytes] = {}
    is_used = False
    for path in paths:
        if path.endswith(".json"):
            continue
        try:
            source = read_input(path, limits, FIX)[1]
        except DashboardsError:
            continue
        is_used = is_used or refers(source)
        if refers(source) or b"ConfigMap" in source:
            sources[path] = source
    return linked(sources, limits) if is_used else Linked()


def _boards(
    path: str,
    limits: "Limits",
    unread: list[DashboardsError],
    links: "Linked | None" = None,
    *,
    is_optional: bool = False,
) -> "Iterator[tuple[str, Board]]":
    from dashboards_py.board import Board
    from dashboards_py.board.documents import boards_in, is_about_boards

    try:
        name, source = read_input(path, limits, FIX)
        if is_optional and not is_about_boards(source):
            return
        for shown, board in boards_in(source, name, limits, links):
            if isinstance(board, Board):
                yield shown, board
            else:
                unread.append(board)
    except DashboardsError as error:
        unread.append(error)
