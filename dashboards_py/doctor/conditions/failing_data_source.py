"""failing-data-source: "Bad Gateway" or "Post ...: dial tcp ...: connect: connection refused" on every panel

Grafana's data source does not reach its Prometheus, or is refused there: an address that is right for a browser and not
for Grafana's pod, a missing header, an expired token.

Test it at Connections > Data sources.
"""

from dashboards_py.findings import Severity

ORDER = 70
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.ERROR
