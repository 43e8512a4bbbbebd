"""Which handlers do agents count with: the list in cilium-config, or the ConfigMap of dynamic metrics."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dashboards_py.catalog import entries, names
from dashboards_py.cluster.checks.check import Check
from dashboards_py.documents.limits import ANSWERS
from dashboards_py.documents.yaml import load_yaml
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Json, Kubectl
from dashboards_py.plural import counted
from dashboards_py.values.hubble_metrics import DEFAULT_CONFIG_MAP, FILTERS

# hubble-dynamic-metrics-config-path is a file of the ConfigMap that is mounted at /dynamic-metrics-config
# (cilium-configmap.yaml and cilium-agent/daemonset.yaml of the chart).
PATH, VOLUME, KEY = "hubble-dynamic-metrics-config-path", "hubble-dynamic-metrics-config", "dynamic-metrics.yaml"
FIX = "write it as hubble.metrics.dynamic.config.content: a list of maps with name, such as - name: dns"


@dataclass(frozen=True, slots=True)
class Handlers:
    """The handlers that are configured, and where ("" if nowhere); `filtered` are those that count only some flows.

    `is_dynamic`: agents read them from a ConfigMap of their own; `failure` is why they cannot.
    """

    where: str = ""
    names: frozenset[str] = frozenset()
    filtered: frozenset[str] = frozenset()
    is_dynamic: bool = False
    failure: str = ""


def read_handlers(kubectl: Kubectl, configuration: Mapping[str, str], workloads: Sequence[Json]) -> Handlers:
    """The handlers of a cluster; a ConfigMap of dynamic metrics that may not be read is a failure as well."""
    if PATH in configuration:
        agents = [item for item in workloads if item["kind"] == "DaemonSet" and item["metadata"]["name"] == "cilium"]
        name = _config_map(next(iter(agents), None))
        try:
            return _dynamic(name, next(iter(kubectl.objects("configmap", name)), None))
        except DashboardsError as error:
            return Handlers(is_dynamic=True, failure=f"{error.what} {error.cause}")
    if listed := configuration.get("hubble-metrics", "").split():
        return Handlers("hubble-metrics of cilium-config", frozenset(map(_handler, listed)))
    return Handlers()


def handler_checks(handlers: Handlers) -> Iterator[Check]:
    """Whether the ConfigMap of dynamic metrics can be read, if there is one, and which handlers are not configured.

    Handlers that are missing are undetermined: only boards know which they need.
    """
    if handlers.failure:
        subjects, cause = frozenset({"hubble"}), "missing-dynamic-metrics"
        yield Check("dynamic Hubble metrics", False, handlers.failure, FIX, cause=cause, subjects=subjects)
    if not handlers.where:
        return
    if handlers.is_dynamic:
        yield Check("dynamic Hubble metrics", True, f"{counted(len(handlers.names), 'handler')} in {handlers.where}")
    for handler in sorted(handlers.filtered):
        observed = f"{handler} counts only flows that pass its filters in {handlers.where}"
        fix = "remove includeFilters and excludeFilters, or read its panels as what they show"
        yield Check("Hubble's handlers", None, observed, fix, cause="filtered-handler", subjects=frozenset({handler}))
    for handler in sorted(_handlers() - handlers.names):
        observed = f"{handlers.where} does not name {handler}"
        fix = f"add {handler} to hubble.metrics.enabled, or to the dynamic configuration"
        yield Check(
            "Hubble's handlers", None, observed, fix, cause="unconfigured-handler", subjects=frozenset({handler})
        )


def _dynamic(name: str, config_map: Json | None) -> Handlers:
    """The handlers of the ConfigMap; raises DashboardsError if agents cannot read it."""
    what = f"ConfigMap {name}"
    if config_map is None:
        raise DashboardsError(what, cause="does not exist")
    text = (config_map.get("data") or {}).get(KEY)
    if text is None:
        raise DashboardsError(what, cause=f"has no key {KEY}")
    try:
        content = load_yaml(text, what, ANSWERS).value
    except DashboardsError as error:
        raise DashboardsError(what, cause=f"is not YAML: {error.cause}") from error
    listed = content.get("metrics") if isinstance(content, dict) else None
    if not isinstance(listed, list) or not all(isinstance(entry, dict) and entry.get("name") for entry in listed):
        raise DashboardsError(what, cause="has no list `metrics` of maps with a name")
    filtered = frozenset(str(entry["name"]) for entry in listed if any(entry.get(key) for key in FILTERS))
    return Handlers(what, frozenset(str(entry["name"]) for entry in listed), filtered, is_dynamic=True)


def _config_map(daemonset: Json | None) -> str:
    """The name of the ConfigMap that the agents mount."""
    volumes = daemonset["spec"]["template"]["spec"].get("volumes") or () if daemonset else ()
    for volume in volumes:
        if volume.get("name") == VOLUME:
            return str((volume.get("configMap") or {}).get("name") or DEFAULT_CONFIG_MAP)
    return DEFAULT_CONFIG_MAP


def _handler(entry: str) -> str:
    return entry.partition(":")[0]


def _handlers() -> frozenset[str]:
    """The handlers that write a metric of the catalogue."""
    return frozenset(metric.handler for name in names() for metric in entries(name) if metric.handler)
