"""Boards as ConfigMaps for Grafana's sidecar, applied with kubectl, server-side, one at a time."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from dashboards_py.errors import DashboardsError, ProblemsFound, Refused
from dashboards_py.targets.plan import Action, Change, Deployment, Option, Options, Payload

SUMMARY = "ConfigMaps that Grafana's sidecar picks up, applied with kubectl."
OPTIONS = (
    Option("namespace", "Namespace of the ConfigMaps.", env="DASHBOARDS_NAMESPACE", default="prometheus"),
    Option("context", "kubectl context; the current one unless given.", env="KUBE_CONTEXT"),
    Option("overwrite", "Take over ConfigMaps that somebody edited, or that are not ours.", flag=True),
)
OURS = ("app.kubernetes.io/part-of", "cilium-dashboards")
LIMIT = 1024 * 1024  # bytes that Kubernetes allows in a ConfigMap's data
MANAGER = "kubectl"  # the same as of `kubectl apply -k provisioning --server-side`, so that both can be used in turn
APPLIERS = frozenset({"kubectl", "kubectl-client-side-apply"})

Json = dict[str, Any]


def prepare(payload: Payload, options: Options) -> Deployment:
    """Compare the live ConfigMaps of the namespace with ours."""
    wanted = {each["metadata"]["name"]: each for each in config_maps(payload.files)}
    kubectl = _Kubectl(options["context"], options["namespace"])
    overwrite = bool(options["overwrite"])
    live = {each["metadata"]["name"]: each for each in kubectl.config_maps(wanted)}
    changes = [_change(name, config_map, live.get(name), overwrite) for name, config_map in wanted.items()]
    changes += [
        Change(name, Action.LEFT, f"no board of ours now: kubectl delete configmap -n {options['namespace']} {name}")
        for name, found in live.items()
        if name not in wanted and _ours(found)
    ]

    def write(change: Change) -> None:
        kubectl.apply(wanted[change.name], overwrite)

    place = f"namespace {options['namespace']}" + (f" of context {options['context']}" if options["context"] else "")
    return Deployment(place, tuple(changes), write)


def config_maps(files: Mapping[str, bytes]) -> tuple[Json, ...]:
    """The ConfigMaps that the tree's kustomization.yaml makes; one too large raises DashboardsError."""
    kustomization = yaml.safe_load(files["kustomization.yaml"])
    labels = kustomization["generatorOptions"]["labels"]
    found = []
    for each in kustomization["configMapGenerator"]:
        data = {key: files[path].decode() for key, path in (entry.split("=", 1) for entry in each["files"])}
        size = sum(len(key) + len(value.encode()) for key, value in data.items())
        if size > LIMIT:
            raise DashboardsError(
                f"ConfigMap {each['name']}",
                cause=f"holds {size} bytes, Kubernetes allows {LIMIT}",
                fix="split the board",
            )
        metadata = {"name": each["name"], "labels": labels, "annotations": each["options"]["annotations"]}
        found.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data})
    return tuple(found)


def _change(name: str, wanted: Json, live: Json | None, overwrite: bool) -> Change:
    if live is None:
        return Change(name, Action.CREATE)
    if not _ours(live):
        why = f"ConfigMap {name} is not ours (no label {OURS[0]}={OURS[1]}): rename or remove it, or --overwrite"
        return Change(name, Action.UPDATE) if overwrite else Change(name, Action.FOREIGN, why)
    if _same(wanted, live):
        return Change(name, Action.UNCHANGED)
    if (others := _editors(live)) and not overwrite:
        why = f"ConfigMap {name} was edited by {', '.join(others)}: keep a copy of it, then --overwrite"
        return Change(name, Action.CONFLICT, why)
    return Change(name, Action.UPDATE)


def _ours(live: Json) -> bool:
    return bool((live["metadata"].get("labels") or {}).get(OURS[0]) == OURS[1])


def _same(wanted: Json, live: Json) -> bool:
    """Whether the data is ours to the byte and our labels and annotations stand; others may stand beside them."""
    kept = all(
        (live["metadata"].get(kind) or {}).get(key) == value
        for kind in ("labels", "annotations")
        for key, value in wanted["metadata"][kind].items()
    )
    return kept and live.get("data") == wanted["data"] and not live.get("binaryData")


def _editors(live: Json) -> list[str]:
    """Who besides the ways of applying it owns a part of the ConfigMap's data."""
    return sorted(
        {each["manager"] for each in live["metadata"].get("managedFields", ()) if "f:data" in each.get("fieldsV1", {})}
        - APPLIERS
    )


class _Kubectl:
    """kubectl for one context and namespace; its complaints become errors that say what to do."""

    def __init__(self, context: str | None, namespace: str) -> None:
        self.namespace = namespace
        self.where = [
            *(["--context", context] if context else []),
            "--namespace",
            namespace,
            "--request-timeout",
            "30s",
        ]

    def config_maps(self, names: Mapping[str, Json]) -> list[Json]:
        """The live ConfigMaps with one of the names, or marked as ours."""
        self._run("get", "namespace", self.namespace, "-o", "name")
        marked = self._list("get", "configmap", "-l", "=".join(OURS))
        named = self._list("get", "configmap", "--ignore-not-found", *names)
        return [*marked, *(each for each in named if each not in marked)]

    def apply(self, config_map: Json, force: bool) -> None:
        """Apply one ConfigMap server-side; without `force` a field that another manager owns is refused."""
        given = [
            "apply",
            "--server-side",
            "--field-manager",
            MANAGER,
            *(["--force-conflicts"] if force else []),
            "-f",
            "-",
        ]
        self._run(*given, stdin=json.dumps(config_map))

    def _list(self, *given: str) -> list[Json]:
        out = self._run(*given, "-o", "json", "--show-managed-fields")
        found = json.loads(out) if out.strip() else {}
        return list(found["items"]) if "items" in found else [found] if found else []

    def _run(self, *given: str, stdin: str | None = None) -> str:
        try:
            found = subprocess.run(
                ["kubectl", *self.where, *given], input=stdin, capture_output=True, text=True, timeout=120, check=False
            )
        except FileNotFoundError:
            raise DashboardsError(
                "kubectl", cause="is not on PATH", fix="install it, or deploy with TARGET=files or TARGET=grafana"
            ) from None
        except subprocess.TimeoutExpired:
            raise DashboardsError(
                "the cluster", cause="gave no answer in 120 s", fix="try `kubectl version`, then deploy again"
            ) from None
        if found.returncode:
            raise _complaint(found.stderr.strip(), self.namespace, given)
        return found.stdout


def _complaint(said: str, namespace: str, given: Sequence[str]) -> DashboardsError:
    """The error for what kubectl said on stderr."""
    short = said.splitlines()[0] if said else f"kubectl {given[0]} failed"
    if "namespaces" in said and "not found" in said.lower():
        return DashboardsError(
            f"namespace {namespace}",
            cause="does not exist",
            fix=f"kubectl create namespace {namespace}, or choose with --namespace",
        )
    if "being terminated" in said:
        return DashboardsError(
            f"namespace {namespace}",
            cause="is being terminated",
            fix="wait until it is gone, create it and deploy again",
        )
    if "orbidden" in said or "nauthorized" in said or "must be logged in" in said:
        return Refused(
            "the cluster",
            cause=short,
            fix="`kubectl auth can-i patch configmaps` must say yes; log in or choose another --context",
        )
    if "conflict" in said:
        return ProblemsFound(
            "a ConfigMap", cause=short, fix="somebody else owns a field: keep a copy of it, then --overwrite"
        )
    if "context" in said and ("does not exist" in said or "no context exists" in said):
        return DashboardsError(
            "the kubectl context", cause=short, fix="`kubectl config get-contexts` lists those there are"
        )
    if "refused" in said or "connect" in said.lower() or "localhost:8080" in said:
        return DashboardsError(
            "the cluster", cause=short, fix="`kubectl cluster-info` must answer: set KUBECONFIG or choose a --context"
        )
    if "too long" in said.lower() or "RequestEntityTooLarge" in said:
        return DashboardsError("a ConfigMap", cause=short, fix="it is over a limit of Kubernetes: split the board")
    return DashboardsError("kubectl", cause=short, fix="mend that and deploy again")
