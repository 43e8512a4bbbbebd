"""never-fires: no value makes the alert's condition true.

A comparison with what the metric cannot be (`count(x) < 1`: of no series there is no count), a ratio that is at most 1,
a series divided by itself, two matchers or two conditions that exclude each other (`x > 5 and x < 3`). Before:
`cilium_endpoint_state{endpoint_state="ready"} / cilium_endpoint_state < 0.9`. After:
`sum(cilium_endpoint_state{endpoint_state="ready"}) / sum(cilium_endpoint_state) < 0.9`.

Series of recording rules are replaced by what they record. A metric, label or value that the release does not have is
reported by the rules for queries.
"""

from collections.abc import Iterator

from dashboards_py.catalog import Release
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._nodes import SELECTORS, kind_of, selector_of, walk
from dashboards_py.lint._settings import Settings
from dashboards_py.lint._truth import Truth, judge
from dashboards_py.queries import ResolvedSelector, no_series, statuses

OF_ALERTS = True


def check(judged: JudgedRule, release: Release, _: Settings) -> Iterator[str]:
    """Alerts that can return nothing, though what they read exists."""
    tree = judged.tree
    if not judged.rule.is_alert or tree is None:
        return
    judgement = judge(tree, release)
    selectors = [selector_of(node) for node in walk(tree) if kind_of(node) in SELECTORS]
    missing = [no_series(ResolvedSelector(one, statuses(one, release)), release) for one in selectors]
    known = {f"{one.metric}: {reason.reason}" for one, reason in zip(selectors, missing, strict=True) if reason}
    if judgement.truth is Truth.NEVER and not known.issuperset(judgement.reasons):
        yield f"never fires: {'; '.join(reason for reason in judgement.reasons if reason not in known)}"
