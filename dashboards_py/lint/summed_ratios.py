"""summed-ratios: the alert adds up shares, so that many that are small are more than the limit of one that is full.

Ten maps that are a tenth full add up to 1. Compare each, or the fullest. Before:
`sum by (node) (cilium_bpf_map_pressure) > 0.9`. After: `max by (node, map_name) (cilium_bpf_map_pressure) > 0.9`.

Reported are sums of several series of a gauge that the catalogue calls a ratio. Not reported are comparisons with 0,
which are true for the sum as they are for one; averages are reported by averaged-pressure.
"""

from collections.abc import Iterator
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
    operator_of,
    outermost_sums,
    selector_of,
    walk,
    without_brackets,
)
from dashboards_py.lint._selectors import label_lookup, statuses_on
from dashboards_py.lint._settings import Settings
from dashboards_py.lint._truth import shown

SEVERITY = Severity.WARNING
OF_ALERTS = True

RATIO = "ratio"  # the unit in the catalogue
OVER_TIME = frozenset(("max_over_time", "min_over_time", "avg_over_time", "last_over_time"))


def check(judged: JudgedRule, release: Release, _: Settings) -> Iterator[str]:
    """Sums of ratios in an alert."""
    if judged.rule.is_alert and judged.tree is not None:
        sums = outermost_sums(judged.tree, partial(_added, release), _is_mean_or_share)
        for node, metric in {shown(node): metric for node, metric in sums}.items():
            yield f"`{node}` adds up shares of {metric}: take the max, or keep the labels that name each"


def _is_mean_or_share(division: Any) -> bool:
    return operator_of(without_brackets(division.rhs)) in ("count", "sum")


def _added(release: Release, aggregation: Any) -> str:
    """The ratio of which a sum adds up several series; "" if it does not."""
    below = list(walk(aggregation.expr))
    selectors = [node for node in below if kind_of(node) in SELECTORS]
    if len(selectors) != 1 or not all(map(_keeps_level, below)):
        return ""
    selector = selector_of(selectors[0])
    metrics = statuses_on(selector, release)
    if not metrics or any(metric.unit != RATIO for metric in metrics):
        return ""
    fixed = {matcher.label for matcher in selector.matchers if matcher.op == "="}
    before, after = (promql.output_labels(node, label_lookup(release)) for node in (aggregation.expr, aggregation))
    if before is None or after is None:
        return ""
    names = {label for metric in metrics for label in metric.labels_on(release)}
    loses_name = bool((names & before) - after - fixed)
    loses_node = bool(NODE_LABELS & before) and not NODE_LABELS & (after | fixed)
    return selector.metric if loses_name or loses_node else ""


def _keeps_level(node: Any) -> bool:
    """True for a selector, and for what returns some of its values as they are."""
    is_over_time = kind_of(node) == "Call" and operator_of(node) in OVER_TIME
    return kind_of(node) in SELECTORS or is_over_time or operator_of(node) in ("sum", "max", "min", "avg")
