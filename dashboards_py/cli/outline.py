"""`outline`: a board as text."""

import sys
from pathlib import Path

import click

from dashboards_py.catalog.release import Release
from dashboards_py.cli._options import release_option


@click.command
@click.argument("board", metavar="FILE|UID")
@release_option("Cilium release a UID is compiled for")
@click.option("--textconv", is_flag=True, help="For git: print a file that is no board as it is.")
def command(board: str, release: Release, textconv: bool) -> None:
    """Print rows, panels, queries and links of a board as stable text, one fact a line.

    FILE is any classic Grafana board, `-` reads standard input; anything else is a UID of ours. With git:

    \b
      git config diff.grafana-board.textconv '.venv/bin/cilium-dashboards outline --textconv'
    """
    from dashboards_py.board import read
    from dashboards_py.errors import DashboardsError
    from dashboards_py.outline import outline

    if board == "-":
        source: bytes = sys.stdin.buffer.read()
    elif Path(board).is_file() or "/" in board or board.endswith(".json"):
        source = _bytes(Path(board))
    else:
        from dashboards_py.compile import find

        source = find(board, release).json.encode()
    try:
        click.echo(outline(read(source, board)), nl=False)
    except DashboardsError:
        if not textconv:
            raise
        sys.stdout.buffer.write(source)


def _bytes(path: Path) -> bytes:
    from dashboards_py.errors import DashboardsError

    try:
        return path.read_bytes()
    except OSError as error:
        raise DashboardsError(
            str(path), cause=str(error.strerror), fix="give a file, a uid (`cilium-dashboards list`) or -"
        ) from None
