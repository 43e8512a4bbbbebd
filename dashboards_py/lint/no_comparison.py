"""no-comparison: the alert has no condition, so that it fires for every series that exists, whatever its value is.

An alert fires for each series that its query returns. A comparison with `bool` returns 0 or 1 and leaves nothing out.
Before: `rate(cilium_drop_count_total[5m])`. After: `rate(cilium_drop_count_total[5m]) > 10`.

Not reported are queries of series that exist or not (`ALERTS`, `cilium_version{version!="1.20.2"}`), `absent`,
`unless`, and `vector(1)`, which is meant to fire always.
"""

from collections.abc import Iterator

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._settings import Settings
from dashboards_py.lint._truth import Truth, conditions, judge, shown

SEVERITY = Severity.WARNING
OF_ALERTS = True


def check(judged: JudgedRule, release: Release, _: Settings) -> Iterator[str]:
    """Alerts whose query has no condition."""
    tree = judged.tree
    if not judged.rule.is_alert or tree is None or not any(True for _ in promql.selectors_of(tree)):
        return
    if not any(True for _ in conditions(tree)) and judge(tree, release).truth is Truth.ALWAYS:
        yield f"`{shown(tree)}` has no comparison: it fires for every series, whatever its value"
