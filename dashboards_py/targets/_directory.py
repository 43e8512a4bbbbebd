"""A directory of files that we write: what would happen to each, and writing or removing one as it was read.

A manifest next to them holds the hash of each file we wrote: a file with another content was edited by someone. Files
that it does not name are never touched.
"""

import fcntl
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from dashboards_py.documents.json import load_json
from dashboards_py.documents.limits import BOARDS
from dashboards_py.documents.source import read_file
from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.targets._plan import REFUSES, Action, Change, Deployment, Option, Options, Payload, State, left_over
from dashboards_py.tree import replace, unfinished

MANIFEST = ".cilium-dashboards.json"
OVERWRITE = Option("overwrite", "Replace files that someone edited, or that are not ours.", flag=True)


@dataclass(frozen=True, slots=True)
class Leftover:
    """Why a file of the manifest is not among those to write; one that is `kept` is never removed."""

    why: str
    kept: bool = False


def board_left(name: str, payload: Payload) -> Leftover:
    """Why a board's file, which is named after its uid, is not among those to write."""
    uid = PurePosixPath(name).stem
    return Leftover(payload.why_left(uid), kept=uid in payload.kept)


def out_option(directory: str) -> Option:
    """The option for the directory to write."""
    return Option("out", "Directory to write.", env="DASHBOARDS_OUT", default=directory)


def compare(wanted: Mapping[str, bytes], options: Options, why_left: Callable[[str], Leftover]) -> Deployment:
    """Compare the directory `out` with the files that it is to hold, by their paths in it."""
    if not str(options["out"]).strip():
        raise DashboardsError("--out", cause="is empty", fix="name the directory to write, such as build/boards")
    root, overwrite, prune = Path(options["out"]), bool(options["overwrite"]), bool(options.get("prune"))
    try:
        manifest = _manifest(root)
        changes = [_change(root, name, content, manifest, overwrite) for name, content in wanted.items()]
        missing = {change.name for change in changes if change.action == Action.CREATE and change.name in manifest}
        if missing and not overwrite:
            others = _others(root, {*wanted, *manifest}, {PurePosixPath(name).suffix for name in missing})
            changes = [
                _moved(root, change, manifest[change.name], others) if change.name in missing else change
                for change in changes
            ]
        changes += [
            _left_over(root / name, name, manifest[name], why_left(name), prune)
            for name in sorted(manifest)
            if name not in wanted and (root / name).is_file()
        ]
    except OSError as error:
        raise _failed(error, root) from error

    def write(change: Change) -> None:
        try:
            with _locked(root):
                if change.action == Action.REMOVE:
                    _remove(root, change.name)
                else:
                    _write(root, change.name, wanted[change.name], overwrite)
        except OSError as error:
            raise _failed(error, root / change.name) from error

    return Deployment(str(root), tuple(changes), write)


def _change(root: Path, name: str, content: bytes, manifest: Mapping[str, list[str]], overwrite: bool) -> Change:
    path = root / name
    if not os.path.lexists(path):
        details = "deleted since our last deploy" if name in manifest else "never deployed to this directory"
        return Change(name, Action.CREATE, details=details)
    current = path.read_bytes()
    if current == content:
        return Change(name, Action.UNCHANGED)
    hashes = manifest.get(name, [])
    if _hash(current) in hashes:
        return Change(name, Action.UPDATE)
    if not hashes:
        why = f"{path} is not ours: move it away, or --overwrite"
        return Change(name, Action.UPDATE if overwrite else Action.FOREIGN, "" if overwrite else why)
    state = State.EDITED if _hash(content) in hashes else State.BOTH
    details = f"changed on {_saved(path)}"
    if overwrite:
        return Change(name, Action.UPDATE, state=state, details=details)
    why = f"{path} was edited since our last deploy: keep a copy of it, then --overwrite"
    return Change(name, Action.CONFLICT, why, state=state, details=details)


def _others(root: Path, known: Collection[str], suffixes: Collection[str]) -> dict[str, str]:
    """Files of others in the directories that we write, by the hash of what they hold, without hidden ones."""
    tops = {root / PurePosixPath(name).parts[0] for name in known if "/" in name}
    paths = [path for top in tops for path in top.rglob("*")] + list(root.glob("*"))
    alike = (path for path in paths if path.suffix in suffixes and not path.name.startswith("."))
    names = {path: path.relative_to(root).as_posix() for path in alike if path.is_file() and not path.is_symlink()}
    return {_hash(path.read_bytes()): name for path, name in names.items() if name not in known}


def _moved(root: Path, change: Change, hashes: Sequence[str], others: Mapping[str, str]) -> Change:
    """The change for a file that is missing and stands elsewhere: a second one would be the same board twice."""
    destination = next((others[digest] for digest in hashes if digest in others), "")
    if not destination:
        return change
    why = f"{root / change.name} was moved to {root / destination}: move it back or remove it there, or --overwrite"
    return Change(change.name, Action.CONFLICT, why, state=State.MOVED, details=f"to {destination}")


def _saved(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%d %H:%M")


def _left_over(path: Path, name: str, hashes: list[str], leftover: Leftover, prune: bool) -> Change:
    """The change for a file of the manifest that is not among those to write."""
    if _hash(path.read_bytes()) in hashes:
        return left_over(name, leftover.why, f"remove {path}", prune=prune and not leftover.kept)
    return Change(
        name,
        Action.LEFT,
        f"{leftover.why}, and edited since we wrote it: review {path} before you remove it",
        details=f"changed on {_saved(path)}",
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


def _remove(root: Path, name: str) -> None:
    """Remove one file that is as we wrote it, and the directory that it leaves empty; then the manifest forgets it.

    After a kill in between the manifest names a file that does not exist, which does no harm.
    """
    path, manifest = root / name, _manifest(root)
    with suppress(FileNotFoundError):
        if _hash(path.read_bytes()) not in manifest.get(name, []):
            fix = f"review {path} before you remove it"
            raise ProblemsFound(str(path), cause="someone changed it since it was compared", fix=fix)
        path.unlink()
        with suppress(OSError):  # it holds other files
            path.parent.rmdir()
    _remove_temporary(root / MANIFEST)
    _write_manifest(root, {other: hashes for other, hashes in manifest.items() if other != name})


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
        manifest = {str(name): [str(digest) for digest in hashes] for name, hashes in document.items()}
        if any(Path(name).is_absolute() or ".." in Path(name).parts for name in manifest):
            raise ValueError("names files outside of its directory")
        return manifest
    except (DashboardsError, AttributeError, TypeError, ValueError) as error:
        raise DashboardsError(
            str(path), cause="is not a manifest that we wrote", fix="remove it, then deploy with --overwrite"
        ) from error


def _write_manifest(root: Path, manifest: Mapping[str, list[str]]) -> None:
    replace(root / MANIFEST, (json.dumps(dict(sorted(manifest.items())), indent=1) + "\n").encode())


def _hash(content: bytes) -> str:
    from hashlib import sha256  # OpenSSL, for which --help need not wait

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
