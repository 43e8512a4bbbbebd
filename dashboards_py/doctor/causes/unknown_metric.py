"""unknown-metric: a dashboard from the internet shows no data, its metrics do not exist

The board reads a metric that no release of Cilium has: it is misspelt, renamed by a recording rule, or was removed long
ago.

Use the metric that is suggested, or another board.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import absent
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 95


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A name like those of Cilium that the catalogue does not have in any release."""
    for selector in absent(query, seen):
        statuses = selector.resolved.statuses
        if statuses and not any(status.metric and not status.metric.never_existed for status in statuses):
            what = "metrics are read that no release of Cilium has"
            fix = " ".join(filter(None, (statuses[0].fix, "Or use another board.")))
            return Diagnosis(what, statuses[0].reason, fix, items=(selector.name,))
    return None
