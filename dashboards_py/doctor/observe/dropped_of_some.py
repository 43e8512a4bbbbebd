"""Which series are stored of one target of a component, and dropped of another that exposes them as well?

Each target has two series that count its samples before and after metric_relabel_configs (scrapeLoop.report in
scrape/scrape.go of Prometheus): where nothing is dropped, no more is asked. Rules that are the same for both and read
no label that tells them apart drop by what was counted, and not by target.
"""

from collections.abc import Collection, Iterator, Mapping

from dashboards_py.catalog import entries
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.components import component_of
from dashboards_py.doctor.exposed import base, described_as
from dashboards_py.doctor.observation import Labels, Observation, PartialMetric
from dashboards_py.doctor.observe._chunks import chunks
from dashboards_py.doctor.observe._described import described
from dashboards_py.doctor.observe._relabeling import are_relabeled_alike
from dashboards_py.doctor.observe.series import ONE_BUCKET
from dashboards_py.doctor.observe.targets import of_cilium
from dashboards_py.errors import DashboardsError
from dashboards_py.promql.matcher import Matcher
from dashboards_py.queries.histograms import SUFFIXES

MOST = 12  # names that are counted one by one
# Prometheus forgets a description ten scrapes after the target has stopped sending it (scrapeCache.iterDone there).
RECENT = "5m"


def dropped_of_some(client: Client, names: Collection[str], seen: Observation) -> Mapping[str, PartialMetric]:
    """The series of `names` that Prometheus drops of some targets only."""
    try:
        return {
            name: partial
            for component, extremes in sorted(_extremes(client, seen).items())
            for name, partial in _of(client, component, extremes, frozenset(names), seen)
        }
    except DashboardsError:  # what is not known is no cause
        return {}


def _extremes(client: Client, seen: Observation) -> Mapping[str, tuple[str, str]]:
    """The targets of which the most and the least is dropped, of each component where that differs."""
    parts: dict[str, dict[str, float]] = {}
    for labels, value in parts_stored(client, seen):
        parts.setdefault(component_of(labels), {})[labels.get(seen.label("instance"), "")] = value
    extremes = {}
    for component, dropped in parts.items():
        up = {target.labels.get("instance", "") for target in seen.targets_of(component) if target.is_up} - {""}
        by_part = sorted((dropped.get(instance, 1.0), instance) for instance in up)
        if by_part and by_part[0][0] < by_part[-1][0]:
            extremes[component] = (by_part[0][1], by_part[-1][1])
    return extremes


def parts_stored(client: Client, seen: Observation) -> list[tuple[Labels, float]]:
    """The targets of which something is dropped, each with the part of its samples that is stored."""
    scraped, stored = (of_cilium(f"scrape_samples_{text}") for text in ("scraped", "post_metric_relabeling"))
    return client.query(f"({stored}) / ({scraped}) < 1", seen.server.now)


def _of(
    client: Client, component: str, extremes: tuple[str, str], names: frozenset[str], seen: Observation
) -> Iterator[tuple[str, PartialMetric]]:
    most, least = (Matcher(seen.label("instance"), "=", instance) for instance in extremes)
    own = {name for name in seen.series if any(metric.component == component for metric in entries(name))}
    kept = _stored(client, own, most, seen)
    missing = {name for name in _stored(client, own, least, seen) - kept if not _other_kinds(name) & kept}
    if not missing & names:
        return
    exposed = described(client, most)
    dropped = {name for name in missing & names if described_as(name) & exposed}
    dropped -= _stored(client, dropped, most, seen, RECENT)
    if not dropped or are_relabeled_alike(client, component, extremes[0], extremes[1:], seen):
        return
    total = len({target.labels.get("instance", "") for target in seen.targets_of(component) if target.is_up})
    for name in sorted(dropped)[:MOST]:
        by_target = f"group by ({most.label}) ({name}{{{ONE_BUCKET}}})"
        rows = client.counts(f"count({by_target})", seen.server.now)
        if rows and rows[0][1] < total:
            yield name, PartialMetric(component, rows[0][1], total, (extremes[0],), is_dropped=True)


def _stored(client: Client, names: Collection[str], target: Matcher, seen: Observation, window: str = "") -> set[str]:
    """Those of the names that a target has series of; with a window, has had within that."""
    stored = set()
    for regex in chunks(names):
        selector = f'{{__name__=~"{regex}", {target}, {ONE_BUCKET}}}'
        series = f"last_over_time({selector}[{window}])" if window else selector
        rows = client.query(f"group by (__name__) ({series})", seen.server.now)
        stored |= {labels.get("__name__", "") for labels, _ in rows}
    return stored


def _other_kinds(name: str) -> frozenset[str]:
    """What the other series of a histogram are called, classic and native."""
    return frozenset({base(name), *(base(name) + suffix for suffix in SUFFIXES)}) - {name}
