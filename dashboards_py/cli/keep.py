"""`keep`: rules by which Prometheus stores only the series that boards and alerts read, and what they save."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._configuration import config_option, load_configuration
from dashboards_py.cli._input import is_path
from dashboards_py.cli._modes import allow_only, command_line_parameters
from dashboards_py.cli._names import INTERVAL
from dashboards_py.cli._options import release_option, size_option
from dashboards_py.cli._prometheus import ca_file_option, header_option, prometheus_at, prometheus_option
from dashboards_py.errors import DashboardsError, PartlyDone, ProblemsFound
from dashboards_py.plural import counted
from dashboards_py.release import Release

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from dashboards_py.board import Board
    from dashboards_py.configuration import Configuration
    from dashboards_py.documents.limits import Limits
    from dashboards_py.values.keep import Read

FORMATS = ("values", "relabelings", "prometheus", "alloy")
COMMAND = "helm get values cilium -n kube-system -o yaml"


@click.command()
@click.argument("files", nargs=-1)
@release_option("Cilium release")
@config_option
@click.option("--without-upstream", is_flag=True, help="Drop what only boards of upstream read.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="values",
    show_default=True,
    help="Values of the Cilium chart; metricRelabelings of a ServiceMonitor, PodMonitor or ScrapeConfig; "
    "metric_relabel_configs of Prometheus; or Grafana Alloy.",
)
@click.option(
    "--merge-with",
    "current",
    type=click.Path(path_type=Path),
    metavar="VALUES",
    help="Keep the rules of these values of the Cilium chart, before those printed: Helm replaces lists.",
)
@click.option(
    "--check",
    "checked",
    type=click.Path(path_type=Path),
    metavar="VALUES",
    help="Judge the rules in these values: names that Cilium does not have, and panels and alerts without data.",
)
@prometheus_option
@ca_file_option
@header_option
@click.option(
    "--interval", type=INTERVAL, default="30s", show_default=True, help="Scrape interval, for samples a second."
)
@click.option("--json", "as_json", is_flag=True, help="With --check or --prometheus: print JSON.")
@size_option
def command(
    files: tuple[str, ...],
    release: Release,
    config: Path | None,
    without_upstream: bool,
    format_: str,
    current: Path | None,
    checked: Path | None,
    prometheus_url: str | None,
    prometheus_ca_file: str | None,
    headers: "Mapping[str, str]",
    interval: str,
    as_json: bool,
    limits: "Limits",
) -> None:
    """Store only the series that boards and alerts read.

    Prints rules by which Prometheus drops all other series of agent, operator, Envoy, Hubble and relay before it stores
    them. FILES are other boards and rules, in any document, whose series are kept as well; those of the boards in
    Cilium's chart are, too (21329, which is only on grafana.com, is a file as any other). `up`, the labels of targets
    and natively stored histograms stay. --prometheus says what the rules save there.
    """
    _refuse_unused(format_)
    read = _read(files, release, load_configuration(config).with_our_labels, limits, upstream=not without_upstream)
    for where, why in read.unknown:
        click.echo(f"not kept: {where}: {why}", err=True)
    if checked:
        _check(checked, read, release, as_json=as_json)
    elif "prometheus_url" in command_line_parameters():
        _print_savings(prometheus_at(prometheus_url, prometheus_ca_file, headers), read, interval, as_json=as_json)
    else:
        _print(read, release, format_, current)


def _refuse_unused(format_: str) -> None:
    used = command_line_parameters()
    common = {"files", "release", "config", "without_upstream", "limits"}
    if "checked" in used:
        allow_only({*common, "checked", "as_json"}, "with --check")
    elif "prometheus_url" in used:
        counting = {"prometheus_url", "prometheus_ca_file", "headers", "interval", "as_json"}
        allow_only({*common, *counting}, "with --prometheus")
    else:
        allow_only({*common, "format_", "current"}, "without --check or --prometheus")
    if "limits" in used and not click.get_current_context().params["files"]:
        raise click.UsageError("--max-size has no effect without FILES")
    if format_ != "values" and "current" in used:
        raise click.UsageError("--merge-with has no effect with --format: it reads values of the Cilium chart")


def _read(
    files: tuple[str, ...], release: Release, configuration: "Configuration", limits: "Limits", *, upstream: bool
) -> "Read":
    """What our boards and alerts read, and those of the files."""
    from dashboards_py.cli._our_readings import our_series, read_by_ours

    if not files:
        return our_series(release, configuration, upstream=upstream)
    from dashboards_py.values.series_read import series_read

    boards = [*read_by_ours(release, configuration), *_foreign(files, limits, configuration)]
    return series_read(boards, release, upstream=upstream)


def _foreign(files: tuple[str, ...], limits: "Limits", configuration: "Configuration") -> "list[Board]":
    """The boards and rules of the files; one that cannot be read raises an error, as its series would be dropped."""
    from dashboards_py.board.rules import board_of_rules
    from dashboards_py.cli._board_files import boards_of
    from dashboards_py.cli._values_output import warn
    from dashboards_py.documents.rule_files import RuleSet
    from dashboards_py.errors import joined

    if unknown := [name for name in files if not is_path(name)]:
        raise click.UsageError(f"{unknown[0]}: is no file; all of our boards are kept anyway")
    unread: list[DashboardsError] = []
    rules: list[RuleSet] = []
    boards = []
    for name, board in boards_of(files, limits, unread, configuration.labels.renamed, rules):
        warn(name, board.notes)
        boards.append(board)
    if unread:
        raise joined(unread)
    return [*boards, *(board_of_rules(item.name, item.rules) for item in rules)]


def _print(read: "Read", release: Release, format_: str, current: Path | None) -> None:
    from dashboards_py.cli._keep_output import HEAD, TEXTS, rules_of, values_text
    from dashboards_py.values.keep import invalid, keep_values, renaming_rules, starved
    from dashboards_py.values.keys import core_components

    head = HEAD.format(what=f"Cilium {release}", readers="boards and alerts")
    if format_ != "values":
        click.echo(TEXTS[format_](rules_of(read, core_components()), head), nl=False)
        return
    user_values = _user_values(current) if current else {}
    if wrong := next(invalid(user_values), None):
        raise DashboardsError(f"{current}: {wrong[0]}", cause=wrong[1], fix="correct it: it would be lost, or refused")
    if renaming := next(renaming_rules(user_values), ""):
        cause = "renames series: what is kept after it depends on their new names"
        raise DashboardsError(f"{current}: {renaming}", cause=cause, fix="add the names by hand, or leave the rule out")
    click.echo(values_text(keep_values(read, user_values), head), nl=False)
    if lost := starved(read, user_values):
        lines = [f"{item.rule} drops {_few(item.series)}" for item in lost]
        raise ProblemsFound(
            f"{current}: rules before ours drop series that boards read:\n  " + "\n  ".join(lines),
            fix="leave these names out of them, or accept that the panels are empty (--check lists them)",
        )


def _user_values(path: Path) -> "Mapping[str, Any]":
    from dashboards_py.cli._user_values import one_of

    return one_of(path).values


def _few(names: "Collection[str]") -> str:
    """The first names, and how many others there are."""
    shown = ", ".join([*names][:3])
    return f"{shown} and {counted(len(names) - 3, 'other')}" if len(names) > 4 else ", ".join(names)


def _check(path: Path, read: "Read", release: Release, *, as_json: bool) -> None:
    import json

    from dashboards_py.cli._user_values import user_values_in
    from dashboards_py.values.keep import renaming_rules
    from dashboards_py.values.keep_check import check_rules
    from dashboards_py.values.keep_labels import unjudged

    sets, errors = user_values_in(path)
    rows = [(item.where, problem) for item in sets for problem in check_rules(item.values, read, release)]
    for item in sets:
        for rule in unjudged(item.values):
            click.echo(
                f"not judged: {item.where}: {rule}: by labels that it does not tell apart",
                err=True,
            )
        for rule in renaming_rules(item.values):
            click.echo(f"not judged: {item.where}: what follows {rule}: it renames series", err=True)
    if as_json:
        click.echo(json.dumps([{"where": where, **asdict(problem)} for where, problem in rows], indent=2))
    for where, problem in () if as_json else rows:
        click.echo(": ".join(filter(None, (where, problem.rule, problem.name, problem.why))))
        for panel in problem.panels:
            click.echo(f"    {panel}")
    if errors:
        raise PartlyDone("\n".join(map(str, errors)))
    if rows:
        raise ProblemsFound(
            f"{path}: {counted(len(rows), 'mistake')} to correct",
            fix="cilium-dashboards keep prints what is read",
        )
    if not as_json:
        click.echo("every name exists, and nothing that boards or alerts read is dropped")


def _print_savings(ask: "object", read: "Read", interval: str, *, as_json: bool) -> None:
    import json

    from dashboards_py.cli._options import duration
    from dashboards_py.values.keep_savings import savings

    rows = savings(ask, read)  # type: ignore[arg-type]  # there is an address, so that it is not None
    seconds = duration(interval, "--interval")
    total, kept = sum(row.series for row in rows), sum(row.remaining for row in rows)
    if as_json:
        listed = [
            {"component": row.component, "series": row.series, "kept": row.remaining, "dropped": dict(row.dropped)}
            for row in rows
        ]
        click.echo(json.dumps({"components": listed, "series": total, "kept": kept, "interval": seconds}, indent=2))
        return
    for row in rows:
        click.echo(f"{row.component:<16} {row.series:>9,} series, {row.remaining:>9,} kept")
        for name, count in sorted(row.dropped.items(), key=lambda item: (-item[1], item[0]))[:10]:
            click.echo(f"    {count:>9,}  {name}")
        if len(row.dropped) > 10:
            rest = sum(sorted(row.dropped.values(), reverse=True)[10:])
            click.echo(f"    {rest:>9,}  {len(row.dropped) - 10} other names")
    dropped = total - kept
    share = f" ({dropped / total:.0%})" if total else ""
    click.echo(f"dropped: {dropped:,} of {total:,} series{share}, {dropped / seconds:,.0f} samples a second")
