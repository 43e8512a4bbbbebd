"""older-board: panels are empty after an upgrade of Cilium, the dashboards are of an older version

The board in Grafana is as an earlier deployment, a file or a sidecar left it, and this version compiles another: it may
read metrics that the release no longer has.

Deploy again; change a board that comes from a file where the file is.
"""

from dashboards_py.findings import Severity

ORDER = 63
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.WARNING
