"""`values`: Helm values that boards and alerts need, and what is missing from a user's values."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from dashboards_py.cli._board_files import boards_of
from dashboards_py.cli._configuration import config_option, load_configuration
from dashboards_py.cli._input import is_path
from dashboards_py.cli._modes import allow_only, command_line_parameters
from dashboards_py.cli._names import HELM_RELEASE, INTERVAL
from dashboards_py.cli._options import peer_label_option, release_option, size_option
from dashboards_py.cli._our_boards import our_board, our_boards
from dashboards_py.cli._our_readings import our_needs
from dashboards_py.cli._rule_files import boards_of_rules, our_alerts
from dashboards_py.cli._selection import Selection, selection_of, selection_options
from dashboards_py.cli._skipped import print_skipped
from dashboards_py.cli._stack_check import check_stack
from dashboards_py.cli._values_output import (
    check_files,
    print_check,
    print_cilium,
    print_merged,
    print_stack,
    warn,
    write_files,
)
from dashboards_py.errors import DashboardsError, joined
from dashboards_py.peer_label import PeerLabel
from dashboards_py.release import Release

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards_py.board import Board
    from dashboards_py.documents.limits import Limits

ALWAYS = (
    "chart",
    "chosen",
    "rule_files",
    "release",
    "peer_label",
    "config",
    "selected_by",
    "selector",
    "stack_values",
    "scraped",
    "chart_path",
    "limits",
)  # parameters that every mode for the Cilium chart uses


@click.command()
@click.argument("chart", type=click.Choice(["cilium", "stack"]), default="cilium")
@click.option(
    "--board", "chosen", metavar="UID|FILE", multiple=True, help="Only this board: ours by uid, or those of a file."
)
@click.option(
    "--rules",
    "rule_files",
    metavar="FILE",
    multiple=True,
    help="Also what these alerting and recording rules need, in any document; repeat it for several.",
)
@release_option("Cilium release")
@peer_label_option
@config_option
@click.option(
    "--release",
    "selected_by",
    type=HELM_RELEASE,
    default="prometheus",
    show_default=True,
    help="The label `release` by which the Prometheus selects ServiceMonitors: the stack's Helm release. "
    "--check looks at labels only if it is given.",
)
@selection_options
@click.option("--interval", type=INTERVAL, default="30s", show_default=True, help="Scrape interval.")
@click.option(
    "--check",
    "checked",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Report what the boards and alerts lack with these values of the Cilium chart, or with `stack` of "
    "kube-prometheus-stack or a Prometheus object; exit 1 if anything is lacking.",
)
@click.option(
    "--merge-with",
    "current",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Print what must be set on top of these values of the Cilium chart so that nothing in them is lost.",
)
@click.option(
    "--set",
    "flags",
    metavar="KEY=VALUE",
    multiple=True,
    help="A Helm flag to check, such as one from a guide; applied on top of --check.",
)
@click.option(
    "--set-string",
    "string_flags",
    metavar="KEY=VALUE",
    multiple=True,
    help="Like --set, as helm's option of the same name.",
)
@click.option(
    "--set-json", "json_flags", metavar="KEY=JSON", multiple=True, help="Like --set, as helm's option of the same name."
)
@click.option(
    "--write",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the values of every Cilium release and of the stack to DIR: all files, or none on an error.",
)
@click.option(
    "--check-written",
    "written",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write nothing: exit 1 naming each file of DIR that --write would change.",
)
@click.option(
    "--render",
    "chart_path",
    type=click.Path(exists=True, path_type=Path),
    metavar="CHART",
    help="Render this chart of Cilium with the values, too: a directory or .tgz, as of `helm pull`. Needs helm.",
)
@click.option("--json", "as_json", is_flag=True, help="With --check: print JSON.")
@size_option
def command(
    chart: str,
    chosen: tuple[str, ...],
    rule_files: tuple[str, ...],
    release: Release,
    peer_label: PeerLabel,  # noqa: ARG001  # load_configuration reads it
    config: Path | None,
    selected_by: str,
    selector: dict[str, str],
    stack_values: Path | None,
    scraped: tuple[str, ...],
    interval: str,
    checked: Path | None,
    current: Path | None,
    flags: tuple[str, ...],
    string_flags: tuple[str, ...],
    json_flags: tuple[str, ...],
    directory: Path | None,
    written: Path | None,
    chart_path: Path | None,
    as_json: bool,
    limits: "Limits",
) -> None:
    """Print or check the Helm values that boards and alerts need.

    Of the Cilium chart, or of kube-prometheus-stack (`stack`). Nothing is enabled that no board reads; each line
    says which panel needs it. Features of Cilium are left as they are. `helm get values cilium -n kube-system -o yaml`
    prints the values that a cluster has. Without --board and --rules, --check covers our alerts as well. `stack
    --check` says how Prometheus stores histograms, and with --board which panels are then empty.
    """
    if directory or written:
        _only_with_files(click.get_current_context())
        if directory:
            write_files(directory, selected_by, interval, config)
        elif written:
            check_files(written, selected_by, interval, config)
        return
    assignments = {"set": flags, "set_string": string_flags, "set_json": json_flags}
    assignments = {kind: texts for kind, texts in assignments.items() if texts}
    checks = bool(checked or assignments)
    _refuse_unused(chart, chosen, checks=checks)
    if chart == "stack" and not checks:
        print_stack(selected_by, interval)
        return
    selection = Selection() if chart == "stack" else selection_of(selected_by, selector, stack_values, scraped)
    if chart == "cilium" and not (chosen or rule_files or checks or current):
        needs = our_needs(release, load_configuration(config).with_our_labels)
        print_cilium(needs, release, selection, interval, chart_path, are_all=True)
        return
    boards, foreign = _boards(chosen, release, config, limits)
    of_rules = boards_of_rules(rule_files, load_configuration(config).labels.renamed)
    boards, foreign = [*boards, *of_rules], [*foreign, *of_rules]
    if chart == "stack":
        check_stack(boards, checked, assignments, release, selected_by, interval, as_json=as_json)
        return
    print_skipped(foreign, release)
    if checks:
        with_ours = not chosen and not rule_files
        if with_ours:
            boards.append(our_alerts(release, load_configuration(config).with_our_labels))
        with_rules = with_ours or bool(rule_files)
        print_check(
            boards, checked, assignments, release, selection, chart_path, as_json=as_json, with_rules=with_rules
        )
    elif current:
        print_merged(boards, release, selection, interval, current, chart_path)
    else:
        from dashboards_py.needs import needs_of

        print_cilium(needs_of(boards, release), release, selection, interval, chart_path, are_all=not chosen)


def _refuse_unused(chart: str, chosen: tuple[str, ...], *, checks: bool) -> None:
    """Refuse options that have no effect in the mode."""
    checking = {"checked", "flags", "string_flags", "json_flags", "as_json"} if checks else set()
    if chart == "stack" and not checks:
        allow_only({"chart", "selected_by", "interval"}, "for `stack` without --check or --set")
    elif chart == "stack":
        selection = {"selector", "stack_values", "scraped", "chart_path"}
        allow_only({*ALWAYS, "interval", *checking} - {"peer_label", *selection}, "for `stack` with --check or --set")
    if "limits" in command_line_parameters() and not any(map(is_path, chosen)):
        raise click.UsageError("--max-size has no effect without --board FILE")
    if "peer_label" in command_line_parameters() and chosen and all(map(is_path, chosen)):
        raise click.UsageError("--peer-label has no effect on dashboards from files")
    if checks and chart != "stack":
        allow_only({*ALWAYS, *checking}, "with --check or --set")
    elif not checks:
        allow_only({*ALWAYS, "interval", "current"}, "without --check or --set")


def _boards(
    chosen: tuple[str, ...], release: Release, config: Path | None, limits: "Limits"
) -> "tuple[list[Board], list[Board]]":
    """The chosen boards, or all of ours; and those of them that are from files."""
    house = load_configuration(config)
    renamed, configuration = house.labels.renamed, house.with_our_labels
    foreign = {name: _foreign(name, limits, renamed) for name in chosen if is_path(name)}
    others = [board for boards in foreign.values() for board in boards]
    if chosen and len(foreign) == len(set(chosen)):
        return others, others
    from dashboards_py.board import read

    if not chosen:
        return [read(board.json) for board in our_boards(release, configuration)], []
    boards = [
        board
        for name in chosen
        for board in (foreign[name] if name in foreign else [read(our_board(name, release, configuration).json)])
    ]
    return boards, others


def _only_with_files(context: click.Context) -> None:
    """Each file covers all boards for one release, so options that choose among boards or releases are refused."""
    names = [name for name in context.params if context.get_parameter_source(name) == ParameterSource.COMMANDLINE]
    if len({"directory", "written"} & set(names)) > 1:
        raise click.UsageError("--write and --check-written are mutually exclusive")
    if others := [name for name in names if name not in ("directory", "written", "selected_by", "interval", "config")]:
        options = {option.name: option.opts[0] for option in context.command.params}
        raise click.UsageError(f"--write and --check-written are for all releases: leave out {options[others[0]]}")


def _foreign(path: str, limits: "Limits", renamed: "Mapping[str, str]") -> "list[Board]":
    """A user's boards in a file or directory, with our names for renamed labels, and warnings about their anomalies."""
    unread: list[DashboardsError] = []
    boards = []
    for name, board in boards_of([path], limits, unread, renamed):
        warn(name, board.notes)
        boards.append(board)
    if unread:
        raise joined(unread)
    return boards
