"""What a board's queries ask: selectors with the metrics that they mean on a release."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Query
from dashboards_py.catalog import Metric, Release, Status, names, status
from dashboards_py.promql import QueryError

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
    """Whether a name looks like a metric of Cilium, known or not."""
    return any(name.startswith(prefix) for prefix in ("cilium_", "hubble_", "envoy_")) or name in _others()


def _others() -> frozenset[str]:
    return frozenset(
        name for name in names() if not name.startswith(("cilium_", "hubble_", "envoy_", "go_", "process_"))
    )


def _statuses(selector: promql.Selector, release: Release) -> tuple[Status, ...]:
    from dashboards_py.catalog import split

    base = split(selector.metric)[0]
    if not selector.metric or "$" in selector.metric or not (is_ciliums(selector.metric) or is_ciliums(base)):
        return ()
    found = status(selector.metric, release)
    pods = [matcher.value for matcher in selector.matchers if matcher.label == "pod" and matcher.op in ("=~", "=")]
    meant = tuple(each for each in found if each.metric and any(each.metric.exposed_by.has_pods(pod) for pod in pods))
    return meant or found
