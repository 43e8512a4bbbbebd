"""The boards, rules and values in files, whatever documents they are in, as one side of a review."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from typing import Any

from dashboards_py.board import Board
from dashboards_py.board.documents import (
    LoadFile,
    Source,
    boards_in,
    is_about_boards,
    is_yaml,
    linked,
    refers,
)
from dashboards_py.board.read import NoBoards
from dashboards_py.documents.limits import BOARDS, Limits
from dashboards_py.documents.rule import Rule
from dashboards_py.documents.rule_files import is_about_rules, rule_sets_in
from dashboards_py.documents.yaml import load_yaml_documents
from dashboards_py.errors import DashboardsError
from dashboards_py.values.assemble import InputFile
from dashboards_py.values.read import read_user_values

ENDINGS = (".json", ".yaml", ".yml", ".yaml.tpl", ".yml.tpl", ".rules")
FIX = "name files with dashboards, alerting and recording rules, or values of the Cilium chart"


@dataclass(frozen=True, slots=True)
class Side:
    """Boards, rules and values by file and document. `unread` are what could not be read."""

    boards: Mapping[str, Board] = field(default_factory=dict)
    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    unread: tuple[DashboardsError, ...] = ()


def side_of(files: Mapping[str, bytes], limits: Limits = BOARDS, *, named: Sequence[str] = ()) -> Side:
    """One side from the contents of files, by their paths.

    A file that holds none of these is left out, unless it is `named`: then it is an error.
    """
    boards: dict[str, Board] = {}
    rules: dict[str, tuple[Rule, ...]] = {}
    values: dict[str, Mapping[str, Any]] = {}
    unread: list[DashboardsError] = []
    sources = {name: Source(content, _loader(name, files)) for name, content in files.items()}
    links = linked(sources, limits) if any(map(refers, files.values())) else None
    for name, source in sources.items():
        problems: list[DashboardsError] = []
        of_rules = list(_rules(name, source.content, limits, problems))
        rules |= dict(of_rules)
        of_boards: list[tuple[str, Board]] = []
        if name.endswith(".json") or is_about_boards(source.content):
            try:
                for shown, board in boards_in(source.content, name, limits, links, source.load_file):
                    if isinstance(board, Board):
                        of_boards.append((shown, board))
                    else:
                        problems.append(board)
            except NoBoards as error:
                problems += [error] if name in named else []
            except DashboardsError as error:
                problems += [error] if name in named or is_about_boards(source.content) else []
        boards |= dict(of_boards)
        of_values = [] if of_boards or of_rules else list(_values(name, source, problems, is_named=name in named))
        values |= dict(of_values)
        if not (of_rules and not of_boards) and not of_values:
            unread += problems
    return Side(boards, rules, values, tuple(unread))


def _loader(name: str, files: Mapping[str, bytes]) -> LoadFile:
    """Reads a file that another names, relative to it."""
    return lambda relative: files.get(normpath(join(dirname(name), relative)))


def _rules(
    name: str, content: bytes, limits: Limits, problems: list[DashboardsError]
) -> Iterator[tuple[str, tuple[Rule, ...]]]:
    if not is_about_rules(content):
        return
    try:
        for rule_set in rule_sets_in(content, name, limits):
            if rule_set.rules:
                yield rule_set.name, rule_set.rules
    except DashboardsError as error:
        problems.append(error)


def _values(
    name: str, source: Source, problems: list[DashboardsError], *, is_named: bool
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Values of the Cilium chart in YAML, or nothing."""
    if not is_named and not (is_yaml(source.content, name) or name.endswith((".yaml", ".yml"))):
        return
    try:
        documents = tuple(document.value for document in load_yaml_documents(source.content, name))
        for one in read_user_values([InputFile(name, documents, source.load_file)]):
            yield one.where, one.values
    except DashboardsError as error:
        if is_named and not problems:
            problems.append(DashboardsError(name, cause=error.cause, fix=FIX))
