"""missing-context: Hubble panels by namespace, app or workload show one line without a name, or no data

Hubble's metrics have labels of namespaces, apps and workloads only if options of the handler add them:
`labelsContext`, `sourceContext`, `destinationContext`. Without them the panel shows one nameless series, or nothing.

Add the labels that are named to the handler in `hubble.metrics.enabled`.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 112


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """Labels that only options of the handler add are on no series."""
    for selector in query.selectors:
        for metric in selector.metrics:
            own = {*metric.labels_on(seen.release), *metric.exposed_by.scrape_labels, "le"}
            added = sorted(set(selector.lacking) - own)
            if metric.handler and added:
                options = {label: option for option, label in metric.options.items()}
                named = sorted({options[label] for label in added if label in options})
                context = [label for label in added if label not in options]
                parts = [*named, *([f"labelsContext={','.join(context)}"] if context else [])]
                what = f"Hubble's handler {metric.handler} does not add the labels that boards read"
                why = f"no series of {selector.name} has {', '.join(added)}"
                fix = f"add {';'.join(parts)} to {metric.handler} in hubble.metrics.enabled"
                fix += "; if it has these already, look for a labeldrop rule in metricRelabelings"
                return Diagnosis(what, why, fix, items=tuple(added))
    return None
