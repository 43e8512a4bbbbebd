"""The two sides of `diff`: files, directories, boards of ours, revisions of git, and a Grafana."""

import os
from collections.abc import Sequence
from dataclasses import replace
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards_py.cli._board_files import boards_of
from dashboards_py.cli._git import GitError, git
from dashboards_py.cli._input import is_path, read_input
from dashboards_py.cli._our_boards import our_board, our_boards
from dashboards_py.errors import DashboardsError
from dashboards_py.plural import counted

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.configuration import Configuration
    from dashboards_py.documents.limits import Limits
    from dashboards_py.release import Release
    from dashboards_py.review import Side

FIX = "give a file, a directory, a uid (`cilium-dashboards list`), or a revision of git"
LARGEST = 20_000  # files of one revision


def is_range(name: str) -> bool:
    """True for `A..B` and `A...B`, if there is no such file."""
    return ".." in name and not name.startswith(("../", "./")) and name.strip(".") != "" and not Path(name).exists()


def is_ours(name: str) -> bool:
    """True for a uid of ours."""
    from dashboards_py.dashboards import uids

    return name in uids()


def named_side(name: str, release: "Release", configuration: "Configuration", limits: "Limits") -> "Side":
    """A file, a directory, or a board of ours."""
    from dashboards_py.board import read
    from dashboards_py.documents.walk import walk
    from dashboards_py.review import ENDINGS, Side, side_of

    if not is_path(name):
        return Side(boards={name: read(our_board(name, release, configuration).json)})
    if not Path(name).is_dir():
        shown, content = read_input(name, limits, FIX)
        return side_of({shown: content}, limits, named=[shown])
    files: dict[str, bytes] = {}
    unread: list[DashboardsError] = []
    for file in walk(Path(name), ENDINGS):
        try:
            if file.why:
                raise DashboardsError(str(file.path), cause=file.why)
            files[relpath(file.path, name)] = read_input(str(file.path), limits, FIX)[1]
        except DashboardsError as error:
            unread.append(error)
    side = side_of(files, limits)
    if not (side.boards or side.rules or side.values or side.unread or unread):
        cause = "holds no dashboards, rules or values of Cilium"
        raise DashboardsError(name, cause=cause, fix="name another directory")
    return replace(side, unread=(*side.unread, *unread))


def revisions(names: Sequence[str]) -> tuple[str, str, Sequence[str]]:
    """The older and the newer revision, "" for the working tree, and the paths; the base of both for `A...B`."""
    if is_range(names[0]):
        old, dots, new = names[0].partition("...") if "..." in names[0] else names[0].partition("..")
        old, new = old or "HEAD", new or "HEAD"
        return (_git("merge-base", old, new).decode().strip() if dots == "..." else old), new, names[1:]
    if len(names) > 1 and _is_revision(names[1]):
        return names[0], names[1], names[2:]
    return names[0], "", names[1:]


def revision_sides(old: str, new: str, paths: Sequence[str], limits: "Limits") -> "tuple[Side, Side]":
    """The files that differ between two revisions, or one and the working tree, as far as they can be compared."""
    from dashboards_py.review import ENDINGS, side_of

    for revision in filter(None, (old, new)):
        if revision.startswith("-") or not _is_revision(revision):
            raise DashboardsError(f"{revision!r}", cause="is no file, directory, uid or revision of git", fix=FIX)
    root = Path(_git("rev-parse", "--show-toplevel").decode().strip())
    commits = [_commit(revision) for revision in (old, new) if revision]
    _ensure_there(paths, commits)
    listed = _git("diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", *commits, "--", *paths)
    if not new:
        listed += _git("ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", *paths)
    names = [name for name in dict.fromkeys(listed.decode(errors="surrogateescape").split("\0")) if name]
    names = [name for name in names if name.endswith(ENDINGS)]
    if len(names) > LARGEST:
        raise DashboardsError(
            "diff", cause=f"{counted(len(names), 'file')} differ", fix="name directories or files behind the revisions"
        )
    sides = []
    for commit in (commits[0], commits[1] if new else ""):
        contents = {name: content for name in names if (content := _content(root, commit, name, limits)) is not None}
        sides.append(side_of(contents, limits))
    return sides[0], sides[1]


def grafana_sides(
    names: Sequence[str], release: "Release", configuration: "Configuration", limits: "Limits"
) -> "tuple[Side, Side]":
    """The boards as Grafana has them, and as they are named, or all of ours."""
    from dashboards_py.board import read
    from dashboards_py.cli._grafana import open_grafana
    from dashboards_py.review import Side

    unread: list[DashboardsError] = []
    boards = [board for _, board in boards_of(filter(is_path, names), limits, unread, {})]
    boards += [read(our_board(name, release, configuration).json) for name in names if not is_path(name)]
    boards += [] if names else our_boards_read(release, configuration)
    wanted = {board.uid: board for board in boards if board.uid}
    live: dict[str, Board] = {
        one.uid: read(dict(one.raw)) for one in open_grafana().boards(list(wanted)) if one.raw is not None
    }
    return Side(boards=live), Side(boards=wanted, unread=tuple(unread))


def our_boards_read(release: "Release", configuration: "Configuration") -> "list[Board]":
    """Our boards, as values."""
    from dashboards_py.board import read

    return [read(one.json) for one in our_boards(release, configuration)]


def _is_revision(name: str) -> bool:
    return _is_object(f"{name}^{{commit}}")


def _commit(revision: str) -> str:
    return _git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()


def _ensure_there(paths: Sequence[str], commits: Sequence[str]) -> None:
    """Refuse a path that is neither here nor at the revisions; patterns of git may choose nothing."""
    for path in paths:
        if os.path.lexists(path) or path.startswith(":") or set(path) & set("*?["):
            continue
        relative = path if path.startswith("/") else f"./{path.rstrip('/')}"
        if not any(_is_object(f"{commit}:{relative}") for commit in commits):
            raise DashboardsError(path, cause="is neither here nor at these revisions", fix="name another path")


def _is_object(name: str) -> bool:
    try:
        return bool(git(Path.cwd(), "rev-parse", "--verify", "--quiet", "--end-of-options", name))
    except GitError:
        return False


def _content(root: Path, commit: str, name: str, limits: "Limits") -> bytes | None:
    """A file at a commit, or of the working tree; None if it is not there, or is no regular file."""
    if not commit:
        path = root / name
        return read_input(str(path), limits, FIX)[1] if path.is_file() and not path.is_symlink() else None
    entry = _git_at(root, "ls-tree", "-l", commit, "--", name).decode(errors="surrogateescape").split()
    if len(entry) < 4 or entry[1] != "blob" or entry[0] == "120000":
        return None
    if int(entry[3]) > limits.size:
        raise DashboardsError(
            name, cause=f"has {int(entry[3]):,} bytes at {commit[:12]}", fix="--max-size MIB raises the limit"
        )
    return _git_at(root, "cat-file", "blob", entry[2])


def _git(*arguments: str) -> bytes:
    return _git_at(Path.cwd(), *arguments)


def _git_at(directory: Path, *arguments: str) -> bytes:
    try:
        return git(directory, *arguments)
    except GitError as error:
        raise DashboardsError(f"git {arguments[0]}", cause=str(error), fix=FIX) from error
