"""Boards as ConfigMaps for Grafana's sidecar, applied with kubectl, server-side, one at a time."""

from collections.abc import Mapping
from dataclasses import replace

from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import ConfigMap, Json, Kubectl, LiveConfigMap, ObjectMeta
from dashboards_py.kubernetes.ownership import OWNER_LABEL, FieldPath
from dashboards_py.targets._objects import apply_as_read, change_of, with_fix
from dashboards_py.targets._plan import Action, Change, Deployment, Option, Options, Payload
from dashboards_py.targets._prometheus_rule import apply_rules, plan_rules

SUMMARY = "ConfigMaps that Grafana's sidecar picks up, applied with kubectl."
OPTIONS = (
    Option("namespace", "Namespace of the ConfigMaps.", env="DASHBOARDS_NAMESPACE", default="prometheus"),
    Option("context", "kubectl context; the current one unless given.", env="KUBE_CONTEXT"),
    Option("kubeconfig", "kubeconfig file that kubectl uses instead of KUBECONFIG."),
    Option("rules", "Apply the alerts as well, as a PrometheusRule that the Prometheus selects.", flag=True),
    Option("overwrite", "Take over objects that someone edited, or that are not ours.", flag=True),
)
NAME_PREFIX = "cilium-dashboards-"  # of a ConfigMap, before the uid
RULE_FILE = "rules/prometheusrule.yaml"
LIMIT = 1024 * 1024  # bytes that Kubernetes allows in a ConfigMap's data


def prepare(payload: Payload, options: Options) -> Deployment:
    """Compare the live ConfigMaps of the namespace with ours."""
    namespace, context = str(options["namespace"]), options["context"]
    kubectl = Kubectl(namespace, context, options["kubeconfig"])
    where = f"namespace {namespace}" + (f" of context {context}" if context else "")
    overwrite = bool(options["overwrite"])
    boards = compare(payload, kubectl, where, overwrite=overwrite)
    return _with_rules(boards, payload.rules[RULE_FILE], kubectl, overwrite) if payload.rules else boards


def _with_rules(boards: Deployment, content: bytes, kubectl: Kubectl, overwrite: bool) -> Deployment:
    """The deployment with the alerts as its last change."""
    import yaml

    required, change = plan_rules(kubectl, yaml.safe_load(content), overwrite=overwrite)
    change = replace(change, name=f"PrometheusRule {change.name}")

    def write(planned: Change) -> None:
        if planned.name == change.name:
            apply_rules(kubectl, required, overwrite=overwrite)
        else:
            boards.write(planned)

    return Deployment(boards.destination, (*boards.changes, change), write)


def compare(payload: Payload, kubectl: Kubectl, where: str, *, overwrite: bool) -> Deployment:
    """Compare the live ConfigMaps in kubectl's namespace with ours; `where` names it in messages."""
    wanted = {config_map["metadata"]["name"]: config_map for config_map in config_maps(payload.files)}
    namespace = kubectl.namespace
    kubectl.check_namespace()
    config_maps_live = [*kubectl.config_maps(*wanted), *kubectl.config_maps("--selector", "=".join(OWNER_LABEL))]
    live = {config_map["metadata"]["name"]: config_map for config_map in config_maps_live}
    changes = [
        with_fix(difference(config_map, live.get(name), overwrite=overwrite)) for name, config_map in wanted.items()
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
    """Apply one ConfigMap, unless it was edited or is not ours by now."""
    live = next(iter(kubectl.config_maps(config_map["metadata"]["name"])), None)
    change = difference(config_map, live, overwrite=overwrite)
    apply_as_read(kubectl, config_map, live, change, overwrite=overwrite)


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
