"""Deleting the ConfigMaps of the boards."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.record_store import update_record
from dashboards_py.cluster.steps.objects import ObjectId, delete_objects, refuse_moved
from dashboards_py.cluster.steps.step import Step
from dashboards_py.kubernetes.ownership import is_ours


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteConfigMaps(Step):
    """Delete ConfigMaps of the boards."""

    namespace: str
    config_maps: tuple[ObjectId, ...]

    @property
    def title(self) -> str:
        """How many are deleted, and where."""
        return f"remove {len(self.config_maps)} ConfigMaps of the boards from {self.namespace}"

    def execute(self, clients: Clients) -> Sequence[str]:
        """Delete those that nobody has changed since."""
        kubectl = clients.at(self.namespace)
        moved = delete_objects("configmaps", self.config_maps, self.namespace, clients)
        if not any(is_ours(body) for body in kubectl.config_maps()):
            update_record(clients.record_client, lambda record: record.without_created(f"boards {self.namespace}"))
        refuse_moved("ConfigMap", self.namespace, moved)
        return ()
