"""never-resolves: the alert compares a count since the start of a process, so that it fires until the restart.

Counters only grow, and so do some gauges, as the kernel's IPsec errors or the failures of a remote cluster. Compare
what was added lately. Before: `cilium_ipsec_xfrm_error > 0`. After: `increase(cilium_ipsec_xfrm_error[10m]) > 0`.

`cilium_hive_status{status="degraded"}` is not set back when the last module recovers (1.16 to 1.20,
pkg/hive/health/metrics.go): use `cilium_hive_degraded_status`.
"""

from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.catalog import Release, entries
from dashboards_py.findings import Severity
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._nodes import (
    SELECTORS,
    compared_with_number,
    kind_of,
    operator_of,
    returns_bool,
    selector_of,
    walk,
    without_brackets,
)
from dashboards_py.lint._selectors import metric_types, statuses_on
from dashboards_py.lint._settings import Settings
from dashboards_py.lint._truth import shown

SEVERITY = Severity.WARNING
OF_ALERTS = True

LATCHED = {"cilium_hive_status": ("status", "degraded")}  # a value of a label that is never set back
KEEP = frozenset(("sum", "max", "min", "avg", "topk", "bottomk", "quantile", "limitk", "count_values"))
KEEP_FUNCTIONS = frozenset(("max_over_time", "min_over_time", "avg_over_time", "last_over_time", "sum_over_time")) | {
    *("label_replace", "label_join", "sort", "sort_desc", "ceil", "floor", "round", "abs", "clamp_min", "scalar"),
    "vector",
}
OF_HISTOGRAMS = ("_sum", "_count", "_bucket")
GROWING = (">", ">=", "!=")  # comparisons that become true when a count grows, and stay true


def check(judged: JudgedRule, release: Release, _: Settings) -> Iterator[str]:
    """Comparisons of counts since start with a number."""
    if not judged.rule.is_alert or judged.tree is None:
        return
    for node in walk(judged.tree):
        compared = compared_with_number(node)
        if compared is None or compared[1] not in GROWING or compared[2] < 0 or returns_bool(node):
            continue
        if metric := growing(compared[0], release):
            yield f"`{shown(node)}`: {metric} counts since the start and never falls: compare what was added lately"


def growing(node: Any, release: Release) -> str:
    """The metric that makes an expression grow without end; "" if it does not."""
    node = without_brackets(node)
    kind = kind_of(node)
    if kind in SELECTORS:
        selector = selector_of(node)
        return selector.metric if only_grows(selector, release) else ""
    if kind == "SubqueryExpr":
        return growing(node.expr, release)
    operator = operator_of(node)
    if kind == "BinaryExpr" and operator in ("+", "*"):
        left, right = growing(node.lhs, release), growing(node.rhs, release)
        return left or right
    if kind == "BinaryExpr" and operator in ("and", "unless", "or"):
        return growing(node.lhs, release)
    if kind == "BinaryExpr" and (compared := compared_with_number(node)) and not returns_bool(node):
        return growing(compared[0], release)
    if (kind == "AggregateExpr" and operator in KEEP) or (kind == "Call" and operator in KEEP_FUNCTIONS):
        return next((metric for child in promql.children(node) if (metric := growing(child, release))), "")
    return ""


def only_grows(selector: promql.Selector, release: Release) -> bool:
    """True for counters, series of histograms, and gauges that count up; unknown metrics go by their name."""
    if selector.metric in LATCHED:
        label, value = LATCHED[selector.metric]
        matchers = [matcher for matcher in selector.matchers if matcher.label == label]
        return bool(matchers) and all(matcher.accepts(value) for matcher in matchers)
    types = metric_types(selector, release)
    if not types:
        return selector.metric.endswith("_total") and not entries(selector.metric)
    if types == {"gauge"}:
        metrics = statuses_on(selector, release)
        return bool(metrics) and all(metric.only_grows for metric in metrics)
    return types == {"counter"} or (types <= {"histogram", "summary"} and selector.metric.endswith(OF_HISTOGRAMS))
