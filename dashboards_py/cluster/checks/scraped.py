"""Does Prometheus scrape every pod, and does it have recent metrics of each component?"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from dashboards_py.catalog import Component, Release, entries, names
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.checks.rendered import WORKLOADS_OF, replicas
from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.state import Prometheus
from dashboards_py.doctor.scrape_errors import cause_of, fix_of
from dashboards_py.documents.json import load_json
from dashboards_py.documents.limits import ANSWERS
from dashboards_py.errors import DashboardsError, Fix, Remedy
from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.helm import HelmRelease
from dashboards_py.plural import counted, counted_of
from dashboards_py.prometheus import data
from dashboards_py.prometheus.answers import rows_of
from dashboards_py.remedies import VERIFY_PROMETHEUS
from dashboards_py.shapes import Ask
from dashboards_py.web.address import without_secrets

MINUTES = 5
LONGEST = 120_000  # characters of an address: Linux takes 128 KiB as one argument (MAX_ARG_STRLEN)
TOO_LONG = 414  # the status with which servers refuse an address
NAMES = 40  # metrics in one query: it goes into an address, and proxies refuse long ones


def prometheus_through_api_server(clients: Clients, prometheus: Prometheus) -> Ask:
    """Query the Prometheus in the cluster: its first pod, through the API server.

    As part of an address, which the API server takes up to 1 MB of (MaxHeaderBytes of Go's net/http): kubectl sends no
    form, and to POST to a pod one must be allowed to create pods/proxy.
    """
    pod = f"prometheus-{prometheus.name}-0:9090"
    base = f"/api/v1/namespaces/{prometheus.namespace}/pods/{pod}/proxy{prometheus.prefix}/api/v1"

    def ask(path: str, params: Mapping[str, str]) -> Any:
        address = f"{base}/{path}?{urlencode(params)}"
        if len(address) > LONGEST:
            cause, fix = "the query is too long for kubectl", "give the address of the Prometheus itself"
            raise DashboardsError("Prometheus, through the API server", cause=cause, fix=fix, status=TOO_LONG)
        try:
            stdout = clients.kubectl.run("get", "--raw", address, seconds=30)
        except DashboardsError as error:
            fix = (
                f"is pod prometheus-{prometheus.name}-0 in {prometheus.namespace} running, and may you get pods/proxy?"
            )
            raise type(error)("Prometheus, through the API server", cause=error.cause, fix=fix) from error
        return data(path, load_json(stdout, "Prometheus, through the API server", ANSWERS).value)

    return ask


def scrape_checks(
    namespaces: Mapping[Component, str],
    release: Release,
    helm: HelmRelease,
    workloads: Sequence[Json],
    ask: Ask | None,
    prometheus: Prometheus | None,
) -> Iterator[Check]:
    """Whether each ready pod is a target, and whether each component has recent metrics."""
    try:
        if ask is None:
            raise DashboardsError("Prometheus", cause="none was found")
        targets = ask("targets", {"state": "active"})["activeTargets"]
        present = {component: _present(ask, component, release) for component in namespaces}
    except DashboardsError as error:
        yield Check(
            "targets",
            None,
            f"Prometheus cannot be queried: {error.cause}",
            _address_fix(prometheus),
            cause="unreachable",
        )
        return
    for component, namespace in namespaces.items():
        ready = _ready(component, helm, workloads)
        yield from _targets_checks(component, _targets_of(component, namespace, targets), helm, ready)
        yield _metrics_check(component, present[component])


def _address_fix(prometheus: Prometheus | None) -> Fix:
    """How to give `verify` an address at which Prometheus can be queried."""
    if prometheus is None:
        verify = Remedy(VERIFY_PROMETHEUS, {"url": "URL"})
        return "give the address of the Prometheus that scrapes Cilium: ", verify
    forward = f"kubectl port-forward -n {prometheus.namespace} pod/prometheus-{prometheus.name}-0 9090 & then: "
    return forward, Remedy(VERIFY_PROMETHEUS, {"url": "http://127.0.0.1:9090"})


def _targets_of(component: Component, namespace: str, targets: Sequence[Json]) -> list[Json]:
    """The targets of a component: by ServiceMonitor or, without an operator, by port; each address once."""
    pool = f"serviceMonitor/{namespace}/{component.service_monitor}/"
    own = [target for target in targets if str(target.get("scrapePool", "")).startswith(pool)]
    if not own:
        foreign = [target for target in targets if not str(target.get("scrapePool", "")).startswith("serviceMonitor/")]
        own = [target for target in foreign if f":{component.port}/" in f"{target.get('scrapeUrl', '')}/"]
    return list({str(target.get("scrapeUrl", "")): target for target in own}.values())


def _ready(component: Component, helm: HelmRelease, workloads: Sequence[Json]) -> int | None:
    """How many pods of the component are ready; None if its workload is not found."""
    kind, name = WORKLOADS_OF[component.name]
    for item in workloads:
        if (item["kind"], item["metadata"]["namespace"], item["metadata"]["name"]) == (kind, helm.namespace, name):
            return replicas(item)[1]
    return None


def _targets_checks(
    component: Component, targets: Sequence[Json], helm: HelmRelease, ready: int | None
) -> Iterator[Check]:
    """Whether there are targets, a check for each cause for which some are down, and whether each pod has one."""
    name, subjects = f"targets of {component.service_monitor}", frozenset({component.name})
    slices = f"kubectl get endpointslices -n {helm.namespace}"
    if not targets:
        fix = f"{slices}: check that pods are behind the Service; targets appear a minute after metrics are enabled"
        yield Check(name, False, "Prometheus has none", fix, cause="missing-target", subjects=subjects)
        return
    down: dict[str, list[Json]] = {}
    for target in targets:
        if target["health"] != "up":
            down.setdefault(cause_of(_error(target)), []).append(target)
    for cause, some in down.items():
        number = counted_of(len(some), len(targets), "target", "is", "are")
        observed = f"{number} not up: {without_secrets(str(some[0]['scrapeUrl']))} {_error(some[0])}"
        fix = fix_of(cause, map(_error, some), component.port)
        yield Check(name, False, observed.strip(), fix, cause=cause, subjects=subjects)
    if down:
        return
    if ready is not None and len(targets) < ready:
        observed = f"{len(targets)} up, but {counted(ready, 'pod is', 'pods are')} ready"
        fix = f"{slices}: check that all pods are behind the Service, and that Prometheus sees all of them"
        yield Check(name, False, observed, fix, cause="missing-target", subjects=subjects)
        return
    yield Check(name, True, f"{len(targets)} up" + (f", of {counted(ready, 'pod')}" if ready is not None else ""))


def _error(target: Json) -> str:
    return without_secrets(str(target.get("lastError") or ""))


def _present(ask: Ask, component: Component, release: Release) -> list[str]:
    """The metrics that only the component has and that have a sample of the last minutes.

    Prometheus lists the names of its full retention: only a query tells which are recent, and only one with a window of
    its own whatever --query.lookback-delta is.
    """
    own = sorted(
        series
        for name in names()
        if {metric.component for metric in entries(name)} == {component.name}
        for metric in entries(name)
        if metric.exists_on(release)
        for series in metric.series_on(release)
    )
    present: set[str] = set()
    for start in range(0, len(own), NAMES):
        selector = f'{{__name__=~"{"|".join(own[start : start + NAMES])}"}}'
        query = f"group by (__name__) (last_over_time({selector}[{MINUTES}m]))"
        present |= {labels.get("__name__", "") for labels, _ in rows_of(ask("query", {"query": query}))}
    return sorted(present)


def _metrics_check(component: Component, present: Sequence[str]) -> Check:
    name = f"metrics of {component.name}"
    if present:
        observed = (
            f"{counted(len(present), 'metric')} that only it has, such as {present[0]}, in the last {MINUTES} minutes"
        )
        return Check(name, True, observed)
    observed = f"Prometheus has none of its own in the last {MINUTES} minutes"
    fix = "they appear a minute after its targets are up; Hubble's with the first flow"
    return Check(name, False, observed, fix, cause="missing-target", subjects=frozenset({component.name}))
