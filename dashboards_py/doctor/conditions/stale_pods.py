"""stale-pods: a Helm value was changed, and the metric, handler or label still is not there

Pods are older than the configuration that they read when they start: `helm upgrade` changes cilium-config, and restarts
nothing (unless `rollOutCiliumPods` is on).

`kubectl rollout restart` the workload that is named.
"""

from dashboards_py.doctor.conditions._condition import FAILED_SCRAPE, NOT_EXPOSED
from dashboards_py.findings import Severity

ORDER = 44
EXPLAINS: frozenset[str] = FAILED_SCRAPE | NOT_EXPOSED
ALONE: Severity | None = Severity.WARNING
