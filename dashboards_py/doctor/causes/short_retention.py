"""short-retention: data disappears after some hours, panels that compare with an hour ago are empty

Prometheus deletes what is older than its retention (`--storage.tsdb.retention.time`). Queries that look further back
(`offset 1h`, a long range) have no data.

Raise the retention: `prometheusSpec.retention` of kube-prometheus-stack, and the size of its volume.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 44


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A query reads samples from before the retention."""
    retention = seen.server.retention
    reach = max((selector.sent.offset + selector.sent.window for selector in query.selectors), default=0.0)
    if retention is None or reach <= retention:
        return None
    what = f"Prometheus keeps samples for {retention / 3600:g} h only"
    why = f"storageRetention is {retention / 3600:g} h, and queries reach {reach / 3600:g} h back"
    fix = "raise --storage.tsdb.retention.time (prometheusSpec.retention of kube-prometheus-stack)"
    return Diagnosis(what, why, fix, Severity.ERROR, is_final=query.is_empty)
