"""missing-monitor: Hubble, operator or agent has no target, "kubectl get servicemonitor" does not list it

The ServiceMonitor of the component is not in the cluster: the Helm value that creates it is off, or it was deleted.

Set the values `...serviceMonitor.enabled`.
"""

from dashboards_py.doctor.conditions._condition import NO_TARGET
from dashboards_py.findings import Severity

ORDER = 20
EXPLAINS: frozenset[str] = NO_TARGET
ALONE: Severity | None = Severity.ERROR
