"""`compile`: Python boards to provisioning/."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.cli._configuration import (
    config_option,
    read_file_settings,
    recorded_option,
    with_options,
    without_option,
)
from dashboards_py.cli._options import peer_label_option, release_option
from dashboards_py.peer_label import DEFAULT_PEER_LABEL, PeerLabel
from dashboards_py.plural import counted, some_of
from dashboards_py.release import NEWEST, Release

if TYPE_CHECKING:
    from dashboards_py.tree import Strays

NAMED = 5  # how many files of other people are listed


@click.command
@click.argument("uids", metavar="[UID]...", nargs=-1)
@release_option("Cilium release to compile for")
@peer_label_option
@config_option
@without_option
@recorded_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Directory to write.  [default: provisioning, or build/cilium-X.Y... for an older release, another label or a "
    "choice of boards]",
)
@click.option(
    "--check", is_flag=True, help="Write nothing: exit 1 naming each file that is not what the code compiles to."
)
@click.option("--quiet", is_flag=True, help="Do not list what is left out on this release.")
def command(
    uids: tuple[str, ...],
    release: Release,
    peer_label: PeerLabel,  # noqa: ARG001  # with_options reads it
    config: Path | None,
    without: tuple[str, ...],
    recorded: bool,
    out: Path | None,
    check: bool,
    quiet: bool,
) -> None:
    """Compile the boards into provisioning/, or another directory.

    With UIDs only these boards, without links to others. Otherwise the alerts are written as well, in rules/, in each
    format in which rules are loaded, with the recording rules of --recorded; and always the sidecar's kustomization,
    the provider for files and upstream's IDs.

    Only files whose content changes are written. The file of a board that was deleted or left out is removed unless it
    was edited since (.cilium-dashboards/ in the directory records what was written); edited ones are kept and reported,
    and files of other people are never touched. What an older release cannot answer is left out and listed with the
    reason.
    """
    from dashboards_py.compile import compile_boards
    from dashboards_py.compile.rules import compile_rules
    from dashboards_py.errors import ProblemsFound
    from dashboards_py.provisioning import provisioning_files, rule_files
    from dashboards_py.tree import differences, needs_defaults, strays, write

    settings = read_file_settings(config)
    configuration = with_options(settings, uids, without)
    boards = compile_boards(release, configuration)
    # provisioning/ has what the file says, which a fork commits, and not what an option changes.
    peers = [item.peer_label or DEFAULT_PEER_LABEL for item in (settings, configuration)]
    other = f"-{peers[1]}" if peers[0] != peers[1] else ""
    other += ("-recorded" if recorded and not settings.recorded else "") + ("-chosen" if uids or without else "")
    committed = release == NEWEST and not other
    where = out or (Path("provisioning") if committed else Path(f"build/cilium-{release}{other}"))
    rules = {} if uids else rule_files(release, configuration)
    files = {**provisioning_files(release, boards), **rules}
    # A fork's clone has the boards of the defaults, which its own file may leave out, or have in other folders.
    defaults = {}
    if not configuration.is_default and needs_defaults(where, files):
        defaults = {**provisioning_files(release, compile_boards(release)), **rule_files(release)}
    if not quiet:
        for omission in (omission for board in boards for omission in board.omissions):
            what = f"query {omission.expr}" if omission.expr else "panel"
            panel = f"{omission.board} / {omission.row} / {omission.panel}"
            click.echo(f"left out on {release}: {panel}: {what}: {omission.reason}")
        for left_out in compile_rules(release, configuration).omissions if rules else ():
            # Of an alert whose metrics have other names on other releases, one expression is enough.
            if left_out.expr is None:
                click.echo(f"left out on {release}: alert {left_out.alert}: {left_out.reason}")
    if check:
        _report_kept(where, strays(where, files, defaults))
        if differing := differences(where, files, defaults):
            lines = "\n".join(f"  {difference}" for difference in differing)
            fix = "run `make dashboards` and review the diff"
            if not committed or out:
                fix = "run the same command without --check"
            raise ProblemsFound(f"{where} is not what the code compiles to:\n{lines}", fix=fix)
        click.echo(f"{where}: {counted(len(files), 'file')}, all as compiled")
        return
    result = write(where, files, defaults)
    for name in result.removed:
        click.echo(f"removed {where / name}: its board was deleted or left out")
    _report_kept(where, result.strays)
    removed = f", {len(result.removed)} removed" if result.removed else ""
    click.echo(f"{where}: {counted(len(files), 'file')}, {result.written} written{removed}")


def _report_kept(root: Path, kept: "Strays") -> None:
    for name in kept.edited:
        click.echo(
            f"kept {root / name}: its board was deleted or left out, but the file was edited: remove it, or move it",
            err=True,
        )
    if kept.unknown:
        names = some_of([str(root / name) for name in kept.unknown], NAMED)
        click.echo(f"left alone, because compile did not write it: {names}", err=True)
