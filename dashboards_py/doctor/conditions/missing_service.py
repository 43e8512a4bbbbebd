"""missing-service: the ServiceMonitor is selected, and its target list is empty: 0/0 up

No Service in the namespaces of the ServiceMonitor has the labels that it selects: the Service was deleted or its labels
were changed.

Upgrade Cilium's release: its chart renders the Service with the ServiceMonitor.
"""

from dashboards_py.doctor.conditions._condition import NO_TARGET
from dashboards_py.findings import Severity

ORDER = 30
EXPLAINS: frozenset[str] = NO_TARGET
ALONE: Severity | None = Severity.ERROR
