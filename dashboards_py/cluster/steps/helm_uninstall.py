"""Uninstalling a Helm release that `up` installed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.leftovers import custom_objects, listed
from dashboards_py.cluster.record import Record
from dashboards_py.cluster.record_store import update_record
from dashboards_py.cluster.steps.helm_operation import ensure_unmoved
from dashboards_py.cluster.steps.step import Step
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes.helm import HelmRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmUninstall(Step):
    """Uninstall a release that `up` installed, but not if the API group `unless_used` has objects.

    `chart_secrets` are the record's entries for what its hooks created: once it is gone, nothing else tells whose
    they are.
    """

    release: HelmRelease
    expected_values: Mapping[str, Any]
    timeout: str
    unless_used: str = ""
    chart_secrets: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The command."""
        return f"helm uninstall {self.release.name} -n {self.release.namespace}"

    def execute(self, clients: Clients) -> Sequence[str]:
        """Uninstall the release if it is as planned, and remove it from the record."""
        ensure_unmoved(self.release, self.expected_values, clients)
        if self.unless_used and (left := custom_objects(clients.kubectl)):
            return (f"kept: {listed(left)}",)
        if self.chart_secrets:
            update_record(clients.record_client, self._with_secrets)
        try:
            clients.helm.uninstall(self.release, timeout=self.timeout)
        except DashboardsError:
            if clients.helm.release(self.release.namespace, self.release.name) is not None:
                raise  # else another run has uninstalled it at the same time
        name = self.release.qualified_name
        update_record(
            clients.record_client,
            lambda record: record.without_created(f"release {name}").without_values(name),
        )
        return ()

    def _with_secrets(self, record: Record) -> Record:
        for entry, uid in self.chart_secrets.items():
            record = record.with_created(entry, uid)
        return record
