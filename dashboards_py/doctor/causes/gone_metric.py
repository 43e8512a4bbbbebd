"""gone-metric: a panel worked and is empty since some hours, a metric stopped

The metric had samples and has none now, while its component is scraped: a new version, a changed flag, value or
handler, or a restart after which nothing has happened yet.

Compare the time with that of the last change: `helm history cilium -n kube-system`, `kubectl rollout history`.
"""

from datetime import UTC, datetime

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import absent_metrics
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 98


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """Samples within the last day, and none now."""
    for selector, metric in absent_metrics(query, seen):
        if selector.name in seen.before:
            what = f"metrics of {metric.component} had samples and have none now"
            until = seen.last_samples.get(selector.name)
            why = f"{selector.name} has none" + (
                f" since {datetime.fromtimestamp(until, UTC):%H:%M:%S} UTC" if until else ""
            )
            if metric.handler:
                why += f"; handler {metric.handler} of Hubble writes it"
            fix = "compare the time with helm history cilium -n kube-system: a value, handler or version has changed"
            return Diagnosis(what, why, fix, items=(selector.name,))
    return None
