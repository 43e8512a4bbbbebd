"""short-for: the alert's `for` is shorter than two evaluations, so that one odd sample is enough to fire.

A rule is evaluated once in the interval of its group, or in the `evaluation_interval`: 1 m in Prometheus and 30 s with
prometheus-operator, unless set otherwise. Before: `for: 20s`. After: `for: 5m`.

Without `for`, only alerts on metrics of Cilium are reported that compare one moment: conditions over a window (`rate`,
`increase`, `max_over_time`) are smooth by themselves.
"""

from collections.abc import Iterator

from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._nodes import SELECTORS, kind_of, selector_of, walk
from dashboards_py.lint._settings import Settings
from dashboards_py.promql.durations import seconds
from dashboards_py.queries import statuses

SEVERITY = Severity.WARNING
OF_ALERTS = True

# evaluation_interval of Prometheus (config/config.go, DefaultGlobalConfig), and evaluationInterval of a Prometheus
# object (Documentation/api-reference/api.md of prometheus-operator).
DEFAULT = ("1m", "Prometheus' default")
OF_OPERATOR = ("30s", "the default of prometheus-operator")


def check(judged: JudgedRule, release: Release, _: Settings) -> Iterator[str]:
    """Alerts that fire after the first or the second evaluation."""
    rule, tree = judged.rule, judged.tree
    if not rule.is_alert or tree is None:
        return
    default, source = OF_OPERATOR if judged.kind == "PrometheusRule" else DEFAULT
    interval, wait = seconds(rule.interval) or seconds(default), seconds(rule.wait)
    evaluated = f"every {rule.interval}" if seconds(rule.interval) else f"every {default}, {source}"
    if 0 < wait < 2 * interval:
        yield f"`for: {rule.wait}`, but it is evaluated {evaluated}: one odd sample is enough to fire"
    elif not wait and (not rule.wait or rule.wait.strip("0smhd") == "") and _is_of_one_moment(tree, release):
        yield f"has no `for`, and compares one moment: evaluated {evaluated}, one odd sample is enough to fire"


def _is_of_one_moment(tree: object, release: Release) -> bool:
    """True if a query reads metrics of Cilium, and none over a window."""
    nodes = list(walk(tree))
    selectors = [selector_of(node) for node in nodes if kind_of(node) in SELECTORS]
    reads_cilium = any(statuses(selector, release) for selector in selectors)
    return reads_cilium and not {"MatrixSelector", "SubqueryExpr"} & {kind_of(node) for node in nodes}
