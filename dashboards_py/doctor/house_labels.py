"""Labels that have a house's own names in its Prometheus: what is compared with the catalogue has those of ours.

Queries are asked as they are written, with the house's names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dashboards_py.doctor.observation import Labels, ScrapeTarget

Names = Mapping[str, str]  # the house's, by ours


def our_names(labels: Iterable[str], names: Names) -> frozenset[str]:
    """The labels by our names."""
    catalogued = {house: our for our, house in names.items()}
    return frozenset(catalogued.get(label, label) for label in labels if label not in names or label in catalogued)


def our_target(target: ScrapeTarget, names: Names) -> ScrapeTarget:
    """The target with our names of its labels."""
    return replace(target, labels=our_labels(target.labels, names))


def our_labels(labels: Labels, names: Names) -> Labels:
    """The labels, with their values, by our names."""
    catalogued = {house: our for our, house in names.items()}
    kept = {label: value for label, value in labels.items() if label not in names or label in catalogued}
    return {catalogued.get(label, label): value for label, value in kept.items()}
