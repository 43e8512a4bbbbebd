"""How Grafana changes a board's JSON: numbers, the model of its page, its Kubernetes-like API, its export."""

from typing import Any

from tests.fakes.grafana.schema_v2 import to_v2

Json = dict[str, Any]
NEWEST = 41  # the schemaVersion that Grafana 12.2 migrates to
OLDEST = 28  # the oldest that its conversion accepts (apps/dashboard/pkg/migration)
# Keys of the page's own model (public/app/features/dashboard-scene/serialization); it saves no other.
KNOWN = frozenset(
    (
        *("annotations", "description", "editable", "fiscalYearStartMonth", "graphTooltip", "id", "links", "liveNow"),
        *("panels", "preload", "refresh", "revision", "schemaVersion", "tags", "templating", "time", "timepicker"),
        *("timezone", "title", "uid", "version", "weekStart"),
    )
)
# Keys that the page adds on saving.
PAGE: Json = {
    "editable": True,
    "fiscalYearStartMonth": 0,
    "preload": False,
    "links": [],
    "refresh": "",
    "timezone": "browser",
}


def as_go_writes(value: Any) -> Any:
    """JSON as Grafana returns it: whole floats are written as integers."""
    if isinstance(value, dict):
        return {key: as_go_writes(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_go_writes(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def page_model(board: Json) -> Json:
    """A board as the page saves it: without unknown keys, and with its defaults."""
    return PAGE | {key: value for key, value in board.items() if key in KNOWN}


def is_v2(board: Any) -> bool:
    """Whether JSON is a board in schema v2, bare or as a resource."""
    return isinstance(board, dict) and ("elements" in board or str(board.get("apiVersion", "")).startswith(GROUP))


GROUP = "dashboard.grafana.app/"


def export(board: Json, *, v2: bool) -> Json:
    """The export of the page."""
    return _resource("v2", board, to_v2(board)) if v2 else {**board, "id": None}


def resource(version: str, live: Json, *, major: int) -> Json:
    """The board from /apis/dashboard.grafana.app/VERSION: the uid is its name, and not a key of its spec.

    A schemaVersion below 28 is not converted: the spec is unchanged, and the status reports the failure.
    """
    board = {key: value for key, value in live["dashboard"].items() if key not in ("id", "version")}
    stored = "v2" if major >= 13 else "v0alpha1"
    status: Json = {"failed": False, "storedVersion": stored}
    if version.startswith("v2"):
        spec = to_v2(board)
    else:
        spec = {key: value for key, value in board.items() if key != "uid"}
        before = int(board.get("schemaVersion") or 0)
        if version != "v0alpha1" and before < OLDEST:
            status |= {"failed": True, "error": _too_old(before)}
        elif version != "v0alpha1":
            spec["schemaVersion"] = max(before, NEWEST)
    return {**_resource(version, board, spec, live["meta"]["folderUid"]), "status": {"conversion": status}}


def _too_old(before: int) -> str:
    return (
        f"dashboard schema version {before} cannot be migrated to latest version {NEWEST} - "
        f"migration path only exists for versions greater than {OLDEST}"
    )


def _resource(version: str, board: Json, spec: Json, folder: str = "") -> Json:
    annotations = {"grafana.app/folder": folder} if folder else {}
    metadata = {"name": board["uid"], "namespace": "default", "annotations": annotations}
    return {"apiVersion": f"{GROUP}{version}", "kind": "Dashboard", "metadata": metadata, "spec": spec}
