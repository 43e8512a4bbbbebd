"""unselected-namespace: ServiceMonitors in kube-system are ignored, others work

The Prometheus object selects namespaces (serviceMonitorNamespaceSelector), and not the one of this ServiceMonitor.

Set the selector to `{}`, or label the namespace.
"""

from dashboards_py.doctor.conditions._condition import NO_TARGET
from dashboards_py.findings import Severity

ORDER = 26
EXPLAINS: frozenset[str] = NO_TARGET
ALONE: Severity | None = Severity.ERROR
