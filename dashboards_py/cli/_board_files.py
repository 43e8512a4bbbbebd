"""Boards in the files and directories that a command names, and rules in these files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.cli._input import read_input
from dashboards_py.errors import DashboardsError
from dashboards_py.plural import counted

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.board.documents import Linked, LoadFile
    from dashboards_py.documents.limits import Limits
    from dashboards_py.documents.rule_files import RuleSet

FIX = "give a file, a directory, a uid (`cilium-dashboards list`) or -"
ENDINGS = (".json", ".yaml", ".yml", ".yaml.tpl", ".yml.tpl")
RULE_ENDING = ".rules"
MOST_NAMED = 20  # files without a dashboard


def boards_of(
    names: Iterable[str],
    limits: "Limits",
    unread: list[DashboardsError],
    renamed: Mapping[str, str],
    rules: "list[RuleSet] | None" = None,
    *,
    skip_others: bool = False,
) -> "Iterator[tuple[str, Board]]":
    """The boards with file, document and path, one after the other; errors of those that cannot be read go to `unread`.

    Of a directory all files in its tree; one without any raises DashboardsError. `-` is standard input. `renamed` are
    the names of labels in these boards, by ours, with which they are returned. If `rules` is a list, alerting and
    recording rules in the files are appended to it, with the labels as they are; otherwise they are no boards.
    `skip_others` says that files without boards are skipped and printed also where they are named themselves.
    """
    from dashboards_py.promql import forget_queries
    from dashboards_py.queries import with_our_labels

    others: list[DashboardsError] = [] if skip_others else unread
    for name in names:
        is_directory = Path(name).is_dir()
        boards = (
            _boards_in(name, limits, unread, rules) if is_directory else _boards(name, limits, unread, others, rules)
        )
        for shown, board in boards:
            yield shown, with_our_labels(board, renamed)
            forget_queries()
    if skip_others:
        _print_skipped(others)


def boards_of_file(name: str, limits: "Limits") -> "list[tuple[str, Board]]":
    """The boards of one file; raises DashboardsError if one of them cannot be read."""
    unread: list[DashboardsError] = []
    boards = list(_boards(name, limits, unread, unread))
    if unread:
        raise unread[0]
    return boards


def _boards_in(
    directory: str, limits: "Limits", unread: list[DashboardsError], rules: "list[RuleSet] | None"
) -> "Iterator[tuple[str, Board]]":
    from dashboards_py.documents.walk import walk

    files = list(walk(Path(directory), ENDINGS if rules is None else (*ENDINGS, RULE_ENDING)))
    rules_before = len(rules or ())
    links, linked_files = _links([str(file.path) for file in files if not file.why], limits)
    listed = frozenset(normpath(file.path) for file in files)
    boards = 0
    others: list[DashboardsError] = []
    for file in files:
        if normpath(file.path) in linked_files:
            continue
        if file.why:
            unread.append(DashboardsError(str(file.path), cause=file.why))
            continue
        # Other YAML than that of dashboards is skipped; so is other JSON, which is named.
        is_optional = not file.path.name.endswith(".json")
        read = _boards(str(file.path), limits, unread, others, rules, links, listed, is_optional=is_optional)
        for name, board in read:
            boards += 1
            yield name, board
    if not boards and not unread and len(rules or ()) == rules_before:
        kinds = "*.json" if not files else "dashboards"
        fix = "give the directory of the boards"
        raise DashboardsError(directory, cause=f"is a directory without {kinds}", fix=fix)
    _print_skipped(others)


def _print_skipped(others: Sequence[DashboardsError]) -> None:
    for error in others[:MOST_NAMED]:
        click.echo(f"skipped: {error.what}: {error.cause}", err=True)
    if len(others) > MOST_NAMED:
        click.echo(f"skipped: {counted(len(others) - MOST_NAMED, 'more file')}", err=True)


def _links(paths: Sequence[str], limits: "Limits") -> "tuple[Linked, frozenset[str]]":
    """What documents of a tree refer to, and the files that are read there instead of alone.

    The files are read only if there is such a document.
    """
    from dashboards_py.board.documents import Linked, Source, linked, refers

    sources: dict[str, Source] = {}
    is_used = False
    for path in paths:
        if path.endswith(".json"):
            continue
        try:
            content = read_input(path, limits, FIX)[1]
        except DashboardsError:
            continue
        is_used = is_used or refers(content)
        if refers(content) or b"ConfigMap" in content or b"configMapGenerator" in content:
            sources[path] = Source(content, _loader(path, limits))
    links = linked(sources, limits) if is_used else Linked()
    return links, frozenset(normpath(Path(name).parent / file) for name, file in links.files)


def _loader(path: str, limits: "Limits", listed: frozenset[str] = frozenset()) -> "LoadFile":
    """Reads the files that a file names; None for those that are not there, and those that are listed."""

    def load_file(relative: str) -> bytes | None:
        named = Path(path).parent / relative
        try:
            return None if path == "-" or normpath(named) in listed else read_input(str(named), limits, FIX)[1]
        except DashboardsError:
            return None

    return load_file


def _boards(
    path: str,
    limits: "Limits",
    unread: list[DashboardsError],
    others: list[DashboardsError],
    rules: "list[RuleSet] | None" = None,
    links: "Linked | None" = None,
    listed: frozenset[str] = frozenset(),
    *,
    is_optional: bool = False,
) -> "Iterator[tuple[str, Board]]":
    """The boards of a file; errors for one without boards go to `others`, all others to `unread`."""
    from dashboards_py.board import Board
    from dashboards_py.board.documents import boards_in, is_about_boards
    from dashboards_py.board.read import NoBoards

    holds_rules = generates = False
    try:
        name, source = read_input(path, limits, FIX)
        if rules is not None:
            holds_rules = _add_rules(source, name, limits, rules, is_optional=is_optional)
        generates = b"configMapGenerator" in source
        if (is_optional or holds_rules) and not generates and not is_about_boards(source):
            return
        for shown, board in boards_in(source, name, limits, links, _loader(path, limits, listed)):
            if isinstance(board, Board):
                yield shown, board
            else:
                unread.append(board)
    except NoBoards as error:
        # It holds rules, or its ConfigMaps are generated of other texts, or of boards that are read as files.
        if not holds_rules and not (is_optional and generates):
            others.append(error)
    except DashboardsError as error:
        if not holds_rules:
            unread.append(error)


def _add_rules(source: bytes, name: str, limits: "Limits", rules: "list[RuleSet]", *, is_optional: bool) -> bool:
    """Append the rules in a file; True if it holds any. Templates of Helm in a directory are skipped, with a note."""
    from dashboards_py.documents.rule_files import is_about_rules, rule_sets_in

    if not is_about_rules(source):
        return False
    try:
        sets = rule_sets_in(source, name, limits)
    except DashboardsError as error:
        if not is_optional or b"{{" not in source:
            raise
        click.echo(f"not read: {error}", err=True)
        return False
    rules += sets
    return bool(sets)
