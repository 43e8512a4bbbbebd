"""`lint`: faults of boards that need no cluster to be seen."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.catalog.release import Release
from dashboards_py.cli._options import release_option

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.lint.run import Excuses


@click.command()
@click.argument("boards", metavar="[FILE|UID]...", nargs=-1)
@release_option("Cilium release")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--all", "every", is_flag=True, help="Rules of our own taste as well, on boards that are not ours.")
@click.option("--explain", metavar="RULE", help="Print the manual page of a rule, or of `all`.")
def command(boards: tuple[str, ...], release: Release, every: bool, as_json: bool, explain: str | None) -> None:
    """Find queries that can never return data, and other faults, on our boards or on anyone's.

    Without arguments all of ours are looked at. Exit 1 where anything is found. What an author excused is counted.
    """
    import json

    from dashboards_py.errors import ProblemsFound
    from dashboards_py.lint import explained, lint, names

    if explain:
        click.echo("\n\n".join(explained(rule) for rule in (names() if explain == "all" else (explain,))))
        return
    found, excused, panels = [], [], 0
    for board, excuses in _boards(boards, release):
        problems, allowed = lint(board, release, excuses, ours=every or excuses is not None)
        found += problems
        excused += allowed
        panels += len(board.panels)
    if as_json:
        rows = [{"board": f.board, "panel": f.panel, "rule": f.rule, "what": f.what} for f in found]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for finding in found:
            click.echo(f"{finding.board}{finding.panel and f' / {finding.panel}'} [{finding.rule}]\n    {finding.what}")
        for each in excused:
            click.echo(f"excused: {each.finding.board} / {each.finding.panel} [{each.finding.rule}]: {each.why}")
    counted = f"{panels} panels on Cilium {release}: {len(found)} found, {len(excused)} excused"
    click.echo(counted, err=as_json)
    if found:
        raise ProblemsFound(f"{len(found)} found", fix="cilium-dashboards lint --explain RULE says what to do")


def _boards(given: tuple[str, ...], release: Release) -> "list[tuple[Board, Excuses | None]]":
    from dashboards_py.board import read
    from dashboards_py.compile import compile_boards, find

    files = [each for each in given if Path(each).is_file()]
    ours = [find(each, release) for each in given if each not in files] if given else compile_boards(release)
    return [
        *((read(Path(each).read_bytes(), each), None) for each in files),
        *(
            (read(board.json), {panel: beside.get("excuse", {}) for panel, beside in board.beside.items()})
            for board in ours
        ),
    ]
