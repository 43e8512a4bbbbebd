"""What `doctor` examines: boards and rules, at one Prometheus or several, cluster by cluster."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from dashboards_py.cli import _grafana, _kube, _preview
from dashboards_py.cli._remedies import fix_text
from dashboards_py.errors import DashboardsError

if TYPE_CHECKING:
    from dashboards_py.cluster import Scraping
    from dashboards_py.configuration import Configuration
    from dashboards_py.doctor import BoardToExamine, Clusters, Report, RulesToExamine, ScrapeTarget
    from dashboards_py.documents.limits import Limits
    from dashboards_py.errors import Fix
    from dashboards_py.release import Release
    from dashboards_py.shapes import Ask
    from dashboards_py.targets import Reader

SECONDS = 120.0  # that a run may take, for each Prometheus
CLUSTER = "cluster"  # the variable and label of clusters


@dataclass(slots=True)
class Boards:
    """The boards and rules to examine, read once: ours by uid, others by file; all of ours if `names` is empty."""

    names: tuple[str, ...]
    configuration: "Configuration"
    limits: "Limits"
    chosen: Mapping[str, Sequence[str]]
    rules: "tuple[RulesToExamine, ...]" = ()
    _read: "dict[Release, tuple[BoardToExamine, ...]]" = field(default_factory=dict)

    @property
    def cluster_label(self) -> str:
        """The label of clusters in this house's Prometheus."""
        return self.configuration.labels.cluster

    def on(self, release: "Release", cluster: str = "") -> "tuple[BoardToExamine, ...]":
        """The boards for a release, opened on a cluster."""
        from dashboards_py.doctor import BoardToExamine, board_of_rules

        if release not in self._read:
            self._read[release] = (
                *(
                    BoardToExamine(item.board, item.name if item.path else "", self.chosen)
                    for item in self._named(release)
                ),
                *(BoardToExamine(board_of_rules(file), file.file) for file in self.rules),
            )
        if not cluster:
            return self._read[release]
        return tuple(replace(item, chosen={**(item.chosen or {}), CLUSTER: (cluster,)}) for item in self._read[release])

    def _named(self, release: "Release") -> "list[_preview.NamedBoard]":
        named = list(_preview.named_boards(self.names, release, self.configuration, self.limits))
        # A cluster is chosen by its label as well, also for boards that have no variable for it.
        variables: dict[str, list[str]] = {name: [] for name in self.chosen if name != CLUSTER}
        _preview.ensure_known(variables, [item.board for item in named])
        return named


@dataclass(frozen=True, slots=True)
class Kube:
    """The cluster to read, by its kubectl context and kubeconfig (None: the current ones)."""

    context: str | None
    kubeconfig: str | None


@dataclass(frozen=True, slots=True)
class Sources:
    """What is asked: Prometheus servers by a name for each, a cluster of Kubernetes, a Grafana."""

    servers: "Mapping[str, Ask]"
    kube: Kube | None = None
    grafana: "Reader | None" = None


Examine = Callable[[], "dict[str, Report]"]


def examination(sources: Sources, boards: Boards, release: "Release | None", scrape_interval: float) -> Examine:
    """A function that examines the boards now: reports by cluster, "" if there is only one.

    Raises DashboardsError if there is nothing to ask. Without a server the Prometheus of the cluster is asked, through
    its API server, or that of Grafana.
    """
    if not sources.servers and sources.kube is None and sources.grafana is None:
        fix = "give --prometheus URL, --kube or --grafana"
        raise DashboardsError("doctor", cause="has no Prometheus to ask", fix=fix)

    def now() -> "dict[str, Report]":
        from dashboards_py.doctor import Client, look_at_clusters

        read = _kube.read_cluster_as_allowed if sources.servers else _kube.read_cluster
        scraping = read(sources.kube.context, sources.kube.kubeconfig) if sources.kube else None
        servers = sources.servers or {"": _other_prometheus(scraping, sources.grafana)}
        reports: dict[str, Report] = {}
        for server, ask in servers.items():
            clusters = look_at_clusters(Client(ask, SECONDS), boards.cluster_label)
            for index, cluster in enumerate(_examined(clusters, boards, is_kube=scraping is not None)):
                name = " at ".join(filter(None, (cluster, server if len(servers) > 1 else "")))
                unlabelled = clusters.without_label(cluster, is_first=not index) if cluster else ()
                reports[name] = _report(ask, cluster, unlabelled, boards, release, scrape_interval, scraping)
        return _with_grafana(reports, boards, sources.grafana) if sources.grafana else reports

    return now


def _other_prometheus(scraping: "Scraping | None", grafana: "Reader | None") -> "Ask":
    if scraping and scraping.ask:
        return scraping.ask
    return _grafana.prometheus_through(grafana) if grafana else _no_prometheus


def _examined(clusters: "Clusters", boards: Boards, *, is_kube: bool) -> tuple[str, ...]:
    """The clusters to examine one by one; ("",) if the Prometheus has one, or does not tell them apart."""
    names = clusters.names if is_kube else (*clusters.names, *clusters.lost)
    chosen = tuple(boards.chosen.get(CLUSTER, ()))
    if is_kube and (len(chosen) > 1 or (len(names) > 1 and not chosen)):
        cause = f"has several clusters ({', '.join(chosen or names)}), and --kube reads one"
        fix = f"name the one of the kubectl context: --var cluster={(chosen or names)[0]}"
        raise DashboardsError("Prometheus", cause=cause, fix=fix)
    if len(names) < 2 or set(chosen) - set(names):  # one alone, or none of this name: its variable is the cause
        return chosen if len(chosen) > 1 else ("",)
    return chosen or names


def _report(
    ask: "Ask",
    cluster: str,
    unlabelled: "tuple[ScrapeTarget, ...]",
    boards: Boards,
    release: "Release | None",
    scrape_interval: float,
    scraping: "Scraping | None",
) -> "Report":
    from dashboards_py.doctor import Client, examine, of_cluster, rule_findings, with_findings

    client = Client(of_cluster(ask, cluster, boards.cluster_label) if cluster else ask, SECONDS)
    report = examine(
        client,
        lambda running: boards.on(running, cluster),
        local_time=time.time(),
        release=release,
        scrape_interval=scrape_interval,
        conditions=_kube.conditions(scraping.checks) if scraping else (),
        configuration=scraping.configuration if scraping else None,
        handlers=scraping.handlers if scraping else frozenset(),
        not_running=scraping.not_running if scraping else frozenset(),
        label_names=boards.configuration.labels.renamed,
        unlabelled=unlabelled,
        word=_word,
    )
    if report.observation.server.failure:
        return report
    return with_findings(report, rule_findings(client, boards.rules))


def _with_grafana(reports: "dict[str, Report]", boards: Boards, grafana: "Reader") -> "dict[str, Report]":
    """The reports, the first with what is to be said of the boards in Grafana."""
    from dashboards_py.doctor import deployed_findings, with_findings

    name, report = next(iter(reports.items()))
    seen = report.observation
    items = boards.on(seen.release)
    expected, own = [item.board for item in items], {item.board.uid for item in items if not item.file}
    deployed = _grafana.read_grafana(grafana, expected)
    more = deployed_findings(deployed, expected, seen.release, seen.server.start, own=own, word=_word)
    return {**reports, name: with_findings(report, more)}


def _word(fix: "Fix") -> str:
    return fix_text(fix, "up")


def _no_prometheus(_path: str, _params: Mapping[str, str]) -> Any:
    """Stands for the Prometheus of a cluster that has none."""
    cause = "the cluster has no Prometheus object of prometheus-operator that could be asked"
    fix = "give the address of the one that scrapes Cilium: --prometheus"
    raise DashboardsError("Prometheus", cause=cause, fix=fix)
