"""target-down: up is 0, "connection refused", "server returned HTTP status 403" at Status > Targets

Prometheus cannot scrape some pods. What the last scrape said is named: nothing listens on the port (metrics are off, or
the pod restarts), a NetworkPolicy or host firewall is in the way, TLS or authorization fails.

Check that the pod listens on the port (`prometheus.port`, `hubble.metrics.port`), and that Prometheus may reach it.
Agents and Hubble are on the node's own address: the host firewall applies.
"""

from dashboards_py.catalog import components
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._targets import down, is_limit, is_timeout, of_down
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 76


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The last scrape of a target failed for any other reason."""
    targets = down(query, seen, lambda target: not is_limit(target) and not is_timeout(target))
    port = components()[targets[0].component].port if targets else None
    fix = f"check that the pod listens on {port}, and that no firewall or NetworkPolicy is in the way"
    return of_down(query, seen, targets, ("target is down", "targets are down"), fix)
