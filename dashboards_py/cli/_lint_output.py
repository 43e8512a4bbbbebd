"""The output of `lint`: one cause once, with the panels under it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from dashboards_py.cli._run import NAME

if TYPE_CHECKING:
    from dashboards_py import findings
    from dashboards_py.findings.of_panel import Finding

FORMATS = ("text", "json", "markdown", "sarif", "github", "gitlab")


@dataclass(frozen=True, slots=True)
class Row:
    """A finding on the board of a file ("": one of ours), and why it is excused ("": it is not)."""

    file: str
    finding: "Finding"
    why: str
    number: int = 0  # of the board, in the order of the arguments


def print_rows(rows: Sequence[Row], output: str) -> None:
    """Print findings in a format, or as `rows` of JSON; those that are excused are in text and rows only."""
    if output == "rows":
        _print_json(rows)
    elif output == "text":
        _print(rows)
    else:
        from dashboards_py.findings import github, gitlab, markdown, sarif
        from dashboards_py.findings.json import listed

        grouped = list(_grouped(row for row in rows if not row.why))
        if output == "json":
            click.echo(json.dumps(listed(grouped), indent=2, ensure_ascii=False))
        elif output == "gitlab":
            click.echo(json.dumps(list(gitlab.issues(grouped)), indent=2, ensure_ascii=False))
        elif output == "sarif":
            from importlib.metadata import version

            click.echo(json.dumps(sarif.log(grouped, NAME, version(NAME)), indent=2, ensure_ascii=False))
        for line in {"github": github.lines, "markdown": markdown.lines}.get(output, lambda _: ())(grouped):
            click.echo(line)


def _grouped(rows: Iterable[Row]) -> "Iterable[findings.Finding]":
    """One finding for each cause in a file, with its panels as locations."""
    from dashboards_py.findings import Finding, Location
    from dashboards_py.lint import severity_of

    locations: dict[tuple[int, str, str], list[Location]] = {}
    for row in rows:
        key = (row.number, row.finding.rule, " ".join(row.finding.what.split()))
        file = row.file.partition(": ")[0]  # without the document in it, for programs that open it
        location = Location(row.finding.board, row.finding.panel, file=file, line=row.finding.line)
        locations.setdefault(key, []).append(location)
    for (_, rule, what), where in locations.items():
        yield Finding(rule, severity_of(rule), what, locations=tuple(where))


def _print(rows: Sequence[Row]) -> None:
    """Print the findings, then those that are excused."""
    panels: dict[tuple[int, str, str], list[Row]] = {}
    for row in rows:
        if not row.why:
            panels.setdefault((row.number, row.finding.rule, row.finding.what), []).append(row)
    for (_, rule, what), same in panels.items():
        single = _panel(same[0]) if len(same) == 1 else ""
        shown = _at_line(same[0]) if single else _file(same[0])
        click.echo(f"{shown}{single and f' / {single}'} [{rule}]\n    {' '.join(what.split())}")
        for row in same if len(same) > 1 else ():
            line = f"line {row.finding.line}: " if row.finding.line else ""
            click.echo(f"      {line}{_panel(row) or 'the dashboard itself'}")
    for row in rows:
        if row.why:
            panel = _panel(row)
            click.echo(f"excused: {_file(row)}{panel and f' / {panel}'} [{row.finding.rule}]: {row.why}")


def _at_line(row: Row) -> str:
    """The file, with the line of a rule as programs print it, so that an editor opens it there."""
    file, colon, document = _file(row).partition(": ")
    return f"{file}:{row.finding.line}{colon}{document}" if row.finding.line else _file(row)


def _file(row: Row) -> str:
    return row.file or row.finding.board


def _panel(row: Row) -> str:
    return " ".join(row.finding.panel.split())


def _print_json(rows: Sequence[Row]) -> None:
    """Print a JSON list; `excused` is the author's reason, null for what must be fixed."""
    from dashboards_py.lint import severity_of

    listed = [
        {
            **({"file": row.file} if row.file else {}),
            **({"line": row.finding.line} if row.finding.line else {}),
            "board": row.finding.board,
            "panel": row.finding.panel,
            "rule": row.finding.rule,
            "severity": str(severity_of(row.finding.rule)),
            "what": row.finding.what,
            "excused": row.why or None,
        }
        for row in rows
    ]
    click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
