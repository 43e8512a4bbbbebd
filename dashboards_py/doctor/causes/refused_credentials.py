"""refused-credentials: 401 Unauthorized or 403 Forbidden from Prometheus, a login page instead of data

A proxy before Prometheus, or Prometheus itself, wants a user and password or a token, and gets none, a wrong or an
expired one.

Send what the data source of Grafana sends. `Authentication is required` or `no data source access` in Grafana are
about the same credentials in the data source.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 16


def explain(_: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """401 or 403, or a redirect to a login page."""
    failure = seen.server.failure
    if failure is None or failure.status not in (301, 302, 303, 307, 308, 401, 403, 407):
        return None
    if failure.status < 400:
        return Diagnosis("Prometheus redirects to another page, such as a login", _why(failure), failure.fix)
    return Diagnosis("Prometheus refuses the credentials", _why(failure), failure.fix)


def _why(failure: Exception) -> str:
    return str(failure).partition("\n")[0]
