"""handler-off: a Hubble dashboard (DNS, HTTP, drops, TCP) shows no data

Hubble counts only what its handlers are for: the one that writes this metric is not in `hubble.metrics.enabled`.

Add it, with the labels that the board needs. Agents read the list when they start (or see dynamic metrics).
"""

from dashboards_py.catalog import entries
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import absent_metrics
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 100


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """No metric of the handler has any series."""
    for _, metric in absent_metrics(query, seen):
        if metric.handler and not any(_is_of(name, metric.handler) for name in seen.series):
            about = frozenset({metric.component, metric.handler})
            why = f"there is no metric of it, such as {metric.name}"
            if metric.handler in seen.handlers:
                what = f"Hubble's handler {metric.handler} is on, and has not counted anything yet"
                fix = "nothing to do, unless you know that there was traffic"
                return Diagnosis(what, f"it is configured, and {why}", fix, Severity.INFO, subjects=about)
            what = f"Hubble's handler {metric.handler} is off, or has not seen anything yet"
            fix = f"add {metric.handler} to hubble.metrics.enabled, with the labels that the board needs"
            return Diagnosis(what, why, fix, subjects=about)
    return None


def _is_of(name: str, handler: str) -> bool:
    return any(metric.handler == handler for metric in entries(name))
