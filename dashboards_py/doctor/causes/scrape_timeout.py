"""scrape-timeout: "context deadline exceeded" at Status > Targets, gaps in graphs

A target does not answer within `scrapeTimeout`. Agents with many endpoints and Hubble with many labels take seconds; a
node without CPU takes longer.

Raise `scrapeTimeout` (at most the interval) of the ServiceMonitor, expose fewer metrics, or find out why the pod is
slow: CPU limits, throttling.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._targets import down, of_down
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.doctor.scrape_errors import TIMEOUT

ORDER = 74
WHAT = "does not answer within the scrape timeout", "do not answer within the scrape timeout"


def explain(query: ExecutedQuery, seen: Observation) -> tuple[Diagnosis, ...]:
    """The last scrape of a target took too long."""
    return of_down(query, seen, down(query, seen, TIMEOUT), WHAT, TIMEOUT)
