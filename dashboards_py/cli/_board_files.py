"""Boards in the files and directories that a command names, and rules in these files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.cli._input import read_input
from dashboards_py.errors import DashboardsError

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.board.documents import Linked
    from dashboards_py.documents.limits import Limits
    from dashboards_py.documents.rule_files import RuleSet

FIX = "give a file, a directory, a uid (`cilium-dashboards list`) or -"
ENDINGS = (".json", ".yaml", ".yml", ".yaml.tpl", ".yml.tpl")
RULE_ENDING = ".rules"


def boards_of(
    names: Iterable[str],
    limits: "Limits",
    unread: list[DashboardsError],
    renamed: Mapping[str, str],
    rules: "list[RuleSet] | None" = None,
) -> "Iterator[tuple[str, Board]]":
    """The boards with file, document and path, one after the other; errors of those that cannot be read go to `unread`.

    Of a directory all files in its tree; one without any raises DashboardsError. `-` is standard input. `renamed` are
    the names of labels in these boards, by ours, with which they are returned. If `rules` is a list, alerting and
    recording rules in the files are appended to it, with the labels as they are; otherwise they are no boards.
    """
    from dashboards_py.queries import with_our_labels

    for name in names:
        is_directory = Path(name).is_dir()
        boards = _boards_in(name, limits, unread, rules) if is_directory else _boards(name, limits, unread, rules)
        for shown, board in boards:
            yield shown, with_our_labels(board, renamed)


def boards_of_file(name: str, limits: "Limits") -> "list[tuple[str, Board]]":
    """The boards of one file; raises DashboardsError if one of them cannot be read."""
    unread: list[DashboardsError] = []
    boards = list(_boards(name, limits, unread))
    if unread:
        raise unread[0]
    return boards


def _boards_in(
    directory: str, limits: "Limits", unread: list[DashboardsError], rules: "list[RuleSet] | None"
) -> "Iterator[tuple[str, Board]]":
    from dashboards_py.documents.walk import walk

    files = list(walk(Path(directory), ENDINGS if rules is None else (*ENDINGS, RULE_ENDING)))
    rules_before = len(rules or ())
    links = _links([str(file.path) for file in files if not file.why], limits)
    boards = 0
    for file in files:
        if file.why:
            unread.append(DashboardsError(str(file.path), cause=file.why))
            continue
        # Other YAML than that of dashboards is skipped; a file *.json is meant to be one.
        is_optional = not file.path.name.endswith(".json")
        named_boards = _boards(str(file.path), limits, unread, rules, links, is_optional=is_optional)
        for name, board in named_boards:
            boards += 1
            yield name, board
    if not boards and not unread and len(rules or ()) == rules_before:
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
    rules: "list[RuleSet] | None" = None,
    links: "Linked | None" = None,
    *,
    is_optional: bool = False,
) -> "Iterator[tuple[str, Board]]":
    from dashboards_py.board import Board
    from dashboards_py.board.documents import boards_in, is_about_boards

    holds_rules = False
    try:
        name, source = read_input(path, limits, FIX)
        if rules is not None:
            holds_rules = _add_rules(source, name, limits, rules, is_optional=is_optional)
        if (is_optional or holds_rules) and not is_about_boards(source):
            return
        for shown, board in boards_in(source, name, limits, links):
            if isinstance(board, Board):
                yield shown, board
            else:
                unread.append(board)
    except DashboardsError as error:
        if not holds_rules:  # else it holds rules, and no boards
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
