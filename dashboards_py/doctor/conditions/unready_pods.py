"""unready-pods: some or all pods of Cilium, the operator or Relay are not ready

Pods that are not ready are no endpoints of their Service, or answer no scrape; a workload that is scaled to 0 or
selects no node has none.

`kubectl describe` the workload and its pods.
"""

from dashboards_py.doctor.conditions._condition import FAILED_SCRAPE, NO_TARGET
from dashboards_py.findings import Severity

ORDER = 36
EXPLAINS: frozenset[str] = NO_TARGET | FAILED_SCRAPE
ALONE: Severity | None = Severity.WARNING
