"""shared-address: counters reset all the time, rates are far too high and saw-toothed, one target for several nodes

Prometheus scrapes an address behind which several pods are, such as that of a Service: each scrape gets another pod,
and its counters look like those of one process that restarts each time. So do the series of several pods whose labels
`instance` and `pod` a rule drops.

Scrape each pod: a ServiceMonitor or PodMonitor, or `kubernetes_sd_configs` with the role endpoints or pod.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.components import component_of
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 84


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The start time of a process went back, which no process can do, or its counts begin anew again and again."""
    for labels in seen.moving_starts:
        component = component_of(labels)
        if component in query.components:
            where = labels.get("instance") or labels.get("pod")
            return _at(where, component) if where else _of_one_series(component)
    return None


def _at(where: str, component: str) -> Diagnosis:
    what = f"several pods of {component} answer at one address, so that counters seem to reset"
    why = f"within ten minutes the process at {where} started earlier than before, or anew several times"
    return Diagnosis(what, why, "scrape each pod at its own address, not through a Service", is_final=False)


def _of_one_series(component: str) -> Diagnosis:
    what = f"several pods of {component} have the same series, so that counters seem to reset"
    why = "the series have neither instance nor pod, and within ten minutes counters began anew several times"
    return Diagnosis(what, why, "remove the rule that drops these labels from metricRelabelings", is_final=False)
