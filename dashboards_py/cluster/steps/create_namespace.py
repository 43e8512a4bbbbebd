"""Creating a namespace."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.leftovers import CREATED_BY
from dashboards_py.cluster.record_store import update_record
from dashboards_py.cluster.steps.objects import REPLAN
from dashboards_py.cluster.steps.step import Step
from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes import Moved


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateNamespace(Step):
    """Create a namespace that does not exist."""

    name: str

    @property
    def title(self) -> str:
        """The command."""
        return f"kubectl create namespace {self.name}"

    def execute(self, clients: Clients) -> Sequence[str]:
        """Create the namespace with an annotation that says who created it."""
        metadata = {"name": self.name, "annotations": dict([CREATED_BY])}
        try:
            clients.kubectl.create({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
        except Moved as error:
            cause = "was created by someone else since"
            raise ProblemsFound(f"namespace {self.name}", cause=cause, fix=REPLAN) from error
        (body,) = clients.kubectl.objects("namespace", self.name)
        uid = str(body["metadata"]["uid"])
        update_record(clients.record_client, lambda record: record.with_created(f"namespace {self.name}", uid))
        return ()
