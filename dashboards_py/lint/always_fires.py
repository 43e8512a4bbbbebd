"""always-fires: every value makes the alert's condition true, or the metric whose absence it reports does not exist.

Before: `rate(cilium_drop_count_total[5m]) >= 0`. After: `rate(cilium_drop_count_total[5m]) > 10`.
"""

from collections.abc import Iterator

from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._settings import Settings
from dashboards_py.lint._truth import Truth, conditions, judge

SEVERITY = Severity.WARNING
OF_ALERTS = True


def check(judged: JudgedRule, release: Release, _: Settings) -> Iterator[str]:
    """Alerts with a condition that is always true."""
    tree = judged.tree
    if not judged.rule.is_alert or tree is None or not any(True for _ in conditions(tree)):
        return
    judgement = judge(tree, release)
    if judgement.truth is Truth.ALWAYS and judgement.reasons:
        yield f"always fires: {'; '.join(dict.fromkeys(judgement.reasons))}"
