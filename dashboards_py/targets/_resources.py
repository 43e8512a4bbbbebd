"""Resources of Grafana's API in files: a directory for each folder, with its uid and title.

Git Sync makes a folder of each directory, and takes its uid and title from `_folder.json` (folder_metadata.go in
pkg/registry/apis/provisioning/resources). gcx reads all files below a directory, so that our manifest is outside of it.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from dashboards_py.documents.write_json import write_json
from dashboards_py.targets._directory import board_left, compare
from dashboards_py.targets._folders import folder_uid
from dashboards_py.targets._plan import Deployment, Options, Payload

DIRECTORY: Final = "grafana"


def compare_resources(
    payload: Payload, options: Options, version: str, spec: Callable[[Mapping[str, Any]], Mapping[str, Any]]
) -> Deployment:
    """Compare the directory with the resources that should be there, of a version of the API.

    `spec` makes the spec of a resource from a classic board.
    """
    wanted = dict[str, bytes]()
    folder_version = "v1beta1" if version == "v1beta1" else "v1"
    for folder, uid, board in payload.converted(spec):
        metadata = {"name": uid, "annotations": {"grafana.app/folder": folder_uid(folder)}}
        wanted[f"{DIRECTORY}/{folder}/{uid}.json"] = _file(
            "Dashboard", f"dashboard.grafana.app/{version}", metadata, board
        )
        wanted[f"{DIRECTORY}/{folder}/_folder.json"] = _file(
            "Folder", f"folder.grafana.app/{folder_version}", {"name": folder_uid(folder)}, {"title": folder}
        )
    return compare(dict(sorted(wanted.items())), options, partial(board_left, payload=payload))


def _file(kind: str, version: str, metadata: object, spec: object) -> bytes:
    document = {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}
    return write_json(document).encode()
