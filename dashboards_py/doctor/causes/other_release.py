"""other-release: panels are empty after an upgrade or downgrade of Cilium, a metric was renamed or removed

The board is for another release of Cilium than the one that runs: the metric was removed or renamed, or is newer.

Use the boards for the release that runs, or the metric that is named instead.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import never_there
from dashboards_py.doctor.executed import ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.observation import Observation

ORDER = 97


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The catalogue knows the metric, of other releases."""
    for selector in never_there(query, seen, _is_of_another):
        status = selector.resolved.statuses[0]
        what = f"metrics are read that Cilium {seen.release} does not have"
        fix = status.fix or f"use a board for Cilium {seen.release}"
        return Diagnosis(what, status.reason, fix, items=(selector.name,))
    return None


def _is_of_another(selector: ExecutedSelector) -> bool:
    statuses = selector.resolved.statuses
    return bool(statuses) and not any(status.present for status in statuses)
