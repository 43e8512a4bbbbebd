"""`doctor`: why panels are empty, asked of a Prometheus."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.cli import _doctor, _grafana, _preview
from dashboards_py.cli._configuration import config_option, load_configuration
from dashboards_py.cli._examination import Boards, Kube, Sources, examination
from dashboards_py.cli._modes import allow_only, command_line_parameters, refuse_unused_options
from dashboards_py.cli._names import CONTEXT
from dashboards_py.cli._options import RELEASE, duration, size_option, variable_option
from dashboards_py.cli._progress import waiting
from dashboards_py.cli._prometheus import ca_file_option, header_option, prometheus_at
from dashboards_py.cli._rule_files import rules_of_file, rules_option
from dashboards_py.errors import PartlyDone, ProblemsFound
from dashboards_py.plural import counted
from dashboards_py.release import RELEASES, Release

if TYPE_CHECKING:
    from dashboards_py.documents.limits import Limits
    from dashboards_py.shapes import Ask


@click.command()
@click.option(
    "--prometheus",
    "--prometheus-url",
    "prometheus_url",
    multiple=True,
    envvar="PROMETHEUS_URL",
    show_envvar=True,
    help="Prometheus to query; repeat it for several clusters.",
)
@ca_file_option
@header_option
@click.option("--kube", is_flag=True, help="Read the cluster of the kubectl context as well, for the reasons behind.")
@click.option("--context", type=CONTEXT, envvar="KUBE_CONTEXT", show_envvar=True, help="kubectl context for --kube.")
@click.option("--kubeconfig", type=click.Path(exists=True, dir_okay=False), help="kubeconfig file for --kube.")
@click.option(
    "--grafana",
    is_flag=True,
    help="Compare the boards in Grafana as well, and its data sources; GRAFANA_URL and GRAFANA_TOKEN as for `deploy`.",
)
@click.option(
    "--board",
    "boards",
    metavar="UID|FILE",
    multiple=True,
    help="Board to examine; repeat it for several.  [default: ours]",
)
@rules_option
@click.option(
    "--cilium",
    "release",
    type=RELEASE,
    envvar="CILIUM",
    help=f"Cilium release ({RELEASES[0]} to {RELEASES[-1]}).  [default: what most agents run]",
)
@config_option
@click.option(
    "--interval",
    "scrape_interval",
    default="30s",
    show_default=True,
    metavar="DURATION",
    help="Scrape interval that Grafana's data source names.",
)
@variable_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(_doctor.FORMATS),
    default="text",
    show_default=True,
    help="Form of the findings.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON; the same as --format json.")
@click.option(
    "--watch",
    is_flag=False,
    flag_value="10s",
    metavar="[DURATION]",
    help="Examine again and again, every 10s or as often as said, and print what changed, until Ctrl-C.",
)
@click.option("--explain", metavar="CAUSE", help="Print the page of a cause, or of `all`.")
@size_option
def command(
    prometheus_url: tuple[str, ...],
    prometheus_ca_file: str | None,
    headers: dict[str, str],
    kube: bool,
    context: str | None,
    kubeconfig: str | None,
    grafana: bool,
    boards: tuple[str, ...],
    rule_files: tuple[str, ...],
    release: Release | None,
    config: Path | None,
    scrape_interval: str,
    variables: tuple[str, ...],
    format_: str,
    as_json: bool,
    watch: str | None,
    explain: str | None,
    limits: "Limits",
) -> None:
    """Say why panels are empty or misleading.

    There is one cause and one fix for all panels that have the same.

    Asks each query of the boards once, as Grafana would, and looks at targets, labels and histograms only where an
    answer is missing. Works on our boards and any others. Nothing is written anywhere. Exit 1 if anything is wrong.

    --kube reads the cluster as well (CRDs, ServiceMonitors and who selects them, Services, ports, policies, pods older
    than their configuration) and names the deepest cause. Without --prometheus it asks the cluster's own Prometheus,
    through the API server.

    --grafana compares the boards that Grafana has with those that are compiled, panel by panel, and asks its data
    sources. Without --prometheus and --kube it asks the Prometheus behind its default data source.

    Several --prometheus, or one with several values of the label `cluster`: each cluster is examined, and a table says
    which has which cause; --var cluster=NAME chooses one, which --kube needs. --rules examines the queries of alerting
    and recording rules as well, and whether they are loaded.

    Panels of features that are off, and counters that have not counted anything, are not wrong: they are listed if you
    name boards.
    """
    from dashboards_py.doctor import RulesToExamine, cause_ids, manual_page

    if explain:
        allow_only({"explain"}, "with --explain")
        click.echo("\n\n".join(manual_page(cause) for cause in (cause_ids() if explain == "all" else (explain,))))
        return
    refuse_unused_options(boards, ())
    if not kube:
        allow_only(command_line_parameters().keys() - {"context", "kubeconfig"}, "without --kube")
    if kube and len(prometheus_url) > 1:
        raise click.UsageError("--kube reads one cluster: give one --prometheus with it")
    format_ = "json" if as_json else format_
    interval, pause = duration(scrape_interval, "--interval"), duration(watch or "10s", "--watch")
    rules = tuple(RulesToExamine(file, listed) for file, listed in map(rules_of_file, rule_files))
    chosen = _preview.chosen_values(variables)
    source = Boards(boards, load_configuration(config), limits, chosen, rules)
    sources = Sources(
        servers=_servers(prometheus_url, prometheus_ca_file, headers),
        kube=Kube(context, kubeconfig) if kube else None,
        grafana=_grafana.open_grafana() if grafana else None,
    )
    examine = examination(sources, source, release, interval)
    everything = bool(boards or rules)
    if watch:
        _doctor.watch(examine, pause, everything)
    with waiting("asking Prometheus"):
        reports = examine()
    _doctor.print_reports(reports, format_, everything=everything)
    failures = [failure for report in reports.values() if (failure := report.observation.server.failure)]
    if failures and len(failures) < len(reports):
        raise PartlyDone("\n".join(map(str, failures)), fix="the other clusters were examined")
    if failures:
        raise failures[0]
    if problems := _doctor.problems(reports):
        causes = counted(len(problems), "cause")
        fix = f"cilium-dashboards doctor --explain {problems[0].rule} says more"
        raise ProblemsFound(f"{causes} found", fix=fix)


def _servers(urls: tuple[str, ...], ca_file: str | None, headers: dict[str, str]) -> "dict[str, Ask]":
    """The servers by their addresses, without credentials."""
    from dashboards_py.prometheus import prometheus_address

    if not urls:
        prometheus_at(None, ca_file, headers)  # refuses options that need one
    servers = {}
    for url in urls:
        if ask := prometheus_at(url, ca_file, headers):
            servers[prometheus_address(url, "--prometheus").shown] = ask
    return servers
