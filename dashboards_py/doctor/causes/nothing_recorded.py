"""nothing-recorded: a counter does not exist until the first event, "No data" where zero is expected

Series with labels begin to exist with the first event that they count: no drop, no failed regeneration, no refused call
has happened since the process started. It is also what a metric looks like that was switched off with a minus in
`prometheus.metrics`.

Nothing to do, unless you know that it has happened.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import absent_metrics
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 130


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The component is scraped, and its metric has no series."""
    for selector, metric in absent_metrics(query, seen):
        what = "nothing has been counted yet"
        fix = "nothing to do, unless it is switched off with a minus in prometheus.metrics"
        return Diagnosis(what, f"no series of {selector.name}", fix, Severity.INFO, (metric.name,))
    return None
