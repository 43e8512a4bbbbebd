"""Pods that are older than the configuration that they read at start-up."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards_py.cluster.changes import readers
from dashboards_py.kubernetes import Json, Kubectl
from dashboards_py.plural import counted

CONFIG_MAPS = ("cilium-config", "cilium-envoy-config", "hubble-relay-config")


@dataclass(frozen=True, slots=True)
class Stale:
    """A workload with pods that started before a ConfigMap they read was last changed."""

    kind: str
    name: str
    config_map: str
    pods: int

    def __str__(self) -> str:
        verb = "is" if self.pods == 1 else "are"
        return f"{counted(self.pods, 'pod')} of {self.kind} {self.name} {verb} older than {self.config_map}"


def stale_workloads(kubectl: Kubectl) -> tuple[Stale, ...]:
    """The workloads of Cilium in kubectl's namespace that have not read their configuration."""
    maps = kubectl.objects("configmap", *CONFIG_MAPS, "--show-managed-fields")
    listed = kubectl.objects_by_kind({"DaemonSet": "daemonsets", "Deployment": "deployments", "Pod": "pods"})
    return older(maps, (*listed["DaemonSet"], *listed["Deployment"]), listed["Pod"])


def older(maps: Sequence[Json], workloads: Sequence[Json], pods: Sequence[Json]) -> tuple[Stale, ...]:
    """The workloads with pods that are older than the last change of a ConfigMap that they read."""
    changed = {config_map["metadata"]["name"]: _changed(config_map) for config_map in maps}
    stale = []
    for name, when in changed.items():
        for kind, reader in readers(workloads, name):
            (workload,) = (item for item in workloads if (item["kind"], item["metadata"]["name"]) == (kind, reader))
            old = [pod for pod in _pods_of(workload, pods) if pod["metadata"]["creationTimestamp"] < when]
            if old:
                stale.append(Stale(kind, reader, name, len(old)))
    return tuple(sorted(stale, key=lambda item: (item.kind, item.name)))


def _changed(config_map: Json) -> str:
    """When its data was last written (RFC 3339, as Kubernetes writes it)."""
    fields = config_map["metadata"].get("managedFields") or ()
    times = [entry["time"] for entry in fields if "f:data" in entry.get("fieldsV1", {}) and entry.get("time")]
    return str(max(times, default=config_map["metadata"]["creationTimestamp"]))


def _pods_of(workload: Json, pods: Sequence[Json]) -> list[Json]:
    """Its pods that still run; the API server lists evicted ones, too."""
    wanted = workload["spec"]["selector"]["matchLabels"].items()
    live = (pod for pod in pods if pod["status"].get("phase") not in ("Failed", "Succeeded"))
    return [pod for pod in live if wanted <= (pod["metadata"].get("labels") or {}).items()]
