"""`lint`: checks boards, and alerting and recording rules, for problems, without a cluster."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.cli._board_files import boards_of
from dashboards_py.cli._configuration import config_option, load_configuration
from dashboards_py.cli._input import is_path
from dashboards_py.cli._lint_fix import fix_files
from dashboards_py.cli._lint_output import FORMATS, Row, print_rows
from dashboards_py.cli._lint_rules import rule_findings
from dashboards_py.cli._modes import allow_only
from dashboards_py.cli._options import duration, release_option, size_option
from dashboards_py.cli._our_boards import our_board, our_boards
from dashboards_py.cli._our_readings import our_judged_boards
from dashboards_py.errors import DashboardsError, PartlyDone, ProblemsFound, joined
from dashboards_py.findings.finding import RANK, Severity
from dashboards_py.plural import counted
from dashboards_py.release import Release

if TYPE_CHECKING:
    from dashboards_py.cli._judged_board import JudgedBoard, SourceBoard
    from dashboards_py.compiled import Compiled
    from dashboards_py.configuration import Configuration
    from dashboards_py.documents.limits import Limits
    from dashboards_py.documents.rule_files import RuleSet
    from dashboards_py.findings.of_panel import Finding
    from dashboards_py.lint import Settings


@click.command()
@click.argument("boards", metavar="[FILE|DIRECTORY|UID]...", nargs=-1)
@release_option("Cilium release")
@config_option
@click.option(
    "--format", "output", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print it."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a row for each panel.")
@click.option(
    "--severity",
    type=click.Choice([str(severity) for severity in Severity]),
    help="The least severe findings to report: errors (no data), warnings (may mislead) or info (habits). "
    "[default: error for other boards, warning for rules, info with --all]",
)
@click.option("--all", "house_rules", is_flag=True, help="Apply our house rules to other boards, too.")
@click.option(
    "--interval",
    "scrape_interval",
    default="30s",
    show_default=True,
    metavar="DURATION",
    help="How often Prometheus scrapes.",
)
@click.option(
    "--label",
    "labels",
    metavar="NAME",
    multiple=True,
    help="A label that your own relabelling adds to all series; repeat it for several, or name them in the settings.",
)
@click.option(
    "--fix",
    is_flag=True,
    help="First write fixes that are certain into the files: suggested queries, renamed metrics, values and operators, "
    "the board's variable of data sources, time series for graphs, with --severity info also fixed windows.",
)
@click.option(
    "--skip-others",
    is_flag=True,
    help="Skip files that hold no dashboards or rules also if they are named, as hooks do.",
)
@click.option("--explain", metavar="RULE", help="Print the manual page of a rule, or of `all`.")
@size_option
def command(
    boards: tuple[str, ...],
    release: Release,
    config: Path | None,
    house_rules: bool,
    output: str,
    as_json: bool,
    severity: str | None,
    scrape_interval: str,
    labels: tuple[str, ...],
    fix: bool,
    skip_others: bool,
    explain: str | None,
    limits: "Limits",
) -> None:
    """Find queries without data, and alerts that never fire.

    Works on our boards and any others, and on alerting and recording rules in any document: rule files,
    PrometheusRules, VMRules, alerts of Grafana, Helm values. Without arguments all of our boards are checked, for a
    directory all files in it, and `-` reads standard input. Of other boards only errors are reported, of rules warnings
    too, unless --severity says otherwise. promtool and pint check rules as well where they are on PATH. Exit 1 if
    anything is found, 4 if some files could not be read. Findings that an author excused are printed with the reason.
    """
    if explain:
        allow_only({"explain"}, "with --explain")
        _explain(explain)
        return
    seconds = duration(scrape_interval, "--interval")
    _refuse_unused(boards, output if as_json else "text")
    configuration = load_configuration(config)
    settings = _settings(seconds, (*labels, *configuration.labels.added))
    if fix:
        fix_files(filter(is_path, boards), release, limits, settings(), habits=severity == Severity.INFO)
    unread: list[DashboardsError] = []
    rows: list[Row] = []
    rule_sets: list[RuleSet] = []
    panels = library_panels = checked = hidden = 0
    sources = _source_boards(boards, release, configuration, limits, unread, rule_sets, skip_others=skip_others)
    for board in _judged(sources, boards, release, configuration, settings, house_rules=house_rules):
        _print_remarks(board)
        least = Severity(severity) if severity else Severity.INFO if house_rules or board.is_ours else Severity.ERROR
        reported = [finding for finding in board.findings if _is_reported(finding, least)]
        hidden += len(board.findings) - len(reported)
        rows += [Row(board.file, finding, "", board.number) for finding in reported]
        rows += [Row(board.file, allowed.finding, allowed.why, board.number) for allowed in board.excused]
        library_panels += board.library_panels
        panels, checked = panels + board.panels, checked + 1
    least = Severity(severity) if severity else Severity.INFO if house_rules else Severity.WARNING
    renamed = configuration.labels.renamed
    of_rules = rule_findings(rule_sets, release, settings(), renamed, house_rules=house_rules) if rule_sets else ()
    for number, rule_set, finding in of_rules:
        is_reported = _is_reported(finding, least)
        hidden += not is_reported
        rows += [Row(rule_set.name, finding, "", checked + number)] if is_reported else []
    if unread and not checked and not rule_sets:
        raise joined(unread)
    print_rows(sorted(rows, key=lambda row: row.number), "rows" if as_json else output)
    count = sum(not row.why for row in rows)
    rules = sum(len(rule_set.rules) for rule_set in rule_sets)
    checked_parts = [counted(panels - library_panels, "panel")] if checked or not rules else []
    checked_parts += [counted(rules, "rule")] if rules else []
    summary = f"{', '.join(checked_parts)} on Cilium {release}: {count} found, {len(rows) - count} excused"
    summary += f"; library panels, which Grafana keeps: {library_panels}" if library_panels else ""
    summary += f"; {hidden} less severe: --severity info reports them" if hidden else ""
    click.echo(summary, err=as_json or output != "text")
    if unread:
        raise PartlyDone("\n".join(map(str, unread)), fix="the other files were checked")
    if count:
        raise ProblemsFound(f"{count} found", fix="cilium-dashboards lint --explain RULE says what to do")


def _refuse_unused(boards: tuple[str, ...], format_with_json: str) -> None:
    """Refuse options that contradict each other or have no effect."""
    if format_with_json != "text":
        raise click.UsageError("--json and --format are mutually exclusive")
    if not any(map(is_path, boards)):
        allow_only({"boards", "release", "config", "as_json", "output"}, "without a file or a directory")


def _is_reported(finding: "Finding", least: Severity) -> bool:
    """True if the finding is as severe as the least severe ones that are reported."""
    from dashboards_py.lint import severity_of

    return RANK[severity_of(finding.rule)] <= RANK[least]


def _explain(rule: str) -> None:
    """Print the manual page of a rule, by its current or old id, or of all rules."""
    from dashboards_py.lint import current_id, manual_page, rule_ids

    if rule != current_id(rule):
        _warn_of_old_id(rule, current_id(rule))
    click.echo("\n\n".join(map(manual_page, rule_ids() if rule == "all" else (rule,))))


def _print_remarks(board: "JudgedBoard") -> None:
    """Print on stderr what is odd about a board, and what was not judged."""
    for note in board.notes:
        click.echo(f"warning: {board.file}: {note}", err=True)
    for where, why in board.unread:
        panel = " ".join(where.split())
        click.echo(f"not read: {board.name}{panel and f' / {panel}'}: {why}", err=True)
    for old, new in board.renamed_rules:
        _warn_of_old_id(old, new)


def _warn_of_old_id(old: str, new: str) -> None:
    click.echo(f"warning: rule {old} is now called {new}; the old id is removed in the next version", err=True)


def _settings(scrape_interval: float, labels: Sequence[str]) -> "Callable[[], Settings]":
    """The settings of the rules, without promtool's verdicts; what is kept of our boards needs no import of rules."""

    def settings() -> "Settings":
        from dashboards_py.lint import Settings

        return Settings(scrape_interval, frozenset(labels))

    return settings


def _judged(
    sources: "Iterable[SourceBoard]",
    names: tuple[str, ...],
    release: Release,
    configuration: "Configuration",
    settings: "Callable[[], Settings]",
    *,
    house_rules: bool,
) -> "Iterable[JudgedBoard]":
    """The judged boards; all of ours are kept between runs, and others judged one at a time."""

    def judged() -> "Iterator[JudgedBoard]":
        from dashboards_py.cli._judged_board import judge

        return judge(sources, release, settings(), house_rules=house_rules)

    return judged() if names else our_judged_boards(release, configuration, lambda: tuple(judged()))


def _source_boards(
    names: tuple[str, ...],
    release: Release,
    configuration: "Configuration",
    limits: "Limits",
    unread: list[DashboardsError],
    rule_sets: "list[RuleSet]",
    *,
    skip_others: bool,
) -> "Iterator[SourceBoard]":
    """The boards to check, one after the other; rules in the files, and errors of those unread, are added to lists."""
    from dashboards_py.board import read
    from dashboards_py.cli._judged_board import SourceBoard

    renamed = configuration.labels.renamed
    for file, board in boards_of(filter(is_path, names), limits, unread, renamed, rule_sets, skip_others=skip_others):
        yield SourceBoard(file, board)
    uids = [name for name in names if not is_path(name)]
    for compiled in _our_boards(uids, release, configuration) if uids or not names else ():
        yield SourceBoard("", read(compiled.json), compiled.excuses)


def _our_boards(uids: list[str], release: Release, configuration: "Configuration") -> "Sequence[Compiled]":
    """Our boards of these uids, or all of them."""
    configuration = configuration.with_our_labels  # which the rules know
    if uids:
        return [our_board(uid, release, configuration) for uid in uids]
    return our_boards(release, configuration)
