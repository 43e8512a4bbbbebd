"""The way of a scrape: from the ServiceMonitor over the Service, its ports and policies to what pods count."""

from collections.abc import Iterator, Mapping

from dashboards_py.catalog import Component
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.checks.cilium import CiliumConfig
from dashboards_py.cluster.checks.endpoints import endpoint_checks, read_endpoints
from dashboards_py.cluster.checks.fixes import Fixes
from dashboards_py.cluster.checks.hubble import Handlers, handler_checks
from dashboards_py.cluster.checks.policies import policy_checks
from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.state import Prometheus, State
from dashboards_py.errors import DashboardsError


def path_checks(
    clients: Clients,
    state: State,
    namespace: str,
    monitor_namespaces_: Mapping[Component, str],
    prometheus: Prometheus | None,
    configuration: CiliumConfig,
    handlers: Handlers,
    fixes: Fixes,
    *,
    everything: bool = False,
) -> Iterator[Check]:
    """What is between ServiceMonitors and what pods count: Services, ports, policies, handlers.

    `namespace` is Cilium's. `everything` yields handlers that are not configured as well: boards know which they need.
    """
    try:
        if configuration.failure:
            raise configuration.failure
        endpoints = read_endpoints(clients.kubectl, configuration.data)
    except DashboardsError as error:
        observed = f"Services, EndpointSlices or cilium-config may not be read: {error.cause}"
        yield Check("endpoints", None, observed, error.suggestion, cause="missing-rights")
        return
    yield from endpoint_checks(state, monitor_namespaces_, endpoints, fixes)
    for check in handler_checks(handlers):
        if everything or check.ok is not None or check.cause == "missing-rights":
            yield check
    yield from policy_checks(clients.kubectl, state, monitor_namespaces_, prometheus, namespace, configuration.data)
