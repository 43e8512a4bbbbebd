"""Which handlers do agents count with: the list in cilium-config, or the ConfigMap of dynamic metrics."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dashboards_py.catalog import Release, of_handlers
from dashboards_py.cluster.checks.check import Check
from dashboards_py.documents.limits import ANSWERS
from dashboards_py.documents.yaml import load_yaml
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Json, Kubectl
from dashboards_py.plural import counted
from dashboards_py.values.handler_problems import ALL as EVERYTHING
from dashboards_py.values.handler_problems import HandlerProblem, handler_problems
from dashboards_py.values.hubble_metrics import DEFAULT_CONFIG_MAP, FILTERS

# hubble-dynamic-metrics-config-path is a file of the ConfigMap that is mounted at /dynamic-metrics-config
# (cilium-configmap.yaml and cilium-agent/daemonset.yaml of the chart).
PATH, VOLUME, KEY = "hubble-dynamic-metrics-config-path", "hubble-dynamic-metrics-config", "dynamic-metrics.yaml"
AGENT_NEEDS = (1, 18)  # from here on an agent does not start without Hubble's metrics server (pkg/hubble/metrics/cell)
DYNAMIC, CONTENT = "dynamic Hubble metrics", "hubble.metrics.dynamic.config.content"
FIX = "write it as hubble.metrics.dynamic.config.content: a list of maps with name, such as - name: dns"


@dataclass(frozen=True, slots=True)
class Handlers:
    """The handlers that are configured, and where ("" if nowhere); `filtered` are those that count only some flows.

    `is_dynamic`: agents read them from a ConfigMap of their own; `failure` is why they cannot, `unread` why we cannot.
    `refused` are problems for which a handler, or all of Hubble, does not start; `needed_by_agent`: nor does the agent
    then.
    """

    where: str = ""
    names: frozenset[str] = frozenset()
    filtered: frozenset[str] = frozenset()
    is_dynamic: bool = False
    failure: str = ""
    unread: DashboardsError | None = None
    refused: tuple[HandlerProblem, ...] = ()
    needed_by_agent: bool = False


def read_handlers(
    kubectl: Kubectl, configuration: Mapping[str, str], workloads: Sequence[Json], release: Release
) -> Handlers:
    """The handlers of a cluster; a ConfigMap of dynamic metrics that may not be read is no failure of them."""
    listed = configuration.get("hubble-metrics", "").split()
    if PATH in configuration:
        agents = [item for item in workloads if item["kind"] == "DaemonSet" and item["metadata"]["name"] == "cilium"]
        name = _config_map(next(iter(agents), None))
        try:
            config_map = next(iter(kubectl.objects("configmap", name)), None)
        except DashboardsError as error:
            return Handlers(is_dynamic=True, unread=error)
        try:
            return _dynamic(name, config_map, listed, release)
        except DashboardsError as error:
            return Handlers(is_dynamic=True, failure=f"{error.what} {error.cause}")
    if not listed:
        return Handlers()
    return Handlers(
        "hubble-metrics of cilium-config",
        frozenset(map(_handler, listed)),
        refused=_problems({"enabled": listed}, release),
        needed_by_agent=release >= AGENT_NEEDS,
    )


def handler_checks(handlers: Handlers) -> Iterator[Check]:
    """Whether the ConfigMap of dynamic metrics can be read, if there is one, and which handlers are not configured.

    Handlers that are missing are undetermined: only boards know which they need.
    """
    if error := handlers.unread:
        observed = f"the ConfigMap of {DYNAMIC} may not be read: {error.cause}"
        yield Check(DYNAMIC, None, observed, error.suggestion, cause="missing-rights")
    if handlers.failure:
        subjects, cause = frozenset({"hubble"}), "missing-dynamic-metrics"
        yield Check(DYNAMIC, False, handlers.failure, FIX, cause=cause, subjects=subjects)
    if not handlers.where:
        return
    if handlers.is_dynamic:
        yield Check(DYNAMIC, True, f"{counted(len(handlers.names), 'handler')} in {handlers.where}")
    yield from _refused(handlers)
    for handler in sorted(handlers.filtered):
        observed = f"{handler} counts only flows that pass its filters in {handlers.where}"
        fix = f"remove includeFilters and excludeFilters of {handler} from {CONTENT}"
        yield Check("Hubble's handlers", None, observed, fix, cause="filtered-handler", subjects=frozenset({handler}))
    for handler in sorted(_handlers() - handlers.names):
        observed = f"{handlers.where} does not name {handler}"
        fix = f"add {handler} to {CONTENT if handlers.is_dynamic else 'hubble.metrics.enabled'}"
        yield Check(
            "Hubble's handlers", None, observed, fix, cause="unconfigured-handler", subjects=frozenset({handler})
        )


def _refused(handlers: Handlers) -> Iterator[Check]:
    for problem in handlers.refused:
        components = {"hubble", "cilium-agent"} if handlers.needed_by_agent else {"hubble"}
        subjects = frozenset(components) if problem.stops == EVERYTHING else problem.stops
        fix = f"set the Helm value that is named with helm upgrade: {handlers.where} is made of it"
        yield Check("Hubble's handlers", False, problem.text, fix, cause="refused-handler", subjects=subjects)


def _problems(metrics: Json, release: Release) -> tuple[HandlerProblem, ...]:
    """The problems of handlers, as of the values that make such a configuration."""
    problems = handler_problems({"hubble": {"metrics": metrics}}, release)
    return tuple(problem for problem in problems if problem.error and problem.stops)


def _dynamic(name: str, config_map: Json | None, static: Sequence[str], release: Release) -> Handlers:
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
    metrics = {"enabled": list(static), "dynamic": {"enabled": True, "config": {"content": listed}}}
    return Handlers(
        what,
        frozenset(str(entry["name"]) for entry in listed),
        filtered,
        is_dynamic=True,
        refused=_problems(metrics, release),
        needed_by_agent=bool(static) and release >= AGENT_NEEDS,
    )


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
    return frozenset(metric.handler for metric in of_handlers())
