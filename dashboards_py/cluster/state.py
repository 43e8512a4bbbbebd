"""What is in the cluster now, read once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboards_py.cluster.record import NAMESPACE, Record, read_record
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Helm, HelmRelease, Json, Kubectl, Runner, run

GROUP = "monitoring.coreos.com"
KINDS = frozenset(
    f"{kind}.{GROUP}"
    for kind in (
        "alertmanagerconfigs",
        "alertmanagers",
        "podmonitors",
        "probes",
        "prometheusagents",
        "prometheuses",
        "prometheusrules",
        "scrapeconfigs",
        "servicemonitors",
        "thanosrulers",
    )
)
OTHERS = ("antrea-agent", "aws-node", "calico-node", "canal", "kindnet", "kube-flannel-ds", "ovnkube-node", "weave-net")


@dataclass(frozen=True, slots=True)
class Tools:
    """kubectl and helm, both told the same context: it cannot change in the middle."""

    context: str
    kubeconfig: str | None
    helm: Helm
    kubectl: Kubectl

    @property
    def keeper(self) -> Kubectl:
        """kubectl for the namespace in which the record is kept."""
        return self.at(NAMESPACE)

    def at(self, namespace: str) -> Kubectl:
        """kubectl for a namespace."""
        return self.kubectl.at(namespace)


def tools(
    context: str | None,
    kubeconfig: str | None,
    charts: Path | None,
    helms: str | None = None,
    runner: Runner = run,
) -> Tools:
    """Settle on a context: the one named, or kubectl's current one unless helm is told another (`helms`).

    `runner` runs kubectl and helm: a test gives a stand-in.
    """
    current = context or Kubectl("default", None, kubeconfig, runner).run("config", "current-context").strip()
    if helms and not context and helms != current:
        cause = f"kubectl would go to {current}, helm (HELM_KUBECONTEXT) to {helms}"
        raise DashboardsError("the context", cause=cause, fix=f"say which: --context {current}, or --context {helms}")
    helm, kubectl = Helm(current, kubeconfig, charts, runner), Kubectl("default", current, kubeconfig, runner)
    return Tools(current, kubeconfig, helm, kubectl)


@dataclass(frozen=True, slots=True)
class Prometheus:
    """A Prometheus object: what ServiceMonitors it selects, and in which namespaces (label selectors; None: none)."""

    namespace: str
    name: str
    labels: Mapping[str, str]
    selector: Json | None
    namespaces: Json | None
    prefix: str = ""

    @property
    def place(self) -> str:
        """Namespace and name, as one word."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class State:
    """A cluster as it is. `values` are those that somebody gave the releases of Cilium and of the stack, by place."""

    context: str
    kubernetes: str
    helm: tuple[HelmRelease, ...]
    crds: frozenset[str]
    prometheuses: tuple[Prometheus, ...]
    namespaces: Mapping[str, Json]
    monitors: tuple[Json, ...]
    cilium_daemonset: str
    other_networks: tuple[str, ...]
    record: Record
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def release(self, chart: str) -> tuple[HelmRelease, ...]:
        """The Helm releases of a chart."""
        return tuple(each for each in self.helm if each.chart == chart)

    @property
    def cilium(self) -> HelmRelease | None:
        """Cilium as Helm installed it; several raise DashboardsError."""
        found = self.release("cilium")
        if len(found) > 1:
            places = ", ".join(each.place for each in found)
            raise DashboardsError("Cilium", cause=f"Helm has it more than once: {places}", fix="uninstall all but one")
        return found[0] if found else None


def look(use: Tools) -> State:
    """Read the cluster."""
    use.helm.version()
    kubernetes = _version(use)
    helm = use.helm.releases()
    namespaces = {each["metadata"]["name"]: each for each in use.kubectl.objects("namespaces")}
    daemonsets = use.kubectl.objects("daemonsets", "--all-namespaces")
    agents = [each for each in daemonsets if _label(each, "k8s-app") == "cilium"]
    values = {
        each.place: use.helm.values(each)
        for each in helm
        if each.chart in ("cilium", "kube-prometheus-stack") and not each.status.startswith("pending")
    }
    return State(
        context=use.context,
        kubernetes=kubernetes,
        helm=helm,
        crds=present(use.kubectl),
        prometheuses=tuple(map(_prometheus, use.kubectl.objects(f"prometheuses.{GROUP}", "--all-namespaces"))),
        namespaces=namespaces,
        monitors=tuple(use.kubectl.objects(f"servicemonitors.{GROUP}", "--all-namespaces")),
        cilium_daemonset=next((f"{_name(each)} in {each['metadata']['namespace']}" for each in agents), ""),
        other_networks=tuple(sorted(_name(each) for each in daemonsets if _name(each) in OTHERS)),
        record=read_record(use.keeper),
        values=values,
    )


def present(kubectl: Kubectl) -> frozenset[str]:
    """The operator's kinds that the cluster has, by the names of their CustomResourceDefinitions."""
    found = kubectl.run("get", "customresourcedefinitions", "--output=name").split()
    return frozenset(each.partition("/")[2] for each in found if each.endswith(f".{GROUP}"))


def _version(use: Tools) -> str:
    said = json.loads(use.kubectl.run("version", "--output=json"))
    return str(said["serverVersion"]["gitVersion"])


def _name(of: Json) -> str:
    return str(of["metadata"]["name"])


def _label(of: Json, name: str) -> str:
    return str((of["metadata"].get("labels") or {}).get(name, ""))


def _prometheus(of: Json) -> Prometheus:
    spec = of["spec"]
    return Prometheus(
        of["metadata"]["namespace"],
        _name(of),
        of["metadata"].get("labels") or {},
        spec.get("serviceMonitorSelector"),
        spec.get("serviceMonitorNamespaceSelector"),
        (spec.get("routePrefix") or "").rstrip("/"),
    )
