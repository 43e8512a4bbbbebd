"""another-prometheus: queries work at Prometheus itself, and all Cilium panels in Grafana show "No data"

The data source that the boards use is that of another Prometheus, which does not scrape Cilium.

Choose the right one in the variable `datasource`, or change the address of the data source.
"""

from dashboards_py.findings import Severity

ORDER = 71
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.ERROR
