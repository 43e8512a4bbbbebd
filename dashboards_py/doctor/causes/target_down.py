"""target-down: up is 0, "connection refused", "server returned HTTP status 403" at Status > Targets

Prometheus cannot scrape some pods. What the last scrape said is named: nothing listens on the port (metrics are off, or
the pod restarts), a NetworkPolicy or host firewall is in the way, TLS or authorization fails.

The fix is that of the error: "server returned HTTP status 400 Bad Request" (`hubble.metrics.tls.enabled` is on), "401
Unauthorized", "404 Not Found", "x509: certificate signed by unknown authority", "server gave HTTP response to HTTPS
client", "received unsupported Content-Type ... and no fallback_scrape_protocol specified for target" (Prometheus 3).

Check that the pod listens on the port (`prometheus.port`, `hubble.metrics.port`), and that Prometheus may reach it.
Agents and Hubble are on the node's own address: the host firewall applies.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._targets import down, of_down
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.doctor.scrape_errors import DOWN

ORDER = 76
WHAT = "is down", "are down"


def explain(query: ExecutedQuery, seen: Observation) -> tuple[Diagnosis, ...]:
    """The last scrape of a target failed for any other reason."""
    return of_down(query, seen, down(query, seen, DOWN), WHAT, DOWN)
