"""The targets of Cilium: their series `up`, and what the server tells of the last scrape of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from dashboards_py.board import fields as json_fields
from dashboards_py.catalog import components
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.components import component_of
from dashboards_py.doctor.duplicates import REPLICA
from dashboards_py.doctor.observation import Labels, ScrapeTarget
from dashboards_py.errors import DashboardsError
from dashboards_py.promql.durations import seconds
from dashboards_py.promql.matcher import Matcher
from dashboards_py.web.address import without_secrets

CILIUM = ".*(cilium|hubble|clustermesh).*"
HOUR = 3600
UNKNOWN = "unknown"  # the health of a target before its first scrape
TELLING = ("job", "pod", "service", "container")


class Targets(NamedTuple):
    """The targets of Cilium.

    `are_hidden`: some are up by the server's list, and queries find no series of them: it, or a proxy before it,
    answers with those of other tenants only. Prometheus stores `up` of each target, whatever is relabeled
    (scrapeLoop.report in scrape/scrape.go). `pending` are the components with targets that were not scraped yet.
    """

    listed: tuple[ScrapeTarget, ...]
    are_hidden: bool = False
    pending: frozenset[str] = frozenset()


def look_at_targets(client: Client, now: float) -> Targets:
    """The targets by their series `up`, and by the list of the server."""
    try:
        active = client.get("targets", {"state": "active"})["activeTargets"]
    except DashboardsError:  # Mimir and others do not tell of scrapes
        active = []
    scraped = list(_scraped(active))
    try:
        rows = client.query(of_cilium("up"), now)
        are_hidden = not rows and _are_hidden(client, scraped, now)
    except DashboardsError:
        rows, are_hidden = [], False
    return Targets(tuple(_matched(rows, scraped)), are_hidden, _pending(active))


def _pending(active: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The components of targets that were found and not scraped yet, which takes up to a scrape interval."""
    new = (target for target in active if target["health"] == UNKNOWN)
    return frozenset(map(_component, new)) - {""}


def _component(target: Mapping[str, Any]) -> str:
    labels = target["labels"]
    return component_of(labels) or component_of({**labels, "instance": _address(target)})


def of_cilium(name: str) -> str:
    """The series of this name, which each target has, of targets that may be of Cilium."""
    ports = "|".join(sorted({str(component.port) for component in components().values() if component.port}))
    matchers = [f'{label}=~"{CILIUM}"' for label in TELLING] + [f'instance=~".*:({ports})"']
    return " or ".join(f"{name}{{{matcher}}}" for matcher in matchers)


def _are_hidden(client: Client, scraped: Iterable[ScrapeTarget], now: float) -> bool:
    """True if a target that is up has no series, not even by exactly its job and instance.

    One that is scraped less often than the lookback (5 minutes) has none for a while after each scrape.
    """
    target = next((target for target in scraped if target.is_up), None)
    if target is None:
        return False
    matchers = [Matcher(name, "=", target.labels[name]) for name in ("job", "instance") if target.labels.get(name)]
    series = f"up{{{', '.join(map(str, matchers))}}}"
    since = f"{max(HOUR, 2 * target.interval):.0f}s"
    return bool(matchers) and not any(
        client.query(f"count({one})", now) for one in (series, f"last_over_time({series}[{since}])")
    )


def _matched(rows: Iterable[tuple[Labels, float]], scraped: Sequence[ScrapeTarget]) -> Iterator[ScrapeTarget]:
    """The targets that have a series `up`, with what is known of their scrapes, and those that have none.

    The latter have the same labels as another, or were just found. A server that makes one series of those of a pair of
    Prometheus servers may list the targets of both all the same: these are one.
    """
    by_labels = {_key(target.labels): target for target in scraped}
    by_pod = {_without_replica(target.labels): target for target in scraped}
    exact, pods, used = set(), set(), set()
    for labels, value in rows:
        own = {name: text for name, text in labels.items() if name != "__name__"}
        exact.add(_key(own))
        pods.add(_without_replica(own))
        known = by_labels.pop(_key(own), None)
        used.add(id(known))
        if component := component_of(own):
            other = by_pod.get(_without_replica(own))
            if known is None and other:
                known = replace(other, labels=own, is_up=value == 1, error="" if value == 1 else other.error)
            yield known or ScrapeTarget(component, own, value == 1)
    for target in scraped:
        is_replica = _key(target.labels) not in exact and _without_replica(target.labels) in pods
        if id(target) not in used and not is_replica:
            yield target


def _scraped(active: Iterable[Mapping[str, Any]]) -> Iterator[ScrapeTarget]:
    for target in active:
        health = json_fields.text(target, "health")
        labels = json_fields.mapping(target, "labels")
        component = _component(target)
        if component and health != UNKNOWN:
            yield ScrapeTarget(
                component=component,
                labels=labels,
                is_up=health == "up",
                error=without_secrets(json_fields.text(target, "lastError")),
                url=without_secrets(json_fields.text(target, "scrapeUrl")),
                pool=json_fields.text(target, "scrapePool"),
                interval=seconds(json_fields.text(target, "scrapeInterval")) or 0.0,
                timeout=seconds(json_fields.text(target, "scrapeTimeout")) or 0.0,
                duration=json_fields.number(target, "lastScrapeDuration") or 0.0,
            )


def _address(target: Mapping[str, Any]) -> str:
    return json_fields.text(json_fields.mapping(target, "discoveredLabels"), "__address__")


def _key(labels: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((name, value) for name, value in labels.items() if value)


def _without_replica(labels: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """The labels but for those that tell the servers of a pair apart."""
    return frozenset((name, value) for name, value in _key(labels) if not REPLICA.search(name))
