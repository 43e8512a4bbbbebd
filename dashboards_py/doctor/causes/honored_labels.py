"""honored-labels: labels are called exported_namespace, exported_service or exported_endpoint

Cilium exposes a label that scraping adds as well. Without `honor_labels` Prometheus keeps its own and renames Cilium's
to `exported_...`: panels then show the namespace or service of the pod that was scraped.

Set `honorLabels: true` for the endpoint of the ServiceMonitor, as Cilium's chart does (`honor_labels: true` in a scrape
job).
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 114


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The query reads a label of which there is an exported_ one."""
    for selector in query.selectors:
        renamed = sorted(label for label in query.labels if f"exported_{label}" in seen.labels.get(selector.name, ()))
        if renamed:
            what = "honor_labels is not set, so that Prometheus overwrites labels of Cilium"
            why = f"{selector.name} has {', '.join(f'exported_{label}' for label in renamed)}"
            fix = "set honorLabels: true for the endpoint of the ServiceMonitor"
            return Diagnosis(what, why, fix, Severity.WARNING, tuple(renamed), is_final=query.is_empty)
    return None
