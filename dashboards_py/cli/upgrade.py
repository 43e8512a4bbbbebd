"""`upgrade`: what an upgrade of Cilium changes for boards, rules and Helm values."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.cli._board_files import boards_of
from dashboards_py.cli._configuration import config_option, load_configuration
from dashboards_py.cli._input import is_path
from dashboards_py.cli._modes import command_line_parameters, refuse_unused_options
from dashboards_py.cli._options import RELEASE, size_option
from dashboards_py.cli._our_boards import our_board, our_boards
from dashboards_py.cli._prometheus import ca_file_option, header_option, prometheus_at
from dashboards_py.cli._rule_files import rules_of_file, rules_option
from dashboards_py.cli._upgrade_output import FORMATS, print_report
from dashboards_py.errors import DashboardsError, PartlyDone, ProblemsFound, joined
from dashboards_py.plural import counted
from dashboards_py.release import NEWEST, RELEASES, Release

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.configuration import Configuration
    from dashboards_py.documents.limits import Limits
    from dashboards_py.upgrade.change import Step
    from dashboards_py.upgrade.enabled import NewSetting
    from dashboards_py.upgrade.report import BoardPlan, Report
    from dashboards_py.upgrade.running import Running
    from dashboards_py.values.keys import Values

KNOWN = f"{RELEASES[0]} to {RELEASES[-1]}"


@click.command()
@click.argument("boards", metavar="[FILE|DIRECTORY|UID]...", nargs=-1)
@click.option("--from", "before", type=RELEASE, help=f"Cilium release that runs now ({KNOWN}).")
@click.option("--to", "after", type=RELEASE, default=str(NEWEST), show_default=True, help="Cilium release afterwards.")
@click.option("--prometheus", "prometheus_url", metavar="URL", help="Read what runs now from this Prometheus.")
@ca_file_option
@header_option
@click.option(
    "--values",
    "values_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your values of the Cilium chart: only keys that concern them are listed.",
)
@rules_option
@click.option(
    "--format", "output", type=click.Choice(tuple(FORMATS)), default="text", show_default=True, help="How to print it."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the same as --format json.")
@click.option(
    "--write",
    "rollout_directory",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the boards of ours that no JSON of one release suits, as boards for the rollout, into a new directory.",
)
@config_option
@size_option
def command(
    boards: tuple[str, ...],
    before: Release | None,
    after: Release,
    prometheus_url: str | None,
    prometheus_ca_file: str | None,
    headers: dict[str, str],
    values_file: Path | None,
    rule_files: tuple[str, ...],
    output: str,
    as_json: bool,
    rollout_directory: Path | None,
    config: Path | None,
    limits: "Limits",
) -> None:
    """Say what an upgrade of Cilium changes.

    Which panels and alerts lose their data, get other labels, values or meaning, and what replaces them; which Helm
    keys change or go; what to enable; and which boards to deploy when. Of our boards, or of any others; offline, or
    with --prometheus from what runs now. A release --to that is older is a downgrade. Exit 1 if anything dies.

    While both releases run, a few panels have no data with the JSON of either: --write writes boards that ask both.
    Deploy them before the upgrade, and those for the release --to afterwards.
    """
    from dashboards_py.upgrade.change import Step

    _refuse_unused(boards, before, prometheus_url, as_json)
    if rollout_directory:
        _ensure_empty(rollout_directory)
    running = _running(prometheus_url, prometheus_ca_file, headers)
    before = running[0].release if running else before
    if before is None:
        raise click.UsageError("state the release that runs now with --from, or read it with --prometheus")
    if before == after and not running:
        raise click.UsageError(f"--from and --to are both {after}: nothing changes")
    unread: list[DashboardsError] = []
    step, values, house = Step(before, after), _values(values_file), load_configuration(config)
    report = _report(boards, step, running, values, rule_files, house, limits, unread)
    print_report(report, "json" if as_json else output)
    if rollout_directory:
        _write_rollout(rollout_directory, report, house)
    if unread:
        raise PartlyDone("\n".join(map(str, unread)), fix="the other files were checked")
    if report.is_fatal:
        raise ProblemsFound(f"{step}: something dies", fix="see above what replaces it")


def _refuse_unused(boards: tuple[str, ...], before: Release | None, url: str | None, as_json: bool) -> None:
    """Refuse options that contradict each other or have no effect."""
    used = command_line_parameters()
    if before is not None and url:
        raise click.UsageError("--from and --prometheus are mutually exclusive")
    if as_json and "output" in used:
        raise click.UsageError("--json and --format are mutually exclusive")
    refuse_unused_options(boards, set())


def _running(url: str | None, ca_file: str | None, headers: dict[str, str]) -> "tuple[Running, ...]":
    from dashboards_py.upgrade.running import running

    ask = prometheus_at(url, ca_file, headers)
    return running(ask) if ask else ()


def _ensure_empty(directory: Path) -> None:
    if directory.exists() and any(directory.iterdir()):
        raise DashboardsError(str(directory), cause="is not empty", fix="name a new directory with --write")


def _write_rollout(directory: Path, report: "Report", house: "Configuration") -> None:
    """Write a board for the rollout, with the house's labels, for each board of ours that differs."""
    from dashboards_py.tree import replace
    from dashboards_py.upgrade.report import When
    from dashboards_py.upgrade.rollout import rollout_board

    needed = {When.DURING, When.BEFORE, When.AFTER}
    uids = [plan.changes.board.uid for plan in report.boards if plan.when in needed and not plan.changes.source]
    _ensure_empty(directory)  # still: the report may have taken a while
    for uid in uids:
        before, after = (_compiled([uid], release, house)[0].raw for release in (report.step.before, report.step.after))
        text = json.dumps(rollout_board(before, after, report.step), indent=2, ensure_ascii=False)
        directory.mkdir(parents=True, exist_ok=True)
        replace(directory / f"{uid}.json", f"{text}\n".encode())
    click.echo(f"{directory}: {counted(len(uids), 'board')} for the rollout", err=True)


def _values(path: Path | None) -> "Values | None":
    from dashboards_py.cli._user_values import one_of

    return one_of(path).values if path else None


def _report(
    boards: tuple[str, ...],
    step: "Step",
    running: "tuple[Running, ...]",
    values: "Values | None",
    rule_files: tuple[str, ...],
    house: "Configuration",
    limits: "Limits",
    unread: list[DashboardsError],
) -> "Report":
    from dashboards_py.upgrade.helm import key_changes
    from dashboards_py.upgrade.report import Report, plan_file, plan_ours
    from dashboards_py.upgrade.rules import RuleFile, recorded, rule_changes

    files = [RuleFile(*rules_of_file(path)) for path in rule_files]
    world = recorded(files, step)
    plans: list[BoardPlan] = []
    settings: tuple[NewSetting, ...] = ()
    paths = [name for name in boards if is_path(name)]
    for name, board in boards_of(paths, limits, unread, house.labels.renamed):
        for note in board.notes:
            click.echo(f"warning: {name}: {note}", err=True)
        plans.append(plan_file(board, step, world, name, values))
    if unread and not plans:
        raise joined(unread)
    uids = [name for name in boards if not is_path(name)]
    if uids or not boards:
        from dashboards_py.upgrade.enabled import new_settings

        configuration = house.with_our_labels  # which the catalogue knows
        present, following = (_compiled(uids, release, configuration) for release in (step.before, step.after))
        plans += [plan_ours(*pair, step, world, values) for pair in zip(present, following, strict=True)]
        settings = new_settings(present, following, step)
    return Report(
        step=step,
        boards=tuple(plans),
        rules=tuple(rule_changes(file, step, world) for file in files),
        keys=key_changes(values, step),
        has_values=values is not None,
        settings=settings,
        running=running,
    )


def _compiled(uids: list[str], release: Release, configuration: "Configuration") -> "list[Board]":
    """Our boards of these uids, or all of them, as compiled for a release."""
    from dashboards_py.board import read

    chosen = [our_board(uid, release, configuration) for uid in uids] or our_boards(release, configuration)
    return [read(board.json) for board in chosen]
