"""not-ready: 503 Service Unavailable from Prometheus after a restart

Prometheus reads its write-ahead log when it starts, and answers 503 until it is done: minutes, or longer where it has
many series. A proxy answers 502 or 503 while there is no Prometheus behind it.

Wait until /-/ready answers 200. If it never does, look at its log: memory, a full or broken disk.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 18


def explain(_: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """An answer that says: not now."""
    failure = seen.server.failure
    if failure is None or failure.status not in (429, 502, 503, 504):
        return None
    fix = "wait until /-/ready answers 200: after a start it reads its log; otherwise look at its own log"
    return Diagnosis("Prometheus is not ready", f"{failure.what}: {failure.cause} ({failure.status})", fix)
