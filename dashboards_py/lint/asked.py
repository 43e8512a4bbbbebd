"""What a board's queries ask: selectors with the metrics that they mean on a release."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Query
from dashboards_py.catalog import Metric, Release, Status, names, split, status
from dashboards_py.compile.gate import meant
from dashboards_py.promql import QueryError

# First words of metrics that are Cilium's even where somebody forgot the prefix `cilium_`.
FORGOTTEN = ("bpf_", "clustermesh_", "datapath_", "fqdn_", "ipcache_", "kvstore_", "kvstoremesh_")
# Labels that Prometheus, its operator or the person who runs several clusters adds to any series.
ANYWHERE = frozenset(
    {"__name__", "cluster", "container", "endpoint", "instance", "job", "namespace", "node", "pod", "service"}
    | {"prometheus", "prometheus_replica", "k8s_cluster", "region", "env", "environment"}
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A selector of a query, and what the catalogue says of its metric for the pods that it means."""

    selector: promql.Selector
    statuses: tuple[Status, ...]

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics that the release has."""
        return tuple(each.metric for each in self.statuses if each.metric and each.present)


def queries(board: Board) -> Iterator[tuple[Panel, Query]]:
    """Each query that parses."""
    for panel, query in board.queries():
        try:
            if query.expr:
                promql.selectors(query.expr)
                yield panel, query
        except QueryError:
            continue


def asked(expr: str, release: Release) -> tuple[Asked, ...]:
    """The query's selectors; those of metrics that are not Cilium's have no statuses."""
    return tuple(Asked(each, _statuses(each, release)) for each in promql.selectors(expr))


def is_ciliums(name: str) -> bool:
    """Whether a name is a metric of Cilium, or by its name should be one: Envoy has more than Cilium's is known for."""
    return name.startswith(("cilium_", "hubble_", *FORGOTTEN)) or name in _others()


@cache
def _others() -> frozenset[str]:
    """Metrics of Cilium's processes that are called otherwise; those of every Go program say nothing."""
    begin = ("cilium_", "hubble_", "go_", "process_")
    return frozenset(name for name in names() if not name.startswith(begin))


def _statuses(selector: promql.Selector, release: Release) -> tuple[Status, ...]:
    if not selector.metric or "$" in selector.metric or not is_ciliums(split(selector.metric)[0]):
        return ()
    return meant(selector, status(selector.metric, release))
