"""not-a-prometheus: the address answers, but not as Prometheus does: Grafana, Alertmanager, a web page

The address is that of Grafana, of Alertmanager, of an ingress without a rule for Prometheus, or lacks the path behind
which Prometheus is (`--web.route-prefix`; `/prometheus` for Mimir, `/select/0/prometheus` for VictoriaMetrics). Or it
is a Prometheus in agent mode, which stores nothing and says "unavailable with Prometheus Agent": ask the one it writes
to.

Open the address with `/api/v1/query?query=time()`: it must answer JSON with `"status":"success"`.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.prometheus import AGENT, FIX_AGENT

ORDER = 20


def explain(_: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """Any other failure: there was an answer."""
    failure = seen.server.failure
    if failure is None:
        return None
    why = f"{failure.what}: {failure.cause}"
    if AGENT in failure.cause:
        return Diagnosis("this Prometheus is an agent, which answers no queries", why, FIX_AGENT)
    fix = "give the address of Prometheus, with its path: ADDRESS/api/v1/query?query=time() must answer JSON"
    return Diagnosis("what answers is not a Prometheus", why, fix)
