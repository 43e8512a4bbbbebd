"""another-replica: Grafana and `doctor` ask different servers

The data source asks another server than the one that was asked here. It has metrics of Cilium as well: a replica of a
pair, or the Prometheus of another cluster.

Give the address of that one with `--prometheus`.
"""

from dashboards_py.findings import Severity

ORDER = 72
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.INFO
