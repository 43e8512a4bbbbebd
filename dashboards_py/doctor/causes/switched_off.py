"""switched-off: a metric of the agent that was always there is missing, prometheus.metrics has a minus

A metric without labels, and cilium_version, exists from the start of its process, and this one does not although its
component is scraped, its feature is on and nothing is seen to drop it: it is switched off, with a minus in the Helm
value `prometheus.metrics`.

With `--kube`, what cilium-config lists is read, so that other metrics are named as well.

Remove `-metric` from the list. Servers that do not tell what targets expose (Thanos, Mimir) may hide a keep-list.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._features import is_on
from dashboards_py.doctor.causes._metrics import absent_metrics
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.exposed import is_from_start
from dashboards_py.doctor.observation import Observation

ORDER = 128


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """One that depends on nothing and has no labels is not exposed, or cilium-config switches one off."""
    minus = {entry[1:] for entry in seen.configuration.get("metrics", "").split() if entry.startswith("-")}
    for _, metric in absent_metrics(query, seen):
        name = metric.switch_on(seen.release)
        if metric.component == "cilium-agent" and name and name in minus:
            what = f"metrics of {metric.component} are switched off"
            why = f"{metric.name} is switched off: metrics in cilium-config has -{name}"
            return Diagnosis(what, why, f"remove -{name} from prometheus.metrics", items=(metric.name,))
        depends = not all(is_on(feature, seen) for feature in metric.features_on(seen.release))
        if is_from_start(metric, seen.release) and not depends:
            what = f"metrics of {metric.component} are switched off"
            why = f"{metric.name} is there from the start of an agent unless it is switched off, or dropped on the way"
            fix = f"remove -{name} from prometheus.metrics, or look for a keep-list"
            return Diagnosis(what, why, fix, items=(metric.name,))
    return None
