"""agent-namespace: the query reads `namespace` as that of a workload, but it is where Cilium runs.

Cilium's metrics do not have a label `namespace` of their own: Prometheus adds that of the pod it scrapes, such as
`kube-system`. A matcher on another namespace selects nothing, and a grouping by it returns one series. Hubble's
workloads are in `source_namespace` and `destination_namespace`, which `labelsContext` of its handlers adds.

Reported are matchers that accept neither `kube-system` nor a namespace with `cilium` in its name, groupings of Hubble's
series, and variables whose own query reads the namespaces of something else. Before:
`hubble_drop_total{namespace="shop"}`. After: `hubble_drop_total{source_namespace="shop"}`.
"""

from collections.abc import Iterator

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._selectors import ReadableSelector, all_queries, resolve_selectors
from dashboards_py.promql.grafana import is_variable, variable_names
from dashboards_py.queries import is_cilium_metric, requires_label, variable_query

LABEL = "namespace"
OF_CILIUM = ("kube-system", "cilium", "cilium-system", "cilium-test")


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers and groupings that can only be meant for workloads."""
    foreign = frozenset(foreign_variables(board))
    for panel, query in all_queries(board):
        resolved = [item for item in resolve_selectors(query.expr, release) if lacks_own_namespace(item, release)]
        for item in resolved:
            if text := wrong_matcher(item.selector, foreign):
                yield panel, f"{text}: {LABEL} is Cilium's own{advice(item)}"
        hubble = [item for item in resolved if item.name.startswith("hubble_")]
        if hubble and len(hubble) == len(promql.selectors(query.expr)) and LABEL in grouped(query.expr):
            yield panel, f"groups by {LABEL}, which is Cilium's own{advice(hubble[0])}"


def lacks_own_namespace(item: ReadableSelector, release: Release) -> bool:
    """True if the metric is Cilium's and its code does not set the label."""
    return bool(item.metrics) and not any(LABEL in metric.labels_on(release) for metric in item.metrics)


def wrong_matcher(selector: promql.Selector, foreign: frozenset[str]) -> str:
    """The matcher that accepts no namespace of Cilium's, or that a variable about other namespaces decides."""
    for matcher in selector.matchers:
        if matcher.label != LABEL or matcher.op not in ("=", "=~"):
            continue
        if is_variable(matcher.value) and variable_names(matcher.value) <= foreign and variable_names(matcher.value):
            return str(matcher)
        if requires_label(matcher) and not matcher.is_open and not any(map(matcher.accepts, OF_CILIUM)):
            return "" if "cilium" in matcher.value else str(matcher)
    return ""


def foreign_variables(board: Board) -> Iterator[str]:
    """The variables whose values are namespaces, but not of the targets that are Cilium's."""
    for variable in board.variables:
        query = variable_query(variable.query) if variable.type == "query" else None
        if query is None or not query.label.endswith(LABEL) or not query.expr:
            continue
        try:
            metrics = [selector.metric for selector in promql.selectors(query.expr)]
        except promql.QueryError:
            continue
        if query.label != LABEL or not all(map(is_cilium_metric, metrics)):
            yield variable.name


def grouped(expr: str) -> frozenset[str]:
    """The labels by which the outermost aggregation of a query groups; none if it keeps others too."""
    return promql.output_labels(promql.parse(expr), lambda _: None) or frozenset()


def advice(item: ReadableSelector) -> str:
    """The labels to use instead."""
    return "; workloads have source_namespace and destination_namespace" if item.name.startswith("hubble_") else ""
