"""The cluster of all scenes, and how its series move while nothing happens."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from math import inf

from dashboards_py.catalog import entries, features, names, split
from dashboards_py.demo.cluster import hubble
from dashboards_py.demo.cluster.series import Series, generate
from dashboards_py.demo.cluster.shapes import Counter, Gauge, Started, Step
from dashboards_py.demo.cluster.topology import CiliumCluster, Target, targets
from dashboards_py.demo.motion import Count, Latest, Level, Motion, steady, waves
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._plausible import plausible
from dashboards_py.demo.scenes._size import NODES

DAY = 86400.0
CONTEXT = "labelsContext=source_namespace,source_app,destination_namespace,destination_app"
# The elements of hubble.metrics.enabled that `cilium-dashboards values` writes.
HANDLERS: Mapping[str, tuple[str, ...]] = {
    "dns": ("query", CONTEXT),
    "drop": (f"{CONTEXT},traffic_direction",),
    "tcp": (CONTEXT,),
    "flow": (CONTEXT,),
    "icmp": (),
    "port-distribution": (),
    "policy": (CONTEXT,),
    "flows-to-world": ("labelsContext=source_namespace,source_app",),
    "httpV2": (CONTEXT,),
}
# Off by default, and on here, so that no board is empty.
FEATURES = ("bgp", "clustermesh", "endpointslice-sync", "mcs-api", "endpoint-slices", "envoy-config", "lb-pool")
CLUSTER = CiliumCluster(
    nodes=NODES,
    features=frozenset(name for name, feature in features().items() if feature.default) | {*FEATURES},
    contexts=dict(HANDLERS),
)
# Series of these families move together: a query and its answer, the packets of one connection.
FAMILIES = re.compile(
    r"hubble_(dns|http|tcp|icmp|flows|policy)|grpc_server|_api_limiter|envoy_(?=http|cluster_upstream)"
)
# The collector of identities runs every 15 minutes (operator/identitygc), and sets its gauges at the end of a run.
COLLECTION, COLLECTED = 900.0, re.compile("identity_gc_(entries|latency)")
# Entries of a map that are counted twice: by garbage collection, and as the share of the map's capacity that they are.
ENTRIES = {"family": "ipv4", "protocol": "TCP", "status": "alive"}
SAME_ENTRIES = ("cilium_bpf_map_pressure", {"map_name": "ct4_global"})
FRACTIONS = re.compile(r"_sum$|_seconds_total$")  # counters that do not count things


@lru_cache(maxsize=4096)
def parts_of_scenes(name: str, end: float) -> tuple[Part, ...]:
    """The series of that name in the cluster of all scenes, before a scene has moved them."""
    return tuple(parts(name, end))


def parts(name: str, end: float, cluster: CiliumCluster = CLUSTER) -> Iterator[Part]:
    """The series of that name in a healthy cluster whose history ends at Unix time `end`."""
    yield from plausible(_synthetic(name, end, cluster))


def _synthetic(name: str, end: float, cluster: CiliumCluster) -> Iterator[Part]:
    for series in generate(cluster, end=end, only=frozenset([name])):
        if series.name == name:
            life = (born(series.target), inf)
            yield Part(name, dict(series.labels), series.target, motion(series, end), (life,))


@cache
def series_names() -> tuple[str, ...]:
    """The names of all series that the catalogue lists, those of histograms and summaries with their suffixes."""
    series = {"up"}
    for name in names():
        kinds = {metric.type_on(CLUSTER.release) for metric in entries(name)}
        suffixes = ["", *(("_count", "_sum") if kinds & {"histogram", "summary"} else ())]
        series |= {name + suffix for suffix in [*suffixes, *(("_bucket",) if "histogram" in kinds else ())]}
    return tuple(sorted(series))


@cache
def possible_labels(name: str) -> frozenset[str]:
    """The labels that series of a name may have, from which a query without a name is limited to few metrics."""
    return own_labels(name) | {label for target in targets(CLUSTER) for label, _ in target.labels}


@cache
def own_labels(name: str) -> frozenset[str]:
    """The labels that series of a name may have besides those of their target."""
    own = {"le", "quantile"}
    for metric in entries(split(name)[0]):
        own |= {*metric.labels_on(CLUSTER.release, CLUSTER.contexts.get(metric.handler, ()))}
        own |= {*hubble.own_labels(metric, CLUSTER.release)}
    return frozenset(own)


def born(target: Target) -> float:
    """When the target's process began, in seconds relative to the end of a scene: some days ago."""
    return -DAY * (3 + (target.number * 7 + len(target.component)) % 9) - 1800.0 * target.number


def motion(series: Series, end: float) -> Motion:
    """How a series moves while nothing happens."""
    shape = series.shape
    match shape:
        case Counter():
            whole = FRACTIONS.search(series.name) is None
            base = shape.start if shape.start < 100 else 0.0
            return Count(shape.rate, (born(series.target),), waves(_seed(series)), whole=whole, base=base)
        case Gauge():
            if series.name == "cilium_operator_identity_gc_runs" and ("outcome", "success") in series.labels:
                return Count(1 / COLLECTION, (born(series.target),))
            period = COLLECTION if COLLECTED.search(series.name) else 0.0
            return Level(((0.0, shape.level),), waves(_seed(series), shape.wave * 2), shape.whole, period=period)
        case Started():
            if "process_start" in series.name:
                return steady(end + born(series.target))
            if "last_failure" in series.name:
                return Latest(end, inf)
            return Latest(end, 15.0 + 7 * (series.target.number % 5), 3.0)
        case Step():
            return steady(shape.after)


def _seed(series: Series) -> tuple[object, ...]:
    """What series that move together have in common: their family, the two ends of a flow, and the target."""
    metric = split(series.name)[0]
    family = FAMILIES.search(metric)
    labels = dict(series.labels)
    if metric == "cilium_datapath_conntrack_gc_entries" and ENTRIES.items() <= labels.items():
        metric, of_map = SAME_ENTRIES
        labels = {name: value for name, value in labels.items() if name not in ENTRIES} | of_map
    ends = sorted(value for label, value in labels.items() if re.match(r"(source|destination)_(namespace|app)", label))
    target = (series.target.component, series.target.number)
    if family is not None:
        return (family[0], ends, target)
    return (metric, sorted((label, value) for label, value in labels.items() if label != "le"), target)
