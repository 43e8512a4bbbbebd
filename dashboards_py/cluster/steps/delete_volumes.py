"""Deleting the volumes of the stack."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.steps.objects import ObjectId, delete_objects, refuse_moved
from dashboards_py.cluster.steps.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteVolumes(Step):
    """Delete the volumes that prometheus-operator claimed for the stack."""

    namespace: str
    claims: tuple[ObjectId, ...]

    @property
    def title(self) -> str:
        """The command."""
        names = " ".join(claim.name for claim in self.claims)
        return f"kubectl delete persistentvolumeclaim -n {self.namespace} {names}"

    def execute(self, clients: Clients) -> Sequence[str]:
        """Delete the claims; one of the same name that was created since is kept."""
        moved = delete_objects("persistentvolumeclaims", self.claims, self.namespace, clients, any_version=True)
        refuse_moved("PersistentVolumeClaim", self.namespace, moved)
        return ()
