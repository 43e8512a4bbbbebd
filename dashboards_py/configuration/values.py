"""The settings as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dashboards_py.configuration.links import Link
from dashboards_py.peer_label import PeerLabel

COMMAND_LINE = "the command line"

Pairs = tuple[tuple[str, str], ...]
RUNBOOKS = "docs/runbooks"  # in the repository that the alerts come from
# kube-prometheus-stack selects the rules that have its Helm release as this label (ruleSelectorNilUsesHelmValues).
SELECTOR: Pairs = (("release", "prometheus"),)
DATASOURCE = "prometheus"  # the uid that kube-prometheus-stack gives it (grafana.sidecar.datasources.uid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which boards are compiled: those of the uids `only`, or all if there are none, but for those of `without`.

    `source` says where the uids were named, for errors.
    """

    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    source: str = ""

    def __contains__(self, uid: str) -> bool:
        return (not self.only or uid in self.only) and uid not in self.without


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The labels that name cluster and node in the house's Prometheus, and those `added` to all series there."""

    cluster: str = "cluster"
    node: str = "node"
    added: tuple[str, ...] = ()

    @property
    def renamed(self) -> Mapping[str, str]:
        """Those that have another name than in our queries, by the name there."""
        names = {"cluster": self.cluster, "node": self.node}
        return {old: new for old, new in names.items() if old != new}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """Settings of alerts; pairs stand for mappings.

    `grafana_url` and `runbook_url` are what links begin with: "" leaves a path of Grafana. `labels` are added to each
    alert, `selector` to the objects that carry rules in Kubernetes. `hold` and `severity` are by alert's name.
    `datasource` is the uid of the Prometheus that Grafana's own alerts ask. `objectives` are the service levels that
    are promised, by name: the others have no alerts.
    """

    grafana_url: str = ""
    runbook_url: str = RUNBOOKS
    without: tuple[str, ...] = ()
    labels: Pairs = ()
    selector: Pairs = SELECTOR
    hold: Pairs = ()
    severity: Pairs = ()
    datasource: str = DATASOURCE
    objectives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All settings. Hashable, since compiled boards are cached by it; pairs stand for mappings.

    `folders` maps folders or uids to folders, `tags` are added to all boards, and `refresh` is how often Grafana asks
    again ("" for never). `peer_label` names the pods at both ends of Hubble's flows; None is the default. `thresholds`
    are values by level of a limit ("map-pressure.critical"), those of panels and those of alerts. With `recorded`,
    boards read recorded series, and the rules that record these come with the alerts. `source` is the name of the file,
    "" without one.
    """

    boards: Chosen = Chosen()
    folders: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    refresh: str | None = None
    peer_label: PeerLabel | None = None
    labels: Labels = Labels()
    links: tuple[Link, ...] = ()
    thresholds: tuple[tuple[str, float], ...] = ()
    alerts: Alerts = Alerts()
    recorded: bool = False
    source: str = ""

    @property
    def is_default(self) -> bool:
        """Whether nothing is set: there is no file, or an empty one."""
        return replace(self, boards=replace(self.boards, source=""), source="") == Configuration()

    @property
    def with_our_labels(self) -> "Configuration":
        """The same boards with labels and metrics of the catalogue, for what compares queries with it."""
        return replace(self, labels=Labels(), recorded=False)

    @property
    def with_raw_series(self) -> "Configuration":
        """The same boards, which read no recorded series, for where there are none."""
        return replace(self, recorded=False)

    def choosing(self, uids: Sequence[str] = (), without: Sequence[str] = ()) -> "Configuration":
        """The same, with boards that the command line names: `uids` replace the file's choice, `without` narrows it."""
        boards = self.boards
        if uids:
            boards = Chosen(only=tuple(uids), source=COMMAND_LINE)
        if without:
            named_by = dict.fromkeys(filter(None, (boards.source, COMMAND_LINE)))
            boards = replace(boards, without=(*boards.without, *without), source=" and ".join(named_by))
        return replace(self, boards=boards)


DEFAULTS = Configuration()
