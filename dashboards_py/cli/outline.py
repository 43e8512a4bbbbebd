"""`outline`: a board as text."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.cli._board_files import FIX
from dashboards_py.cli._configuration import config_option, load_configuration
from dashboards_py.cli._input import is_path, read_input
from dashboards_py.cli._modes import allow_only
from dashboards_py.cli._options import release_option, size_option
from dashboards_py.cli._our_boards import our_board
from dashboards_py.release import Release

if TYPE_CHECKING:
    from dashboards_py.documents.limits import Limits


@click.command
@click.argument("board", metavar="FILE|UID")
@release_option("Cilium release a UID is compiled for")
@config_option
@click.option("--textconv", is_flag=True, help="For git: print a file that is not a board unchanged.")
@size_option
def command(board: str, release: Release, config: Path | None, textconv: bool, limits: "Limits") -> None:
    """Print a board as text: rows, panels, queries, links.

    The text is stable, with one fact on each line.

    FILE holds any Grafana boards, `-` reads standard input; anything else is a UID of ours. With git:

    \b
      git config diff.grafana-board.textconv '.venv/bin/cilium-dashboards outline --textconv'
    """
    from dashboards_py.board import Board
    from dashboards_py.board.documents import boards_in
    from dashboards_py.errors import DashboardsError
    from dashboards_py.outline import outline

    if not is_path(board):
        allow_only({"board", "release", "config"}, "for a UID")
    else:
        allow_only({"board", "textconv", "limits"}, "for a file")
    if is_path(board):
        from dashboards_py.documents.limits import ANSWERS

        name, source = read_input(board, ANSWERS if textconv else limits, FIX)
    else:
        name, source = board, our_board(board, release, load_configuration(config)).json.encode()
    try:
        boards = list(boards_in(source, name, limits))
    except DashboardsError:
        if not textconv or sys.stdout.isatty():
            raise
        boards = []
    # In a diff, what is around a board in its file must be seen as well.
    if textconv and [shown for shown, _ in boards] != [name]:
        sys.stdout.buffer.write(source)
        return
    for shown, parsed in boards:
        if not isinstance(parsed, Board):
            raise parsed
        for note in parsed.notes:
            click.echo(f"warning: {shown}: {note}", err=True)
        if shown != name:
            click.echo(f"{shown}:")
        click.echo(outline(parsed), nl=False)
