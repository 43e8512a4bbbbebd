"""Resolve the selectors of a query to metrics of Cilium. Nothing here raises: callers decide what is an error."""

from dataclasses import dataclass, field
from functools import cache

from dashboards_py import promql
from dashboards_py.board import Variable
from dashboards_py.catalog import FOREIGN, Metric, Release, Status, entries, names, split, status
from dashboards_py.promql.memory import remember
from dashboards_py.queries.variable import variable_query

# Prefixes of metrics that are recognized as Cilium's although the author forgot `cilium_`.
UNPREFIXED = ("bpf_", "clustermesh_", "datapath_", "fqdn_", "ipcache_", "kvstore_", "kvstoremesh_")
# Metrics of the Go runtime, which every Go program has.
GO_RUNTIME = ("go_", "process_")
# Labels that scraping, or Prometheus' external labels, may add to any series.
TARGET_LABELS = frozenset(
    {"__name__", "cluster", "container", "endpoint", "instance", "job", "namespace", "node", "pod", "service"}
    | {"prometheus", "prometheus_replica", "k8s_cluster", "region", "env", "environment"}
)


@dataclass(frozen=True, slots=True)
class ResolvedSelector:
    """A selector of a query and the catalogue's statuses of its metric, for the pods that it selects.

    Known: `statuses` has one entry for each component that the selector can refer to. Foreign: `statuses` is empty,
    because the metric is not Cilium's or has no fixed name. Unreadable: `reason` states why; `selector` is None, or as
    complete as the text shows it.
    """

    selector: promql.Selector | None
    statuses: tuple[Status, ...] = ()
    reason: str = ""
    metrics: tuple[Metric, ...] = field(init=False, compare=False, repr=False)  # that the release has

    def __post_init__(self) -> None:
        metrics = tuple([status.metric for status in self.statuses if status.metric and status.present])
        object.__setattr__(self, "metrics", metrics)

    @property
    def name(self) -> str:
        """The metric's name as written, "" if there is none."""
        return self.selector.metric if self.selector else ""

    @property
    def is_known(self) -> bool:
        """True if the metric is Cilium's, or is named like one."""
        return bool(self.statuses)

    @property
    def is_foreign(self) -> bool:
        """True if the selector could be parsed and the metric is not Cilium's."""
        return self.selector is not None and not self.statuses and not self.reason

    @property
    def suffix(self) -> str:
        """`_bucket`, `_sum` or `_count` for a histogram or summary, else ""."""
        return split(self.name)[1]

    def labels(self, release: Release) -> frozenset[str] | None:
        """The labels that the selector's series can have; None if they are unknown."""
        metrics = self.metrics
        if not metrics:
            return None
        kinds = {metric.type_on(release) for metric in metrics}
        parts = (
            {"le"} if self.suffix == "_bucket" else {"quantile"} if not self.suffix and "summary" in kinds else set()
        )
        carried = {label for metric in metrics for label in metric.possible_labels_on(release)}
        scraped = {label for metric in metrics for label in metric.exposed_by.scrape_labels}
        return TARGET_LABELS | parts | carried | scraped


def resolve(query: str | Variable, release: Release) -> tuple[ResolvedSelector, ...]:
    """Resolve the selectors of a query or of a variable's query, in the order written; () if there is no query."""
    if isinstance(query, Variable):
        query = variable_query(query.query).executed_query if query.type == "query" else ""
    return _resolve(query, release) if query.strip() else ()


@remember
def _resolve(expr: str, release: Release) -> tuple[ResolvedSelector, ...]:
    try:
        return tuple(ResolvedSelector(selector, statuses(selector, release)) for selector in promql.selectors(expr))
    except promql.UnreadableQuery as error:
        selectors = promql.lenient_selectors(expr)
        return tuple(
            ResolvedSelector(selector, statuses(selector, release), error.cause) for selector in selectors
        ) or (ResolvedSelector(None, (), error.cause),)
    except promql.QueryError as error:
        return (ResolvedSelector(None, (), error.cause),)


@remember
def statuses(selector: promql.Selector, release: Release) -> tuple[Status, ...]:
    """The catalogue's statuses of the selector's metric; () if it is not Cilium's, or has no fixed name.

    If several components have a metric of this name, a matcher on `pod` selects among them.
    """
    name = selector.metric
    if not name or promql.has_variable(name) or name in FOREIGN:
        return ()
    if not entries(name) and not is_cilium_metric(split(name)[0]):
        return ()
    return _of_selected_pods(selector, status(name, release))


def _of_selected_pods(selector: promql.Selector, all_statuses: tuple[Status, ...]) -> tuple[Status, ...]:
    """The statuses of the components whose pods the selector matches; all if it selects none in particular."""
    pods = [matcher for matcher in selector.matchers if matcher.label == "pod" and matcher.op in ("=~", "=")]
    fit = (
        status
        for status in all_statuses
        if status.metric and any(matcher.accepts(status.metric.exposed_by.sample_pod) for matcher in pods)
    )
    return tuple(fit) or all_statuses


def is_cilium_metric(name: str) -> bool:
    """True if a name is a metric of Cilium, or looks like one: Envoy has more metrics than the catalogue."""
    return name.startswith(("cilium_", "hubble_", *UNPREFIXED)) or name in names_without_prefix()


@cache
def names_without_prefix() -> frozenset[str]:
    """The metrics of Cilium's processes that have other prefixes."""
    return frozenset(name for name in names() if not name.startswith(("cilium_", "hubble_", *GO_RUNTIME)))


def scope(selector: promql.Selector, release: Release, variables: frozenset[str]) -> tuple[promql.Matcher, ...]:
    """The matchers for a board's variables: `cluster`, and `node` if the selector's series have that label."""
    if not entries(selector.metric):
        return ()
    nodes = all(
        status.metric is not None and status.metric.exposed_by.has_node for status in statuses(selector, release)
    )
    labels = [label for label in ("cluster", "node") if label in variables and (label != "node" or nodes)]
    return tuple(promql.Matcher(label, "=~", f"${label}") for label in labels)
