"""missing-prometheus: ServiceMonitors of Cilium exist, and nothing scrapes them

There is no Prometheus object of prometheus-operator in the cluster, or it selects no ServiceMonitors at all
(serviceMonitorSelector is not set).

Install a Prometheus, or set its serviceMonitorSelector; `{}` selects all.
"""

from dashboards_py.doctor.conditions._condition import NO_TARGET
from dashboards_py.findings import Severity

ORDER = 14
EXPLAINS: frozenset[str] = NO_TARGET
ALONE: Severity | None = Severity.ERROR
