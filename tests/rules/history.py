"""The series of a cluster before, during and after a fault, by release of Cilium."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from dashboards_py.catalog import NEIGHBORS, RELEASES, Release, entries, split
from dashboards_py.demo.cluster.topology import CONVERSATIONS, CiliumCluster, Target
from dashboards_py.demo.motion import Count, Floats, Motion, sampled, steady
from dashboards_py.demo.scenes import _living
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._size import NODES
from tests.rules.faults._fault import Change

MINUTE = 60.0
DAY = 86400.0
# Calls between workloads, and lookups: fewer than in the demo, since each is many series.
FEW = (CONVERSATIONS[0], CONVERSATIONS[1], CONVERSATIONS[3])
# Gauges that only grow, and those that say when a process started: after a fault they do not go back.
GROWING = re.compile(r"ipsec_xfrm_error|remote_cluster_failures|identity_gc_runs|process_start_time_seconds")
# What the demo's cluster has otherwise than a healthy one: the levels of gauges, and counters that count nothing.
LEVELS = {"cilium_ipsec_keys": 1.0, "cilium_ipsec_xfrm_error": 0.0}
NONE = (
    (re.compile(r".*quorum_errors_total|.*reconcile_error_count"), "", ""),
    (re.compile(r"cilium_agent_api_process_time_seconds_.*"), "return_code", "500"),
    (re.compile(r"envoy_http_downstream_rq_xx"), "envoy_response_code_class", "5"),
)
PODS = ("cilium-ag001", "cilium-operator-5d8f7c-op01", "hubble-relay-6b9d4-relay1", "coredns-7c65d-x1")
CERTIFICATES = ("hubble-server-certs", "hubble-relay-client-certs", "clustermesh-apiserver-server-cert", "shop-web")
Labels = tuple[tuple[str, str], ...]
Samples = Mapping[Labels, Floats]  # the series of a name by their labels, NaN where no target exposes them


@dataclass(frozen=True, slots=True)
class Timeline:
    """When a fault begins and ends, in seconds relative to the end of the scene; `start` is Unix time."""

    begin: float
    lead: float
    length: float
    tail: float
    start: float = 0.0  # of the first sample
    step: float = MINUTE  # between samples, and between evaluations

    @property
    def seconds(self) -> Floats:
        """The moments of samples and evaluations."""
        return np.arange(self.begin - self.lead, self.begin + self.length + self.tail + 1, self.step)

    @property
    def end(self) -> float:
        """The Unix time of the end of the scene."""
        return self.start + self.lead - self.begin


@dataclass(frozen=True, slots=True)
class Site:
    """A cluster: the value of its label ("": it has none), and its nodes."""

    name: str = ""
    nodes: int = NODES


ONE = Site()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A cluster on a release of Cilium, and what happens to it."""

    release: Release
    timeline: Timeline
    change: Change | None = None
    site: Site = ONE


@cache
def cluster(release: Release, site: Site) -> CiliumCluster:
    """The cluster of the demo on a release, with features that some alerts are about."""
    of_demo = _living.CLUSTER
    features = (of_demo.features or frozenset()) | {"ipsec", "kvstore", "drift-checker-flag", "gateway-api"}
    return replace(
        of_demo,
        release=release,
        features=features,
        conversations=FEW,
        nodes=site.nodes,
        clusters=tuple(filter(None, (site.name,))),
    )


@cache
def healthy(name: str, release: Release, end: float, site: Site = ONE) -> tuple[Part, ...]:
    """The series of a name while nothing happens."""
    if name in NEIGHBORS:
        return tuple(_neighbors(name, end, site))
    return tuple(_quiet(part) for part in _living.parts(name, end, cluster(release, site)))


def _quiet(part: Part) -> Part:
    if part.name in LEVELS:
        return part.moving(steady(LEVELS[part.name]))
    counts_nothing = any(name.fullmatch(part.name) and part.labels.get(of, "") == value for name, of, value in NONE)
    if counts_nothing and isinstance(part.motion, Count):
        return part.moving(replace(part.motion, rate=0.0, slow_rate=0.0))
    return part


def _neighbors(name: str, end: float, site: Site) -> Iterator[Part]:
    """What kube-state-metrics and cert-manager expose of Cilium."""
    own = {"cluster": site.name} if site.name else {}
    target = Target("neighbors", tuple(own.items()), 1)
    labels = {**own, "namespace": "kube-system"}
    if name.startswith("kube_daemonset"):
        yield Part(name, {**labels, "daemonset": "cilium"}, target, steady(float(_living.CLUSTER.nodes)))
    elif name.startswith("kube_pod"):
        for pod in PODS:
            for phase in ("Pending", "Running", "Failed"):
                yield Part(name, {**labels, "pod": pod, "phase": phase}, target, steady(float(phase == "Running")))
    else:
        for certificate in CERTIFICATES:
            yield Part(name, {**labels, "name": certificate}, target, steady(end + 60 * DAY))


def is_histogram(metric: str, release: Release) -> bool:
    """Whether a metric is a histogram on the release: summaries are never stored natively."""
    return any(metric.exists_on(release) and metric.type_on(release) == "histogram" for metric in entries(metric))


@cache
def same_as(name: str, release: Release) -> Release:
    """The oldest release on which the series of a name are the same."""
    return next(other for other in RELEASES if healthy(name, other, 0.0) == healthy(name, release, 0.0))


def touched(name: str, change: Change, release: Release) -> bool:
    """Whether a change touches any series of a name."""
    return _touched(name, change, same_as(name, release))


@cache
def _touched(name: str, change: Change, release: Release) -> bool:
    return any(tuple(change(part)) != (part,) for part in healthy(name, release, 0.0))


def series(name: str, scenario: Scenario) -> Samples:
    """The series of a name, with what happens and ends as the timeline says."""
    return _series(name, replace(scenario, release=same_as(name, scenario.release)))


@cache
def _series(name: str, scenario: Scenario) -> Samples:
    timeline, change = scenario.timeline, scenario.change
    before = healthy(name, scenario.release, timeline.end, scenario.site)
    if change is None:
        return _sampled(before, timeline)
    if scenario.site == ONE and not touched(name, change, scenario.release):
        return _series(name, replace(scenario, change=None))
    played = [part for healthy_part in before for part in change(healthy_part)]
    during, calm = _sampled(played, timeline), _series(name, replace(scenario, change=None))
    counters = {_labels(part) for part in (*before, *played) if _counts(part)}
    return {
        labels: _ended(during.get(labels), calm.get(labels), timeline, name, labels in counters)
        for labels in {**calm, **during}
    }


def _counts(part: Part) -> bool:
    return isinstance(part.motion, Count) or GROWING.search(part.name) is not None


def _ended(during: Floats | None, calm: Floats | None, timeline: Timeline, name: str, counts: bool) -> Floats:
    """A series that goes on after the fault: counters where they are, from 0 where the process is a new one."""
    seconds = timeline.seconds
    nothing = np.full(len(seconds), np.nan)
    during, calm = nothing if during is None else during, nothing if calm is None else calm
    first = int(np.searchsorted(seconds, timeline.begin + timeline.length))
    result = during.copy()
    last_during, last_calm = during[first - 1], calm[first - 1]
    if not counts:
        result[first:] = calm[first:]
    elif np.isnan(calm[first:]).all():
        result[first:] = last_during
    elif np.isnan(last_during) and name.endswith("process_start_time_seconds"):
        result[first:] = timeline.end + seconds[first]
    else:
        result[first:] = calm[first:] - last_calm + (0.0 if np.isnan(last_during) else last_during)
    return result


def _sampled(parts: Iterable[Part], timeline: Timeline) -> dict[Labels, Floats]:
    parts = tuple(parts)
    if not parts:
        return {}
    seconds = timeline.seconds
    values = sampled(_motions(parts), seconds)
    result: dict[Labels, Floats] = {}
    for part, row in zip(parts, values, strict=True):
        exposed = _exposed(part, seconds)
        samples = row if exposed.all() else np.where(exposed, row, np.nan)
        labels = _labels(part)
        if labels in result:  # a series that changed its motion: its lives do not overlap
            samples = np.where(np.isnan(samples), result[labels], samples)
        result[labels] = samples
    return result


def _motions(parts: Iterable[Part]) -> Iterator[Motion]:
    return (part.motion for part in parts)


def _exposed(part: Part, seconds: Floats) -> np.ndarray:
    result = np.zeros(len(seconds), dtype=bool)
    for begin, end in part.lives:
        result |= (seconds >= begin) & (seconds < end)
    return result


def _labels(part: Part) -> Labels:
    return tuple(sorted((label, value) for label, value in part.labels.items() if value))


def family(name: str, release: Release) -> str:
    """The histogram that a series with a suffix is of; "" of any other."""
    metric, suffix = split(name)
    return metric if suffix and is_histogram(metric, release) else ""
