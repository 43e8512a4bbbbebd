"""missing-tenant: "no org id" from Mimir, Cortex or Thanos with tenants

A server with several tenants wants to know which one is asked, in a header. Grafana sends it if its data source has
it among its headers.

Send the header of the data source: `X-Scope-OrgID: NAME` for Mimir and Cortex, `THANOS-TENANT: NAME` for Thanos.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.errors import TENANT

ORDER = 14


def explain(_: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The server demands a tenant."""
    failure = seen.server.failure
    if failure is None or failure.reason != TENANT:
        return None
    fix = "send the tenant as a header, as Grafana's data source does: X-Scope-OrgID"
    return Diagnosis("no tenant is named, and the server demands one", f"{failure.what}: {failure.cause}", fix)
