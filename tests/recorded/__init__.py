"""What Cilium's own code printed, to compare the boards with: real components, and Hubble's real handlers in scenes.

`cilium-agent`, `hubble`, `cilium-operator*`, `hubble-relay-*`, `clustermesh-apiserver`, `kvstoremesh` are Cilium 1.20.2
under traffic: one agent with its BPF programs and two pods (20 connections served, 5 denied, DNS allowed, denied and
timed out), an operator in two configurations, relay without peers and with four of which one is dead. `cilium-envoy` is
an Envoy 1.37 with Cilium's bootstrap. `hubble-served-*` and `hubble-every-event` are the parser and the handlers of
1.20.2 on made-up monitor events: one connection, served, as the node of its client, of its server, or of both sees it,
with a policy at each end or without; and one event of every kind. Entries of `hubble.metrics.enabled` are those of
`cluster-setup/values/cilium-1.20.yaml`, or the same by workload. Lines of HELP, and what Hubble says of its own
endpoint in a scene, are left out.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path

from dashboards_py.demo.cluster.series import Series
from dashboards_py.demo.cluster.shapes import Counter, Gauge
from dashboards_py.demo.cluster.topology import CiliumCluster, Target, targets
from tests.oracle.exposition import samples

RECORDINGS = Path(__file__).parent
CUMULATIVE = ("counter", "histogram", "summary")  # types whose samples count, but for the quantiles of a summary


def played(recording: str, component: str, node: int = 1, *, rate: float = 1.0) -> Iterator[Series]:
    """The recording as series of a component's target on a node: what it counted happens `rate` times a second."""
    target = target_of(component, node)
    for sample in samples(_text(recording).splitlines()):
        counts = sample.type in CUMULATIVE and (sample.type != "summary" or sample.name != sample.metric)
        shape = Counter(sample.value * rate, start=sample.value) if counts else Gauge(sample.value)
        yield Series(sample.name, tuple(sorted({**dict(target.labels), **dict(sample.labels)}.items())), shape, target)


def target_of(component: str, node: int = 1) -> Target:
    """The target of a component on a node, as a cluster of two nodes has it."""
    return next(
        target for target in targets(CiliumCluster(nodes=2)) if (target.component, target.number) == (component, node)
    )


def _text(recording: str) -> str:
    packed = RECORDINGS / f"{recording}.txt.gz"
    if packed.exists():
        return gzip.decompress(packed.read_bytes()).decode()
    return (RECORDINGS / f"{recording}.txt").read_text(encoding="utf-8")
