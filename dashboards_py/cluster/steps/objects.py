"""Objects as they were when a step was planned, and deleting them only if they have not changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards_py.cluster.clients import Clients
from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes import Moved

REPLAN = "run the same command again: it makes a new plan from the current state"


@dataclass(frozen=True, slots=True, order=True)
class ObjectId:
    """Identity and version of an object: a delete with these preconditions spares a recreated or changed object."""

    name: str
    uid: str
    version: str

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "ObjectId":
        """The identity and version of an object that was read."""
        metadata = body["metadata"]
        return cls(metadata["name"], metadata["uid"], metadata["resourceVersion"])


def delete_objects(
    plural: str, objects: Sequence[ObjectId], namespace: str, clients: Clients, *, any_version: bool = False
) -> list[str]:
    """Delete each object; returns the names of those that someone changed or replaced, which are kept."""
    kubectl = clients.at(namespace)
    live = {body["metadata"]["name"]: body for body in kubectl.objects(plural, *(item.name for item in objects))}
    moved = []
    for item in objects:
        body = live.get(item.name)
        if body is None:
            continue
        current = ObjectId.of(body)
        if current.uid != item.uid or (current.version != item.version and not any_version):
            moved.append(item.name)
            continue
        try:
            kubectl.delete_as_read(plural, body)
        except Moved:
            moved.append(item.name)
    return moved


def refuse_moved(kind: str, namespace: str, names: Sequence[str]) -> None:
    """Raise ProblemsFound for objects that were not deleted because someone changed them."""
    if names:
        cause = "changed after the deletion was planned, and is kept"
        raise ProblemsFound(f"{kind} {namespace}/{', '.join(names)}", cause=cause, fix=REPLAN)
