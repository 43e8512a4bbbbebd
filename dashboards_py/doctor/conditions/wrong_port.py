"""wrong-port: targets are missing or "connection refused", although the Service has endpoints

The ServiceMonitor names a port that the Service does not have, the Service a port that no container has, or pods
listen on another port than the Service sends to.

Let ServiceMonitor, Service and configuration name the same port: Cilium's chart does, unless one of them was edited.
"""

from dashboards_py.doctor.conditions._condition import FAILED_SCRAPE, NO_TARGET
from dashboards_py.findings import Severity

ORDER = 34
EXPLAINS: frozenset[str] = NO_TARGET | FAILED_SCRAPE
ALONE: Severity | None = Severity.ERROR
