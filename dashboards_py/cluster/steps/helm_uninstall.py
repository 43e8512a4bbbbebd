"""Uninstalling a Helm release that `up` installed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.leftovers import custom_objects, listed
from dashboards_py.cluster.record_store import update_record
from dashboards_py.cluster.steps.helm_operation import ensure_unmoved
from dashboards_py.cluster.steps.step import Step
from dashboards_py.kubernetes import HelmRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmUninstall(Step):
    """Uninstall a release that `up` installed, but not if the API group `unless_used` has objects."""

    release: HelmRelease
    expected_values: Mapping[str, Any]
    timeout: str
    unless_used: str = ""

    @property
    def title(self) -> str:
        """The command."""
        return f"helm uninstall {self.release.name} -n {self.release.namespace}"

    def execute(self, clients: Clients) -> Sequence[str]:
        """Uninstall the release if it is as planned, and remove it from the record."""
        ensure_unmoved(self.release, self.expected_values, clients)
        if self.unless_used and (left := custom_objects(clients.kubectl)):
            return (f"kept: {listed(left)}",)
        clients.helm.uninstall(self.release, timeout=self.timeout)
        name = self.release.qualified_name
        update_record(
            clients.record_client,
            lambda record: record.without_created(f"release {name}").without_values(name),
        )
        return ()
