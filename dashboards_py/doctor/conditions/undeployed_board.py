"""undeployed-board: "Dashboard not found", the dashboards are not in Grafana

Grafana has no board with this uid in this organization, or its user may not see it.

Deploy it (`cilium-dashboards deploy`), or check organization and folder permissions.
"""

from dashboards_py.findings import Severity

ORDER = 61
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.WARNING
