"""classic-histograms: panels with histogram_quantile or histogram_count of a native histogram are empty

The query reads a native histogram, and Prometheus stores the classic one: `_bucket`, `_sum` and `_count`.

Use boards that read both kinds, or set `scrape_native_histograms: true` (Prometheus 3) for the scrape job; older ones
have `--enable-feature=native-histograms`.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import absent
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 91


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The histogram itself is not there, and its classic series are."""
    for selector in absent(query, seen):
        if seen.has(f"{selector.name}_bucket"):
            what = "Prometheus stores classic histograms, and the query reads native ones"
            fix = "use a board that reads both kinds, or set scrape_native_histograms: true for the scrape job"
            why = f"there is {selector.name}_bucket, but no {selector.name}"
            return Diagnosis(what, why, fix, items=(selector.name,))
    return None
