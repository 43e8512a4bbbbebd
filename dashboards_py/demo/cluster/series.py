"""Every series of a cluster: labels from the catalogue, shapes from the levels."""

import json
import re
from collections import Counter as Counts
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice, product
from zlib import crc32

from dashboards_py.catalog import Metric, Release, entries, names, split
from dashboards_py.demo.cluster import hubble, levels
from dashboards_py.demo.cluster.shapes import BOUNDS, Counter, Gauge, Shape, Started, share_below
from dashboards_py.demo.cluster.topology import CiliumCluster, Target, targets

# Values of labels for which neither Cilium's code nor the catalogue lists any.
EXAMPLES: Mapping[str, list[str]] = json.loads(
    files(__package__).joinpath("label_values.json").read_text(encoding="utf-8")
)
ANSWERS = {"SYN-ACK", "RST", "EchoReply"}  # what goes back to whoever began
MAX_LABEL_SETS = 12  # combinations of a metric's own labels on one target


@dataclass(frozen=True, slots=True)
class Series:
    """One series: its name on the wire, its labels sorted, how it moves, and its target."""

    name: str
    labels: tuple[tuple[str, str], ...]
    shape: Shape
    target: Target


def generate(cluster: CiliumCluster, *, end: float, only: frozenset[str] | None = None) -> Iterator[Series]:
    """Every series of the cluster whose history ends at Unix time `end`.

    `only` limits it to series of these names; `up` is always there.
    """
    some = names() if only is None else {split(name)[0] for name in only}
    wanted = [metric for name in names() if name in some for metric in entries(name) if is_exposed(metric, cluster)]
    by_component: dict[str, list[Metric]] = {}
    for metric in wanted:
        by_component.setdefault(metric.component, []).append(metric)
    for target in targets(cluster):
        yield Series("up", target.labels, Gauge(1.0), target)
        for metric in by_component.get(target.component, ()):
            for one_series in _series(metric, target, cluster, end):
                if only is None or one_series.name in only:
                    yield one_series


def is_exposed(metric: Metric, cluster: CiliumCluster) -> bool:
    """Whether the cluster's Cilium gives the metric any series."""
    release = cluster.release
    if not metric.exists_on(release) or metric.defined_but_never_set.on(release):
        return False
    if metric.name in cluster.without or (metric.handler and metric.handler not in cluster.contexts):
        return False
    if metric.off.on(release) and cluster.extra is not None and metric.name not in cluster.extra:
        return False
    return cluster.features is None or set(metric.when.on(release)) <= cluster.features


def label_sets(metric: Metric, cluster: CiliumCluster, number: int) -> list[dict[str, str]]:
    """Label sets of a metric on the target of this number: all combinations where they are few, else a spread."""
    own = hubble.own_labels(metric, cluster.release)
    sets = [_values(metric, label, cluster.release) for label in own]
    value_tuples = list(islice(product(*sets), 400))
    if len(value_tuples) > MAX_LABEL_SETS:
        longest = max(map(len, sets))
        count = max(longest, MAX_LABEL_SETS)
        value_tuples = list(
            dict.fromkeys(
                tuple(values[(row + row // len(values) * index) % len(values)] for index, values in enumerate(sets))
                for row in range(count)
            )
        )
    rows = [dict(zip(own, value_tuple, strict=True)) for value_tuple in value_tuples]
    return [{**labels, **context} for labels in rows for context in _contexts(metric, cluster, labels, number)]


def _values(metric: Metric, label: str, release: Release) -> tuple[str, ...]:
    if label == "version":
        return (f"{release}.3",)
    if label in ("mode", "configured_mode", "operational_mode"):
        return metric.values_on(label, release)[:1] or ("default",)
    known_values = next(
        (
            example_values
            for name, of, example_values in levels.VALUES_IN_USE
            if of == label and re.search(name, metric.name)
        ),
        None,
    )
    real = known_values or hubble.label_values(metric, label, release)
    return real or metric.values_on(label, release) or tuple(EXAMPLES.get(label, ("one", "two")))


def _contexts(metric: Metric, cluster: CiliumCluster, labels: Mapping[str, str], node: int) -> list[dict[str, str]]:
    """What `labelsContext` and options add to a Hubble metric: one set a conversation, answers the other way round.

    A node knows the workload only of its own pod, but the labels of both (pkg/hubble/parser/common/endpoint.go); the
    direction is egress where that is the source. DNS is seen at the client.
    """
    if not metric.handler:
        return [{}]
    options = cluster.contexts[metric.handler]
    context_names = [
        label
        for label in metric.labels_on(cluster.release, options)
        if label not in hubble.own_labels(metric, cluster.release)
    ]
    if not context_names:
        return [{}]
    contexts = []
    for number, conversation in enumerate(cluster.conversations):
        local = ("client", "server", "both")[(number + node) % 3]
        if metric.name.startswith("hubble_dns"):
            local = "client"
        ends = ("source", "destination")
        if metric.name.startswith("hubble_dns_responses") or ANSWERS & set(labels.values()):
            ends = ("destination", "source")
        known = {
            **_end(ends[0], *conversation[:2], local=local != "server"),
            **_end(ends[1], *conversation[2:], local=local != "client"),
            "traffic_direction": "egress" if (local != "server") == (ends[0] == "source") else "ingress",
            "query": EXAMPLES["query"][number % 3],
        }
        contexts.append({name: known.get(name, "other") for name in context_names})
    return [dict(items) for items in dict.fromkeys(tuple(sorted(labels.items())) for labels in contexts)]


def _end(side: str, namespace: str, name: str, *, local: bool) -> dict[str, str]:
    """What a node says of one end of a flow: its namespace, its application, and its workload where it is its own."""
    return {f"{side}_namespace": namespace, f"{side}_app": name, f"{side}_workload": name if local else ""}


Outcome = frozenset[tuple[str, str]]


def _outcome(labels: Mapping[str, str]) -> Outcome:
    """The outcome of a conversation: the labels but the type and the number of answers."""
    return frozenset(item for item in labels.items() if item[0] not in ("qtypes", "ips_returned"))


def _series(metric: Metric, target: Target, cluster: CiliumCluster, end: float) -> Iterator[Series]:
    kind = metric.type_on(cluster.release)
    all_sets = label_sets(metric, cluster, target.number)
    paired = levels.PAIRED.search(metric.name)
    # How many sets tell the same outcome of the same conversation apart.
    alike = Counts(map(_outcome, all_sets)) if levels.SPLIT.search(metric.name) else None
    for rank, labels in enumerate(all_sets):
        all_labels = {**dict(target.labels), **labels}
        share = (0.75 + (target.number * 37 % 10) / 18) / (1 if paired else 1 + 0.35 * rank)  # nodes and sets differ
        share /= alike[_outcome(labels)] if alike else 1
        phase = crc32(repr((metric.name, () if paired else sorted(labels.items()))).encode()) % 628 / 100
        if kind in ("histogram", "summary"):
            yield from _distribution(metric, kind, all_labels, share, phase, target)
            continue
        if kind == "counter":
            start = levels.STARTS.get(metric.name, 5000.0)
            shape: Shape = Counter(levels.rate(metric.name, all_labels) * share, start=start, wave=0.25, phase=phase)
        elif metric.unit == "unix_seconds":
            shape = Started(end - (140.0 if "event_ts" in metric.name else 600.0 + 86400 * target.number))
        else:
            value = _within(metric.value_range, levels.level(metric.name, metric.unit, all_labels))
            whole = metric.unit == "count" and value < 1000
            still = (
                value in (0.0, 1.0)
                or re.search(r"capacity|_max|limit|nodes_all|membership|peer_connection", metric.name) is not None
            )
            value *= 0.8 + target.number % 4 / 10 if metric.unit == "bytes" else 1.0
            shape = Gauge(value, wave=0.0 if still else 0.12, phase=phase, whole=whole)
        yield Series(metric.name, tuple(sorted(all_labels.items())), shape, target)


def _within(limits: tuple[float | None, float | None], value: float) -> float:
    """The value, or the limit that it is beyond."""
    low, high = limits
    value = value if low is None else max(low, value)
    return value if high is None else min(high, value)


def _distribution(
    metric: Metric, kind: str, labels: dict[str, str], share: float, phase: float, target: Target
) -> Iterator[Series]:
    increase = levels.rate(metric.name, labels) * share
    mean = levels.mean(metric.name, metric.unit)
    counted = tuple(sorted(labels.items()))
    yield Series(f"{metric.name}_count", counted, Counter(increase, 900.0, 0.2, phase), target)
    yield Series(f"{metric.name}_sum", counted, Counter(increase * mean, 900.0 * mean, 0.2, phase), target)
    if kind == "summary":
        for quantile, factor in (("0.5", 0.7), ("0.99", 4.6)):
            yield Series(
                metric.name, tuple(sorted({**labels, "quantile": quantile}.items())), Gauge(mean * factor), target
            )
        return
    for bound in (*BOUNDS.get(metric.unit, BOUNDS["seconds"]), float("inf")):
        below = share_below(bound, mean)
        le = "+Inf" if bound == float("inf") else repr(bound)
        bucket = tuple(sorted({**labels, "le": le}.items()))
        yield Series(f"{metric.name}_bucket", bucket, Counter(increase * below, 900.0 * below, 0.2, phase), target)
