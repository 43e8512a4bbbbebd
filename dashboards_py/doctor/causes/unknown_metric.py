"""unknown-metric: a dashboard from the internet shows no data, its metrics do not exist

The board reads a metric that no release of Cilium has: it is misspelt, renamed by a recording rule, or was removed long
ago.

Use the metric that is suggested, or another board.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import never_there
from dashboards_py.doctor.executed import ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.observation import Observation

ORDER = 95


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A name like those of Cilium that the catalogue does not have in any release."""
    for selector in never_there(query, seen, _is_unknown):
        status = selector.resolved.statuses[0]
        what = "metrics are read that no release of Cilium has"
        fix = " ".join(filter(None, (status.fix, "Or use another board.")))
        return Diagnosis(what, status.reason, fix, items=(selector.name,))
    return None


def _is_unknown(selector: ExecutedSelector) -> bool:
    statuses = selector.resolved.statuses
    return bool(statuses) and not any(status.metric and not status.metric.never_existed for status in statuses)
