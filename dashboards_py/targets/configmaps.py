"""Boards as ConfigMaps for Grafana's sidecar, applied with kubectl, server-side, one at a time."""

from collections.abc import Mapping
from dataclasses import replace

from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import ConfigMap, Json, Kubectl, LiveConfigMap, ObjectMeta
from dashboards_py.kubernetes.ownership import OWNER_LABEL, FieldPath
from dashboards_py.targets._objects import apply_as_read, change_of, delete_as_deployed, left_over_object, with_fix
from dashboards_py.targets._plan import PRUNE, Action, Change, Deployment, Option, Options, Payload
from dashboards_py.targets._prometheus_rule import apply_rules, delete_rules, leftover_rules, plan_rules

SUMMARY = "ConfigMaps that Grafana's sidecar picks up, applied with kubectl."
OPTIONS = (
    Option("namespace", "Namespace of the ConfigMaps.", env="DASHBOARDS_NAMESPACE", default="prometheus"),
    Option("context", "kubectl context; the current one unless given.", env="KUBE_CONTEXT"),
    Option("kubeconfig", "kubeconfig file that kubectl uses instead of KUBECONFIG."),
    Option("rules", "Apply the alerts as well, as a PrometheusRule that the Prometheus selects.", flag=True),
    PRUNE,
    Option("overwrite", "Take over objects that someone edited, or that are not ours.", flag=True),
)
NAME_PREFIX = "cilium-dashboards-"  # of a ConfigMap, before the uid
RULE_FILE = "rules/prometheusrule.yaml"
RULE_OBJECT = "PrometheusRule "  # before the name, in a plan
LIMIT = 1024 * 1024  # bytes that Kubernetes allows in a ConfigMap's data


def prepare(payload: Payload, options: Options) -> Deployment:
    """Compare the live ConfigMaps of the namespace with ours."""
    namespace, context = str(options["namespace"]), options["context"]
    kubectl = Kubectl(namespace, context, options["kubeconfig"])
    where = f"namespace {namespace}" + (f" of context {context}" if context else "")
    overwrite, prune = bool(options["overwrite"]), bool(options.get("prune"))
    boards = compare(payload, kubectl, where, overwrite=overwrite, prune=prune)
    return _with_rules(boards, payload, kubectl, overwrite=overwrite, prune=prune) if payload.rules else boards


def _with_rules(boards: Deployment, payload: Payload, kubectl: Kubectl, *, overwrite: bool, prune: bool) -> Deployment:
    """The deployment with the alerts as its last changes."""
    import yaml

    required, change = plan_rules(kubectl, yaml.safe_load(payload.rules[RULE_FILE]), overwrite=overwrite)
    change = _of_rules(change)
    left = tuple(map(_of_rules, leftover_rules(kubectl, required["metadata"]["name"], prune=prune)))

    def write(planned: Change) -> None:
        if planned.name == change.name:
            apply_rules(kubectl, required, payload.commit, overwrite=overwrite)
        elif planned in left:
            delete_rules(kubectl, planned.name.removeprefix(RULE_OBJECT))
        else:
            boards.write(planned)

    return Deployment(boards.destination, (*boards.changes, change, *left), write)


def _of_rules(change: Change) -> Change:
    return replace(change, name=f"{RULE_OBJECT}{change.name}")


def compare(payload: Payload, kubectl: Kubectl, where: str, *, overwrite: bool, prune: bool = False) -> Deployment:
    """Compare the live ConfigMaps in kubectl's namespace with ours; `where` names it in messages."""
    wanted = {config_map["metadata"]["name"]: config_map for config_map in config_maps(payload.files)}
    namespace = kubectl.namespace
    kubectl.check_namespace()
    config_maps_live = [*kubectl.config_maps_named(*wanted), *kubectl.config_maps("--selector", "=".join(OWNER_LABEL))]
    live = {config_map["metadata"]["name"]: config_map for config_map in config_maps_live}
    changes = [
        with_fix(difference(config_map, live.get(name), namespace, overwrite=overwrite))
        for name, config_map in wanted.items()
    ]
    for name in sorted(live.keys() - wanted.keys()):
        uid = name.removeprefix(NAME_PREFIX)
        removes = prune and uid not in payload.kept
        changes.append(left_over_object(live[name], payload.why_left(uid), "configmap", namespace, prune=removes))

    def write(change: Change) -> None:
        current = next(iter(kubectl.config_maps_named(change.name)), None)
        if change.action == Action.REMOVE:
            delete_as_deployed(kubectl, "configmaps", current)
            return
        config_map = wanted[change.name]
        now = difference(config_map, current, namespace, overwrite=overwrite)
        apply_as_read(kubectl, config_map, current, now, payload.commit, overwrite=overwrite)

    return Deployment(where, tuple(changes), write)


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


def difference(wanted: ConfigMap, live: LiveConfigMap | None, namespace: str, *, overwrite: bool) -> Change:
    """What would happen to one ConfigMap; if it is refused, `why` says that it is not ours, or who edited it."""
    fields = _differing(wanted, live) if live is not None else ()
    return change_of(wanted, live, fields, namespace, overwrite=overwrite)


def _differing(wanted: ConfigMap, live: LiveConfigMap) -> set[FieldPath]:
    """Our fields that differ in the cluster; fields that others added do not count."""
    meta, live_meta = wanted["metadata"], live["metadata"]
    pairs: list[tuple[FieldPath, Json, Mapping[str, str] | None]] = [
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
