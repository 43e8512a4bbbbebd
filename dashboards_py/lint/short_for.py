"""short-for: the alert's `for` is shorter than two evaluations, so that one odd sample is enough to fire.

A rule is evaluated once in the interval of its group, or in Prometheus' `evaluation_interval` (1 m unless set). Before:
`for: 30s` in a group that is evaluated every minute. After: `for: 5m`.

Without `for`, only conditions are reported that compare the value of one moment: those over a window (`rate`,
`increase`, `max_over_time`) are smooth by themselves.
"""

from collections.abc import Iterator

from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._nodes import SELECTORS, kind_of, walk
from dashboards_py.lint._settings import Settings
from dashboards_py.promql.durations import seconds

SEVERITY = Severity.WARNING
OF_ALERTS = True

DEFAULT = 60.0  # seconds: evaluation_interval of Prometheus (config/config.go, DefaultGlobalConfig)


def check(judged: JudgedRule, _: Release, __: Settings) -> Iterator[str]:
    """Alerts that fire after the first or the second evaluation."""
    rule, tree = judged.rule, judged.tree
    if not rule.is_alert or tree is None:
        return
    interval = seconds(rule.interval) or DEFAULT
    wait = seconds(rule.wait)
    evaluated = f"every {rule.interval}" if seconds(rule.interval) else "every 1m, Prometheus' default"
    if 0 < wait < 2 * interval:
        yield f"`for: {rule.wait}`, but it is evaluated {evaluated}: one odd sample is enough to fire"
    elif not wait and (not rule.wait or rule.wait.strip("0smhd") == "") and _is_of_one_moment(tree):
        yield f"has no `for`, and compares one moment: evaluated {evaluated}, one odd sample is enough to fire"


def _is_of_one_moment(tree: object) -> bool:
    """True if a query reads series, and none of them over a window or at another time."""
    kinds = [kind_of(node) for node in walk(tree)]
    return any(kind in SELECTORS for kind in kinds) and not {"MatrixSelector", "SubqueryExpr"} & {*kinds}
