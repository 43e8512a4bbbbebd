"""not-ready: 503 Service Unavailable from Prometheus after a restart, 500 or 502 of a proxy or query front end

Prometheus reads its write-ahead log when it starts, and answers 503 until it is done: minutes, or longer where it has
many series. A proxy answers 502 or 503 while there is no Prometheus behind it, the query front end of Thanos 500.

Wait until /-/ready answers 200. If it never does, look at its log: memory, a full or broken disk.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.prometheus.patience import BUSY

ORDER = 18
NO_ANSWER = (502, 504)  # of a proxy that gets none from what is behind it
SERVER_ERROR = 500  # the first status with which a server says that it failed


def explain(_: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """An answer that says: not now."""
    failure = seen.server.failure
    if failure is None or not (failure.status in BUSY or failure.status >= SERVER_ERROR):
        return None
    fix = "wait until /-/ready answers 200: after a start it reads its log; otherwise look at its own log"
    if failure.status in NO_ANSWER:
        fix = f"does Prometheus run, and does the proxy before it have its address? If so {fix}"
    why = f"{failure.what}: {failure.cause}"
    why += "" if str(failure.status) in failure.cause else f" ({failure.status})"
    return Diagnosis("Prometheus is not ready", why, fix)
