"""The state of a cluster, read once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.overwritten import Overwritten
from dashboards_py.cluster.record import Record
from dashboards_py.cluster.record_store import read_record
from dashboards_py.cluster.restart import Stale
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Json, Kubectl, LiveConfigMap, ServiceMonitor
from dashboards_py.kubernetes.answers import read_json
from dashboards_py.kubernetes.helm import HelmRelease
from dashboards_py.kubernetes.selectors import selects, vm_agent_selector
from dashboards_py.targets._prometheus_rule import GROUP as GROUP
from dashboards_py.targets._prometheus_rule import RULES as RULES
from dashboards_py.values.histograms import histogram_switches

ALL = "--all-namespaces"
NAMES = {  # of the operator's definitions, by kind
    kind: f"{plural}.{GROUP}"
    for kind, plural in {
        "AlertmanagerConfig": "alertmanagerconfigs",
        "Alertmanager": "alertmanagers",
        "PodMonitor": "podmonitors",
        "Probe": "probes",
        "PrometheusAgent": "prometheusagents",
        "Prometheus": "prometheuses",
        "PrometheusRule": "prometheusrules",
        "ScrapeConfig": "scrapeconfigs",
        "ServiceMonitor": "servicemonitors",
        "ThanosRuler": "thanosrulers",
    }.items()
}
KINDS = frozenset(NAMES.values())
# VictoriaMetrics' operator turns each ServiceMonitor into a VMServiceScrape with the same labels, unless that is
# disabled (docs.victoriametrics.com/operator/integrations/prometheus), and a VMAgent selects those.
PROMETHEUS = "Prometheus"
READ = {
    "Namespace": "namespaces",
    "DaemonSet": "daemonsets",
    **{kind: NAMES[kind] for kind in (PROMETHEUS, "ServiceMonitor")},
}
VICTORIA_METRICS = "vmagents.operator.victoriametrics.com"
OTHER_CNI_DAEMONSETS = (
    "antrea-agent",
    "aws-node",
    "calico-node",
    "canal",
    "kindnet",
    "kube-flannel-ds",
    "ovnkube-node",
    "weave-net",
)


@dataclass(frozen=True, slots=True)
class Prometheus:
    """A Prometheus object: which ServiceMonitors it selects, and in which namespaces (label selectors; None: none).

    `rules` and `rule_namespaces` are its selectors of rules. `histograms` are the switches of its spec that say how
    histograms are stored. A PrometheusAgent selects in the same way, and a VMAgent the VMServiceScrapes to which
    VictoriaMetrics' operator turns ServiceMonitors. One that is paused, or has no replicas, scrapes nothing new.
    """

    namespace: str
    name: str
    labels: Mapping[str, str]
    selector: Json | None
    namespaces: Json | None
    prefix: str = ""
    histograms: Mapping[str, bool] = field(default_factory=dict)
    kind: str = PROMETHEUS
    rules: Json | None = None
    rule_namespaces: Json | None = None
    is_paused: bool = False
    replicas: int = 1

    @property
    def is_victoria_metrics(self) -> bool:
        """True for a VMAgent."""
        return self.kind == "VMAgent"

    @property
    def can_be_queried(self) -> bool:
        """False for agents, which send on what they scrape and have no API for queries."""
        return self.kind == PROMETHEUS

    @property
    def fix_of_selector(self) -> str:
        """How to make it select ServiceMonitors, where it selects none."""
        if self.is_victoria_metrics:
            return "set its selectAllByDefault: true, or a serviceScrapeSelector"
        return "set its serviceMonitorSelector: {} selects all"

    @property
    def namespace_key(self) -> str:
        """The key of its spec that selects namespaces."""
        return "serviceScrapeNamespaceSelector" if self.is_victoria_metrics else "serviceMonitorNamespaceSelector"

    @property
    def qualified_name(self) -> str:
        """Namespace and name, as one word."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class State:
    """A cluster as it is. `values` are the user-supplied values of Cilium and of the stack, by release
    (`namespace/name`).

    `kinds` are all kinds that are defined in the cluster, `crds` those of prometheus-operator; `vm_agents` are
    VictoriaMetrics' agents.

    Only `inspect` reads these: `manifests`, the objects that Helm rendered, and `live`, the same objects as they are;
    the workloads that autoscalers have `scaled` (kind, namespace, name); when each release was first `installed`;
    `config_maps`, which may be boards; `rules`, PrometheusRules that may be ours; `stale`, workloads with pods older
    than their configuration; `overwritten`, what an interrupted run of ours overwrote of someone else's revision;
    whether no operation was pending in the record (`record_is_settled`).
    """

    context: str
    kubernetes: str
    helm: tuple[HelmRelease, ...]
    crds: frozenset[str]
    prometheuses: tuple[Prometheus, ...]
    namespaces: Mapping[str, Json]
    monitors: tuple[ServiceMonitor, ...]
    cilium_daemonset: str
    other_networks: tuple[str, ...]
    record: Record
    kinds: frozenset[str] = frozenset()
    vm_agents: tuple[Prometheus, ...] = ()
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    manifests: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    live: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    installed: Mapping[str, str] = field(default_factory=dict)
    config_maps: tuple[LiveConfigMap, ...] = ()
    rules: tuple[Json, ...] = ()
    scaled: frozenset[tuple[str, str, str]] = frozenset()
    stale: tuple[Stale, ...] = ()
    overwritten: Overwritten | None = None
    record_is_settled: bool = True

    def release(self, chart: str) -> tuple[HelmRelease, ...]:
        """The Helm releases of a chart."""
        return tuple(release for release in self.helm if release.chart == chart)

    def monitor(self, namespace: str, name: str | None) -> ServiceMonitor | None:
        """The ServiceMonitor of a namespace and name."""
        own = (item["metadata"] for item in self.monitors)
        pairs = zip(self.monitors, own, strict=True)
        return next((item for item, meta in pairs if (meta["namespace"], meta["name"]) == (namespace, name)), None)

    def is_selected(self, namespace: str, selector: Json | None, prometheus: Prometheus) -> bool:
        """Whether a namespace is among those that a selector of the Prometheus chooses.

        Without a selector that is its own namespace (NamespaceSelector in Prometheus Operator's api.md).
        """
        labels = (self.namespaces.get(namespace) or {"metadata": {}})["metadata"].get("labels") or {}
        # The API server sets this one on every namespace.
        labels = {"kubernetes.io/metadata.name": namespace, **labels}
        return (selector is None and prometheus.namespace == namespace) or selects(selector, labels)

    @property
    def has_victoria_metrics(self) -> bool:
        """True if VictoriaMetrics' operator scrapes instead of prometheus-operator."""
        return VICTORIA_METRICS in self.kinds and not self.prometheuses

    @property
    def cilium(self) -> HelmRelease | None:
        """Cilium as Helm installed it; several raise DashboardsError."""
        releases = self.release("cilium")
        if len(releases) > 1:
            names = ", ".join(release.qualified_name for release in releases)
            raise DashboardsError("Cilium", cause=f"Helm has it more than once: {names}", fix="uninstall all but one")
        return releases[0] if releases else None


def read_state(clients: Clients, denied: Collection[str] = ()) -> State:
    """Read the cluster; of values, those of Cilium and of the stack.

    `denied` names the resources that could not be read so far: kinds that may not be listed may be defined.
    """
    clients.helm.version()
    kubernetes = _version(clients)
    helm = clients.helm.releases()
    kinds = _kinds(clients.kubectl)
    may_be_defined = kinds | KINDS if "customresourcedefinitions" in denied else kinds
    defined = {kind: plural for kind, plural in READ.items() if plural in may_be_defined or plural not in KINDS}
    none: dict[str, list[Json]] = {kind: [] for kind in READ}
    listed = none | clients.kubectl.objects_by_kind(defined, ALL)
    daemonsets = listed["DaemonSet"]
    agents = [item for item in daemonsets if _label(item, "k8s-app") == "cilium"]
    releases = [release for release in helm if release.chart in ("cilium", "kube-prometheus-stack")]
    return State(
        context=clients.context,
        kubernetes=kubernetes,
        helm=helm,
        kinds=kinds,
        vm_agents=_vm_agents(clients.kubectl) if VICTORIA_METRICS in kinds else (),
        crds=frozenset(kind for kind in kinds if kind.endswith(f".{GROUP}")),
        prometheuses=tuple(map(prometheus_from, listed[PROMETHEUS])),
        namespaces={_name(item): item for item in listed["Namespace"]},
        monitors=tuple(cast("list[ServiceMonitor]", listed["ServiceMonitor"])),
        cilium_daemonset=next((f"{_name(item)} in {item['metadata']['namespace']}" for item in agents), ""),
        other_networks=tuple(sorted(_name(item) for item in daemonsets if _name(item) in OTHER_CNI_DAEMONSETS)),
        record=read_record(clients.record_client),
        values=read_values(clients, releases),
    )


def read_values(clients: Clients, releases: Iterable[HelmRelease]) -> dict[str, dict[str, Any]]:
    """The user-supplied values of releases, by their qualified names, without those of a pending revision."""
    return {
        release.qualified_name: clients.helm.values(release)
        for release in releases
        if not release.status.startswith("pending")
    }


def _vm_agents(kubectl: Kubectl) -> tuple[Prometheus, ...]:
    """The VMAgents; none if they may not be read."""
    try:
        return tuple(map(_from_vm_agent, kubectl.objects(VICTORIA_METRICS, ALL)))
    except DashboardsError:
        return ()


def _kinds(kubectl: Kubectl) -> frozenset[str]:
    """The names of the cluster's CustomResourceDefinitions, from kubectl's table: whole ones are megabytes."""
    rows = kubectl.run("get", "customresourcedefinitions", "--no-headers").splitlines()
    return frozenset(row.split()[0] for row in rows)


def _version(clients: Clients) -> str:
    versions = read_json(clients.kubectl.run("version", "--output=json"), "kubectl")
    return str(versions["serverVersion"]["gitVersion"])


def _name(body: Json) -> str:
    return str(body["metadata"]["name"])


def _label(body: Json, name: str) -> str:
    return str((body["metadata"].get("labels") or {}).get(name, ""))


def prometheus_from(body: Json) -> Prometheus:
    """A Prometheus or PrometheusAgent, as the API server returns it."""
    spec = body["spec"]
    return Prometheus(
        body["metadata"]["namespace"],
        _name(body),
        body["metadata"].get("labels") or {},
        spec.get("serviceMonitorSelector"),
        spec.get("serviceMonitorNamespaceSelector"),
        (spec.get("routePrefix") or "").rstrip("/"),
        histogram_switches(spec),
        body.get("kind", PROMETHEUS),
        spec.get("ruleSelector"),
        spec.get("ruleNamespaceSelector"),
        spec.get("paused") is True,
        1 if spec.get("replicas") is None else int(spec["replicas"]),
    )


def _from_vm_agent(body: Json) -> Prometheus:
    """A VMAgent; with a selector of labels alone it selects in its own namespace (see vm_agent_selector)."""
    spec = body.get("spec") or {}
    namespaces = spec.get("serviceScrapeNamespaceSelector")
    if namespaces is None and spec.get("serviceScrapeSelector") is None:
        namespaces = {}
    metadata = body["metadata"]
    labels, selector = metadata.get("labels") or {}, vm_agent_selector(spec)
    return Prometheus(metadata["namespace"], _name(body), labels, selector, namespaces, kind="VMAgent")
