"""switched-off: a metric of the agent that was always there is missing, prometheus.metrics has a minus

A metric without labels exists from the start of its process, and this one does not although its component is scraped
and nothing drops it: it is switched off, with a minus in the Helm value `prometheus.metrics`.

Remove `-metric` from the list.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import absent_metrics
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 128


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A metric of the agent that depends on nothing and has no labels is not exposed."""
    for _, metric in absent_metrics(query, seen):
        depends = metric.labels_on(seen.release) or metric.handler or metric.features_on(seen.release)
        if metric.component == "cilium-agent" and not depends:
            what = f"metrics of {metric.component} are switched off"
            why = f"{metric.name} has no labels, so that it is there from the start unless it is switched off"
            fix = f"remove -{metric.switch_on(seen.release)} from prometheus.metrics"
            return Diagnosis(what, why, fix, items=(metric.name,))
    return None
