"""Boards as files: a provider YAML and a tree that Grafana's file provisioning mounts as it is.

A manifest beside them holds the hash of each file we wrote: a file that differs from both was edited by somebody.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import yaml

from dashboards_py.errors import DashboardsError
from dashboards_py.provisioning import WRITTEN_BY, file_provider
from dashboards_py.targets.plan import Action, Change, Deployment, Option, Options, Payload
from dashboards_py.tree import replace

SUMMARY = "Files for Grafana's provisioning: a provider YAML and the boards."
OPTIONS = (
    Option("out", "Directory to write.", env="DASHBOARDS_OUT", default="build/grafana"),
    Option(
        "path",
        "Where Grafana will find the boards; the provider YAML names it.",
        env="DASHBOARDS_PATH",
        default="/etc/grafana/dashboards",
    ),
    Option("overwrite", "Replace files that somebody edited, or that are not ours.", flag=True),
)
MANIFEST = ".cilium-dashboards.json"
PROVIDER = "provisioning/dashboards/cilium-dashboards.yaml"


def prepare(payload: Payload, options: Options) -> Deployment:
    """Compare the directory with what should be there. Files there that are not ours are never touched."""
    root = Path(options["out"])
    wanted = {f"dashboards/{folder}/{uid}.json": content for folder, uid, content in payload.boards()}
    wanted[PROVIDER] = (WRITTEN_BY + yaml.safe_dump(file_provider(options["path"]), sort_keys=False)).encode()
    try:
        manifest = _manifest(root)
        changes = [
            _change(root / name, name, content, manifest, bool(options["overwrite"]))
            for name, content in wanted.items()
        ]
    except OSError as error:
        raise _failed(error, root) from error
    changes += [
        Change(name, Action.LEFT, f"no board of ours now: remove {root / name}")
        for name in sorted(set(manifest) - set(wanted))
        if (root / name).exists()
    ]

    def write(change: Change) -> None:
        try:
            with _alone(root):
                known = _manifest(root)
                before = known.get(change.name, [])
                _remember(root, {**known, change.name: [*before, _hash(wanted[change.name])]})
                replace(root / change.name, wanted[change.name])
                _remember(root, {**known, change.name: [_hash(wanted[change.name])]})
        except OSError as error:
            raise _failed(error, root / change.name) from error

    return Deployment(str(root), tuple(changes), write)


def _change(path: Path, name: str, content: bytes, manifest: Mapping[str, list[str]], overwrite: bool) -> Change:
    if not path.exists():
        return Change(name, Action.CREATE)
    found = path.read_bytes()
    if found == content:
        return Change(name, Action.UNCHANGED)
    if overwrite or _hash(found) in manifest.get(name, []):
        return Change(name, Action.UPDATE)
    if name in manifest:
        return Change(
            name, Action.CONFLICT, f"{path} was edited since our last deploy: keep a copy of it, then --overwrite"
        )
    return Change(name, Action.FOREIGN, f"{path} is not ours: move it away, or --overwrite")


def _manifest(root: Path) -> dict[str, list[str]]:
    """The hashes of each file that we wrote: two where a write was interrupted."""
    path = root / MANIFEST
    if not path.exists():
        if root.exists() and not root.is_dir():
            raise NotADirectoryError(20, "is a file, not a directory", str(root))
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): [str(each) for each in hashes] for name, hashes in found.items()}
    except (ValueError, AttributeError, TypeError):
        raise DashboardsError(
            str(path), cause="is not the manifest we wrote", fix="remove it, then deploy with --overwrite"
        ) from None


def _remember(root: Path, manifest: Mapping[str, list[str]]) -> None:
    replace(root / MANIFEST, (json.dumps(dict(sorted(manifest.items())), indent=1) + "\n").encode())


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the directory against a second deploy; the lock goes with the process, however it ends."""
    root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _failed(error: OSError, path: Path) -> DashboardsError:
    return DashboardsError(
        str(error.filename or path),
        cause=error.strerror or str(error),
        fix="mend that and deploy again, or choose another --out",
    )
