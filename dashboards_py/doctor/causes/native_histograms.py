"""native-histograms: panels with _bucket, _sum and _count are empty since Prometheus stores native histograms

With `scrape_native_histograms` (or native histograms switched on for a job) Prometheus stores the native form of each
histogram that has one, and with `convert_classic_histograms_to_nhcb` of all: their series `_bucket`, `_sum` and
`_count` are not there any more.

Use boards that read both kinds, or keep the classic series as well: `always_scrape_classic_histograms: true`
(`scrapeClassicHistograms` of a ServiceMonitor).
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import absent
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.exposed import base
from dashboards_py.doctor.observation import Observation

ORDER = 90


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The series of a classic histogram are not there, and there is one of the histogram itself."""
    for selector in absent(query, seen):
        name = base(selector.name)
        if name != selector.name and seen.has(name):
            what = "Prometheus stores native histograms, and the query reads classic ones"
            fix = "use a board that reads both kinds, or set always_scrape_classic_histograms: true for the scrape job"
            return Diagnosis(what, f"there is {name}, but no {selector.name}", fix, items=(name,))
    return None
