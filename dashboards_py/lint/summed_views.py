"""summed-views: the alert adds up what each node sees in whole: the sum is as many times too large as there are nodes.

Each agent counts all nodes, remote clusters and policies of the cluster, and each relay all of its peers. Use `max`, or
keep the node. Before: `sum(cilium_nodes_all_num) > 1000`. After: `max(cilium_nodes_all_num) > 1000`.

Not reported are comparisons with 0, which are true for the sum as they are for one, and quotients of two such sums. The
catalogue lists these metrics (`sees_all`).
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._nodes import (
    NODE_LABELS,
    SELECTORS,
    kind_of,
    loses_node,
    operator_of,
    outermost_sums,
    selector_of,
    without_brackets,
)
from dashboards_py.lint._selectors import statuses_on
from dashboards_py.lint._settings import Settings
from dashboards_py.lint._truth import shown

SEVERITY = Severity.WARNING
OF_ALERTS = True


def check(judged: JudgedRule, release: Release, _: Settings) -> Iterator[str]:
    """Sums over nodes of what each node counts in whole."""
    if judged.rule.is_alert and judged.tree is not None:
        added = partial(_added_views, release)
        sums = outermost_sums(judged.tree, added, partial(_is_of_views, added))
        for node, metric in {shown(node): metric for node, metric in sums}.items():
            yield f"`{node}` counts what each node sees in whole once for each: take the max of {metric}"


def _is_of_views(added: Callable[[Any], str], division: Any) -> bool:
    """True for a quotient of two such sums, in which the number of nodes cancels out."""
    return bool(added(without_brackets(division.lhs)) and added(without_brackets(division.rhs)))


def _added_views(release: Release, node: Any) -> str:
    """The metric of which a sum adds up the views of all nodes; "" for other nodes."""
    is_sum = kind_of(node) == "AggregateExpr" and operator_of(node) == "sum"
    return _view(node.expr, release) if is_sum and loses_node(node) else ""


def _view(node: Any, release: Release) -> str:
    """The metric that each node sees in whole, below functions and aggregations that keep its nodes apart."""
    node = without_brackets(node)
    if kind_of(node) in SELECTORS:
        selector = selector_of(node)
        metrics = statuses_on(selector, release)
        is_one = any(matcher.label in NODE_LABELS and matcher.op == "=" for matcher in selector.matchers)
        return selector.metric if metrics and not is_one and all(metric.sees_all for metric in metrics) else ""
    if kind_of(node) == "AggregateExpr":
        keeps = NODE_LABELS.intersection(promql.grouped_by(node))
        return _view(node.expr, release) if keeps and operator_of(node) in ("sum", "max", "min", "avg") else ""
    if kind_of(node) == "Call" and operator_of(node).endswith("_over_time"):
        return _view(node.args[-1], release)
    return ""
