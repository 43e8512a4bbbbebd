"""agent-namespace: the query reads `namespace` as that of a workload, but it is where Cilium runs.

Cilium's metrics do not have a label `namespace` of their own: Prometheus adds that of the pod it scrapes, such as
`kube-system`. A matcher on another namespace selects nothing, and a grouping by it returns one series. Hubble's
workloads are in `source_namespace` and `destination_namespace`, which `labelsContext` of its handlers adds.

Reported are matchers that accept neither `kube-system` nor a namespace with `cilium` in its name, groupings of Hubble's
series, and variables whose own query reads the namespaces of something else. Before:
`hubble_drop_total{namespace="shop"}`. After: `hubble_drop_total{source_namespace="shop"}`.

Only you know which of the two is meant, so that `--fix` writes it only where the query tells: its matcher or grouping
stands beside the names of workloads of one side, or the variable has the namespaces of one side.
"""

import re
from collections.abc import Iterator, Set

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Variable
from dashboards_py.catalog import Release
from dashboards_py.lint._fixable import QueryToFix, with_matcher
from dashboards_py.lint._selectors import ReadableSelector, all_queries, resolve_selectors
from dashboards_py.promql.grafana import is_variable, variable_names
from dashboards_py.queries import is_cilium_metric, requires_label, variable_query

LABEL = "namespace"
SIDES = ("source", "destination")
NAMES = ("workload", "workload_kind", "app", "pod")  # with a namespace they name a workload
GROUPING = re.compile(r"\bby\s*\(([^()]*)\)")
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


def fixes(item: QueryToFix) -> Iterator[str]:
    """The query with the namespaces of the one side that it names."""
    resolved = [own for own in resolve_selectors(item.expr, item.release) if lacks_own_namespace(own, item.release)]
    if not resolved or not all(own.name.startswith("hubble_") for own in resolved):
        return
    of_variables = {variable.name: _side(_variable_label(variable)) for variable in item.board.variables}
    matchers: dict[promql.Matcher, set[str]] = {}
    for own in resolved:
        labels = {matcher.label for matcher in own.selector.matchers}
        for matcher in own.selector.matchers:
            if matcher.label == LABEL:
                names = variable_names(matcher.value) if is_variable(matcher.value) else frozenset()
                sides = {of_variables.get(name, "") for name in names} or {_side_of_names(labels)}
                matchers.setdefault(matcher, set()).update(sides)
    expr = item.expr
    for matcher, sides in matchers.items():
        if len(sides := sides - {""}) == 1:
            expr = with_matcher(expr, matcher, f"{sides.pop()}_{matcher}")
    yield GROUPING.sub(_with_side, expr)


def _with_side(grouping: re.Match[str]) -> str:
    """A grouping with the namespace of the one side whose workloads it names."""
    labels = {label.strip() for label in grouping[1].split(",")}
    side = _side_of_names(labels)
    if LABEL not in labels or not side or f"{side}_{LABEL}" in labels:
        return grouping[0]
    return re.sub(rf"\b{LABEL}\b", f"{side}_{LABEL}", grouping[0], count=1)


def _side_of_names(labels: Set[str]) -> str:
    """The side whose workloads the labels name; "" if they name none, or both."""
    sides = [side for side in SIDES if any(f"{side}_{name}" in labels for name in NAMES)]
    return sides[0] if len(sides) == 1 else ""


def _side(label: str) -> str:
    return next((side for side in SIDES if label == f"{side}_{LABEL}"), "")


def _variable_label(variable: Variable) -> str:
    """The label whose values a variable has, or ""."""
    query = variable_query(variable.query) if variable.type == "query" else None
    return query.label if query else ""


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
    text = "; workloads have source_namespace and destination_namespace: write the one that is meant"
    return text if item.name.startswith("hubble_") else ""
