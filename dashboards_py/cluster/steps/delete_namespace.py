"""Deleting a namespace that `up` created."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.leftovers import foreign, listed
from dashboards_py.cluster.record import Record
from dashboards_py.cluster.record_store import update_record
from dashboards_py.cluster.steps.objects import REPLAN
from dashboards_py.cluster.steps.step import Step
from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes import Json, Moved

COLLECTION_SECONDS = 60  # for Kubernetes to collect what the uninstalled releases left behind


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteNamespace(Step):
    """Delete a namespace that `up` created, unless it holds something that someone else created.

    `chart_secrets` are uids of Secrets that jobs of our charts created there, of which Helm does not know.
    """

    name: str
    uid: str
    chart_secrets: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The command."""
        return f"kubectl delete namespace {self.name}"

    def execute(self, clients: Clients) -> Sequence[str]:
        """Wait for what Kubernetes is still collecting, then delete the namespace if it is empty.

        The API has no precondition on the contents of a namespace: listing them right before is the best there is.
        """
        deadline = time.monotonic() + COLLECTION_SECONDS
        while True:
            namespace = next(iter(clients.kubectl.objects("namespace", self.name)), None)
            if namespace is None or namespace["metadata"]["uid"] != self.uid or _terminating(namespace):
                self._forget(clients)
                recreated = namespace is not None and not _terminating(namespace)
                return ("kept: someone else created it anew",) if recreated else ()
            left = foreign(clients.at(self.name).contents(), self.chart_secrets)
            kept = [body for body in left if not body["metadata"].get("ownerReferences")]
            if kept or (left and time.monotonic() > deadline):
                return (f"kept: {listed(kept or left)}",)
            if not left:
                break
            time.sleep(1)
        try:
            clients.kubectl.delete_as_read("namespaces", namespace)
        except Moved as error:
            cause = "was changed at the same moment"
            raise ProblemsFound(f"namespace {self.name}", cause=cause, fix=REPLAN) from error
        self._forget(clients)
        return ()

    def _forget(self, clients: Clients) -> None:
        def forget(record: Record) -> Record:
            for entry in record.created:
                if entry == f"namespace {self.name}" or entry.startswith(f"secret {self.name}/"):
                    record = record.without_created(entry)
            return record

        update_record(clients.record_client, forget)


def _terminating(namespace: Json) -> bool:
    return bool(namespace.get("status", {}).get("phase") == "Terminating")
