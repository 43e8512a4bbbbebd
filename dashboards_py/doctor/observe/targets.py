"""The targets of Cilium: their series `up`, and what the server tells of the last scrape of each."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.catalog import components
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.components import component_of
from dashboards_py.doctor.observation import ScrapeTarget
from dashboards_py.errors import DashboardsError
from dashboards_py.promql.durations import seconds

CILIUM = ".*(cilium|hubble|clustermesh).*"
# What an address may hold that is nobody's business: a user with a password, parameters with a token.
SECRETS = re.compile(r"(://)(?:[^/@\s\"]*@)?([^\s\"?]*)(?:\?[^\s\"]*)?")
TELLING = ("job", "pod", "service", "container")


def look_at_targets(client: Client, now: float) -> tuple[tuple[ScrapeTarget, ...], bool]:
    """The targets of Cilium, and whether the server tells of its scrapes (Thanos, Mimir and others do not)."""
    try:
        answer = client.get("targets", {"state": "active"})
        active = list(json_fields.mappings(answer, "activeTargets")) if isinstance(answer, Mapping) else []
        serves = isinstance(answer, Mapping) and "activeTargets" in answer
    except DashboardsError:
        active, serves = [], False
    scraped = list(_scraped(active))
    ports = "|".join(sorted({str(component.port) for component in components().values() if component.port}))
    matchers = [f'{label}=~"{CILIUM}"' for label in TELLING] + [f'instance=~".*:({ports})"']
    try:
        rows = client.query(" or ".join(f"up{{{matcher}}}" for matcher in matchers), now)
    except DashboardsError:
        rows = []
    by_labels = {_key(target.labels): target for target in scraped}
    result = []
    for labels, value in rows:
        own = {name: text for name, text in labels.items() if name != "__name__"}
        known = by_labels.pop(_key(own), None)
        if component := component_of(own):
            result.append(known or ScrapeTarget(component, own, value == 1))
    # Of several with the same labels, and of what was just found, there is no series of its own.
    result += [target for target in scraped if target.component and not any(target is one for one in result)]
    return tuple(result), serves and bool(active)


def _scraped(active: Iterable[Mapping[str, Any]]) -> Iterator[ScrapeTarget]:
    for target in active:
        health = json_fields.text(target, "health")
        labels = json_fields.mapping(target, "labels")
        component = component_of(labels) or component_of({**labels, "instance": _address(target)})
        if component and health != "unknown":
            yield ScrapeTarget(
                component=component,
                labels=labels,
                is_up=health == "up",
                error=SECRETS.sub(r"\1\2", json_fields.text(target, "lastError")),
                url=SECRETS.sub(r"\1\2", json_fields.text(target, "scrapeUrl")),
                pool=json_fields.text(target, "scrapePool"),
                interval=seconds(json_fields.text(target, "scrapeInterval")) or 0.0,
                timeout=seconds(json_fields.text(target, "scrapeTimeout")) or 0.0,
                duration=json_fields.number(target, "lastScrapeDuration") or 0.0,
            )


def _address(target: Mapping[str, Any]) -> str:
    return json_fields.text(json_fields.mapping(target, "discoveredLabels"), "__address__")


def _key(labels: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((name, value) for name, value in labels.items() if value)
