"""Targets that are scraped more than once, grouped once for all queries."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

Labels = Mapping[str, str]
# Labels that tell the servers of a pair apart: prometheus-operator's externalLabels, and what others call them.
REPLICA = re.compile(r"(?:^|_)replica(?:_|$)|^prometheus$|^__replica__$")


class Target(Protocol):
    """A target of Cilium, as far as it matters here."""

    @property
    def component(self) -> str:
        """Its component: agent and Hubble are two targets of one pod."""

    @property
    def labels(self) -> Labels:
        """Its labels."""

    @property
    def is_up(self) -> bool:
        """Whether the last scrape succeeded."""

    @property
    def url(self) -> str:
        """What is scraped, "" if that is not known."""


T = TypeVar("T", bound=Target)


@dataclass(frozen=True, slots=True)
class Duplicates(Generic[T]):
    """Targets of one pod, or at one address; `replicas` are the labels of a pair of servers, if all else is equal."""

    targets: tuple[T, ...]
    replicas: frozenset[str]


def grouped(targets: Iterable[T]) -> Iterator[Duplicates[T]]:
    """The targets that are up and are of one pod, or at one address."""
    listed = [target for target in targets if target.is_up]
    for same in ("pod", "instance"):
        by_key: dict[tuple[str, ...], list[T]] = defaultdict(list)
        for target in listed:
            if target.labels.get(same):
                keys = ("cluster", "namespace", same) if same == "pod" else ("cluster", same)
                by_key[tuple(target.labels.get(key, "") for key in keys)].append(target)
        for group in by_key.values():
            if len(group) > 1 and not are_distinct(group, same):
                yield Duplicates(tuple(group), _replica_labels(group))
    yield from _at_one_url(listed)


def _at_one_url(targets: Iterable[T]) -> Iterator[Duplicates[T]]:
    """Targets of several jobs at one address, of which one has another `instance`, and no `pod`.

    A job that scrapes all through a proxy tells it in parameters which one it wants; these are not part of `url`.
    """
    by_url: dict[tuple[str, str], list[T]] = defaultdict(list)
    for target in targets:
        if target.url:
            by_url[target.labels.get("cluster", ""), target.url].append(target)
    for group in by_url.values():
        jobs = {target.labels.get("job", "") for target in group}
        if len(jobs) == len(group) > 1:
            yield Duplicates(tuple(group), frozenset())


def are_distinct(targets: Iterable[Target], same: str) -> bool:
    """Whether targets with one value of a label, such as `pod`, are of several pods: the label has been overwritten.

    Several addresses are scraped, and their other labels tell of several nodes or pods, or there are more than the two
    addresses of a pod with IPv4 and IPv6.
    """
    listed = list(targets)
    urls = {target.url for target in listed}
    # A pod that is gone has samples for a moment, and no URL.
    addresses = urls if all(urls) else {target.labels.get("instance", "") for target in listed}
    hosts = {target.labels.get("instance", "").rpartition(":")[0] for target in listed}
    others = [
        {target.labels.get(label) for target in listed} - {None, ""} for label in ("node", "pod") if label != same
    ]
    return len(addresses) > 1 and (len(hosts) > 2 or any(len(values) > 1 for values in others))


def one_of_each_pod(targets: Iterable[T], state: Callable[[T], bool]) -> list[T]:
    """Targets without those of a pod that is listed already in the same state: how often it is scraped is no number.

    Targets without a pod are distinguished by their instance.
    """
    listed: dict[tuple[object, ...], T] = {}
    for target in targets:
        labels = target.labels
        name = labels.get("pod") or labels.get("instance") or id(target)
        key = (target.component, labels.get("cluster", ""), labels.get("namespace", ""), name, state(target))
        listed.setdefault(key, target)
    return list(listed.values())


def _replica_labels(targets: Iterable[Target]) -> frozenset[str]:
    """The labels of a pair of servers, if the targets differ in nothing else."""
    listed = list(targets)
    differing = {
        label
        for target in listed
        for label, value in target.labels.items()
        if any(other.labels.get(label) != value for other in listed)
    }
    return frozenset(differing) if differing and all(map(REPLICA.search, differing)) else frozenset()
