"""Rendering a chart with values for this cluster, and where the chart comes from."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.provenance import LOOKED_UP_PLACEHOLDER
from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.helm import HelmRelease

# API versions that charts check for, in addition to prometheus-operator's, by the name of the CRD that provides them.
OTHER_API_VERSIONS = {
    "gatewayclasses.gateway.networking.k8s.io": "gateway.networking.k8s.io/v1/GatewayClass",
    "verticalpodautoscalers.autoscaling.k8s.io": "autoscaling.k8s.io/v1",
}


class Charts(Protocol):
    """Rendering of charts: all that a plan needs of Helm."""

    def render(self, release: HelmRelease, values: Mapping[str, Any], kubernetes: str) -> Sequence[Json]:
        """The objects of the release's chart and version with the values, on a version of Kubernetes."""

    def source(self, release: HelmRelease) -> str:
        """Where that chart comes from."""


class HelmCharts:
    """Charts as `helm template` renders them."""

    def __init__(self, clients: Clients, crd_names: frozenset[str]) -> None:
        self._helm = clients.helm
        self._api_versions = [version for crd_name, version in OTHER_API_VERSIONS.items() if crd_name in crd_names]

    def render(self, release: HelmRelease, values: Mapping[str, Any], kubernetes: str) -> Sequence[Json]:
        """The objects; a constant placeholder stands for what the chart would look up in the cluster."""
        if values.get("k8sServiceHost") == "auto":
            values = {**values, "k8sServiceHost": LOOKED_UP_PLACEHOLDER, "k8sServicePort": LOOKED_UP_PLACEHOLDER}
        return self._helm.rendered(
            release.chart,
            release.version,
            release.name,
            release.namespace,
            values,
            kubernetes,
            self._api_versions,
        )

    def source(self, release: HelmRelease) -> str:
        """A repository's address, or a file."""
        return self._helm.source(release.chart, release.version)
