"""What a board's queries ask: selectors with the metrics that they mean on a release."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Query, Variable
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

    @property
    def suffix(self) -> str:
        """`_bucket`, `_sum` or `_count` of a histogram or summary, "" of anything else."""
        return split(self.selector.metric)[1]

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
        return ANYWHERE | parts | carried | scraped


def queries(board: Board) -> Iterator[tuple[Panel, Query]]:
    """Each query of a panel that parses."""
    return ((panel, query) for panel, query in board.queries() if _parses(query))


def every_query(board: Board) -> Iterator[tuple[Panel, Query]]:
    """Those of variables and annotations as well, as panels that say so in their title.

    `label_values(selector, label)` is asked as what it is to Prometheus: `group by (label) (selector)`.
    """
    yield from queries(board)
    for variable in board.variables:
        if expr := _of_variable(variable):
            yield from _aside(f"variable {variable.name}", expr)
    for mark in board.annotations:
        if mark.expr:
            yield from _aside(f"annotation {mark.name}", mark.expr)


def _aside(title: str, expr: str) -> Iterator[tuple[Panel, Query]]:
    query = Query("", expr)
    if _parses(query):
        yield Panel(None, title, "", queries=(query,)), query


def _of_variable(variable: Variable) -> str:
    """The PromQL that a variable asks, "" where it asks none."""
    if variable.type != "query":
        return ""
    if found := re.fullmatch(r"\s*label_values\((.+),\s*(\w+)\s*\)\s*", variable.query, re.DOTALL):
        return f"group by ({found[2]}) ({found[1]})"
    found = re.fullmatch(r"\s*query_result\((.+)\)\s*", variable.query, re.DOTALL)
    return found[1] if found else ""


def _parses(query: Query) -> bool:
    try:
        return bool(query.expr and promql.selectors(query.expr))
    except QueryError:
        return False


def asked(expr: str, release: Release) -> tuple[Asked, ...]:
    """The query's selectors; those of metrics that are not Cilium's have no statuses."""
    return tuple(_asked(each, release) for each in promql.selectors(expr))


def without(expr: str, dead: Mapping[promql.Selector, str]) -> Iterator[str]:
    """Of what is said of selectors that find nothing, what the query cannot do without: `new or old` lives on one.

    What `unless` should take away and does not is said as well.
    """
    lives = promql.survives(expr, lambda selector: selector in dead)
    return (said for selector, said in dead.items() if not lives or "unless" in selector.functions)


def labels_on(release: Release) -> promql.Carries:
    """Which labels a selector's series can carry on a release; None for metrics that it does not have, or not Cilium's.

    Hubble's metrics with all that options of their handlers can add.
    """
    return lambda selector: _asked(selector, release).labels(release)


def kinds(selector: promql.Selector, release: Release) -> frozenset[str]:
    """The types that the selector's metric has on the release, empty for one that nobody knows.

    Those that every Go program has are of the same type in all of them.
    """
    found = meant(selector, status(selector.metric, release)) if "$" not in selector.metric else ()
    return frozenset(each.metric.type_on(release) for each in found if each.metric and each.present)


def _asked(selector: promql.Selector, release: Release) -> Asked:
    return Asked(selector, _statuses(selector, release))


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
