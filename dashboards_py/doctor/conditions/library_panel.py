"""library-panel: a panel differs though the dashboard was not edited

The panel is a library panel: what it shows is kept in Grafana apart from the board, and deployments do not change it.

Unlink the panel, or change the library panel.
"""

from dashboards_py.findings import Severity

ORDER = 68
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.WARNING
