"""averaged-nodes: the alert compares the average of all nodes, in which one node does not count.

One node without addresses, with a full map or without a connection is an outage there, while the average of a hundred
nodes hardly moves. Compare each node, or the worst. Before:
`sum(cilium_ip_addresses) / sum(cilium_ipam_capacity) > 0.9`. After:
`sum by (node) (cilium_ip_addresses) / sum by (node) (cilium_ipam_capacity) > 0.9`.

Reported are averages, medians and other quantiles of gauges of agents, and quotients of what all nodes use and their
limits together. Averages of pressures are reported by averaged-pressure.
"""

from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._limits import LIMITS
from dashboards_py.lint._nodes import (
    NODE_LABELS,
    SELECTORS,
    is_comparison,
    kind_of,
    loses_node,
    number,
    operator_of,
    selector_of,
    walk,
    without_brackets,
)
from dashboards_py.lint._selectors import metric_types, statuses_on
from dashboards_py.lint._settings import Settings
from dashboards_py.lint._truth import shown

SEVERITY = Severity.WARNING
OF_ALERTS = True

PRESSURE = "_pressure"  # of averaged-pressure
AGENTS = frozenset(("cilium-agent", "cilium-envoy", "hubble"))


def check(judged: JudgedRule, release: Release, _: Settings) -> Iterator[str]:
    """Averages and shares of all nodes in a comparison."""
    if not judged.rule.is_alert or judged.tree is None:
        return
    for comparison in filter(is_comparison, walk(judged.tree)):
        for side in (comparison.lhs, comparison.rhs):
            for node in walk(side):
                for metric in dict.fromkeys(hidden_metrics(node, release)):
                    yield f"`{shown(node)}` hides one node on which {metric} is bad: compare each, or the worst"


def hidden_metrics(node: Any, release: Release) -> Iterator[str]:
    """The gauges of which a node of the tree shows the mean of all nodes."""
    operator = operator_of(node)
    if kind_of(node) == "AggregateExpr" and operator in ("avg", "quantile") and loses_node(node):
        if operator == "quantile" and (number(node.param) or 0) >= 0.95:
            return
        for metric in gauges(node, release):
            if operator != "avg" or not metric.endswith(PRESSURE):
                yield metric
    if kind_of(node) == "BinaryExpr" and operator == "/":
        left, right = summed(node.lhs), summed(node.rhs)
        if left and LIMITS.get(left) == right:
            yield left
        if left and operator_of(without_brackets(node.rhs)) == "count" and loses_node(without_brackets(node.rhs)):
            yield from (metric for metric in gauges(node.lhs, release) if selector_is_counted(node.rhs, metric))


def gauges(node: Any, release: Release) -> Iterator[str]:
    """The gauges of agents that are read below a node, each as it is."""
    for below in walk(node):
        if kind_of(below) not in SELECTORS:
            continue
        selector = selector_of(below)
        metrics = statuses_on(selector, release)
        is_fixed = any(matcher.label in NODE_LABELS and matcher.op == "=" for matcher in selector.matchers)
        is_of_agents = any(metric.component in AGENTS and metric.unit != "info" for metric in metrics)
        if is_of_agents and metric_types(selector, release) == {"gauge"} and not is_fixed:
            yield selector.metric


def summed(node: Any) -> str:
    """The metric that a sum over nodes adds up, "" for other nodes."""
    node = without_brackets(node)
    if kind_of(node) != "AggregateExpr" or operator_of(node) != "sum" or not loses_node(node):
        return ""
    names = [selector.metric for selector in promql.selectors_of(node)]
    return names[0] if len(names) == 1 else ""


def selector_is_counted(node: Any, metric: str) -> bool:
    """True if a count is of the series of that metric."""
    return any(selector.metric == metric for selector in promql.selectors_of(node))
