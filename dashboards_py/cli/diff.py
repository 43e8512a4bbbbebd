"""`diff`: what changed between two versions of dashboards, rules and values, for a reviewer."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.cli._configuration import config_option, load_configuration
from dashboards_py.cli._input import is_path
from dashboards_py.cli._modes import allow_only, command_line_parameters
from dashboards_py.cli._options import release_option, size_option
from dashboards_py.cli._prometheus import CONNECTION, ca_file_option, header_option, prometheus_option
from dashboards_py.errors import PartlyDone, ProblemsFound
from dashboards_py.plural import counted
from dashboards_py.release import Release

if TYPE_CHECKING:
    from dashboards_py.configuration import Configuration
    from dashboards_py.documents.limits import Limits
    from dashboards_py.review import Section, Side

KINDS = {
    "board": ("board", "boards"),
    "rules": ("file of rules", "files of rules"),
    "values": ("file of values", "files of values"),
}
COLORS = {"+": "green", "-": "red", "!": "yellow"}


@click.command()
@click.argument("names", metavar="A [B] [PATH]...", nargs=-1)
@click.option("--grafana", is_flag=True, help="Compare what the Grafana of GRAFANA_URL has.")
@release_option("Cilium release that effects are for, and that a UID is compiled for")
@config_option
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="How to print it; markdown fits a comment on a pull request.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the same as --format json.")
@click.option(
    "--pictures",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also draw the changed panels, before beside after, with the data of --prometheus or --demo.",
)
@click.option("--comment", is_flag=True, help="Also show it as a comment on the pull or merge request of this CI job.")
@prometheus_option
@ca_file_option
@header_option
@click.option("--demo", metavar="SCENE", help="Data of a synthetic cluster (`preview --demo list` names the scenes).")
@size_option
def command(
    names: tuple[str, ...],
    grafana: bool,
    release: Release,
    config: Path | None,
    output: str,
    as_json: bool,
    pictures: Path | None,
    comment: bool,
    prometheus_url: str | None,
    prometheus_ca_file: str | None,
    headers: dict[str, str],
    demo: str | None,
    limits: "Limits",
) -> None:
    """Say what changed between two versions of dashboards.

    A and B are files, directories, uids of our boards, or revisions of git: `main..HEAD` compares two revisions, `main`
    alone one with the working tree, `main...HEAD` begins where a branch left; PATHs behind them choose files. Works on
    any boards, on alerting and recording rules, and on values of the Cilium chart.

    Panels are compared, not lines: what was added, removed, moved, renamed, and which part of a query changed. What
    Grafana writes as it saves a board does not count: ids, defaults, the order of keys, old forms. For Cilium's metrics
    it says what a change needs, and on which releases a panel has no data. Exit 1 if anything differs.
    """
    _refuse_unused(as_json, pictures, demo)
    from dashboards_py.cli._diff_sides import our_boards_read
    from dashboards_py.review import reviewed

    configuration = load_configuration(config)
    before, after = _sides(names, grafana, release, configuration, limits)
    sections = reviewed(before, after, release, lambda: our_boards_read(release, configuration))
    _print(sections, "json" if as_json else output)
    _warn(before, after)
    problems = 0
    if pictures:
        from dashboards_py.cli._diff_pictures import draw_pictures

        prometheus = prometheus_url, prometheus_ca_file, headers
        problems = draw_pictures(before, after, pictures, prometheus, demo, configuration)
    unread = tuple(dict.fromkeys(map(str, (*before.unread, *after.unread))))
    if comment:
        from dashboards_py.cli._diff_comment import write_comment

        write_comment(sections, pictures)
    if unread:
        raise PartlyDone("\n".join(unread), fix="all others were compared")
    if problems:
        fix = "each is named above and in its panel"
        raise PartlyDone(f"{counted(problems, 'problem')} in the pictures", fix=fix)
    if sections:
        kinds = [(kind, sum(section.kind == kind for section in sections)) for kind in KINDS]
        text = ", ".join(counted(number, *KINDS[kind]) for kind, number in kinds if number)
        raise ProblemsFound(
            f"{text} differ{'s' if len(sections) == 1 else ''}", fix="--format markdown is for a comment"
        )


def _warn(before: "Side", after: "Side") -> None:
    """Print what is odd in the boards of both sides."""
    notes = [(name, note) for side in (before, after) for name, board in side.boards.items() for note in board.notes]
    for name, note in dict.fromkeys(notes):
        click.echo(f"warning: {name}: {note}", err=True)


def _refuse_unused(as_json: bool, pictures: Path | None, demo: str | None) -> None:
    """Refuse options that contradict each other or have no effect."""
    options = command_line_parameters().keys()
    if as_json and "output" in options:
        raise click.UsageError("--json and --format are mutually exclusive")
    if not pictures:
        allow_only(options - {*CONNECTION, "demo"}, "without --pictures")
    elif demo is not None:
        allow_only(options - CONNECTION, "with --demo")


def _sides(
    names: tuple[str, ...], grafana: bool, release: Release, configuration: "Configuration", limits: "Limits"
) -> "tuple[Side, Side]":
    """What is compared."""
    from dashboards_py.cli import _diff_sides as sides

    if grafana:
        return sides.grafana_sides(names, release, configuration, limits)
    if not names:
        raise click.UsageError("name what to compare: two files, directories or uids, or revisions such as main..HEAD")
    are_files = [is_path(name) or sides.is_ours(name) for name in names[:2]]
    if len(names) == 2 and all(are_files) and not sides.is_range(names[0]):
        if names == ("-", "-"):
            raise click.UsageError("only one of both can be standard input")
        return sides.named_side(names[0], release, configuration, limits), sides.named_side(
            names[1], release, configuration, limits
        )
    if are_files[0] and not sides.is_range(names[0]):
        raise click.UsageError(f"name what {names[0]} is compared with: another file, directory or uid")
    old, new, paths = sides.revisions(names)
    return sides.revision_sides(old, new, paths, limits)


def _print(sections: "tuple[Section, ...]", output: str) -> None:
    from dashboards_py.review import as_json, markdown
    from dashboards_py.review.text import lines

    if output == "json":
        click.echo(as_json(sections))
    elif output == "markdown":
        click.echo(markdown(sections) if sections else "No difference.\n", nl=False)
    else:
        for line in lines(sections):
            color = COLORS.get(line.strip()[:2].strip())
            click.echo(click.style(line, fg=color) if color else click.style(line, bold=not line.startswith(" ")))
