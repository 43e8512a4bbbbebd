"""`compile`: Python boards to provisioning/."""

from pathlib import Path

import click

from dashboards_py.catalog.release import NEWEST, Release
from dashboards_py.cli._options import release_option


@click.command
@release_option("Cilium release to compile for")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Directory to write.  [default: provisioning, or build/cilium-X.Y for an older release]",
)
@click.option(
    "--check", is_flag=True, help="Write nothing: exit 1 naming each file that is not what the code compiles to."
)
@click.option("--quiet", is_flag=True, help="Do not list what the release cannot answer.")
def command(release: Release, out: Path | None, check: bool, quiet: bool) -> None:
    """Compile the boards, the sidecar kustomization, the file provider and upstream's IDs into a directory.

    Only files whose content changes are written. Files of boards that are no more are removed; other files are never
    touched. What an older release cannot answer is left out and listed with the reason.
    """
    from dashboards_py.compile import compile_boards
    from dashboards_py.errors import ProblemsFound
    from dashboards_py.provisioning import tree
    from dashboards_py.tree import differences, write

    boards = compile_boards(release)
    where = out or (Path("provisioning") if release == NEWEST else Path(f"build/cilium-{release}"))
    files = tree(release, boards)
    if not quiet:
        for omission in (each for board in boards for each in board.omissions):
            what = f"query {omission.expr}" if omission.expr else "panel"
            place = f"{omission.board} / {omission.row} / {omission.panel}"
            click.echo(f"left out on {release}: {place}: {what}: {omission.reason}")
    if check:
        if found := differences(where, files):
            lines = "\n".join(f"  {difference}" for difference in found)
            raise ProblemsFound(
                f"{where} is not what the code compiles to:\n{lines}", fix="run `make dashboards` and review the diff"
            )
        click.echo(f"{where}: {len(files)} files, all as compiled")
        return
    written, removed = write(where, files)
    click.echo(f"{where}: {len(files)} files, {written} written" + (f", {removed} removed" if removed else ""))
