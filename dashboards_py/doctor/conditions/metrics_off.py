"""metrics-off: "connection refused" on 9962, 9963, 9964, 9965 or 9966

The component is not configured to serve metrics: cilium-config lacks `prometheus-serve-addr`,
`operator-prometheus-serve-addr` or `hubble-metrics-server`.

Set `prometheus.enabled`, `operator.prometheus.enabled`, `hubble.metrics.enabled`, and restart the pods.
"""

from dashboards_py.doctor.conditions._condition import FAILED_SCRAPE, NO_TARGET
from dashboards_py.findings import Severity

ORDER = 32
EXPLAINS: frozenset[str] = NO_TARGET | FAILED_SCRAPE
ALONE: Severity | None = Severity.ERROR
