"""`lint`: faults of boards that need no cluster to be seen."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.catalog.release import Release
from dashboards_py.cli._options import release_option
from dashboards_py.errors import DashboardsError, PartlyDone, ProblemsFound

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.lint.run import Excuses, Finding


@dataclass(frozen=True, slots=True)
class Given:
    """A board to look at: `file` is where it was read, "" for one of ours, which alone has excuses."""

    file: str
    board: "Board"
    excuses: "Excuses | None" = None


@click.command()
@click.argument("boards", metavar="[FILE|DIRECTORY|UID]...", nargs=-1)
@release_option("Cilium release")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--all", "every", is_flag=True, help="Rules of our own taste as well, on boards that are not ours.")
@click.option("--explain", metavar="RULE", help="Print the manual page of a rule, or of `all`.")
def command(boards: tuple[str, ...], release: Release, every: bool, as_json: bool, explain: str | None) -> None:
    """Find queries that can never return data, and other faults, on our boards or on anyone's.

    Without arguments all of ours are looked at; of a directory all its *.json, and `-` reads standard input. Exit 1
    where anything is found, 4 where some files could not be read. What an author excused is printed with the reason.
    """
    from dashboards_py.lint import explained, lint, names

    if explain:
        click.echo("\n\n".join(explained(rule) for rule in (names() if explain == "all" else (explain,))))
        return
    given, unread = _given(boards, release)
    rows: list[tuple[Given, Finding, str]] = []
    for each in given:
        found, excused = lint(each.board, release, each.excuses, ours=every or each.excuses is not None)
        rows += [(each, finding, "") for finding in found]
        rows += [(each, allowed.finding, allowed.why) for allowed in excused]
    (_print_json if as_json else _print)(rows)
    count = sum(not why for *_, why in rows)
    panels = sum(len(each.board.panels) for each in given)
    counted = f"{panels} panels on Cilium {release}: {count} found, {len(rows) - count} excused"
    click.echo(counted, err=as_json)
    if unread:
        raise PartlyDone("\n".join(map(str, unread)), fix="the other boards were looked at")
    if count:
        raise ProblemsFound(f"{count} found", fix="cilium-dashboards lint --explain RULE says what to do")


def _print(rows: "list[tuple[Given, Finding, str]]") -> None:
    """The findings, and after them what is excused."""
    for each, finding, why in sorted(rows, key=lambda row: bool(row[2])):
        where = f"{each.file or finding.board}{finding.panel and f' / {finding.panel}'} [{finding.rule}]"
        click.echo(f"excused: {where}: {why}" if why else f"{where}\n    {finding.what}")


def _print_json(rows: "list[tuple[Given, Finding, str]]") -> None:
    """A list; `excused` is the author's reason, null for what is to be mended."""
    import json

    found = [
        {
            **({"file": each.file} if each.file else {}),
            "board": finding.board,
            "panel": finding.panel,
            "rule": finding.rule,
            "what": finding.what,
            "excused": why or None,
        }
        for each, finding, why in rows
    ]
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


def _given(names: tuple[str, ...], release: Release) -> tuple[list[Given], list[DashboardsError]]:
    """The boards that are meant, and why others could not be read; raises DashboardsError where none could."""
    from dashboards_py.compile import compile_boards, find

    given: list[Given] = []
    unread: list[DashboardsError] = []
    for path in _paths(names):
        try:
            given.append(_read(path))
        except DashboardsError as error:
            unread.append(error)
    uids = [name for name in names if not _is_path(name)]
    ours = [find(uid, release) for uid in uids] if names else compile_boards(release)
    if unread and not given and not ours:
        raise unread[0] if len(unread) == 1 else DashboardsError("\n".join(map(str, unread)))
    from dashboards_py.board import read

    for board in ours:
        given.append(Given("", read(board.json), board.excuses))
    return given, unread


def _is_path(name: str) -> bool:
    """Whether a file, a directory or standard input is meant; a uid has neither slash nor ending."""
    return name == "-" or "/" in name or name.endswith(".json") or Path(name).exists()


def _paths(names: tuple[str, ...]) -> Iterator[str]:
    for name in filter(_is_path, names):
        if not Path(name).is_dir():
            yield name
            continue
        below = sorted(map(str, Path(name).rglob("*.json")))
        if not below:
            raise DashboardsError(name, cause="is a directory without *.json", fix="give the directory of the boards")
        yield from below


def _read(path: str) -> Given:
    from dashboards_py.board import read

    try:
        source = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        fix = "give a file, a directory, a uid (`cilium-dashboards list`) or -"
        raise DashboardsError(path, cause=str(error.strerror), fix=fix) from None
    name = "standard input" if path == "-" else path
    return Given(name, read(source, name))
