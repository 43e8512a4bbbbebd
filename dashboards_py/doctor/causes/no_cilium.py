"""no-cilium: all Cilium and Hubble panels show "No data"

This Prometheus has no target and no series of Cilium: it is another Prometheus than the one that scrapes Cilium, or
nothing scrapes Cilium at all: metrics are not enabled (`prometheus.enabled`), there are no ServiceMonitors
(`prometheus.serviceMonitor.enabled`), or the Prometheus does not select them by their labels (`release: ...`).

Choose the Prometheus of this cluster in the data source, or enable metrics and ServiceMonitors with the labels that
`kubectl get prometheus -A -o yaml` shows in serviceMonitorSelector.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.plural import counted

ORDER = 50


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """Neither targets nor series of Cilium."""
    if seen.components or seen.targets or seen.pending or not query.missing():
        return None
    why = "it has no target of Cilium, and no series of any metric that the boards read"
    if seen.before:
        why = f"it has no target of Cilium now; {counted(len(seen.before), 'metric')} had samples within the last day"
    fix = (
        "if another Prometheus scrapes Cilium, give its address; if none does, set prometheus.enabled and "
        "prometheus.serviceMonitor.enabled, and for ServiceMonitors the labels in its serviceMonitorSelector "
        "(kubectl get prometheus -A -o yaml)"
    )
    return Diagnosis("this Prometheus does not scrape Cilium", why, fix)
