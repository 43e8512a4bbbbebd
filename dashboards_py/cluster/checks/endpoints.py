"""Do ServiceMonitors find Services, and Services pods that listen on the port?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from dashboards_py.catalog import Component
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.checks.fixes import Fixes
from dashboards_py.cluster.state import State
from dashboards_py.kubernetes import Json, Kubectl
from dashboards_py.kubernetes.selectors import selects

# The key of cilium-config with the address at which a component serves its metrics (pkg/metrics/cell.go,
# operator/option/config.go, pkg/hubble/metrics/cell.go of cilium/cilium).
LISTENERS = {
    "cilium-agent": "prometheus-serve-addr",
    "cilium-operator": "operator-prometheus-serve-addr",
    "hubble": "hubble-metrics-server",
}
ENABLED_BY = {
    "cilium-agent": "prometheus.enabled",
    "cilium-operator": "operator.prometheus.enabled",
    "hubble": "hubble.metrics.enabled",
}
SERVICE_NAME = "kubernetes.io/service-name"  # the label of an EndpointSlice with the name of its Service


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The Services and EndpointSlices of a cluster, and the content of cilium-config."""

    services: Sequence[Json]
    slices: Sequence[Json]
    configuration: Mapping[str, str]


def read_endpoints(kubectl: Kubectl, configuration: Mapping[str, str]) -> Endpoints:
    """Read them in all namespaces: a ServiceMonitor may select any."""
    listed = kubectl.objects("services,endpointslices.discovery.k8s.io", "--all-namespaces")
    by_kind = {kind: [item for item in listed if item["kind"] == kind] for kind in ("Service", "EndpointSlice")}
    return Endpoints(by_kind["Service"], by_kind["EndpointSlice"], configuration)


def endpoint_checks(
    state: State, namespaces: Mapping[Component, str], endpoints: Endpoints, fixes: Fixes
) -> Iterator[Check]:
    """One check for each component whose ServiceMonitor exists."""
    for component, namespace in namespaces.items():
        if monitor := state.monitor(namespace, component.service_monitor):
            yield _check(component, cast(Json, monitor), endpoints, fixes)


def _check(component: Component, monitor: Json, endpoints: Endpoints, fixes: Fixes) -> Check:
    name, subjects = f"endpoints of {component.service_monitor}", frozenset({component.name})
    spec: Json = monitor.get("spec") or {}
    selected = [service for service in endpoints.services if _is_selected(service, spec, monitor)]
    if not selected:
        labels = ", ".join(f"{key}={value}" for key, value in _labels(spec).items()) or "the labels of its selector"
        names = (spec.get("namespaceSelector") or {}).get("matchNames")
        inside = f" in {', '.join(names)}" if names else ""
        observed = f"no Service{inside} has {labels}, which ServiceMonitor {component.service_monitor} selects"
        return Check(name, False, observed, fixes.objects, cause="missing-service", subjects=subjects)
    if off := _listener_off(component, endpoints.configuration):
        return Check(name, False, off, fixes.values, cause="metrics-off", subjects=subjects)
    for endpoint in _endpoints_of(component, spec):
        # Of several Services one is enough: the chart's ServiceMonitor of Relay selects that of its gRPC as well.
        faults = [_fault(component, endpoint, service, endpoints) for service in selected]
        if all(faults):
            cause, observed = min(filter(None, faults), key=lambda fault: fault[0] == "wrong-port")
            where = f"-n {selected[0]['metadata']['namespace']}"
            fix = (f"kubectl get endpointslices {where}; ", fixes.objects, " restores what was edited")
            return Check(name, False, observed, fix, cause=cause, subjects=subjects)
    count = sum(_ready(_slices_of(service, endpoints)) for service in selected)
    return Check(name, True, f"{count} behind Service {selected[0]['metadata']['name']}")


def _is_selected(service: Json, spec: Json, monitor: Json) -> bool:
    """Whether the ServiceMonitor selects the Service; without namespaceSelector it selects in its own namespace."""
    inside: Json = spec.get("namespaceSelector") or {}
    names = inside.get("matchNames") or [monitor["metadata"]["namespace"]]
    is_inside = inside.get("any") or service["metadata"]["namespace"] in names
    return bool(is_inside) and selects(spec.get("selector"), service["metadata"].get("labels") or {})


def _endpoints_of(component: Component, spec: Json) -> Sequence[Json]:
    """The component's endpoints; all of a ServiceMonitor that names other ports.

    In Cilium 1.16 the agent's names the port of Envoy as well, which its Service has only if Envoy runs in the agent.
    """
    endpoints: Sequence[Json] = spec.get("endpoints") or ()
    return [endpoint for endpoint in endpoints if _is_of(component, str(endpoint.get("port", "")))] or endpoints


def _labels(spec: Json) -> Mapping[str, str]:
    return (spec.get("selector") or {}).get("matchLabels") or {}


def _listener_off(component: Component, configuration: Mapping[str, str]) -> str:
    """A sentence if the component is not configured to serve metrics, else ""."""
    key = LISTENERS.get(component.name)
    if not configuration or key is None or configuration.get(key):
        return ""
    return f"cilium-config has no {key}: {component.name} serves no metrics ({ENABLED_BY[component.name]})"


def _fault(component: Component, endpoint: Json, service: Json, endpoints: Endpoints) -> tuple[str, str] | None:
    """A cause and what is wrong between an endpoint of the ServiceMonitor and the pods."""
    name = service["metadata"]["name"]
    ports = {str(port.get("name", "")): port for port in service["spec"].get("ports") or ()}
    if (wanted := endpoint.get("port")) and wanted not in ports:
        has = ", ".join(filter(None, ports)) or "none with a name"
        return "wrong-port", f"Service {name} has no port {wanted}, which the ServiceMonitor names (it has: {has})"
    slices = _slices_of(service, endpoints)
    if not _ready(slices):
        selector = ", ".join(f"{key}={value}" for key, value in (service["spec"].get("selector") or {}).items())
        return (
            "missing-endpoints",
            f"Service {name} has no ready endpoint; it selects pods with {selector or 'nothing'}",
        )
    numbers = {port.get("port") for item in slices for port in item.get("ports") or () if port.get("name") == wanted}
    if wanted and not numbers - {None}:
        target = ports[wanted].get("targetPort", wanted)
        return "wrong-port", f"port {wanted} of Service {name} goes to port {target}, which no pod has"
    listening = _listening(component, endpoints.configuration)
    if wanted and listening and numbers and listening not in numbers and _is_of(component, wanted):
        sent = ", ".join(map(str, sorted(number for number in numbers if number)))
        key = LISTENERS[component.name]
        return "wrong-port", f"Service {name} sends to port {sent}, and pods listen on {listening} ({key})"
    return None


def _is_of(component: Component, port: str) -> bool:
    """Whether the port of a ServiceMonitor is that of the component; that of the agent may scrape Envoy as well."""
    return component.port_name == port


def _listening(component: Component, configuration: Mapping[str, str]) -> int | None:
    _, separator, port = configuration.get(LISTENERS.get(component.name, ""), "").rpartition(":")
    return int(port) if separator and port.isdecimal() else None


def _slices_of(service: Json, endpoints: Endpoints) -> list[Json]:
    metadata = service["metadata"]
    return [
        item
        for item in endpoints.slices
        if item["metadata"]["namespace"] == metadata["namespace"]
        and (item["metadata"].get("labels") or {}).get(SERVICE_NAME) == metadata["name"]
    ]


def _ready(slices: Sequence[Json]) -> int:
    """The addresses that are ready; `ready` absent means that it is (discovery/v1 types.go)."""
    listed: list[Any] = [endpoint for item in slices for endpoint in item.get("endpoints") or ()]
    return sum(
        len(endpoint.get("addresses") or ())
        for endpoint in listed
        if (endpoint.get("conditions") or {}).get("ready") is not False
    )
