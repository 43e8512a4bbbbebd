"""scrape-limit: "sample limit exceeded", "label_limit exceeded", "body size limit exceeded", targets are down

Prometheus refuses a whole scrape that has more samples, labels or bytes than its configuration allows, and the target
counts as down. Hubble's metrics grow with the pods and their labels.

Raise the limit that is named (`sampleLimit`, `labelLimit`, `bodySizeLimit`, `targetLimit` ...) of the ServiceMonitor or
the Prometheus, or expose fewer labels (`labelsContext`).
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._targets import down, is_limit, of_down
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation, ScrapeTarget

ORDER = 72
FIX = "raise {} of its ServiceMonitor or of the Prometheus, or expose fewer labels"
# The field of a ServiceMonitor by the text of the error (scrape/scrape.go of Prometheus).
FIELDS = {
    "sample limit": "sampleLimit",
    "body size limit": "bodySizeLimit",
    "label_limit": "labelLimit",
    "label_name_length_limit": "labelNameLengthLimit",
    "label_value_length_limit": "labelValueLengthLimit",
    "target_limit": "targetLimit",
    "histogram bucket limit": "nativeHistogramBucketLimit",
}
WHAT = "exceeds a limit of the scrape", "exceed a limit of the scrape"


def explain(query: ExecutedQuery, seen: Observation) -> tuple[Diagnosis, ...]:
    """The last scrape of a target hit a limit."""
    return of_down(query, seen, down(query, seen, is_limit), WHAT, _fix)


def _fix(targets: list[ScrapeTarget]) -> str:
    exceeded = {field for target in targets for text, field in FIELDS.items() if f"{text} exceeded" in target.error}
    return FIX.format(" and ".join(sorted(exceeded)) or "the limit")
