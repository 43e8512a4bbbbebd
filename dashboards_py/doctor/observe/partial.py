"""Which metrics that each agent has from its start do some agents lack?"""

from collections.abc import Collection, Iterator, Mapping

from dashboards_py.catalog import Release, entries
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.exposed import FROM_START, is_from_start
from dashboards_py.doctor.observation import Labels, Observation, PartialMetric
from dashboards_py.doctor.observe._chunks import chunks
from dashboards_py.doctor.observe._described import exposes
from dashboards_py.errors import DashboardsError
from dashboards_py.promql.matcher import Matcher

MOST = 12  # names that are looked at one by one
NAMED = 3  # targets
# An agent sets some metrics some time after its start, and its first scrape may be stored in parts: it counts when it
# has been scraped a few times.
SETTLED = "count_over_time({}[5m]) >= 4"
RECENT = "10m"  # a collector may leave out its metrics once
IDENTITY = ("cluster", "instance", "pod")


def partial_metrics(
    client: Client, names: Collection[str], seen: Observation, releases: Collection[Release]
) -> Mapping[str, PartialMetric]:
    """Those of the names that fewer agents have than others of the names; `releases` are those that run."""
    steady = [name for name in {*names, *FROM_START} if _is_steady(name, releases)]
    try:
        counts = {
            labels.get("__name__", ""): value
            for regex in chunks(steady)
            for labels, value in client.counts(f'count by (__name__) ({{__name__=~"{regex}"}})', seen.server.now)
        }
        return dict(_fewer(client, counts, seen)) if len(set(counts.values())) > 1 else {}
    except DashboardsError:  # what is not known is no cause
        return {}


def _is_steady(name: str, releases: Collection[Release]) -> bool:
    """Whether each agent of these releases has one series of this name, and no other component has it.

    Metrics of features and those that are off by default may be on for some nodes only.
    """
    metrics = entries(name)
    return len(metrics) == 1 and all(
        metric.exists_on(release)
        and metric.type_on(release) in ("counter", "gauge")
        and not metric.defined_but_never_set.on(release)
        and not metric.off.on(release)
        and not metric.features_on(release)
        and is_from_start(metric, release)
        for metric in metrics
        for release in releases
    )


def _fewer(client: Client, counts: Mapping[str, int], seen: Observation) -> Iterator[tuple[str, PartialMetric]]:
    most = max(sorted(counts), key=counts.__getitem__)
    by = ", ".join(map(seen.label, IDENTITY))
    settled = f"group by ({by}) ({most}) and on ({by}) ({SETTLED.format(most)})"
    whole = client.query(settled, seen.server.now)
    for name in sorted(name for name in counts if counts[name] < counts[most])[:MOST]:
        rows = client.query(f"{settled} unless on ({by}) last_over_time({name}[{RECENT}])", seen.server.now)
        if rows:  # else the same agents, of which some are scraped more often
            lacking = [labels for labels, _ in rows]
            pods = tuple(labels.get(seen.label("pod")) or _instance(labels, seen) for labels in lacking[:NAMED])
            having = len(whole) - len(lacking)
            target = Matcher(seen.label("instance"), "=", _instance(lacking[0], seen))
            is_dropped = exposes(client, target, [name])
            yield name, PartialMetric("cilium-agent", having, len(whole), pods, is_dropped)


def _instance(labels: Labels, seen: Observation) -> str:
    return labels.get(seen.label("instance"), "")
