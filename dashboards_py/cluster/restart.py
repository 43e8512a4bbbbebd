"""Pods that are older than the configuration they read when they start."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboards_py.cluster.changes import readers
from dashboards_py.cluster.choice import Choice
from dashboards_py.cluster.state import Tools
from dashboards_py.cluster.step import Step
from dashboards_py.kubernetes import Json

CONFIG_MAPS = ("cilium-config", "cilium-envoy-config", "hubble-relay-config")


@dataclass(frozen=True, slots=True)
class Stale:
    """A workload with pods that started before a ConfigMap they read was last changed."""

    kind: str
    name: str
    config_map: str
    pods: int


def stale(use: Tools, namespace: str) -> tuple[Stale, ...]:
    """The workloads of Cilium that have not read their configuration."""
    kubectl = use.at(namespace)
    maps = kubectl.objects("configmap", *CONFIG_MAPS, "--show-managed-fields")
    return older(maps, kubectl.objects("daemonsets,deployments"), kubectl.objects("pods"))


def older(maps: Sequence[Json], workloads: Sequence[Json], pods: Sequence[Json]) -> tuple[Stale, ...]:
    """The workloads among these with pods that run since before a ConfigMap that they read was last changed."""
    changed = {each["metadata"]["name"]: _changed(each) for each in maps}
    found = []
    for name, when in changed.items():
        for kind, reader in readers(workloads, name):
            (workload,) = (each for each in workloads if (each["kind"], each["metadata"]["name"]) == (kind, reader))
            old = [pod for pod in _of(workload, pods) if pod["metadata"]["creationTimestamp"] < when]
            if old:
                found.append(Stale(kind, reader, name, len(old)))
    return tuple(sorted(found, key=lambda each: (each.kind, each.name)))


def restart_steps(use: Tools, choice: Choice, namespace: str, changing: bool) -> Iterator[Step]:
    """Roll out whatever is stale when its turn comes, where that was chosen; or say what is stale now."""
    old = stale(use, namespace)
    lines = tuple(f"{each.pods} pods of {each.kind} {each.name} are older than {each.config_map}" for each in old)
    if not choice.restart and old:
        yield Step("not restarted, so not in effect: --restart rolls out", lines)
    if not choice.restart or not (old or changing):
        return

    def restart() -> None:
        kubectl = use.at(namespace)
        names = sorted({f"{each.kind.lower()}/{each.name}" for each in stale(use, namespace)})
        for name in names:
            kubectl.run("rollout", "restart", name)
        for name in names:
            kubectl.run("rollout", "status", name, f"--timeout={choice.timeout}", "--request-timeout=0", seconds=None)

    yield Step("roll out what has not read its configuration", lines, restart)


def _changed(config_map: Json) -> str:
    """When its data was last written (RFC 3339, as Kubernetes writes it)."""
    fields = config_map["metadata"].get("managedFields") or ()
    times = [each["time"] for each in fields if "f:data" in each.get("fieldsV1", {}) and each.get("time")]
    return str(max(times, default=config_map["metadata"]["creationTimestamp"]))


def _of(workload: Json, pods: Sequence[Json]) -> list[Json]:
    """Its pods, but for those that have ended: an evicted one stays in the list and reads nothing any more."""
    wanted = workload["spec"]["selector"]["matchLabels"].items()
    live = (pod for pod in pods if pod["status"].get("phase") not in ("Failed", "Succeeded"))
    return [pod for pod in live if wanted <= (pod["metadata"].get("labels") or {}).items()]
