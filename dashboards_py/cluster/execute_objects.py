"""Doing the steps that kubectl does: each object is read again just before, and left where it has moved."""

import time
from collections.abc import Sequence

from dashboards_py.cluster.boards import compared, refuse_boards
from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.leftovers import CREATED_BY, foreign, listed
from dashboards_py.cluster.record_store import update_record
from dashboards_py.cluster.restart import stale_workloads
from dashboards_py.cluster.steps import (
    ApplyBoards,
    CreateNamespace,
    DeleteConfigMaps,
    DeleteNamespace,
    DeleteVolumes,
    ObjectId,
    Restart,
)
from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes import ConfigMap, Json, Moved, ObjectMeta
from dashboards_py.targets import WRITES, Action, Change
from dashboards_py.targets.configmaps import is_ours

PATIENCE = 60  # seconds that Kubernetes has to collect what the uninstalled left
AGAIN = "run the same command again: it is planned anew, on what is there now"


def create_namespace(step: CreateNamespace, clients: Clients) -> Sequence[str]:
    """Create a namespace that says itself who created it; one that is there raises ProblemsFound."""
    metadata = {"name": step.name, "annotations": dict([CREATED_BY])}
    try:
        clients.kubectl.create({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
    except Moved as error:
        raise ProblemsFound(f"namespace {step.name}", cause="was created by somebody else since", fix=AGAIN) from error
    (body,) = clients.kubectl.objects("namespace", step.name)
    uid = str(body["metadata"]["uid"])
    update_record(clients.record_client, lambda record: record.with_created(f"namespace {step.name}", uid))
    return ()


def apply_boards(step: ApplyBoards, clients: Clients) -> Sequence[str]:
    """Apply the boards one by one; those that others have or edited are left, and raise ProblemsFound at the end."""
    update_record(clients.record_client, lambda record: record.with_created(f"boards {step.namespace}"))
    kubectl = clients.at(step.namespace)
    kubectl.check_namespace()
    wanted = {body["metadata"]["name"]: body for body in step.config_maps}
    live = {body["metadata"]["name"]: body for body in kubectl.config_maps(*wanted)}
    changes = compared(step.config_maps, live, overwrite=step.overwrite)
    done = [change for change in changes if change.action not in WRITES]
    for change in changes:
        if change.action in WRITES:
            done.append(_apply(change, wanted[change.name], live.get(change.name), step, clients))
    refuse_boards(done)
    return ()


def _apply(change: Change, body: ConfigMap, live: Json | None, step: ApplyBoards, clients: Clients) -> Change:
    name = change.name
    now = live["metadata"]["resourceVersion"] if live else ""
    if step.overwrite and now not in ("", step.expected.get(name, "")):
        return Change(name, Action.CONFLICT, f"ConfigMap {name} was changed after it was planned to overwrite it")
    # With the resourceVersion the API server refuses what changes between this look and the write.
    metadata: ObjectMeta = {**body["metadata"], "resourceVersion": now} if live else body["metadata"]
    try:
        clients.at(step.namespace).apply({**body, "metadata": metadata}, step.overwrite)
    except ProblemsFound as error:
        return Change(name, Action.CONFLICT, f"ConfigMap {name}: {error.cause}")
    return change


def restart(step: Restart, clients: Clients) -> Sequence[str]:
    """Roll out the workloads that have not read their configuration now."""
    kubectl = clients.at(step.namespace)
    names = sorted({f"{item.kind.lower()}/{item.name}" for item in stale_workloads(kubectl)})
    for name in names:
        kubectl.run("rollout", "restart", name)
    for name in names:
        kubectl.run("rollout", "status", name, f"--timeout={step.timeout}", "--request-timeout=0", seconds=None)
    return ()


def delete_config_maps(step: DeleteConfigMaps, clients: Clients) -> Sequence[str]:
    """Delete boards that are as they were planned on."""
    kubectl = clients.at(step.namespace)
    moved = _delete("configmaps", step.config_maps, step.namespace, clients)
    if not any(is_ours(body) for body in kubectl.config_maps()):
        update_record(clients.record_client, lambda record: record.without_created(f"boards {step.namespace}"))
    _refuse_moved("ConfigMap", step.namespace, moved)
    return ()


def delete_volumes(step: DeleteVolumes, clients: Clients) -> Sequence[str]:
    """Delete volumes that are as they were planned on."""
    moved = _delete("persistentvolumeclaims", step.claims, step.namespace, clients, any_version=True)
    _refuse_moved("PersistentVolumeClaim", step.namespace, moved)
    return ()


def delete_namespace(step: DeleteNamespace, clients: Clients) -> Sequence[str]:
    """Delete a namespace of ours in which nobody has anything; what Kubernetes is still collecting is waited for.

    The API has no precondition on what a namespace holds: it is listed right before, and no later look is possible.
    """
    kubectl = clients.at(step.name)
    until = time.monotonic() + PATIENCE
    while True:
        found = clients.kubectl.objects("namespace", step.name)
        if not found or found[0]["metadata"]["uid"] != step.uid or _terminating(found[0]):
            update_record(clients.record_client, lambda record: record.without_created(f"namespace {step.name}"))
            return ("kept: somebody else created it anew",) if found and not _terminating(found[0]) else ()
        contents = kubectl.contents()
        left = foreign(contents, step.chart_secrets)
        stays = [body for body in left if not body["metadata"].get("ownerReferences")]
        if stays or (len(left) and time.monotonic() > until):
            return (f"kept: {listed(stays or left)}",)
        if not left:
            break
        time.sleep(1)
    try:
        kubectl.delete_as_read("namespaces", found[0])
    except Moved as error:
        raise ProblemsFound(f"namespace {step.name}", cause="was changed at this very moment", fix=AGAIN) from error
    update_record(clients.record_client, lambda record: record.without_created(f"namespace {step.name}"))
    return ()


def _terminating(namespace: Json) -> bool:
    return bool(namespace.get("status", {}).get("phase") == "Terminating")


def _delete(
    plural: str, objects: Sequence[ObjectId], namespace: str, clients: Clients, *, any_version: bool = False
) -> list[str]:
    """Delete each object; the names of those that somebody changed or replaced, which stay."""
    kubectl = clients.at(namespace)
    live = {body["metadata"]["name"]: body for body in kubectl.objects(plural, *(item.name for item in objects))}
    moved = []
    for item in objects:
        body = live.get(item.name)
        if body is None:
            continue
        now = ObjectId.of(body)
        if now.uid != item.uid or (now.version != item.version and not any_version):
            moved.append(item.name)
            continue
        try:
            kubectl.delete_as_read(plural, body)
        except Moved:
            moved.append(item.name)
    return moved


def _refuse_moved(kind: str, namespace: str, names: Sequence[str]) -> None:
    if names:
        cause = "changed after it was planned to delete it, and stays"
        raise ProblemsFound(f"{kind} {namespace}/{', '.join(names)}", cause=cause, fix=AGAIN)
