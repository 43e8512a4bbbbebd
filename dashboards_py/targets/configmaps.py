"""Boards as ConfigMaps for Grafana's sidecar, applied with kubectl, server-side, one at a time."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.kubernetes import MANAGER, ConfigMap, Json, Kubectl, LiveConfigMap, Moved, ObjectMeta
from dashboards_py.targets._plan import REFUSES, Action, Change, Deployment, Option, Options, Payload

SUMMARY = "ConfigMaps that Grafana's sidecar picks up, applied with kubectl."
OPTIONS = (
    Option("namespace", "Namespace of the ConfigMaps.", env="DASHBOARDS_NAMESPACE", default="prometheus"),
    Option("context", "kubectl context; the current one unless given.", env="KUBE_CONTEXT"),
    Option("kubeconfig", "kubeconfig file that kubectl uses instead of KUBECONFIG."),
    Option("overwrite", "Take over ConfigMaps that someone edited, or that are not ours.", flag=True),
)
OWNER_LABEL = ("app.kubernetes.io/part-of", "cilium-dashboards")
NAME_PREFIX = "cilium-dashboards-"  # of a ConfigMap, before the uid
LIMIT = 1024 * 1024  # bytes that Kubernetes allows in a ConfigMap's data
APPLIERS = frozenset({MANAGER, "kubectl-client-side-apply"})
NO_VERSION = "1"  # etcd counts from 2: its first revision is that of the empty store
Path = tuple[str, ...]  # of a field, as in managedFields
Live = LiveConfigMap | Json  # an object as kubectl returns it


def prepare(payload: Payload, options: Options) -> Deployment:
    """Compare the live ConfigMaps of the namespace with ours."""
    namespace, context = str(options["namespace"]), options["context"]
    kubectl = Kubectl(namespace, context, options["kubeconfig"])
    where = f"namespace {namespace}" + (f" of context {context}" if context else "")
    return compare(payload, kubectl, where, overwrite=bool(options["overwrite"]))


def compare(payload: Payload, kubectl: Kubectl, where: str, *, overwrite: bool) -> Deployment:
    """Compare the live ConfigMaps in kubectl's namespace with ours; `where` names it in messages."""
    wanted = {config_map["metadata"]["name"]: config_map for config_map in config_maps(payload.files)}
    namespace = kubectl.namespace
    kubectl.check_namespace()
    config_maps_live = [*kubectl.config_maps(*wanted), *kubectl.config_maps("--selector", "=".join(OWNER_LABEL))]
    live = {config_map["metadata"]["name"]: config_map for config_map in config_maps_live}
    changes = [
        _with_fix(difference(config_map, live.get(name), overwrite=overwrite)) for name, config_map in wanted.items()
    ]
    changes += [
        Change(
            name,
            Action.LEFT,
            f"{_why_left(name, payload)}: kubectl delete configmap -n {namespace} {name}",
        )
        for name in sorted(live)
        if name not in wanted
    ]

    def write(change: Change) -> None:
        _apply(kubectl, wanted[change.name], overwrite)

    return Deployment(where, tuple(changes), write)


def _why_left(name: str, payload: Payload) -> str:
    return payload.why_left(name.removeprefix(NAME_PREFIX))


def _apply(kubectl: Kubectl, config_map: ConfigMap, overwrite: bool) -> None:
    """Apply one ConfigMap that was just read: the API server refuses it if someone changes it in between.

    An applied resourceVersion must be that of the live object (a real 1.36 says "the object has been modified", with
    --force-conflicts too). If there is no live object any is accepted, so NO_VERSION, which no object has, creates the
    ConfigMap only if it does not exist.
    """
    name = config_map["metadata"]["name"]
    live = next(iter(kubectl.config_maps(name)), None)
    now = _with_fix(difference(config_map, live, overwrite=overwrite))
    if now.action in REFUSES:
        raise ProblemsFound(now.why)
    if now.action == Action.UNCHANGED:
        return
    version = live["metadata"]["resourceVersion"] if live else NO_VERSION
    metadata: ObjectMeta = {**config_map["metadata"], "resourceVersion": version}
    try:
        kubectl.apply({**config_map, "metadata": metadata}, overwrite)
    except Moved as error:
        cause, fix = "someone changed it since it was read", "deploy again to see what it is now"
        raise ProblemsFound(error.what, cause=cause, fix=fix) from error
    except ProblemsFound as error:
        fix = "someone else owns a field: keep a copy of it, then --overwrite"
        raise ProblemsFound(error.what, cause=error.cause, fix=fix) from error


def config_maps(files: Mapping[str, bytes]) -> tuple[ConfigMap, ...]:
    """The ConfigMaps that the tree's kustomization.yaml generates; one that is too large raises DashboardsError."""
    import yaml

    kustomization = yaml.safe_load(files["kustomization.yaml"])
    labels = kustomization["generatorOptions"]["labels"]
    built: list[ConfigMap] = []
    for generator in kustomization["configMapGenerator"]:
        data = {key: files[path].decode() for key, path in (entry.split("=", 1) for entry in generator["files"])}
        size = sum(len(key) + len(value.encode()) for key, value in data.items())
        if size > LIMIT:
            raise DashboardsError(
                f"ConfigMap {generator['name']}",
                cause=f"holds {size} bytes, Kubernetes allows {LIMIT}",
                fix="split the board",
            )
        annotations = generator["options"]["annotations"]
        metadata: ObjectMeta = {"name": generator["name"], "labels": labels, "annotations": annotations}
        built.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data})
    return tuple(built)


def difference(wanted: ConfigMap, live: LiveConfigMap | None, *, overwrite: bool) -> Change:
    """What would happen to one ConfigMap; if it is refused, `why` says that it is not ours, or who edited it."""
    fields = _differing(wanted, live) if live is not None else ()
    return change_of("ConfigMap", wanted["metadata"]["name"], live, fields, overwrite=overwrite)


def change_of(kind: str, name: str, live: Live | None, fields: Collection[Path], *, overwrite: bool) -> Change:
    """What would happen to an object of which these fields differ; see `difference`."""
    if live is None:
        return Change(name, Action.CREATE)
    if not is_ours(live):
        why = f"{kind} {name} is not ours (no label {OWNER_LABEL[0]}={OWNER_LABEL[1]})"
        return Change(name, Action.UPDATE) if overwrite else Change(name, Action.FOREIGN, why)
    if not fields:
        return Change(name, Action.UNCHANGED)
    if (others := editors(live, fields)) and not overwrite:
        return Change(name, Action.CONFLICT, f"{kind} {name} was edited by {', '.join(others)}")
    return Change(name, Action.UPDATE)


def _with_fix(change: Change) -> Change:
    """The change, with the option that overrides the refusal."""
    fixes = {
        Action.FOREIGN: "rename or remove it, or --overwrite",
        Action.CONFLICT: "keep a copy of it, then --overwrite",
    }
    return replace(change, why=f"{change.why}: {fixes[change.action]}") if change.action in fixes else change


def is_ours(live: Live) -> bool:
    """Whether an object carries our label."""
    return bool((live["metadata"].get("labels") or {}).get(OWNER_LABEL[0]) == OWNER_LABEL[1])


def _differing(wanted: ConfigMap, live: LiveConfigMap) -> set[Path]:
    """Our fields that differ in the cluster; fields that others added do not count."""
    meta, live_meta = wanted["metadata"], live["metadata"]
    pairs: list[tuple[Path, Json, Mapping[str, str] | None]] = [
        (("f:data",), wanted["data"], live.get("data")),
        (("f:metadata", "f:labels"), meta["labels"], live_meta.get("labels")),
        (("f:metadata", "f:annotations"), meta["annotations"], live_meta.get("annotations")),
    ]
    return {
        (*path, f"f:{key}")
        for path, rendered, current in pairs
        for key, value in rendered.items()
        if (current or {}).get(key) != value
    }


def editors(live: Live, fields: Iterable[Path] = (("f:data",),)) -> list[str]:
    """Managers, other than those of our deployments, that last set one of the fields (by default, any of the data)."""
    managers = {
        entry["manager"]
        for entry in live["metadata"].get("managedFields", ())
        if any(_holds(entry.get("fieldsV1", {}), path) for path in fields)
    }
    return sorted(managers - APPLIERS)


def _holds(tree: Json, path: Path) -> bool:
    for step in path:
        if step not in tree:
            return False
        tree = tree[step]
    return True
