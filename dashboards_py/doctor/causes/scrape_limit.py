"""scrape-limit: "sample limit exceeded", "label_limit exceeded", "body size limit exceeded", targets are down

Prometheus refuses a whole scrape that has more samples, labels or bytes than its configuration allows, and the target
counts as down. Hubble's metrics grow with the pods and their labels.

Raise the limit that is named (`sampleLimit`, `labelLimit`, `bodySizeLimit`, `targetLimit` ...) of the ServiceMonitor or
the Prometheus, or expose fewer labels (`labelsContext`).
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._targets import down, of_down
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.doctor.scrape_errors import LIMIT

ORDER = 72
WHAT = "exceeds a limit of the scrape", "exceed a limit of the scrape"


def explain(query: ExecutedQuery, seen: Observation) -> tuple[Diagnosis, ...]:
    """The last scrape of a target hit a limit."""
    return of_down(query, seen, down(query, seen, LIMIT), WHAT, LIMIT)
