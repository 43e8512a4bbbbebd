"""missing-boards: dashboards are not in Grafana, or are older than these

ConfigMaps of the boards are missing in the cluster, were edited, or are of another version.

`cilium-dashboards deploy configmaps` writes them.
"""

from dashboards_py.findings import Severity

ORDER = 64
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.WARNING
