"""overwritten-label: all series have the same pod, instance or node, graphs by node show one line for all nodes

A label that tells the targets of a component apart has one value on all of its series: a relabeling sets it to a
constant. What is shown by this label adds all targets up or shows one of them, a filter by it finds all or nothing, and
where nothing else differs Prometheus drops the samples of all targets but one ("duplicate sample for timestamp").

Remove the rule: a `targetLabel` (`target_label`) in `relabelings` or `metricRelabelings` with a fixed replacement.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity
from dashboards_py.plural import counted

ORDER = 47


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The query reads such a label."""
    for component in sorted(query.components & seen.overwritten.keys()):
        labels = {label: value for label, value in seen.overwritten[component].items() if label in query.labels}
        if labels:
            named = ", ".join(f'{seen.label(label)}="{value}"' for label, value in sorted(labels.items()))
            what = f"all series of {component} have {named}, which hides what is of which target"
            up = sum(target.is_up for target in seen.targets_of(component))
            why = f"{counted(up, 'target')} are up; relabeling sets the label to a constant"
            rule = " or ".join(f"targetLabel: {seen.label(label)}" for label in sorted(labels))
            fix = f"remove the rule with {rule} from relabelings or metricRelabelings of the monitor or scrape job"
            return Diagnosis(what, why, fix, Severity.WARNING, is_final=False)
    return None
