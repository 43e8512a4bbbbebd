"""The labels of series, of Cilium's metrics and of what rules record."""

from typing import Any

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.documents.rule import Rule
from dashboards_py.lint._judged import Records
from dashboards_py.lint._nodes import (
    SELECTORS,
    is_comparison,
    kind_of,
    number,
    operator_of,
    selector_of,
    without_brackets,
)
from dashboards_py.lint._selectors import label_lookup

DEEPEST = 5  # recording rules that read each other


def rule_label_lookup(
    records: Records, release: Release, others: frozenset[str], levels: int = DEEPEST
) -> promql.LabelLookup:
    """A function that returns the labels that a selector's series can have; None if they are unknown."""
    of_metrics = label_lookup(release, others)

    def labels(selector: promql.Selector) -> frozenset[str] | None:
        if selector.metric not in records:
            return of_metrics(selector)
        if not levels:
            return None
        inner = rule_label_lookup(records, release, others, levels - 1)
        recorded = [_recorded(rule, inner) for rule in records[selector.metric]]
        return None if None in recorded else frozenset().union(*(one for one in recorded if one))

    return labels


def result_labels(node: Any, lookup: promql.LabelLookup) -> frozenset[str] | None:
    """The labels that the result of an alert's query can have, also of `absent`; None if they are unknown."""
    node = without_brackets(node)
    if operator_of(node) in promql.ABSENT:
        return _labels_of_absent(without_brackets(node.args[0]))
    if is_comparison(node) and number(node.rhs) is not None:
        return result_labels(node.lhs, lookup)
    if operator_of(node) == "or":
        left, right = result_labels(node.lhs, lookup), result_labels(node.rhs, lookup)
        return None if left is None or right is None else left | right
    return promql.output_labels(node, lookup)


def _labels_of_absent(argument: Any) -> frozenset[str]:
    """The labels that a selector's `=` matchers fix, each once; none for other arguments.

    Source: createLabelsForAbsentFunction() in promql/functions.go of Prometheus.
    """
    if kind_of(argument) not in SELECTORS:
        return frozenset()
    matchers = [matcher for matcher in selector_of(argument).matchers if matcher.label != "__name__"]
    named = [matcher.label for matcher in matchers]
    return frozenset(matcher.label for matcher in matchers if matcher.op == "=" and named.count(matcher.label) == 1)


def _recorded(rule: Rule, lookup: promql.LabelLookup) -> frozenset[str] | None:
    try:
        labels = promql.output_labels(promql.parse(rule.expr), lookup)
    except promql.QueryError:
        return None
    return None if labels is None else labels | {*rule.labels}
