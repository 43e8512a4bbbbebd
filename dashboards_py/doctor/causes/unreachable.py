"""unreachable: no connection to Prometheus, all panels say "no data" or show a red triangle

"connection refused", "no such host", "i/o timeout", "context deadline exceeded": nothing answers at this address, or it
does not answer in time.

Check that Prometheus runs and that the address is right: scheme, port and path. From outside of the cluster forward a
port first: `kubectl port-forward -n monitoring svc/prometheus-operated 9090`.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.errors import TIMEOUT

ORDER = 10


def explain(_: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """No answer at all."""
    failure = seen.server.failure
    if failure is None or failure.status or failure.reason not in ("", TIMEOUT):
        return None
    return Diagnosis("Prometheus cannot be reached", f"{failure.what}: {failure.cause}", failure.fix)
