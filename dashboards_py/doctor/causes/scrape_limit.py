"""scrape-limit: "sample limit exceeded", "label_limit exceeded", "body size limit exceeded", targets are down

Prometheus refuses a whole scrape that has more samples, labels or bytes than its configuration allows, and the target
counts as down. Hubble's metrics grow with the pods and their labels.

Raise `sampleLimit`, `labelLimit` or `bodySizeLimit` of the ServiceMonitor or the Prometheus, or expose fewer labels
(`labelsContext`).
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._targets import down, is_limit, of_down
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 72
FIX = "raise the limit (sampleLimit, labelLimit, bodySizeLimit) of its ServiceMonitor or of the Prometheus"

WHAT = "target exceeds a limit of the scrape", "targets exceed a limit of the scrape"


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The last scrape of a target hit a limit."""
    return of_down(query, seen, down(query, seen, is_limit), WHAT, FIX)
