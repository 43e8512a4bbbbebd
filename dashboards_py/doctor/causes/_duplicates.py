"""Targets that are scraped more than once."""

import re
from collections import defaultdict
from collections.abc import Iterator

from dashboards_py.doctor.observation import Observation, ScrapeTarget

# Labels that tell the servers of a pair apart: prometheus-operator's externalLabels, and what others call them.
REPLICA = re.compile(r"(?:^|_)replica(?:_|$)|^prometheus$|^__replica__$")


def groups(component: str, seen: Observation) -> Iterator[tuple[ScrapeTarget, ...]]:
    """Targets of a component that are up and are of one pod, or at one address."""
    for keys in (("cluster", "namespace", "pod"), ("cluster", "instance")):
        by_key: dict[tuple[str, ...], list[ScrapeTarget]] = defaultdict(list)
        for target in seen.targets_of(component):
            if target.is_up and target.labels.get(keys[-1]):
                by_key[tuple(target.labels.get(key, "") for key in keys)].append(target)
        yield from (tuple(targets) for targets in by_key.values() if len(targets) > 1)


def replica_labels(targets: tuple[ScrapeTarget, ...]) -> frozenset[str]:
    """The labels of a pair of servers, if the targets differ in nothing else."""
    differing = {
        label
        for target in targets
        for label, value in target.labels.items()
        if any(other.labels.get(label) != value for other in targets)
    }
    return frozenset(differing) if differing and all(map(REPLICA.search, differing)) else frozenset()
