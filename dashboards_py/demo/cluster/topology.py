"""The synthetic cluster: nodes, pods, enabled features, and who talks to whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zlib import crc32

from dashboards_py.catalog import NEWEST, Handler, Release, components, features
from dashboards_py.values.keys import HANDLERS, METRICS, effective_value


class Conversation(NamedTuple):
    """Two workloads of which one calls the other; without a server it calls something outside of the cluster."""

    client_namespace: str
    client: str
    server_namespace: str = ""
    server: str = ""


CONVERSATIONS = (
    Conversation("shop", "frontend", "shop", "checkout"),
    Conversation("shop", "checkout", "payments", "api"),
    Conversation("payments", "api", "payments", "ledger"),
    Conversation("shop", "frontend", "kube-system", "coredns"),
    Conversation("payments", "api"),
    Conversation("monitoring", "prometheus", "shop", "frontend"),
)
WORKER_COMPONENTS = ("cilium-agent", "hubble", "cilium-envoy")
SINGLE_COMPONENTS = (
    "cilium-operator",
    "hubble-relay",
    "clustermesh-apiserver",
    "kvstoremesh",
    "clustermesh-apiserver-etcd",
)


@dataclass(frozen=True, slots=True)
class CiliumCluster:
    """A Cilium installation to imitate.

    `clusters` are the values of the label `cluster`, empty for a Prometheus that has no such label. `features` are the
    catalogue's features in use (None: all); `extra` the metrics switched on though off by default (None: all).
    `without` those switched off by name. `contexts` are the options of each Hubble handler; a handler that is missing
    is off. Every one of the `conversations` is seen by every node, as the client's node, the server's or both:
    a node knows the workloads only of its own pods, and each end reports the flow.
    """

    release: Release = NEWEST
    nodes: int = 5
    clusters: tuple[str, ...] = ()
    features: frozenset[str] | None = None
    extra: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    contexts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    conversations: tuple[Conversation, ...] = CONVERSATIONS
    interval: int = 30  # seconds between scrapes


def conversation_ring(namespaces: int, workloads: int) -> tuple[Conversation, ...]:
    """Conversations of `workloads` workloads in each of `namespaces` namespaces: each calls the next one."""
    workload_names = [(f"team-{space}", f"app-{work}") for space in range(namespaces) for work in range(workloads)]
    return tuple(
        Conversation(*client, *server)
        for client, server in zip(workload_names, workload_names[1:] + workload_names[:1], strict=True)
    )


def from_values(release: Release, values: Mapping[str, Any], **changes: Any) -> CiliumCluster:
    """Cilium with these values of its chart and the features that it has by default."""
    handlers = map(Handler.parse, effective_value(values, HANDLERS) or ())
    named = effective_value(values, METRICS) or ()
    return CiliumCluster(
        release=release,
        features=frozenset(name for name, feature in features().items() if feature.default),
        extra=frozenset(name[1:] for name in named if name.startswith("+")),
        without=frozenset(name[1:] for name in named if name.startswith("-")),
        contexts={handler.name: handler.options for handler in handlers},
        **changes,
    )


@dataclass(frozen=True, slots=True)
class Target:
    """One scrape target: its component, the labels that scraping adds, and its number within the component."""

    component: str
    labels: tuple[tuple[str, str], ...]
    number: int

    @property
    def offset_ms(self) -> int:
        """Milliseconds after the minute at which it is scraped: never on a whole second, so off the evaluation grid."""
        chance = crc32(repr(self.labels).encode())
        return chance % 29 * 1000 + 137 + chance // 29 % 800


def targets(cluster: CiliumCluster) -> Iterator[Target]:
    """Every scrape target of the cluster."""
    for cluster_name in cluster.clusters or ("",):
        for name in (*WORKER_COMPONENTS, *SINGLE_COMPONENTS):
            if name not in components() or not _runs(name, cluster):
                continue
            count = cluster.nodes if name in WORKER_COMPONENTS else 2 if name == "cilium-operator" else 1
            for number in range(1, count + 1):
                yield Target(name, tuple(sorted(_labels(name, number, cluster_name).items())), number)


def _runs(name: str, cluster: CiliumCluster) -> bool:
    mesh = name in ("clustermesh-apiserver", "kvstoremesh", "clustermesh-apiserver-etcd")
    return not mesh or cluster.features is None or "clustermesh" in cluster.features


def _labels(name: str, number: int, cluster_name: str) -> dict[str, str]:
    component = components()[name]
    pod = {
        "cilium-agent": f"cilium-ag{number:03d}",
        "hubble": f"cilium-ag{number:03d}",
        "cilium-envoy": f"cilium-envoy-en{number:03d}",
        "cilium-operator": f"cilium-operator-5d8f7c-op{number:02d}",
        "hubble-relay": "hubble-relay-6b9d4-relay1",
    }.get(name, "clustermesh-apiserver-7f6d-mesh1")
    varying = {"node": f"node-{number}", "pod": pod, "instance": f"10.0.0.{number}:{component.port}"}
    labels = {
        label: value if value is not None else varying.get(label, "")
        for label, value in component.scrape_values.items()
    }
    return labels | ({"cluster": cluster_name} if cluster_name else {})
