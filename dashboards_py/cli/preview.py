"""`preview`: boards as pictures, without a Grafana."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.cli import _preview, _preview_source
from dashboards_py.cli._configuration import config_option
from dashboards_py.cli._input import is_path
from dashboards_py.cli._modes import allow_only, command_line_parameters, refuse_unused_options
from dashboards_py.cli._options import release_option, size_option, variable_option
from dashboards_py.cli._progress import waiting
from dashboards_py.cli._prometheus import CONNECTION, ca_file_option, header_option, prometheus_option
from dashboards_py.errors import PartlyDone
from dashboards_py.plural import counted
from dashboards_py.release import Release

if TYPE_CHECKING:
    from dashboards_py.documents.limits import Limits
    from dashboards_py.preview.gallery import Entry


@click.command()
@click.argument("boards", metavar="[UID|FILE|DIR]...", nargs=-1)
@release_option("Cilium release a UID is compiled for")
@config_option
@prometheus_option
@ca_file_option
@header_option
@click.option(
    "--demo",
    is_flag=False,
    flag_value=_preview.DEFAULT_SCENE,
    metavar="[SCENE]",
    help="Data of a synthetic cluster instead; `--demo list` names the scenes.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("preview"),
    show_default=True,
    help="Directory for the pictures.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["png", "svg"]),
    default="png",
    show_default=True,
    help="Kind of the pictures.",
)
@click.option("--theme", type=click.Choice(["dark", "light"]), default="dark", show_default=True, help="Colors.")
@click.option("--width", type=click.IntRange(400, 8000), default=1440, show_default=True, help="Width in pixels.")
@click.option(
    "--rows",
    type=click.Choice(["open", "all"]),
    default="open",
    show_default=True,
    help="Rows: those that are open, or all.",
)
@click.option(
    "--from", "begin", metavar="TIME", help="Begin: now-6h, 2026-01-31T12:00Z, or milliseconds.  [default: the board's]"
)
@click.option("--to", "end", metavar="TIME", help="End, in the same forms.  [default: the board's]")
@variable_option
@click.option("--against", metavar="REV", help="Only the panels that changed since a git revision, before and after.")
@size_option
def command(
    boards: tuple[str, ...],
    release: Release,
    config: Path | None,
    prometheus_url: str | None,
    prometheus_ca_file: str | None,
    headers: dict[str, str],
    demo: str | None,
    out: Path,
    format_: str,
    theme: str,
    width: int,
    rows: str,
    begin: str | None,
    end: str | None,
    variables: tuple[str, ...],
    against: str | None,
    limits: "Limits",
) -> None:
    """Draw boards as pictures, without a Grafana.

    Works on our boards and any others; without arguments all of ours are drawn. The data comes from --prometheus, or
    with --demo from a synthetic cluster. Next to the pictures is index.html, which shows them all, and below them those
    of earlier runs that are still there. What cannot be drawn is named in the panel and on stderr.

    FILE is any Grafana board: classic or of schema v2, JSON or YAML, also in a resource of Kubernetes. `-` reads
    standard input; of a directory all boards in its tree are drawn.
    """
    from dashboards_py.demo import scene_names

    if demo == _preview.LIST:
        allow_only({"demo"}, "with --demo list")
        click.echo("\n".join(scene_names()))
        return
    demo, boards = _preview.scene_and_boards(demo, boards)
    _refuse_unused(boards, demo, against)
    _preview.ensure_installed()
    from dashboards_py.preview import gallery
    from dashboards_py.preview.picture import PictureOptions
    from dashboards_py.preview.png_bands import PngBands
    from dashboards_py.preview.theme import THEMES

    configuration = _preview.configuration_of(boards, config, is_demo=demo is not None)
    prometheus = prometheus_url, prometheus_ca_file, headers
    source, now = _preview_source.source_of(prometheus, demo, configuration.labels.renamed)
    chosen = _preview.chosen_values(variables)
    named = list(_preview.named_boards(boards, release, configuration, limits))
    _preview.ensure_known(chosen, [item.board for item in named])
    windows = [_preview.window_of(item.board, begin, end, now) for item in named]
    gallery.ensure_ours(out)
    earlier = gallery.entries_in(out)
    entries: list[Entry] = []
    problems = 0
    for number, (item, (window, notes)) in enumerate(zip(named, windows, strict=True), start=1):
        options = PictureOptions(window=window, width=width, theme=THEMES[theme], all_rows=rows == "all", notes=notes)
        with waiting(f"{item.name} ({number} of {len(named)})"), PngBands() as bands:
            finished = bands.begin if format_ == "png" else None
            picture = _preview.picture_of(item, source, options, chosen, against, limits, finished)
            if picture is None:
                click.echo(f"{item.name}: unchanged since {against}", err=True)
                continue
            content = picture.svg.encode() if format_ == "svg" else bands.picture(picture.svg)
        problems += _preview.report(item, picture)
        entry = gallery.Entry(file=f"{item.file}.{format_}", title=item.board.title or item.name)
        entries.append(entry)
        # The page comes first: with it the directory is known as ours, even if the run ends here.
        gallery.write(out, gallery.PAGE, gallery.page(entries, earlier, is_dark=theme == "dark"))
        gallery.write(out, entry.file, content)
        click.echo(str(out / entry.file))
    gallery.write(out, gallery.PAGE, gallery.page(entries, earlier, is_dark=theme == "dark"))
    click.echo(str(out / gallery.PAGE))
    if problems:
        raise PartlyDone(f"{counted(problems, 'problem')} in the pictures", fix="each is named above and in its panel")


def _refuse_unused(boards: tuple[str, ...], demo: str | None, against: str | None) -> None:
    """Refuse options that have no effect together with others."""
    if demo is not None:
        allow_only(command_line_parameters().keys() - CONNECTION, "with --demo")
    refuse_unused_options(boards, {"release"} if demo is not None else {"release", "config"})
    if against is not None and "-" in boards:
        raise click.UsageError("--against needs a file or a uid: standard input has no history")
    if against is not None and any(is_path(board) and Path(board).is_dir() for board in boards):
        raise click.UsageError("--against needs files or uids: name the files of the directory")
