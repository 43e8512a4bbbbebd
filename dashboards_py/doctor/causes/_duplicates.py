"""Targets that are scraped more than once: by two servers, or by two jobs."""

import re

from dashboards_py.doctor.observation import ScrapeTarget

# Labels that tell the servers of a pair apart: prometheus-operator's externalLabels, and what others call them.
REPLICA = re.compile(r"(?:^|_)replica(?:_|$)|^prometheus$|^__replica__$")


def replica_labels(targets: tuple[ScrapeTarget, ...]) -> frozenset[str]:
    """The labels of a pair of servers, if the targets differ in nothing else."""
    differing = {
        label
        for target in targets
        for label, value in target.labels.items()
        if any(other.labels.get(label) != value for other in targets)
    }
    return frozenset(differing) if differing and all(map(REPLICA.search, differing)) else frozenset()
