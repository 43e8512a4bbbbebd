"""What was seen of a Prometheus and of the Cilium that it scrapes, as values."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.doctor.duplicates import Duplicates, grouped
from dashboards_py.errors import DashboardsError

Labels = Mapping[str, str]
FLOWS = "hubble_flows_processed_total"
# 1 of agents that run Envoy themselves (pkg/metrics/features of cilium/cilium).
EMBEDDED = 'cilium_feature_adv_connect_and_lb_envoy_proxy_enabled{mode="embedded"}'
SAMPLED = 2  # targets of a component whose series stand for those of all


@dataclass(frozen=True, slots=True)
class Server:
    """The server that answers. `product` is Prometheus, Thanos, Mimir or VictoriaMetrics as far as it is known.

    `now` is its time, `skew` how many seconds this machine's clock is ahead of it; `retention` is in seconds, None if
    it does not say; `start` is when it started, as it says it. `warnings` are those of its answers, `lost_stores` are
    those of a Thanos that do not answer, each with the reason. `failure` is why it gave no answer at all.
    """

    name: str = "Prometheus"
    product: str = "Prometheus"
    version: str = ""
    now: float = 0.0
    skew: float = 0.0
    retention: float | None = None
    start: str = ""
    warnings: tuple[str, ...] = ()
    lost_stores: tuple[str, ...] = ()
    failure: DashboardsError | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ScrapeTarget:
    """A target of Cilium. `component` is its name in the catalogue; times are seconds, 0 if they are not known.

    `error` is that of the last scrape, "" also where the server does not tell; `url` is what is scraped.
    """

    component: str
    labels: Labels
    is_up: bool
    error: str = ""
    url: str = ""
    pool: str = ""
    interval: float = 0.0
    timeout: float = 0.0
    duration: float = 0.0

    @property
    def name(self) -> str:
        """What to call it: its address, or pod."""
        return self.url or self.labels.get("instance", "") or self.labels.get("pod", "")


class Flow(NamedTuple):
    """A kind of flow that Hubble has seen, by labels of its handler `flow`, "" where they are not known.

    `told_by` is the metric that tells of it: that of another handler, or of the agents, where that handler is off.
    """

    protocol: str = ""
    type: str = ""
    verdict: str = ""
    told_by: str = FLOWS

    @property
    def is_certain(self) -> bool:
        """Whether Hubble itself has counted it: agents count packets of which it may not be told."""
        return self.told_by.startswith("hubble_")


class PartialMetric(NamedTuple):
    """A metric that some targets of a component lack: `having` of `total` have it, `without` are some others.

    `is_dropped`: they expose it, and Prometheus drops it; None if the server does not tell what they expose.
    `is_lower_bound`: there may be more targets that lack it, as only some of those without it were looked at.
    """

    component: str
    having: int
    total: int
    without: tuple[str, ...] = ()
    is_dropped: bool | None = None
    is_lower_bound: bool = False


class DroppedValues(NamedTuple):
    """A rule that drops series of a metric by the values of its own labels, and keeps the others.

    `values` are those that it drops, if the label takes its own from a fixed set; `job` is the scrape job, `rule` its
    text.
    """

    component: str
    labels: tuple[str, ...]
    values: frozenset[str]
    job: str
    rule: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that was seen in a cluster. `cause` is the id of its page in `conditions`.

    `what` is one line, `why` the facts that it rests on, `fix` what to do. `subjects` are the components, and the
    handlers of Hubble, whose metrics it keeps away; empty if it is about none.
    """

    cause: str
    what: str
    why: str = ""
    fix: str = ""
    subjects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Observation:
    """All that the causes may know of a Prometheus, and of the cluster of Kubernetes if it was read.

    `series` counts the series of each name now (of buckets the last, so that a classic histogram counts once), by
    component ("" if it is not known); of a name that one component has, those of a few targets, if they have any.
    `hides_series`: targets are up by its list, and queries find no series `up` of them. `before` are names that had
    samples within the last day, `last_samples` the Unix times of the last sample of some of them. `exposed` are names
    that targets expose, whatever is stored (None: the server does not tell). `labels` are the names of labels on a
    few series of each name. `versions` counts agents by the label `version` of cilium_version; `features` are the
    series of cilium_feature_*: name, labels and value. `moving_starts` are targets whose process starts earlier than
    before, or anew again and again. `conditions` are those of the cluster, and `configuration` is the content of
    cilium-config, `handlers` are those of Hubble that are configured there or dynamically, `not_running` are
    components without a workload, or that are off there; all are empty if no cluster was read. `flows` are the kinds
    of flow that Hubble has seen, empty if that is not known. `versions_before` counts agents by version at the first
    of `last_samples`, and `starts` has the Unix time of the latest start of a process, by component. `recorded` are
    the names that loaded recording rules give, None if nobody needs them or the server does not list its rules.
    `partial` are series by name that some targets have and others should have; of `dropped_values`, by name, a rule
    drops some. `values` are those of labels that take theirs from a fixed set, on a few targets, by name and label;
    `unlabelled` are targets without the label that names a cluster, which may be of the one that is examined;
    `overwritten` are labels that tell targets apart, with the one value that all series of a component have.
    `embedded` are the labels of agents that run Envoy themselves, if some have no Envoy beside them.
    `empty_pages` says of components that are up, and expose nothing of their own, what they answer.
    `pending` are components with targets that were not scraped yet. `label_names` are the house's names of labels by
    ours, which all of these have.
    """

    server: Server = Server()
    release: Release = NEWEST
    targets: tuple[ScrapeTarget, ...] = ()
    hides_series: bool = False
    pending: frozenset[str] = frozenset()
    embedded: tuple[Labels, ...] = ()
    series: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    before: frozenset[str] = frozenset()
    exposed: frozenset[str] | None = None
    last_samples: Mapping[str, float] = field(default_factory=dict)
    labels: Mapping[str, frozenset[str]] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    features: tuple[tuple[str, Labels, float], ...] = ()
    moving_starts: tuple[Labels, ...] = ()
    conditions: tuple[Condition, ...] = ()
    configuration: Mapping[str, str] = field(default_factory=dict)
    handlers: frozenset[str] = frozenset()
    not_running: frozenset[str] = frozenset()
    flows: frozenset[Flow] = frozenset()
    versions_before: Mapping[str, int] = field(default_factory=dict)
    starts: Mapping[str, float] = field(default_factory=dict)
    recorded: frozenset[str] | None = None
    partial: Mapping[str, PartialMetric] = field(default_factory=dict)
    dropped_values: Mapping[str, DroppedValues] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    empty_pages: Mapping[str, str] = field(default_factory=dict)
    unlabelled: tuple[ScrapeTarget, ...] = ()
    overwritten: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    label_names: Mapping[str, str] = field(default_factory=dict)
    # What follows from the targets and series, computed once: each of hundreds of queries asks for it.
    _by_component: Mapping[str, tuple[ScrapeTarget, ...]] = field(init=False, repr=False, compare=False)
    _duplicates: Mapping[str, tuple[Duplicates[ScrapeTarget], ...]] = field(init=False, repr=False, compare=False)
    _components: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_component: dict[str, list[ScrapeTarget]] = {}
        for target in self.targets:
            by_component.setdefault(target.component, []).append(target)
        up = {target.component for target in self.targets if target.is_up}
        stored = {name for by_component in self.series.values() for name in by_component}
        listed = {name: tuple(targets) for name, targets in by_component.items()}
        duplicates = {name: tuple(grouped(targets)) for name, targets in listed.items()}
        object.__setattr__(self, "_by_component", listed)
        object.__setattr__(self, "_duplicates", duplicates)
        object.__setattr__(self, "_components", frozenset(up | stored) - {""})

    @property
    def unknown_versions(self) -> tuple[str, ...]:
        """The versions of agents whose release the catalogue does not have."""
        known = tuple(f"{release}." for release in RELEASES)
        return tuple(sorted(version for version in self.versions if not version.removeprefix("v").startswith(known)))

    def label(self, name: str) -> str:
        """What a label of ours is called in this Prometheus."""
        return self.label_names.get(name, name)

    def has(self, name: str) -> bool:
        """Whether there are series of this name now."""
        return name in self.series

    def has_of(self, name: str, components: Collection[str]) -> bool:
        """Whether there are series of this name now that may be of these components; of any, if there are none.

        Several components may have a metric of one name.
        """
        having = self.series.get(name, {}).keys()
        return bool(having) and (not components or "" in having or not having.isdisjoint(components))

    def targets_of(self, component: str) -> tuple[ScrapeTarget, ...]:
        """The targets of a component."""
        return self._by_component.get(component, ())

    def duplicates(self, component: str) -> tuple[Duplicates[ScrapeTarget], ...]:
        """Groups of targets of a component that are up and are of one pod, or at one address."""
        return self._duplicates.get(component, ())

    def sampled_instances(self, names: Iterable[str]) -> tuple[str, ...]:
        """The label `instance` of a few targets that are up of each of these components."""
        return tuple(instance for name in names for instance in sampled_instances(self.targets_of(name)))

    @property
    def components(self) -> frozenset[str]:
        """The components that have a target that is up, or series."""
        return self._components


def sampled_instances(targets: Iterable[ScrapeTarget]) -> tuple[str, ...]:
    """The label `instance` of a few targets that are up, of each component."""
    listed: dict[str, list[str]] = {}
    for target in targets:
        instances = listed.setdefault(target.component, [])
        instance = target.labels.get("instance", "")
        if target.is_up and instance and instance not in instances and len(instances) < SAMPLED:
            instances.append(instance)
    return tuple(instance for instances in listed.values() for instance in instances)
