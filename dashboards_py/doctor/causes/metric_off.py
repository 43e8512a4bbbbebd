"""metric-off: a metric of the Cilium agent does not exist although metrics are enabled

Agents leave some metrics out unless they are asked for: they cost more than the others.

Add the metric with a plus to the Helm value `prometheus.metrics`.
"""

from dashboards_py.catalog.status import State
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import absent_metrics
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 99


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A metric that is off by default."""
    for selector, metric in absent_metrics(query, seen):
        for status in selector.resolved.statuses:
            if status.metric == metric and status.state == State.OFF and not metric.handler:
                what = f"metrics of {metric.component} are off by default"
                return Diagnosis(what, status.reason, status.fix, items=(metric.name,))
    return None
