"""missing-label: panels by node show one line without a name, the node variable is empty, a label is gone

Series lack a label that they should have. `node` is added by the relabeling of Cilium's ServiceMonitors
(`__meta_kubernetes_pod_node_name`), which scrape jobs of one's own and changed ServiceMonitors lack; others are removed
by `labeldrop` rules or by recording rules.

Restore the relabeling, or remove the rule.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 116


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A label that scraping adds, or the metric's own, is on no series."""
    for selector in query.selectors:
        for metric in selector.metrics:
            scraped = [label for label in selector.lacking if label in metric.exposed_by.scrape_values]
            own = [label for label in selector.lacking if label in (*metric.labels_on(seen.release), "le")]
            if scraped:
                what = f"series of {metric.component} have no label {', '.join(map(seen.label, scraped))}"
                fix = _fix(scraped, metric.exposed_by.service_monitor or metric.component, seen)
                return Diagnosis(what, f"no series of {selector.name} has it", fix, is_final=query.is_empty)
            if own:
                what = "labels of Cilium's metrics are missing in Prometheus"
                why = f"no series of {selector.name} has {', '.join(own)}"
                fix = "look for labeldrop and metricRelabelings in the scrape job, and for recording rules"
                return Diagnosis(what, why, fix, items=tuple(own), is_final=query.is_empty)
    return None


def _fix(labels: list[str], monitor: str, seen: Observation) -> str:
    if "node" in labels:
        name = seen.label("node")
        rule = f"sourceLabels: [__meta_kubernetes_pod_node_name], targetLabel: {name}, action: replace"
        return f"restore the relabeling of ServiceMonitor {monitor}: {rule}"
    return f"restore {', '.join(map(seen.label, labels))} in the relabeling of {monitor}: is there a labeldrop rule?"
