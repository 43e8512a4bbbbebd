"""board-in-schema-v2: the JSON of the dashboard has `elements` and `layout` instead of `panels`

Grafana stores the board in its schema v2. Grafana 13 does that with all boards and converts them when they are read;
in Grafana 12 a save in the new editor does. Provisioning from files and the sidecar take classic JSON only.

Nothing to do where Grafana 13 runs.
"""

from dashboards_py.findings import Severity

ORDER = 67
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.INFO
