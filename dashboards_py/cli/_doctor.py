"""The parts of `doctor`: boards, formats, and the loop of --watch."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NoReturn

import click

from dashboards_py.cli import _grafana, _kube, _preview
from dashboards_py.cli._run import NAME
from dashboards_py.errors import DashboardsError

if TYPE_CHECKING:
    from dashboards_py.catalog.release import Release
    from dashboards_py.configuration import Configuration
    from dashboards_py.doctor import BoardToExamine, Report
    from dashboards_py.documents.limits import Limits
    from dashboards_py.findings import Finding
    from dashboards_py.shapes import Ask
    from dashboards_py.targets import Reader

    Examine = Callable[["Boards", "Release | None"], "Report"]

FORMATS = ("text", "json", "markdown", "sarif", "github")
pause = time.sleep  # tests replace it
SECONDS = 120.0  # that a run may take


@dataclass(slots=True)
class Boards:
    """The boards to examine, read once: ours by uid, others by file; all of ours if `names` is empty."""

    names: tuple[str, ...]
    configuration: "Configuration"
    limits: "Limits"
    chosen: Mapping[str, Sequence[str]]
    _release: "Release | None" = None
    _boards: "tuple[BoardToExamine, ...]" = ()

    def on(self, release: "Release") -> "tuple[BoardToExamine, ...]":
        """The boards for a release."""
        from dashboards_py.doctor import BoardToExamine

        if self._release != release:
            named = list(_preview.named_boards(self.names, release, self.configuration, self.limits))
            _preview.ensure_known({name: [] for name in self.chosen}, [item.board for item in named])
            self._boards = tuple(
                BoardToExamine(item.board, item.name if item.path else "", self.chosen) for item in named
            )
            self._release = release
        return self._boards


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster to read, by its kubectl context and kubeconfig (None: the current ones)."""

    context: str | None
    kubeconfig: str | None


def examination(
    ask: "Ask | None", cluster: Cluster | None, grafana: "Reader | None", scrape_interval: float
) -> "Examine":
    """A function that examines boards now; raises DashboardsError if there is nothing to ask.

    Without `ask` the Prometheus of the `cluster` is asked, through its API server, or that of `grafana`.
    """
    from dashboards_py.doctor import Client, deployed_findings, examine, with_findings

    if ask is None and cluster is None and grafana is None:
        fix = "give --prometheus URL, --kube or --grafana"
        raise DashboardsError("doctor", cause="has no Prometheus to ask", fix=fix)

    def now(boards: Boards, release: "Release | None") -> "Report":
        scraping = _kube.read_cluster(cluster.context, cluster.kubeconfig) if cluster else None
        source = ask or (scraping.ask if scraping else None)
        if source is None and grafana:
            source = _grafana.prometheus_through(grafana)
        report = examine(
            Client(source or _no_prometheus, SECONDS),
            boards.on,
            local_time=time.time(),
            release=release,
            scrape_interval=scrape_interval,
            conditions=_kube.conditions(scraping.checks) if scraping else (),
            configuration=scraping.configuration if scraping else None,
        )
        if grafana is None:
            return report
        expected = [item.board for item in boards.on(report.observation.release)]
        deployed = _grafana.read_grafana(grafana, expected)
        return with_findings(report, deployed_findings(deployed, expected, report.observation.server.start))

    return now


def _no_prometheus(_path: str, _params: Mapping[str, str]) -> Any:
    """Stands for the Prometheus of a cluster that has none."""
    cause = "the cluster has no Prometheus object of prometheus-operator that could be asked"
    raise DashboardsError(
        "Prometheus", cause=cause, fix="give the address of the one that scrapes Cilium: --prometheus"
    )


def duration(text: str, option: str) -> float:
    """The seconds of a duration."""
    from dashboards_py.promql.durations import seconds

    value = seconds(text)
    if not value:
        raise click.BadParameter(f"{text!r} is not a duration such as 30s or 1m", param_hint=f"'{option}'")
    return value


def problems(report: "Report") -> int:
    """How many findings are an error or a warning."""
    from dashboards_py.findings import Severity

    return sum(finding.severity != Severity.INFO for finding in report.findings)


def print_report(report: "Report", format_: str, *, everything: bool) -> None:
    """Print the findings on standard output, and the counts on standard error; `everything`: what is not wrong, too."""
    shown = _shown(report, everything=everything)
    if format_ == "json":
        click.echo(json.dumps(_json(report), indent=2, ensure_ascii=False))
    elif format_ == "sarif":
        from dashboards_py.findings import sarif

        click.echo(json.dumps(sarif.log(shown, NAME, version(NAME)), indent=2, ensure_ascii=False))
    else:
        for line in _lines(shown, format_):
            click.echo(line)
    click.echo(summary(report, everything=everything), err=format_ != "text")


def _shown(report: "Report", *, everything: bool) -> "list[Finding]":
    """The findings to print."""
    from dashboards_py.findings import Severity

    return [finding for finding in report.findings if everything or finding.severity != Severity.INFO]


def _lines(findings: "Iterable[Finding]", format_: str) -> Iterable[str]:
    from dashboards_py.findings import github, markdown, text

    if format_ == "github":
        return github.lines(findings)
    return markdown.lines(findings) if format_ == "markdown" else text.lines(findings)


def summary(report: "Report", *, everything: bool) -> str:
    """One line of counts."""
    from dashboards_py.findings import Severity

    if report.observation.server.failure:
        return "nothing was asked"
    quiet = {panel for finding in report.findings if finding.severity == Severity.INFO for panel in finding.panels}
    line = f"{report.healthy} of {report.panels} panels are as they should be on Cilium {report.observation.release}"
    if quiet and not everything:
        line += f"; {len(quiet)} have nothing to show, such as those of features that are off: --board UID says why"
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


def watch(examine: "Callable[[], Report]", seconds: float, everything: bool) -> NoReturn:
    """Print the findings whenever they change, until Ctrl-C."""
    before: list[str] | None = None
    while True:
        report = examine()
        now = [*_lines(_shown(report, everything=everything), "text"), summary(report, everything=everything)]
        if now != before:
            click.echo(f"{datetime.now(UTC):%H:%M:%S} UTC")
            for line in now:
                click.echo(line)
            sys.stdout.flush()
        before = now
        pause(seconds)
