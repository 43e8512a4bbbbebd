"""The output of `doctor`: findings in several formats, by cluster where there are several, and the loop of --watch."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn

import click

from dashboards_py.cli._run import NAME
from dashboards_py.errors import DashboardsError
from dashboards_py.plural import counted

if TYPE_CHECKING:
    from dashboards_py.doctor import Report
    from dashboards_py.findings import Finding

    Reports = Mapping[str, Report]

FORMATS = ("text", "json", "markdown", "sarif", "github")
pause = time.sleep  # tests replace it


def problems(reports: "Reports") -> "list[Finding]":
    """The findings that are an error or a warning."""
    from dashboards_py.findings import Severity

    listed = (finding for report in reports.values() for finding in report.findings)
    return [finding for finding in listed if finding.severity != Severity.INFO]


def print_reports(reports: "Reports", format_: str, *, everything: bool) -> None:
    """Print the findings on standard output, and the counts on standard error; `everything`: what is not wrong, too."""
    if format_ == "json":
        by_name = {name: _json(report) for name, report in reports.items()}
        value = {"clusters": by_name} if len(reports) > 1 else next(iter(by_name.values()))
        click.echo(json.dumps(value, indent=2, ensure_ascii=False))
    elif format_ == "sarif":
        from importlib.metadata import version

        from dashboards_py.findings import sarif

        click.echo(json.dumps(sarif.log(_all(reports, everything), NAME, version(NAME)), indent=2, ensure_ascii=False))
    elif format_ == "github":
        from dashboards_py.findings import github

        for line in github.lines(_all(reports, everything)):
            click.echo(line)
    else:
        for line in lines(reports, format_, everything=everything):
            click.echo(line)
    for name, report in reports.items() if format_ != "text" else ():
        click.echo(_titled(name, summary(report, everything=everything)), err=True)


def lines(reports: "Reports", format_: str, *, everything: bool) -> list[str]:
    """The findings as text or Markdown; of several clusters each with a heading, and a table at the end."""
    from dashboards_py.findings import markdown, text

    result = []
    for name, report in reports.items():
        if len(reports) > 1:
            result += [f"## {markdown.escaped(name)}", ""] if format_ == "markdown" else [f"== {name}"]
        result += (markdown if format_ == "markdown" else text).lines(_shown(report, everything=everything))
        result += [summary(report, everything=everything)] if format_ == "text" else []
    if len(reports) > 1:
        result += _table(reports, is_markdown=format_ == "markdown", everything=everything)
    return result


def _titled(name: str, text: str) -> str:
    return f"{name}: {text}" if name else text


def _all(reports: "Reports", everything: bool) -> "list[Finding]":
    """The findings of all clusters, each with the name of its cluster if there are several."""
    from dataclasses import replace

    return [
        replace(finding, what=_titled(name, finding.what))
        for name, report in reports.items()
        for finding in _shown(report, everything=everything)
    ]


def _table(reports: "Reports", *, is_markdown: bool, everything: bool) -> list[str]:
    """How many panels each cause concerns in each cluster, the causes of most panels first."""
    counts: dict[str, dict[str, int]] = {}
    for name, report in reports.items():
        for finding in _shown(report, everything=everything):
            row = counts.setdefault(finding.rule, dict.fromkeys(reports, 0))
            row[name] += max(1, len(finding.panels))
    rows = sorted(counts.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    cells = [["panels by cause", *reports], *([cause, *map(str, row.values())] for cause, row in rows)]
    if is_markdown:
        from dashboards_py.findings.markdown import escaped

        written = [f"| {' | '.join(map(escaped, row))} |" for row in cells]
        return [written[0], "|" + "---|" * len(cells[0]), *written[1:]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(text.ljust(width) if not index else text.rjust(width) for index, (text, width) in enumerate(pairs))
        for pairs in (list(zip(row, widths, strict=True)) for row in cells)
    ]


def _shown(report: "Report", *, everything: bool) -> "Iterable[Finding]":
    """The findings to print."""
    from dashboards_py.findings import Severity

    return [finding for finding in report.findings if everything or finding.severity != Severity.INFO]


def summary(report: "Report", *, everything: bool) -> str:
    """One line of counts."""
    from dashboards_py.findings import Severity

    if report.observation.server.failure:
        return "nothing was asked"
    quiet = {panel for finding in report.findings if finding.severity == Severity.INFO for panel in finding.panels}
    fine = counted(report.panels, "panel is as it should be", "panels are as they should be")
    line = f"{report.healthy} of {fine} on Cilium {report.observation.release}"
    line += "" if report.observation.versions else " (assumed, as no agent tells its version)"
    if quiet and not everything:
        line += f"; {counted(len(quiet), 'has', 'have')} nothing to show, such as those of features that are off: "
        line += "--board UID says why"
    return line


def _json(report: "Report") -> dict[str, Any]:
    from dashboards_py.findings.json import listed

    server = report.observation.server
    return {
        "prometheus": {"product": server.product, "version": server.version},
        "cilium": str(report.observation.release),
        "panels": report.panels,
        "healthy": report.healthy,
        "findings": listed(report.findings),
    }


def watch(examine: "Callable[[], Reports]", seconds: float, everything: bool) -> NoReturn:
    """Print the findings whenever they change, until Ctrl-C.

    An error ends it at the first look only: later a server or the cluster may be away for a moment.
    """
    before: list[str] | None = None
    while True:
        try:
            now = lines(examine(), "text", everything=everything)
        except DashboardsError as error:
            if before is None:
                raise
            now = str(error).splitlines()
        if now != before:
            click.echo(f"{datetime.now(UTC):%H:%M:%S} UTC")
            for line in now:
                click.echo(line)
            sys.stdout.flush()
        before = now
        pause(seconds)
