"""pending-release: "another operation (install/upgrade/rollback) is in progress", Cilium's values have no effect

Helm's last operation on Cilium has not ended, was interrupted or failed: what is in the values is not in the cluster.

`helm history cilium -n kube-system` says since when; roll back or upgrade again.
"""

from dashboards_py.findings import Severity

ORDER = 8
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.ERROR
