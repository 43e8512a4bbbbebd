"""Which series there are: counts by name and component, labels by name, features."""

from collections.abc import Collection, Iterable, Mapping

from dashboards_py.catalog import Release, entries
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.components import TELLING, component_of
from dashboards_py.doctor.observation import Labels
from dashboards_py.doctor.observe._chunks import chunks
from dashboards_py.errors import DashboardsError
from dashboards_py.prometheus.answers import is_moment
from dashboards_py.promql.matcher import any_of
from dashboards_py.queries.histograms import SUFFIXES

Counts = Mapping[str, Mapping[str, int]]
# Of a classic histogram's buckets the last is enough, and native ones have no such label.
ONE_BUCKET = 'le=~"|\\\\+Inf"'
SAMPLES = 4  # series whose labels are read
FEATURES = "cilium_feature_.*"
SCRAPED = "job, instance, pod, node, namespace, service, endpoint, container, k8s_app, cluster"
START = "process_start_time_seconds"
# Those of Cilium alone, which are looked at whatever the boards read, and counters of each Envoy and of
# Hubble's port, which have no start time: their pods count differently.
STARTS = frozenset({"cilium_process_start_time_seconds", "cilium_operator_process_start_time_seconds"})
SINCE_START = ("envoy_cilium_npds_update_attempt", "hubble_metrics_http_handler_requests_total")
WINDOW = "10m"  # in which a start time of a process may move
RESTARTS = 3  # of a process within the window, which a pod that crashes again and again may have


def counted_series(
    client: Client, names: Collection[str], now: float, release: Release, instances: Collection[str] = ()
) -> Counts:
    """The series of each name that has any now, by component, and of what else their histograms are called.

    What one component alone has is counted on the instances, if they have any of it, which costs fewer samples.
    """
    counts: dict[str, dict[str, int]] = {}
    by = ", ".join(("__name__", *TELLING))

    def ask(regex: str, *narrowing: str) -> list[tuple[Labels, int]]:
        matchers = ", ".join((f'__name__=~"{regex}"', ONE_BUCKET, *narrowing))
        return client.counts(f"count by ({by}) ({{{matchers}}})", now)

    def read(answers: Iterable[list[tuple[Labels, int]]]) -> None:
        for labels, value in (row for rows in answers for row in rows):
            name = labels.get("__name__", "")
            component = component_of(labels) or _only_component(name, release)
            by_component = counts.setdefault(name, {})
            by_component[component] = by_component.get(component, 0) + value

    wanted = _with_kinds({*names, "cilium_version"}, release)
    if instances:
        of_instances = str(any_of("instance", instances))
        of_one = {name for name in wanted if _only_component(name, release)}
        read(client.map(lambda regex: ask(regex, of_instances), chunks(of_one)))
    read(client.map(ask, chunks(wanted - counts.keys())))
    return counts


def _with_kinds(names: Collection[str], release: Release) -> frozenset[str]:
    """The names, and those of the other kind of each histogram: native ones have no suffix."""
    bases = {name.removesuffix(suffix) for name in names for suffix in SUFFIXES if name.endswith(suffix)}
    histograms = {
        name
        for name in names
        for metric in entries(name)
        if metric.exists_on(release) and metric.name == name and metric.type_on(release) == "histogram"
    }
    return frozenset({*names, *bases, *(f"{name}_bucket" for name in histograms)})


def _only_component(name: str, release: Release) -> str:
    """The component that alone has a metric of this name, "" if several have or none."""
    having = {metric.component for metric in entries(name) if metric.exists_on(release)}
    return having.pop() if len(having) == 1 else ""


def sampled_series(
    client: Client, names: Collection[str], now: float, instances: Collection[str]
) -> Mapping[str, tuple[Labels, ...]]:
    """The labels of a few series of each name: those of the instances if they have any, which costs fewer samples."""
    sampled: dict[str, list[Labels]] = {}

    def ask(regex: str, *narrowing: str) -> list[tuple[Labels, float]]:
        matchers = ", ".join((f'__name__=~"{regex}"', ONE_BUCKET, *narrowing))
        try:
            return client.query(f"topk by (__name__) ({SAMPLES}, {{{matchers}}})", now)
        except DashboardsError:
            return []

    def read(answers: Iterable[list[tuple[Labels, float]]]) -> None:
        for labels, _ in (row for rows in answers for row in rows):
            own = {label: value for label, value in labels.items() if value}
            sampled.setdefault(labels.get("__name__", ""), []).append(own)

    if instances:
        of_instances = str(any_of("instance", instances))
        read(client.map(lambda regex: ask(regex, of_instances), chunks(names)))
    read(client.map(ask, chunks(frozenset(names) - sampled.keys())))
    return {name: tuple(rows) for name, rows in sampled.items()}


def features(client: Client, now: float, added: Iterable[str] = ()) -> tuple[tuple[str, Labels, float], ...]:
    """The series of cilium_feature_*, the largest value over all agents; `added` are labels of a house's own."""
    scraped = ", ".join((SCRAPED, *added))
    try:
        rows = client.query(
            f'max without ({scraped}) (label_replace({{__name__=~"{FEATURES}"}}, "feature", "$1", "__name__", "(.*)"))',
            now,
        )
    except DashboardsError:
        return ()
    return tuple((labels.get("feature", ""), labels, value) for labels, value in rows)


def latest_starts(client: Client, series: Iterable[str], now: float) -> Mapping[str, float]:
    """The Unix time of the latest start of a process, by component."""
    starts: dict[str, float] = {}
    by = ", ".join((*TELLING, "instance", "pod", "namespace"))
    for name in sorted(name for name in series if name.endswith(START)):
        try:
            rows = client.query(f"max by ({by}) ({name})", now)
        except DashboardsError:
            continue
        for labels, value in rows:
            component = component_of(labels)
            starts[component] = max(starts.get(component, 0.0), value if is_moment(value) else 0.0)
    return starts


def moving_starts(client: Client, series: Iterable[str], now: float) -> tuple[Labels, ...]:
    """The targets whose process seems to have started earlier than it had before: no process can.

    Where no start time is exposed, those whose counts since the start begin anew again and again.
    """
    names = {*STARTS, *(name for name in series if name.endswith(START))}
    expressions = [f"resets({name}[{WINDOW}]) > 0" for name in sorted(names)]
    expressions += [f"resets({name}[{WINDOW}]) > {RESTARTS}" for name in SINCE_START]
    return tuple(labels for rows in client.map(lambda expr: _rows(client, expr, now), expressions) for labels in rows)


def _rows(client: Client, expr: str, now: float) -> list[Labels]:
    try:
        return [labels for labels, _ in client.query(expr, now) if component_of(labels)]
    except DashboardsError:
        return []
