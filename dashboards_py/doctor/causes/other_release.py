"""other-release: panels are empty after an upgrade or downgrade of Cilium, a metric was renamed or removed

The board is for another release of Cilium than the one that runs: the metric was removed or renamed, or is newer.

Use the boards for the release that runs, or the metric that is named instead.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import absent
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 97


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The catalogue knows the metric, of other releases."""
    for selector in absent(query, seen):
        statuses = selector.resolved.statuses
        if statuses and not any(status.present for status in statuses):
            what = f"metrics are read that Cilium {seen.release} does not have"
            fix = statuses[0].fix or f"use a board for Cilium {seen.release}"
            return Diagnosis(what, statuses[0].reason, fix, items=(selector.name,))
    return None
