"""Boards as files: a provider YAML and a directory tree for Grafana's file provisioning.

A manifest next to them holds the hash of each file we wrote: a file with another content was edited by someone.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from dashboards_py.documents.json import load_json
from dashboards_py.documents.limits import BOARDS
from dashboards_py.documents.source import read_file
from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.targets._plan import REFUSES, Action, Change, Deployment, Option, Options, Payload
from dashboards_py.tree import replace, unfinished

SUMMARY = "Files for Grafana's provisioning: a provider YAML and the boards."
OPTIONS = (
    Option("out", "Directory to write.", env="DASHBOARDS_OUT", default="build/grafana"),
    Option(
        "path",
        "Where Grafana will find the boards; the provider YAML names it.",
        env="DASHBOARDS_PATH",
        default="/etc/grafana/dashboards",
    ),
    Option("rules", "Write the alerts as well, in each format, to the directory's rules/.", flag=True),
    Option("overwrite", "Replace files that someone edited, or that are not ours.", flag=True),
)
MANIFEST = ".cilium-dashboards.json"
PROVIDER = "provisioning/dashboards/cilium-dashboards.yaml"


def prepare(payload: Payload, options: Options) -> Deployment:
    """Compare the directory with what should be there. Files there that are not ours are never touched."""
    root, overwrite = Path(options["out"]), bool(options["overwrite"])
    wanted = {f"dashboards/{folder}/{uid}.json": content for folder, uid, content in payload.boards()}
    wanted |= payload.rules
    wanted[PROVIDER] = _provider(options["path"])
    try:
        manifest = _manifest(root)
        changes = [_change(root, name, content, manifest, overwrite) for name, content in wanted.items()]
        changes += [
            _left_over(root / name, name, manifest[name], _why_left(name, payload))
            for name in sorted(manifest)
            if name not in wanted and (root / name).exists()
        ]
    except OSError as error:
        raise _failed(error, root) from error

    def write(change: Change) -> None:
        try:
            with _locked(root):
                _write(root, change.name, wanted[change.name], overwrite)
        except OSError as error:
            raise _failed(error, root / change.name) from error

    return Deployment(str(root), tuple(changes), write)


def _provider(path: str) -> bytes:
    import yaml  # here, like the compiler, so that --help need not wait for them

    from dashboards_py.provisioning import WRITTEN_BY, file_provider

    return (WRITTEN_BY + yaml.safe_dump(file_provider(path), sort_keys=False)).encode()


def _change(root: Path, name: str, content: bytes, manifest: Mapping[str, list[str]], overwrite: bool) -> Change:
    path = root / name
    if not os.path.lexists(path):
        return Change(name, Action.CREATE)
    current = path.read_bytes()
    if current == content:
        return Change(name, Action.UNCHANGED)
    if overwrite or _hash(current) in manifest.get(name, []):
        return Change(name, Action.UPDATE)
    if name in manifest:
        why = f"{path} was edited since our last deploy: keep a copy of it, then --overwrite"
        return Change(name, Action.CONFLICT, why)
    return Change(name, Action.FOREIGN, f"{path} is not ours: move it away, or --overwrite")


def _why_left(name: str, payload: Payload) -> str:
    """Why a file is none of those to deploy; one in a former folder would give Grafana the board twice."""
    if name.startswith("rules/"):
        is_chosen = bool(payload.rules)
        return "alerts that are left out now" if is_chosen else "alerts of an earlier run; if you want none any more"
    uid = Path(name).stem
    folder = next((folder for folder, other, _ in payload.boards() if other == uid), "")
    # With two files of one uid Grafana writes no board of this provider any more ("no database write permissions
    # because of duplicates", grafana/grafana#39467).
    return f"its board is in the folder {folder} now" if folder else payload.why_left(uid)


def _left_over(path: Path, name: str, hashes: list[str], why: str) -> Change:
    """The change for a file of the manifest that belongs to no board any more."""
    if _hash(path.read_bytes()) in hashes:
        return Change(name, Action.LEFT, f"{why}: remove {path}")
    return Change(
        name,
        Action.LEFT,
        f"{why}, and edited since we wrote it: review {path} before you remove it",
    )


def _write(root: Path, name: str, content: bytes, overwrite: bool) -> None:
    """Write one file, unless the directory has changed since the plan in a way that forbids it.

    The manifest gets the new hash before the file is written and loses the old one afterwards: after a kill in between
    the next run still recognizes the file as ours, and removes a hidden temporary file, if any.
    """
    manifest = _manifest(root)
    now = _change(root, name, content, manifest, overwrite)
    if now.action in REFUSES:
        raise ProblemsFound(now.why)
    new = _hash(content)

    def check() -> None:
        again = _change(root, name, content, manifest, overwrite)
        if again.action in REFUSES:
            _write_manifest(root, manifest)
            raise ProblemsFound(again.why)

    if now.action != Action.UNCHANGED:
        _remove_temporary(root / MANIFEST)
        _write_manifest(root, {**manifest, name: [*manifest.get(name, []), new]})
        _remove_temporary(root / name)
        replace(root / name, content, check)
    _write_manifest(root, {**manifest, name: [new]})


def _remove_temporary(path: Path) -> None:
    """Remove temporary files of a killed run: we hold the lock, so nobody is still writing them."""
    for part in unfinished(path):
        part.unlink()


def _manifest(root: Path) -> dict[str, list[str]]:
    """The hashes of each file that we wrote: two if a write was interrupted."""
    path = root / MANIFEST
    if not path.exists():
        if root.exists() and not root.is_dir():
            raise NotADirectoryError(20, "is a file, not a directory", str(root))
        return {}
    try:
        document = load_json(read_file(path, BOARDS), str(path)).value
        return {str(name): [str(digest) for digest in hashes] for name, hashes in document.items()}
    except (DashboardsError, AttributeError, TypeError) as error:
        raise DashboardsError(
            str(path), cause="is not a manifest that we wrote", fix="remove it, then deploy with --overwrite"
        ) from error


def _write_manifest(root: Path, manifest: Mapping[str, list[str]]) -> None:
    replace(root / MANIFEST, (json.dumps(dict(sorted(manifest.items())), indent=1) + "\n").encode())


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Lock the directory against a second deploy; the lock ends with the process."""
    root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _failed(error: OSError, path: Path) -> DashboardsError:
    failed = Path(error.filename or path)
    return DashboardsError(
        str(path if failed.name.startswith(".") else failed),  # not the name of a temporary file
        cause=error.strerror or str(error),
        fix="fix this and deploy again, or choose another --out",
    )
