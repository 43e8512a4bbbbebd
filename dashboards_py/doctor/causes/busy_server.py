"""busy-server: panels time out, 429 Too Many Requests, "query timed out in expression evaluation"

The server answers, but not all queries: it is overloaded, limits queries, or a query takes longer than allowed.

Look at the server's own metrics (prometheus_engine_queries, memory, CPU). Shorten the boards' time range, raise
query.timeout or the limits of the proxy or tenant, or give it more resources.
"""

import re

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.client import BUDGET
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.errors import TIMEOUT
from dashboards_py.prometheus.patience import BUSY

ORDER = 30
# Texts of promql/engine.go: of a query, and of the series that it had to read when its time was over (with 422).
TIMED_OUT = re.compile(r"timed out|context deadline exceeded")


def explain(query: ExecutedQuery, _: Observation) -> Diagnosis | None:
    """A query that was not answered in time, or not at all."""
    error = query.error
    if error is None or not (
        error.status in BUSY or error.reason in (TIMEOUT, BUDGET) or TIMED_OUT.search(error.cause)
    ):
        return None
    fix = "try again later, or name fewer boards; look at the server's memory, CPU and limits"
    return Diagnosis("Prometheus is too busy to answer", error.cause, fix)
