"""Which labels that tell targets apart have one value on all series of a component?"""

from collections.abc import Iterable, Iterator, Mapping

from dashboards_py.catalog import components, entries
from dashboards_py.doctor.components import component_of
from dashboards_py.doctor.duplicates import are_distinct
from dashboards_py.doctor.house_labels import our_labels
from dashboards_py.doctor.observation import Labels, Observation

TELLING_APART = frozenset({"pod", "instance", "node"})


def overwritten_labels(sampled: Mapping[str, Iterable[Labels]], seen: Observation) -> Mapping[str, Mapping[str, str]]:
    """The labels with their one value, by component; `sampled` are the labels of a few series of each name."""
    rows: dict[str, list[Labels]] = {}
    for name, listed in sampled.items():
        if not entries(name):  # such as up, which no rule changes
            continue
        own = {label for metric in entries(name) for label in metric.possible_labels_on(seen.release)}
        for labels in listed:
            catalogued = our_labels(labels, seen.label_names)
            kept = {label: catalogued[label] for label in TELLING_APART & catalogued.keys() - own}
            rows.setdefault(component_of(labels), []).append(kept)
    constant = {component: dict(_constant(component, listed, seen)) for component, listed in rows.items() if component}
    return {component: labels for component, labels in constant.items() if labels}


def _constant(component: str, rows: Iterable[Labels], seen: Observation) -> Iterator[tuple[str, str]]:
    listed = list(rows)
    for label in sorted(TELLING_APART & components()[component].scrape_values.keys()):
        # Others have lost the label, which is another fault.
        up = [target for target in seen.targets_of(component) if target.is_up and target.labels.get(label)]
        having = [labels for labels in listed if label in labels]
        of_targets, of_series = {target.labels[label] for target in up}, {labels[label] for labels in having}
        if len(of_series) != 1:
            continue
        others = {frozenset((name, value) for name, value in labels.items() if name != label) for labels in having}
        # Of one target alone a rule may have changed the value, and that of each of the others to another one.
        if (len(of_targets) > 1 and len(others) > 1) or (len(of_targets) == 1 and are_distinct(up, label)):
            yield label, of_series.pop()
