"""Whose an object is: by our label, and by the managers that last set its fields."""

from collections.abc import Iterable

from dashboards_py.kubernetes.kubectl import MANAGER
from dashboards_py.kubernetes.shapes import LiveConfigMap
from dashboards_py.shapes import Json

OWNER_LABEL = ("app.kubernetes.io/part-of", "cilium-dashboards")
APPLIERS = frozenset({MANAGER, "kubectl-client-side-apply"})
NO_VERSION = "1"  # etcd counts from 2: its first revision is that of the empty store
FieldPath = tuple[str, ...]  # as in managedFields
Live = LiveConfigMap | Json  # an object as kubectl returns it


def is_ours(live: Live) -> bool:
    """Whether an object carries our label."""
    return bool((live["metadata"].get("labels") or {}).get(OWNER_LABEL[0]) == OWNER_LABEL[1])


def version_of(live: Live | None) -> str:
    """The resourceVersion of an object, "" for none."""
    return str(live["metadata"]["resourceVersion"]) if live else ""


def editors(live: Live, fields: Iterable[FieldPath] = (("f:data",),)) -> list[str]:
    """Managers, other than those of our deployments, that last set one of the fields (by default, any of the data)."""
    managers = {
        entry["manager"]
        for entry in live["metadata"].get("managedFields", ())
        if any(_holds(entry.get("fieldsV1", {}), path) for path in fields)
    }
    return sorted(managers - APPLIERS)


def _holds(tree: Json, path: FieldPath) -> bool:
    for step in path:
        if step not in tree:
            return False
        tree = tree[step]
    return True
