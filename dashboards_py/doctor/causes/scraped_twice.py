"""scraped-twice: numbers are twice as high as they should be, "found duplicate series for the match group"

Two scrape jobs have the same pods: two ServiceMonitors, a ServiceMonitor and a PodMonitor, or one of them and the
annotations `prometheus.io/scrape`. Sums add both up; joins fail with "many-to-many matching not allowed".

Keep one: remove the scrape job, the second monitor, or the annotations (the chart sets them with
`prometheus.enabled` where no ServiceMonitor is enabled).
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 82


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """Targets of one pod and component, or at one address."""
    for component in sorted(query.components):
        for group in seen.duplicates(component):
            if not group.replicas:
                targets = group.targets
                jobs = sorted({target.pool or target.labels.get("job", "") for target in targets})
                what = f"pods of {component} are scraped {len(targets)} times, and sums count them as often"
                why = f"{targets[0].labels.get('pod') or targets[0].name} is a target of {' and '.join(jobs)}"
                fix = "keep one of these scrape jobs or monitors"
                return Diagnosis(what, why, fix, Severity.WARNING, is_final=query.error is not None)
    return None
