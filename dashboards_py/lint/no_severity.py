"""no-severity: the alert has no label `severity`, by which Alertmanager's routes and inhibitions tell alerts apart.

Before: `labels: {team: network}`. After: `labels: {team: network, severity: warning}`. Labels of the group count. An
alert whose query returns the label is not reported.
"""

from collections.abc import Iterator

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._settings import Settings

SEVERITY = Severity.WARNING
OF_ALERTS = True

NAMES = frozenset(("severity", "priority", "level"))


def check(judged: JudgedRule, _: Release, __: Settings) -> Iterator[str]:
    """Alerts without any label of their urgency."""
    rule = judged.rule
    if not rule.is_alert or any(rule.labels.get(name) for name in NAMES):
        return
    tree = judged.tree
    from_query = promql.output_labels(tree, lambda _: None) if tree is not None else None
    if from_query is None or not from_query & NAMES:
        yield "has no label severity: routes of Alertmanager do not know its urgency"
