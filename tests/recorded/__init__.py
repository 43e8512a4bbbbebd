"""Recorded output of Cilium's own code: of real components, and of Hubble's real handlers in scenes.

`cilium-agent`, `hubble`, `cilium-operator*`, `hubble-relay-*`, `clustermesh-apiserver`, `kvstoremesh` are Cilium 1.20.2
under traffic: one agent with its BPF programs and two pods (20 connections served, 5 denied, DNS allowed, denied and
timed out), an operator in two configurations, relay without peers and with four, one of which is dead. `cilium-envoy`
is an Envoy 1.37 with Cilium's bootstrap. The others are the output of programs built on Cilium's own code (see
`programs.py`): Hubble's parser and handlers on synthetic monitor events, and the gRPC servers of an agent's Hubble that
refuse requests. `hubble-served-*` has one served connection as seen by the node of its client, of its server, or of
both, with a policy at each end or without; the rest has one event of every kind. Entries of `hubble.metrics.enabled`
are those of `cluster-setup/values/cilium-1.20.yaml`, or the same by workload. HELP lines, and Hubble's metrics of its
own endpoint in a scene, are left out.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path

from dashboards_py.demo.cluster.series import Series
from dashboards_py.demo.cluster.shapes import Counter, Gauge, Step
from dashboards_py.demo.cluster.topology import CiliumCluster, Target, targets
from tests.oracle.exposition import Sample, samples

RECORDINGS = Path(__file__).parent
CUMULATIVE = ("counter", "histogram", "summary")  # types whose samples are counts, except the quantiles of a summary


def played(recording: str, component: str, node: int = 1, *, rate: float = 1.0) -> Iterator[Series]:
    """The recording as series of a component's target on a node; its events happen `rate` times per second."""
    target = target_of(component, node)
    for sample in samples(text(recording).splitlines()):
        counts = sample.type in CUMULATIVE and (sample.type != "summary" or sample.name != sample.metric)
        shape = Counter(sample.value * rate, start=sample.value) if counts else Gauge(sample.value)
        yield Series(sample.name, _labels(sample, target), shape, target)


def restarted(first: str, second: str, component: str, moment: float, *, sums: float = 1.0) -> Iterator[Series]:
    """A component with the constant values of one recording and, after a restart at `moment`, of another.

    `sums` multiplies the sums of the second: the same number of observations, of another duration.
    """
    target = target_of(component)
    later = {(sample.name, sample.labels): sample.value for sample in samples(text(second).splitlines())}
    for sample in samples(text(first).splitlines()):
        factor = sums if sample.name.removesuffix("_sum") == sample.metric != sample.name else 1.0
        after = later[sample.name, sample.labels] * factor
        yield Series(sample.name, _labels(sample, target), Step(sample.value, after, moment), target)


def target_of(component: str, node: int = 1) -> Target:
    """The target of a component on a node of a cluster of two nodes."""
    return next(
        target for target in targets(CiliumCluster(nodes=2)) if (target.component, target.number) == (component, node)
    )


def _labels(sample: Sample, target: Target) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({**dict(target.labels), **dict(sample.labels)}.items()))


def text(recording: str) -> str:
    """The recording as it was printed."""
    packed = RECORDINGS / f"{recording}.txt.gz"
    if packed.exists():
        return gzip.decompress(packed.read_bytes()).decode()
    return (RECORDINGS / f"{recording}.txt").read_text(encoding="utf-8")
