"""What was written into a directory: the hash of each file, so that an edit and a foreign file are told from ours.

It stands in a hidden folder of the directory's root that git ignores, and its name ends in no .json: it shows in no
diff, and neither Kustomize nor Grafana's file provisioning, which reads *.json, takes notice of it.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath

from dashboards_py.errors import DashboardsError
from dashboards_py.tree.replace import replace

FOLDER = ".cilium-dashboards"
NAME = "manifest"


def digest(content: bytes) -> str:
    """The hash by which a file's content is remembered."""
    return sha256(content).hexdigest()


def read(root: Path) -> dict[str, list[str]]:
    """The hashes of each file that was written, by its path below the root: two where a write was interrupted."""
    path = root / FOLDER / NAME
    if not path.exists():
        return {}
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        if outside := [name for name in entries if ".." in PurePosixPath(name).parts or name.startswith("/")]:
            raise ValueError(outside)
        return {str(name): [str(hash_) for hash_ in hashes] for name, hashes in entries.items()}
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise DashboardsError(
            str(path),
            cause="is not a manifest that we wrote",
            fix=f"remove {path.parent} and rerun the command: no file is removed by a run that has no manifest",
        ) from error


def write(root: Path, manifest: Mapping[str, list[str]]) -> None:
    """Remember what was written; nothing happens where nothing changed."""
    folder = root / FOLDER
    for name, text in ((".gitignore", "*\n"), (NAME, json.dumps(dict(sorted(manifest.items())), indent=1) + "\n")):
        path, content = folder / name, text.encode()
        if not path.is_file() or path.read_bytes() != content:
            replace(path, content)
