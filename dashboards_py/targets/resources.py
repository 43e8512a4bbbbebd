"""Boards and folders as resources of Grafana's API, in files: for Git Sync, gcx, or `kubectl` against Grafana.

Grafana's apps/dashboard/kinds/manifest.cue has the versions: v1 and v1beta1 are the same; Grafana 12 has the latter.
Git Sync makes a folder of each directory, and takes its uid and title from `_folder.json` (folder_metadata.go in
pkg/registry/apis/provisioning/resources); it drops `uid`, `id` and `version` of a spec (parser.go there). gcx reads all
files below a directory, so that our manifest is outside of it.
"""

import json
from pathlib import PurePosixPath
from typing import Final

from dashboards_py.targets._directory import OVERWRITE, compare, leftover_of, out_option
from dashboards_py.targets._folders import folder_uid
from dashboards_py.targets._plan import PRUNE, Deployment, Option, Options, Payload

SUMMARY = "Files with Grafana's resources, for Git Sync and gcx."
OPTIONS = (
    out_option("build/resources"),
    Option("api-version", "Version of the API: v1beta1 is served by Grafana 12 and 13, v1 by 13.", default="v1beta1"),
    PRUNE,
    OVERWRITE,
)
DIRECTORY: Final = "grafana"
IDENTITY: Final = ("uid", "id", "version")  # of a classic board; a resource has its name


def prepare(payload: Payload, options: Options) -> Deployment:
    """Compare the directory with the resources that should be there."""
    version, wanted = str(options["api_version"]), dict[str, bytes]()
    for folder, uid, content in payload.boards():
        metadata = {"name": uid, "annotations": {"grafana.app/folder": folder_uid(folder)}}
        spec = {key: value for key, value in json.loads(content).items() if key not in IDENTITY}
        wanted[f"{DIRECTORY}/{folder}/{uid}.json"] = _file(
            "Dashboard", f"dashboard.grafana.app/{version}", metadata, spec
        )
        wanted[f"{DIRECTORY}/{folder}/_folder.json"] = _file(
            "Folder", f"folder.grafana.app/{version}", {"name": folder_uid(folder)}, {"title": folder}
        )
    return compare(dict(sorted(wanted.items())), options, lambda name: leftover_of(PurePosixPath(name).stem, payload))


def _file(kind: str, version: str, metadata: object, spec: object) -> bytes:
    document = {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
