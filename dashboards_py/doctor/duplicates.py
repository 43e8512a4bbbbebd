"""Targets that are scraped more than once, grouped once for all queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Protocol

Labels = Mapping[str, str]


class Target(Protocol):
    """A target of Cilium, as far as it matters here."""

    @property
    def labels(self) -> Labels:
        """Its labels."""

    @property
    def is_up(self) -> bool:
        """Whether the last scrape succeeded."""


def grouped(targets: Iterable[Target]) -> tuple[tuple[int, ...], ...]:
    """The positions of targets that are up and are of one pod, or at one address."""
    listed = list(targets)
    groups = []
    for keys in (("cluster", "namespace", "pod"), ("cluster", "instance")):
        by_key: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for index, target in enumerate(listed):
            if target.is_up and target.labels.get(keys[-1]):
                by_key[tuple(target.labels.get(key, "") for key in keys)].append(index)
        groups += [tuple(indices) for indices in by_key.values() if len(indices) > 1]
    return tuple(groups)
