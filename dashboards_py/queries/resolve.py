"""From the selectors of a query to metrics of Cilium. Nothing here raises: whoever asks decides what is too little."""

from dataclasses import dataclass
from functools import cache

from dashboards_py import promql
from dashboards_py.board import Variable
from dashboards_py.catalog import FOREIGN, Metric, Release, Status, entries, names, split, status
from dashboards_py.queries.variable import variable_query

# First words of metrics that are Cilium's even where somebody forgot the prefix `cilium_`.
UNPREFIXED = ("bpf_", "clustermesh_", "datapath_", "fqdn_", "ipcache_", "kvstore_", "kvstoremesh_")
# Every program in Go has these: the name says nothing of Cilium.
GO_RUNTIME = ("go_", "process_")
# Labels that Prometheus, its operator or the person who runs several clusters adds to any series.
TARGET_LABELS = frozenset(
    {"__name__", "cluster", "container", "endpoint", "instance", "job", "namespace", "node", "pod", "service"}
    | {"prometheus", "prometheus_replica", "k8s_cluster", "region", "env", "environment"}
)


@dataclass(frozen=True, slots=True)
class ResolvedSelector:
    """A selector of a query, and what the catalogue says of its metric for the pods that it means.

    Known: `statuses` has one for each component that the selector can mean. Foreign: it has none, for the metric is
    not Cilium's, or has no fixed name. Unreadable: `reason` says why; `selector` is None, or what the text alone shows.
    """

    selector: promql.Selector | None
    statuses: tuple[Status, ...] = ()
    reason: str = ""

    @property
    def name(self) -> str:
        """The metric's name as written, "" where there is none."""
        return self.selector.metric if self.selector else ""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics that the release has."""
        return tuple(status.metric for status in self.statuses if status.metric and status.present)

    @property
    def is_known(self) -> bool:
        """Whether the metric is Cilium's, or by its name should be."""
        return bool(self.statuses)

    @property
    def is_foreign(self) -> bool:
        """Whether it could be read and the metric is somebody else's."""
        return self.selector is not None and not self.statuses and not self.reason

    @property
    def suffix(self) -> str:
        """`_bucket`, `_sum` or `_count` of a histogram or summary, "" of anything else."""
        return split(self.name)[1]

    def labels(self, release: Release) -> frozenset[str] | None:
        """The labels that the selector's series can carry; None where nobody knows."""
        if not self.metrics:
            return None
        kinds = {metric.type_on(release) for metric in self.metrics}
        parts = (
            {"le"} if self.suffix == "_bucket" else {"quantile"} if not self.suffix and "summary" in kinds else set()
        )
        carried = {label for metric in self.metrics for label in metric.possible_labels_on(release)}
        scraped = {label for metric in self.metrics for label in metric.exposed_by.scrape_labels}
        return TARGET_LABELS | parts | carried | scraped


def resolve(query: str | Variable, release: Release) -> tuple[ResolvedSelector, ...]:
    """The selectors of a query, or of what a variable asks, in the order written; () where nothing is asked."""
    if isinstance(query, Variable):
        query = variable_query(query.query).executed_query if query.type == "query" else ""
    if not query.strip():
        return ()
    try:
        return tuple(ResolvedSelector(selector, statuses(selector, release)) for selector in promql.selectors(query))
    except promql.UnreadableQuery as error:
        selectors = promql.lenient_selectors(query)
        return tuple(
            ResolvedSelector(selector, statuses(selector, release), error.cause) for selector in selectors
        ) or (ResolvedSelector(None, (), error.cause),)
    except promql.QueryError as error:
        return (ResolvedSelector(None, (), error.cause),)


@cache
def statuses(selector: promql.Selector, release: Release) -> tuple[Status, ...]:
    """What the catalogue says of the selector's metric; () where it is not Cilium's, or has no fixed name.

    A name that several components share is told apart by `pod`, with the name or a pattern of a component's pods.
    """
    name = selector.metric
    if not name or promql.has_variable(name) or name in FOREIGN:
        return ()
    if not entries(name) and not is_cilium_metric(split(name)[0]):
        return ()
    return _of_selected_pods(selector, status(name, release))


def _of_selected_pods(selector: promql.Selector, all_statuses: tuple[Status, ...]) -> tuple[Status, ...]:
    """Of a name's statuses, those of the components whose pods the selector matches; all where it tells none apart."""
    pods = [matcher for matcher in selector.matchers if matcher.label == "pod" and matcher.op in ("=~", "=")]
    fit = (
        status
        for status in all_statuses
        if status.metric and any(matcher.accepts(status.metric.exposed_by.sample_pod) for matcher in pods)
    )
    return tuple(fit) or all_statuses


def is_cilium_metric(name: str) -> bool:
    """Whether a name is a metric of Cilium, or by its name should be one: Envoy has more than Cilium's is known for."""
    return name.startswith(("cilium_", "hubble_", *UNPREFIXED)) or name in _names_without_prefix()


@cache
def _names_without_prefix() -> frozenset[str]:
    """Metrics of Cilium's processes that are called otherwise."""
    return frozenset(name for name in names() if not name.startswith(("cilium_", "hubble_", *GO_RUNTIME)))


def scope(selector: promql.Selector, release: Release, variables: frozenset[str]) -> tuple[promql.Matcher, ...]:
    """The matchers that tie a selector to the board's variables: `cluster`, and `node` where its series carry it."""
    if not entries(selector.metric):
        return ()
    nodes = all(
        status.metric is not None and status.metric.exposed_by.has_node for status in statuses(selector, release)
    )
    labels = [label for label in ("cluster", "node") if label in variables and (label != "node" or nodes)]
    return tuple(promql.Matcher(label, "=~", f"${label}") for label in labels)
