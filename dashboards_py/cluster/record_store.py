"""The record in the cluster: a ConfigMap that is replaced only as it was read, so no run undoes another's entry."""

from collections.abc import Callable
from typing import Any

from dashboards_py.cluster.record import Record, dump, load
from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.kubernetes import Json, Kubectl, Moved

NAME = "cilium-dashboards-setup"
NAMESPACE = "kube-system"
TRIES = 5
ABOUT = "what setup.sh up created and which Helm values it gave: setup.sh down reads it"


def read_record(kubectl: Kubectl) -> Record:
    """The record in the cluster, or an empty one; one that cannot be read raises DashboardsError."""
    return _read(kubectl)[0]


def update_record(kubectl: Kubectl, change: Callable[[Record], Record]) -> Record:
    """Read, change and write the record; if someone else wrote it in between, start again from what they wrote.

    `change` may raise to leave the record unchanged. A record that has become empty is deleted.
    """
    for _ in range(TRIES):
        record, live = _read(kubectl)
        changed = change(record)
        if changed == record:
            return record
        try:
            _write(kubectl, changed, live)
        except Moved:
            continue
        return changed
    raise ProblemsFound(
        f"ConfigMap {NAMESPACE}/{NAME}",
        cause="changed again at each attempt to update it",
        fix="check who else is setting up this cluster",
    )


def _read(kubectl: Kubectl) -> tuple[Record, Json | None]:
    listed = kubectl.objects("configmap", NAME)
    if not listed:
        return Record(), None
    try:
        return load(listed[0]["data"]["record.json"]), listed[0]
    except (KeyError, TypeError, ValueError) as error:
        raise DashboardsError(
            f"ConfigMap {NAMESPACE}/{NAME}",
            cause=f"was edited by hand and is no longer a record of setup.sh: {error}",
            fix=f"correct it (kubectl edit configmap -n {NAMESPACE} {NAME}); without it nothing counts as ours",
        ) from error


def _write(kubectl: Kubectl, record: Record, live: Json | None) -> None:
    if live is None:
        kubectl.create(_config_map(record))
    elif record:
        kubectl.replace({**live, "data": {**live["data"], "record.json": dump(record)}})
    else:
        kubectl.delete_as_read("configmaps", live)


def _config_map(record: Record) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": NAME,
            "namespace": NAMESPACE,
            "labels": {"app.kubernetes.io/managed-by": "cilium-dashboards"},
            "annotations": {"about": ABOUT},
        },
        "data": {"record.json": dump(record)},
    }
