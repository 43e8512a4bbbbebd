"""missing-data-source: "Datasource ${DS_PROMETHEUS} was not found", red triangles on all panels

A panel names a data source by uid or name that Grafana does not have, or there is none of the type Prometheus. An
import from another Grafana leaves its uid behind. A board exported for sharing has `${DS_PROMETHEUS}`, which only
Grafana's import dialog replaces.

Create the data source, or choose another in the panels.
"""

from dashboards_py.findings import Severity

ORDER = 69
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.ERROR
