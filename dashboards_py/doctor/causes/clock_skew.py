"""clock-skew: graphs end in the past or are empty at the right, "now" differs between browser and Prometheus

Grafana asks for the time range of the browser's clock. Where the clock of Prometheus differs by more than a scrape or
two, the newest points are missing, or the last minutes of all graphs.

Synchronize the clocks (chrony, systemd-timesyncd) of the nodes and of this machine.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 40
LIMIT = 60.0  # seconds: two scrapes of the usual interval


def explain(_: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The difference of the clocks is more than a graph hides."""
    skew = seen.server.skew
    if abs(skew) <= LIMIT:
        return None
    what = f"the clock of Prometheus is {abs(skew):.0f} s {'behind' if skew > 0 else 'ahead of'} this machine's"
    fix = "synchronize the clocks (chrony, systemd-timesyncd): without the newest points graphs end too early"
    why = "time() of Prometheus is compared with the clock of this machine"
    return Diagnosis(what, why, fix, Severity.WARNING, is_final=False)
