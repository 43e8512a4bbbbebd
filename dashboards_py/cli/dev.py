"""`dev`: boards compiled and deployed as files while their author saves them."""

import difflib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from dashboards_py.plural import counted

PACKAGE = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "dashboards_py"]


@click.command
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("build/grafana"),
    show_default=True,
    help="Directory of the files target, which a Grafana may mount.",
)
def command(out: Path) -> None:
    """Compile and deploy whenever a dashboard is saved.

    The boards are deployed as files, once at the start and whenever a Python file is saved, until Ctrl-C. Changes are
    printed as lines of the boards' outlines. If a board does not compile, the error is printed and the files are left
    as they were.
    """
    try:
        from watchfiles import PythonFilter, watch
    except ModuleNotFoundError as error:  # a dependency of checkouts only, for authors of dashboards
        from dashboards_py.errors import DashboardsError

        fix = "run `make dev` in a checkout, or install watchfiles next to this command"
        raise DashboardsError("dev", cause="needs watchfiles, which is not installed", fix=fix) from error

    boards: dict[str, str] | None = None
    for changed in watch(PACKAGE, watch_filter=PythonFilter(), raise_interrupt=False, yield_on_timeout=True):
        if boards is None:  # watching has begun: later saves are not missed
            boards = _outlines(out) if _deploy(out) else {}
            click.echo(f"{counted(len(boards), 'board')} in {out}; waiting for a change in {PACKAGE}")
        elif changed and _deploy(out):
            before, boards = boards, _outlines(out)
            click.echo("\n".join(_changes(before, boards)) or "no board changed")


def _deploy(out: Path) -> bool:
    """Deploy in a new process, which imports the changed modules; its errors go to the terminal."""
    deploy = [*COMMAND, "deploy", "files", "--out", str(out)]
    return subprocess.run(deploy, stdout=subprocess.DEVNULL, check=False).returncode == 0


def _outlines(out: Path) -> dict[str, str]:
    """The outline of each board that was deployed, by uid."""
    from dashboards_py.board import read
    from dashboards_py.outline import outline

    files = sorted((out / "dashboards").rglob("*.json"))
    return {file.stem: outline(read(file.read_bytes(), str(file))) for file in files if not file.name.startswith(".")}


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """The added (+) and removed (-) lines of outlines, below the uid of their board."""
    for uid in sorted({*before, *after}):
        old, new = before.get(uid, "").splitlines(), after.get(uid, "").splitlines()
        lines = [line for line in difflib.ndiff(old, new) if line.startswith(("+ ", "- "))]
        if lines:
            yield uid
            yield from lines
