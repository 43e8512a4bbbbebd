"""`lint`: checks boards for problems, without a cluster."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.catalog.release import Release
from dashboards_py.cli._board_files import boards_of
from dashboards_py.cli._configuration import config_option, load_configuration
from dashboards_py.cli._input import is_path
from dashboards_py.cli._modes import allow_only, command_line_parameters
from dashboards_py.cli._options import release_option, size_option
from dashboards_py.cli._promtool import with_promtool_verdicts
from dashboards_py.errors import DashboardsError, PartlyDone, ProblemsFound

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.compile import Compiled
    from dashboards_py.documents.limits import Limits
    from dashboards_py.lint import Settings
    from dashboards_py.lint._run import Excuses, Finding


@dataclass(frozen=True, slots=True)
class SourceBoard:
    """A board to check: `file` is its file, "" for one of ours (only these have excuses)."""

    file: str
    board: "Board"
    excuses: "Excuses | None" = None


@dataclass(frozen=True, slots=True)
class Row:
    """A finding on the board of a file ("": one of ours), and why it is excused ("": it is not)."""

    file: str
    finding: "Finding"
    why: str
    number: int = 0  # of the board, in the order of the arguments


@click.command()
@click.argument("boards", metavar="[FILE|DIRECTORY|UID]...", nargs=-1)
@release_option("Cilium release")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
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
    help="A label that your own relabelling adds to all series; repeat it for several.",
)
@click.option("--explain", metavar="RULE", help="Print the manual page of a rule, or of `all`.")
@size_option
def command(
    boards: tuple[str, ...],
    release: Release,
    config: Path | None,
    house_rules: bool,
    as_json: bool,
    scrape_interval: str,
    labels: tuple[str, ...],
    explain: str | None,
    limits: "Limits",
) -> None:
    """Find queries that can never return data, and other problems.

    Works on our boards and any others. Without arguments all of ours are checked, for a directory all *.json in it, and
    `-` reads standard input. Exit 1 if anything is found, 4 if some files could not be read. Findings that an author
    excused are printed with the reason.
    """
    from dashboards_py.lint import lint, manual_page, rule_ids, unread_queries

    if explain:
        allow_only({"explain"}, "with --explain")
        _warn_of_old_ids([explain])
        click.echo("\n\n".join(manual_page(rule) for rule in (rule_ids() if explain == "all" else (explain,))))
        return
    base_settings = _settings(scrape_interval, labels)
    if not any(map(is_path, boards)):
        allow_only({"boards", "release", "config", "as_json"}, "without a file or a directory")
    elif boards and all(map(is_path, boards)):
        allow_only(command_line_parameters().keys() - {"config"}, "on dashboards from files")
    unread: list[DashboardsError] = []
    rows: list[Row] = []
    panels = library_panels = checked = 0
    # One at a time: a directory may hold thousands.
    sources = _source_boards(boards, release, config, limits, unread)
    for number, source, settings in with_promtool_verdicts(sources, lambda source: source.board, base_settings):
        for note in source.board.notes:
            click.echo(f"warning: {source.file}: {note}", err=True)
        for where, why in unread_queries(source.board, settings):
            panel = " ".join(where.split())
            board = source.file or source.board.uid
            click.echo(f"not read: {board}{panel and f' / {panel}'}: {why}", err=True)
        _warn_of_old_ids(rule for rules in (source.excuses or {}).values() for rule in rules)
        findings, excused = lint(
            source.board,
            release,
            source.excuses,
            house_rules=house_rules or source.excuses is not None,
            settings=settings,
        )
        rows += [Row(source.file, finding, "", number) for finding in findings]
        rows += [Row(source.file, allowed.finding, allowed.why, number) for allowed in excused]
        library_panels += sum(bool(panel.library) for panel in source.board.panels)
        panels, checked = panels + len(source.board.panels), checked + 1
    if unread and not checked:
        raise unread[0] if len(unread) == 1 else DashboardsError("\n".join(map(str, unread)))
    (_print_json if as_json else _print)(sorted(rows, key=lambda row: row.number))
    count = sum(not row.why for row in rows)
    counted = f"{panels - library_panels} panels on Cilium {release}: {count} found, {len(rows) - count} excused"
    counted += f"; library panels, which Grafana keeps: {library_panels}" if library_panels else ""
    click.echo(counted, err=as_json)
    if unread:
        raise PartlyDone("\n".join(map(str, unread)), fix="the other boards were checked")
    if count:
        raise ProblemsFound(f"{count} found", fix="cilium-dashboards lint --explain RULE says what to do")


def _warn_of_old_ids(rules: Iterable[str]) -> None:
    """Name the new id of each rule that was renamed, on stderr."""
    from dashboards_py.lint import current_id

    for rule in dict.fromkeys(rules):
        if rule != current_id(rule):
            click.echo(
                f"warning: rule {rule} is now called {current_id(rule)}; the old id is removed in the next version",
                err=True,
            )


def _settings(scrape_interval: str, labels: Sequence[str]) -> "Settings":
    """The settings of the rules, without promtool's verdicts."""
    from dashboards_py.lint import Settings
    from dashboards_py.promql.durations import seconds

    if not seconds(scrape_interval):
        raise click.BadParameter(f"{scrape_interval!r} is not a duration such as 30s or 1m", param_hint="'--interval'")
    return Settings(seconds(scrape_interval), frozenset(labels))


def _print(rows: list[Row]) -> None:
    """Print the findings, then those that are excused."""
    for row in sorted(rows, key=lambda row: bool(row.why)):
        panel = " ".join(row.finding.panel.split())
        where = f"{row.file or row.finding.board}{panel and f' / {panel}'} [{row.finding.rule}]"
        click.echo(f"excused: {where}: {row.why}" if row.why else f"{where}\n    {' '.join(row.finding.what.split())}")


def _print_json(rows: list[Row]) -> None:
    """Print a JSON list; `excused` is the author's reason, null for what must be fixed."""
    import json

    listed = [
        {
            **({"file": row.file} if row.file else {}),
            "board": row.finding.board,
            "panel": row.finding.panel,
            "rule": row.finding.rule,
            "what": row.finding.what,
            "excused": row.why or None,
        }
        for row in rows
    ]
    click.echo(json.dumps(listed, indent=2, ensure_ascii=False))


def _source_boards(
    names: tuple[str, ...],
    release: Release,
    config: Path | None,
    limits: "Limits",
    unread: list[DashboardsError],
) -> Iterator[SourceBoard]:
    """The boards to check, one after the other; errors of those that cannot be read are added to `unread`."""
    from dashboards_py.board import read

    for file, board in boards_of(filter(is_path, names), limits, unread):
        yield SourceBoard(file, board)
    uids = [name for name in names if not is_path(name)]
    for compiled in _our_boards(uids, release, config) if uids or not names else ():
        yield SourceBoard("", read(compiled.json), compiled.excuses)


def _our_boards(uids: list[str], release: Release, config: Path | None) -> "Sequence[Compiled]":
    """Our boards of these uids, or all of them. The compiler is slow to import, and other boards do not need it."""
    from dashboards_py.compile import compile_boards, find

    configuration = load_configuration(config).with_our_labels  # which the rules know
    if uids:
        return [find(uid, release, configuration) for uid in uids]
    return compile_boards(release, configuration)
