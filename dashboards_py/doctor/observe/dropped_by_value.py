"""Which rules of Prometheus drop some series of a metric by the value of a label, on all targets alike?

What is dropped was never stored. The rules are in the configuration, which is read only where the samples before and
after metric_relabel_configs differ in number.
"""

from collections.abc import Collection, Iterator, Mapping

from dashboards_py.catalog import Metric, entries
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.components import component_of
from dashboards_py.doctor.observation import DroppedValues, Observation
from dashboards_py.doctor.observe._dropped_values import Rule, dropped_values, rules_of
from dashboards_py.doctor.observe._relabeling import rules_of_job
from dashboards_py.doctor.observe.dropped_of_some import parts_stored
from dashboards_py.errors import DashboardsError

LAST_BUCKET = "+Inf"  # without which no quantile can be computed; others make it coarser


def dropped_by_value(client: Client, names: Collection[str], seen: Observation) -> Mapping[str, DroppedValues]:
    """What is dropped so of the series of `names`."""
    try:
        dropping: dict[str, set[str]] = {}
        for labels, _ in parts_stored(client, seen):
            dropping.setdefault(component_of(labels), set()).add(labels.get(seen.label("instance"), ""))
        return dict(
            pair
            for component, instances in sorted(dropping.items())
            for pool in _pools(component, instances, seen)
            for rule in rules_of(rules_of_job(client, pool) or ())
            for pair in _of(rule, component, pool, names, seen)
        )
    except DashboardsError:  # what is not known is no cause
        return {}


def _pools(component: str, instances: set[str], seen: Observation) -> list[str]:
    targets = seen.targets_of(component)
    return sorted({target.pool for target in targets if target.labels.get("instance", "") in instances} - {""})


def _of(
    rule: Rule, component: str, pool: str, names: Collection[str], seen: Observation
) -> Iterator[tuple[str, DroppedValues]]:
    for name in sorted(names):
        for metric in entries(name):
            if metric.component == component and metric.exists_on(seen.release):
                own, known = _labels(metric, name, seen)
                labels, values = dropped_values(rule, name, own, known)
                if labels:
                    yield name, DroppedValues(component, tuple(sorted(labels)), values, pool, rule.text)


def _labels(metric: Metric, name: str, seen: Observation) -> tuple[set[str], dict[str, tuple[str, ...]]]:
    """The labels of the metric's own, and all values of those that have a fixed set of them."""
    own = set(metric.possible_labels_on(seen.release))
    known = {label: metric.values_on(label, seen.release) for label in own if metric.is_closed(label)}
    if name.endswith("_bucket"):
        own, known = own | {"le"}, {**known, "le": (LAST_BUCKET,)}
    return own, known
