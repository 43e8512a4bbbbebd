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
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.synthetic.series import Series
from tests.synthetic.shapes import Counter, Gauge
from tests.synthetic.world import Target, World, targets

RECORDINGS = Path(__file__).parent
SAMPLE = re.compile(r"(?P<name>[a-zA-Z_:][\w:]*)(?:\{(?P<labels>.*)\})? (?P<value>\S+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
ESCAPED = {r"\\": "\\", r"\"": '"', r"\n": "\n"}


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of an exposition; `counts` says that it is of a counter, or a part of a histogram or summary."""

    name: str
    labels: tuple[tuple[str, str], ...]
    value: float
    counts: bool


def samples(recording: str) -> Iterator[Sample]:
    """The samples of a recording, by its file's name without the ending."""
    types: dict[str, str] = {}
    for line in _text(recording).splitlines():
        if line.startswith("# TYPE"):
            _, _, name, kind = line.split()
            types[name] = kind
        elif line and not line.startswith("#"):
            match = SAMPLE.fullmatch(line)
            assert match, line
            labels = tuple((name, _plain(value)) for name, value in LABEL.findall(match["labels"] or ""))
            yield Sample(match["name"], labels, float(match["value"]), _counts(match["name"], types))


def played(recording: str, component: str, node: int = 1, *, rate: float = 1.0) -> Iterator[Series]:
    """The recording as series of a component's target on a node: what it counted happens `rate` times a second."""
    target = target_of(component, node)
    for sample in samples(recording):
        shape = Counter(sample.value * rate, start=sample.value) if sample.counts else Gauge(sample.value)
        yield Series(sample.name, tuple(sorted({**dict(target.labels), **dict(sample.labels)}.items())), shape, target)


def target_of(component: str, node: int = 1) -> Target:
    """The target of a component on a node, as a cluster of two nodes has it."""
    return next(target for target in targets(World(nodes=2)) if (target.component, target.number) == (component, node))


def _counts(name: str, types: dict[str, str]) -> bool:
    base = re.sub(r"_(bucket|sum|count)$", "", name)
    return types.get(name) == "counter" or (base != name and types.get(base) in ("histogram", "summary"))


def _text(recording: str) -> str:
    packed = RECORDINGS / f"{recording}.txt.gz"
    if packed.exists():
        return gzip.decompress(packed.read_bytes()).decode()
    return (RECORDINGS / f"{recording}.txt").read_text(encoding="utf-8")


def _plain(value: str) -> str:
    return re.sub(r'\\[\\"n]', lambda escape: ESCAPED[escape[0]], value)
