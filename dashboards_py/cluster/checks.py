"""Is all in place? One line a thing, each with what mends it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dashboards_py.board import read
from dashboards_py.catalog import Component, Release, components, entries, names
from dashboards_py.cluster.choice import Choice
from dashboards_py.cluster.refuse import cilium_release, prometheus_of, refuse_half_way
from dashboards_py.cluster.restart import stale
from dashboards_py.cluster.selectors import asked, selects
from dashboards_py.cluster.state import GROUP, Prometheus, State, Tools
from dashboards_py.compile import Compiled, compile_boards
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import HelmRelease, Json
from dashboards_py.prometheus import Ask, data
from dashboards_py.provisioning import tree
from dashboards_py.targets import configmaps
from dashboards_py.targets.plan import Action, Payload, summary
from dashboards_py.values import FIVE, check, given, is_monitoring, monitor_namespace

UP = "setup.sh up"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing: whether it is right (None: cannot be told), what was seen, and what mends it."""

    name: str
    ok: bool | None
    said: str
    fix: str = ""


def checks(use: Tools, state: State, choice: Choice, ask: Ask | None) -> Iterator[Check]:
    """Everything the boards wait for, in the order in which it matters.

    `ask` asks a Prometheus at an address; without it that of the cluster is asked through the API server.
    """
    helm = state.cilium
    if helm is None:
        where = f"DaemonSet {state.cilium_daemonset}" if state.cilium_daemonset else "nothing"
        yield Check("Cilium", False, f"no Helm release of it ({where} is there)", f"{UP} says what to do")
        return
    release = cilium_release(helm.version, helm.place)
    yield _helm_release(helm)
    yield from _crds(state)
    prometheus = None
    try:
        prometheus = prometheus_of(state, choice)
    except DashboardsError as error:
        yield Check("Prometheus", False, error.cause, error.fix)
    if prometheus:
        fix = f"give {prometheus.place} a serviceMonitorSelector: {{}} selects all"
        yield Check(
            "Prometheus", prometheus.selector is not None, f"{prometheus.place} selects {_shown(prometheus)}", fix
        )
    elif choice.stack:
        yield Check("Prometheus", False, f"no Prometheus of {choice.place}", UP)
    values = state.values.get(helm.place, {})
    places = {
        component: monitor_namespace(values, component, helm.namespace)
        for component in map(components().__getitem__, FIVE)
        if _monitored_apart(component, values, choice, release)
    }
    for component, namespace in places.items():
        yield _monitor(state, component, prometheus, namespace, values)
    yield _values(state, helm, release)
    yield from _running(use, helm)
    yield from _seen(places, release, helm, prometheus, ask or (_through(use, prometheus) if prometheus else None))
    yield from _boards(use, state, choice, release)


def _helm_release(helm: HelmRelease) -> Check:
    try:
        refuse_half_way(helm)
    except DashboardsError as error:
        return Check("Cilium", False, f"{helm.version} as {helm.place} {error.cause}", error.fix)
    return Check("Cilium", helm.status == "deployed", f"{helm.version} as {helm.place}, {helm.status}", UP)


def _monitored_apart(component: Component, values: Mapping[str, Any], choice: Choice, release: Release) -> bool:
    """Whether the component has a ServiceMonitor of its own: an Envoy inside the agents of 1.16 shares theirs."""
    shared = release < (1, 17) and given(values, "envoy.enabled") is False
    return component.name != "cilium-envoy" or not (choice.embedded_envoy or shared)


def _crds(state: State) -> Iterator[Check]:
    missing = sorted({f"servicemonitors.{GROUP}", f"prometheuses.{GROUP}"} - state.crds)
    said = f"missing: {', '.join(missing)}" if missing else f"{len(state.crds)} kinds of {GROUP}"
    yield Check("CRDs", not missing, said, UP)


def _shown(prometheus: Prometheus) -> str:
    if prometheus.selector is None:
        return "no ServiceMonitor at all"
    labels = asked(prometheus.selector)
    return ", ".join(f"{key}={value}" for key, value in labels.items()) or "every ServiceMonitor"


def _monitor(
    state: State,
    component: Component,
    prometheus: Prometheus | None,
    namespace: str,
    values: Mapping[str, Any],
) -> Check:
    name = f"ServiceMonitor {component.service_monitor}"
    place = (namespace, component.service_monitor)
    live = [each for each in state.monitors if (each["metadata"]["namespace"], each["metadata"]["name"]) == place]
    if not live:
        off = [each.key for each in component.enabled_by if given(values, each.key) is False]
        kept = next((key for key in off if not is_monitoring(key)), "")
        fix = f"{kept} is false, and {UP} keeps that: set it to true with helm upgrade" if kept else UP
        return Check(name, False, f"is not in {namespace}", fix)
    labels = live[0]["metadata"].get("labels") or {}
    if prometheus is None:
        return Check(name, None, "there, but no Prometheus to select it")
    if not selects(prometheus.selector, labels):
        has = ", ".join(f"{key}={labels.get(key, '(none)')}" for key in asked(prometheus.selector))
        return Check(
            name, False, f"{has}, but {prometheus.place} selects {_shown(prometheus)}", f"{UP} labels it to fit"
        )
    of = (state.namespaces.get(namespace) or {"metadata": {}})["metadata"].get("labels") or {}
    inside = prometheus.namespaces is None and prometheus.namespace == namespace
    if not inside and not selects(prometheus.namespaces, of):
        fix = f"its serviceMonitorNamespaceSelector must take the namespace {namespace}: {{}} takes all"
        return Check(name, False, f"{prometheus.place} does not look into {namespace}", fix)
    return Check(name, True, f"selected by {prometheus.place}, port {component.port}")


def _values(state: State, helm: HelmRelease, release: Release) -> Check:
    if helm.place not in state.values:
        return Check("Helm values", None, f"not read while the release is {helm.status}", "see Cilium above")
    boards = [read(board.json) for board in compile_boards(release)]
    found = check(boards, state.values[helm.place], release, labels={})  # those have a check of their own
    lacking = [each for each in found if each.lack != "feature off"]
    total = sum(len(board.panels) for board in boards)
    if not lacking:
        off = f", {len(found)} wait for features that are off" if found else ""
        return Check("Helm values", True, f"{total - len(found)} of {total} panels have what they need{off}")
    named = f"helm get values {helm.name} -n {helm.namespace} -o yaml > mine.yaml"
    fix = f"{UP}; which: {named}; cilium-dashboards values --check mine.yaml --cilium {release}"
    return Check("Helm values", False, f"{len(lacking)} of {total} panels lack something: {lacking[0].why[0]}", fix)


def _running(use: Tools, helm: HelmRelease) -> Iterator[Check]:
    old = stale(use, helm.namespace)
    for each in old:
        said = f"{each.pods} pods of {each.kind} {each.name} are older than {each.config_map}"
        yield Check("configuration", False, said, f"{UP} --restart")
    if not old:
        yield Check("configuration", True, "every pod of Cilium is younger than what it reads when it starts")


def _through(use: Tools, prometheus: Prometheus) -> Ask:
    """Ask the Prometheus in the cluster: its first pod, through the API server."""
    pod = f"prometheus-{prometheus.name}-0:9090"
    base = f"/api/v1/namespaces/{prometheus.namespace}/pods/{pod}/proxy{prometheus.prefix}/api/v1"

    def ask(path: str, params: Mapping[str, str]) -> Any:
        said = use.kubectl.run("get", "--raw", f"{base}/{path}?{urlencode(params)}", seconds=30)
        try:
            return data(json.loads(said))
        except json.JSONDecodeError:
            raise DashboardsError("Prometheus", cause="gives no JSON through the API server") from None

    return ask


def _seen(
    places: Mapping[Component, str],
    release: Release,
    helm: HelmRelease,
    prometheus: Prometheus | None,
    ask: Ask | None,
) -> Iterator[Check]:
    """Targets that are up, and a metric of each component."""
    try:
        if ask is None:
            raise DashboardsError("Prometheus", cause="there is none to ask")
        targets = ask("targets", {"state": "active"})["activeTargets"]
        seen = frozenset(ask("label/__name__/values", {}))
    except DashboardsError as error:
        where = f"-n {prometheus.namespace} pod/prometheus-{prometheus.name}-0" if prometheus else "..."
        fix = f"kubectl port-forward {where} 9090 & then: setup.sh verify --prometheus-url http://127.0.0.1:9090"
        yield Check("targets", None, f"Prometheus cannot be asked: {error.cause}", fix)
        return
    for component, namespace in places.items():
        yield _targets(component, targets, helm, namespace)
        yield _metric(component, release, seen)


def _targets(component: Component, targets: list[Json], helm: HelmRelease, namespace: str) -> Check:
    name = f"targets of {component.service_monitor}"
    pool = f"serviceMonitor/{namespace}/{component.service_monitor}/"
    mine = [each for each in targets if each["scrapePool"].startswith(pool)]
    down = [each for each in mine if each["health"] != "up"]
    if not mine:
        fix = f"kubectl get endpoints -n {helm.namespace}: pods behind the Service? A minute after {UP} they are there"
        return Check(name, False, "Prometheus has none", fix)
    if down:
        said = f"{len(down)} of {len(mine)} are not up: {down[0]['scrapeUrl']} {down[0].get('lastError', '')}"
        fix = f"does the pod listen on {component.port}? Is a firewall or a NetworkPolicy between?"
        return Check(name, False, said.strip(), fix)
    return Check(name, True, f"{len(mine)} of {len(mine)} up")


def _metric(component: Component, release: Release, seen: frozenset[str]) -> Check:
    own = {
        series
        for name in names()
        if {metric.component for metric in entries(name)} == {component.name}
        for metric in entries(name)
        if metric.exists_on(release)
        for series in metric.series_on(release)
    }
    found = sorted(own & seen)
    said = f"{len(found)} metrics that only it has, such as {found[0]}" if found else "Prometheus has none of its own"
    return Check(f"metrics of {component.name}", bool(found), said, "a minute after its targets are up they are there")


def _boards(use: Tools, state: State, choice: Choice, release: Release) -> Iterator[Check]:
    if choice.namespace not in state.namespaces:
        yield Check("ConfigMaps", False, f"there is no namespace {choice.namespace}", UP)
        return
    boards: tuple[Compiled, ...] = compile_boards(release)
    where = f"namespace {choice.namespace} of context {use.context}"
    plan = configmaps.compare(Payload(tree(release, boards)), use.at(choice.namespace), where, overwrite=False)
    facts = ", ".join(f"{count} {action}" for action, count in summary(plan.changes).items())
    done = all(change.action == Action.UNCHANGED for change in plan.changes if change.action != Action.LEFT)
    yield Check("ConfigMaps", done, f"{facts} in {choice.namespace}, for Cilium {release}", UP)
    yield _sidecar(use, choice)


def _sidecar(use: Tools, choice: Choice) -> Check:
    """A Grafana whose sidecar looks for our label where our ConfigMaps are."""
    pods = use.kubectl.objects("deployments,statefulsets", "--all-namespaces")
    found = [
        {env["name"]: env.get("value", "") for env in container.get("env") or ()}
        | {"in": each["metadata"]["namespace"]}
        for each in pods
        for container in each["spec"]["template"]["spec"]["containers"]
    ]
    mine = [env for env in found if env.get("LABEL") == "grafana_dashboard"]
    for env in mine:
        spaces = env.get("NAMESPACE") or env["in"]
        if spaces != "ALL" and choice.namespace not in spaces.split(","):
            continue
        folders = env.get("FOLDER_ANNOTATION") == "grafana_folder"
        fix = "grafana.sidecar.dashboards.folderAnnotation: grafana_folder, or all boards stand in one folder"
        said = f"Grafana's, in {env['in']}, watches {spaces}" + ("" if folders else ", but knows no folders")
        return Check("sidecar", folders, said, fix)
    said = f"none looks for ConfigMaps labelled grafana_dashboard in {choice.namespace}"
    return Check("sidecar", False, said, "grafana.sidecar.dashboards.searchNamespace: ALL")
