"""missing-tenant: "no org id" from Mimir, Cortex or Thanos with tenants, targets are up and all panels are empty

A server with several tenants wants to know which one is asked, in a header. Grafana sends it if its data source has
it among its headers. Thanos (`--query.enforce-tenancy`) and prom-label-proxy answer without it, or with another one, as
if there were no series, and list the targets all the same.

Send the header that the data source has: `--header 'X-Scope-OrgID: NAME'` for Mimir and Cortex,
`--header 'THANOS-TENANT: NAME'` for Thanos, with each command that asks a Prometheus.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.errors import TENANT, Remedy
from dashboards_py.prometheus import SEND_TENANT

ORDER = 14


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The server demands a tenant, or hides the series of targets that it lists."""
    failure = seen.server.failure
    if failure and failure.reason == TENANT:
        why = f"{failure.what}: {failure.cause}"
        return Diagnosis("no tenant is named, and the server demands one", why, SEND_TENANT)
    if not seen.hides_series or not query.missing():
        return None
    why = "targets of Cilium are up (api/v1/targets), and queries find no series of them, not even up"
    fix = Remedy(SEND_TENANT.kind, {"header": "THANOS-TENANT"}), ", or the header that the proxy before it reads"
    return Diagnosis("the server hides the series of its targets, as of another tenant", why, fix)
