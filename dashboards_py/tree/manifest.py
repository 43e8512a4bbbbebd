"""The manifest of the files written to a directory, with their hashes, to detect edits and foreign files.

It is in a hidden directory that git ignores, and its name does not end in .json, so that neither Kustomize nor
Grafana's file provisioning, which reads *.json, uses it.
"""

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from dashboards_py.documents.json import load_json
from dashboards_py.documents.limits import BOARDS
from dashboards_py.documents.source import read_file
from dashboards_py.errors import DashboardsError
from dashboards_py.tree.replace import replace

FOLDER = ".cilium-dashboards"
NAME = "manifest"


def digest(content: bytes) -> str:
    """The hash of a file's content."""
    from hashlib import sha256  # OpenSSL, for which --help need not wait

    return sha256(content).hexdigest()


def read(root: Path) -> dict[str, list[str]]:
    """The hashes of the files written, by path below the root; a file has two if a write was interrupted."""
    path = root / FOLDER / NAME
    if not path.exists():
        return {}
    try:
        entries = load_json(read_file(path, BOARDS), str(path)).value
        if outside := [name for name in entries if ".." in PurePosixPath(name).parts or name.startswith("/")]:
            raise ValueError(outside)
        return {str(name): [str(hash_) for hash_ in hashes] for name, hashes in entries.items()}
    except (ValueError, AttributeError, TypeError, DashboardsError) as error:
        raise DashboardsError(
            str(path),
            cause="is not a manifest that we wrote",
            fix=f"remove {path.parent} and rerun the command: without a manifest no file is removed",
        ) from error


def write(root: Path, manifest: Mapping[str, list[str]]) -> None:
    """Save the manifest, unless it is unchanged."""
    folder = root / FOLDER
    for name, text in ((".gitignore", "*\n"), (NAME, json.dumps(dict(sorted(manifest.items())), indent=1) + "\n")):
        path, content = folder / name, text.encode()
        if not path.is_file() or path.read_bytes() != content:
            replace(path, content)
