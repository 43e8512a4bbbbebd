"""no-history: panels that compare with an hour ago are empty after Prometheus was installed or lost its volume

The query looks back (`offset`), and there is data now but none of then: Prometheus, or the component, has not been
scraped for that long yet.

Wait. If it stays, look whether Prometheus keeps its data in a volume that survives restarts.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 124


def explain(query: ExecutedQuery, _: Observation) -> Diagnosis | None:
    """There are series now, and none at the offset."""
    for selector in query.missing():
        if selector.sent.offset > 0 and selector.count_now:
            minutes = selector.sent.offset / 60
            back = f"{minutes:g} {'minute' if minutes == 1 else 'minutes'}"
            what = f"there is no history of {back} yet"
            why = f"{selector.count_now} series of {selector.name} now, none {back} ago"
            return Diagnosis(what, why, "wait, or keep the data of Prometheus in a volume", Severity.INFO)
    return None
