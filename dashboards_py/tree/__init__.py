"""Compare a tree of files on disk with the expected contents, and write it atomically, file by file.

A manifest records the files written. Only files that it lists and that are unchanged since are ever removed, and files
that can be written again: a fresh clone has no manifest.
"""

import errno
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from dashboards_py.errors import DashboardsError, PartlyDone, ProblemsFound, Remedy
from dashboards_py.plural import counted_of
from dashboards_py.remedies import WRITE_ELSEWHERE
from dashboards_py.tree import manifest
from dashboards_py.tree.replace import replace, replace_all, unfinished

__all__ = [
    "Strays",
    "Written",
    "differences",
    "needs_defaults",
    "replace",
    "replace_all",
    "strays",
    "unfinished",
    "write",
]

NONE: Mapping[str, bytes] = MappingProxyType({})
RULES = "rules"
BOARDS = "dashboards"  # the directory below the root in which unknown files are reported
KUSTOMIZATION = "kustomization.yaml"
GENERATED_MARK = b"# Written by `make dashboards`"  # the first bytes of the YAML files that we write


@dataclass(frozen=True, slots=True)
class Strays:
    """Files below the root that do not belong to any board.

    `unmodified`: unchanged since we wrote them; they are removed. `edited`: written by us and changed since. `unknown`:
    boards that are not in the manifest.
    """

    unmodified: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """The result of a write: the number of files written, the files removed, and the stray files left in place."""

    written: int
    removed: tuple[str, ...]
    strays: Strays


def differences(root: Path, files: Mapping[str, bytes], defaults: Mapping[str, bytes] = NONE) -> list[str]:
    """A line for each change needed for `root` to contain `files` and no other file that we wrote."""
    messages = []
    for name, content in files.items():
        path = root / name
        if not path.is_file():
            messages.append(f"{path}: missing" if not path.exists() else f"{path}: is not a file")
        elif path.read_bytes() != content:
            messages.append(f"{path}: differs")
    return messages + [
        f"{root / name}: was written for a deleted board" for name in strays(root, files, defaults).unmodified
    ]


def strays(root: Path, files: Mapping[str, bytes], defaults: Mapping[str, bytes] = NONE) -> Strays:
    """Find files below the root that are not in `files`: those that we wrote, and other boards as JSON.

    Those that we wrote are in the manifest, or are `defaults`: what is written without any settings, and which was
    committed so.
    """
    hashes = _hashes(root, defaults)
    stray_names = [name for name in sorted(hashes) if name not in files and (root / name).is_file()]
    unmodified = tuple(name for name in stray_names if _is_unchanged(root / name, hashes[name]))
    others = {path.relative_to(root).as_posix() for path in (root / BOARDS).glob("*/*.json") if path.is_file()}
    return Strays(
        unmodified=unmodified,
        edited=tuple(name for name in stray_names if name not in unmodified),
        unknown=tuple(sorted(others - files.keys() - hashes.keys())),
    )


def needs_defaults(root: Path, files: Mapping[str, bytes]) -> bool:
    """True if there is a file that the manifest does not explain, and that `defaults` may."""
    hashes = manifest.read(root)
    paths = (*root.glob("*"), *(root / BOARDS).glob("*/*"), *(root / RULES).glob("*"))
    names = {path.relative_to(root).as_posix(): path for path in paths if path.is_file()}
    return any(
        name not in files or not (_has_content(path, files[name]) or _is_unchanged(path, hashes.get(name, [])))
        for name, path in names.items()
    )


def _hashes(root: Path, defaults: Mapping[str, bytes]) -> dict[str, list[str]]:
    hashes = manifest.read(root)
    return hashes | {name: [*hashes.get(name, []), manifest.digest(content)] for name, content in defaults.items()}


def write(root: Path, files: Mapping[str, bytes], defaults: Mapping[str, bytes] = NONE) -> Written:
    """Write `files` below `root`, and remove other files that we wrote and that are unchanged since.

    Each file is written atomically; a file that already has the expected contents keeps its mtime. A foreign file at
    one of the paths raises ProblemsFound before anything is written. An OSError becomes DashboardsError if nothing was
    written, else PartlyDone. The manifest gets a file's new hash before the file is written and loses the old one
    afterwards, so that it covers the files of a killed run.
    """
    done: list[str] = []
    removed: list[str] = []
    path = root
    try:
        hashes = _hashes(root, defaults)
        changed = [name for name, content in files.items() if not _has_content(root / name, content)]
        _refuse_foreign(root, files, changed, hashes)
        if changed:
            new = {name: [*hashes.get(name, []), manifest.digest(files[name])] for name in changed}
            manifest.write(root, {**manifest.read(root), **new})
        for name in changed:
            path = root / name
            if not _may_replace(root, name, hashes):
                raise FileExistsError(errno.EEXIST, "was created by another process in the meantime", str(path))
            replace(path, files[name])
            done.append(name)
        for name in strays(root, files, defaults).unmodified:
            path = root / name
            if _is_unchanged(path, hashes[name]):
                path.unlink()
                removed.append(name)
                with suppress(OSError):  # the directory of deleted boards is removed with the last of them
                    path.parent.rmdir()
        remaining = strays(root, files, defaults)
        now = {name: [manifest.digest(content)] for name, content in files.items()}
        manifest.write(root, now | {name: hashes[name] for name in (*remaining.unmodified, *remaining.edited)})
    except OSError as error:
        kind = PartlyDone if done or removed else DashboardsError
        cause = f"{error.strerror or error} ({counted_of(len(done), len(files), 'file', 'was', 'were')} written)"
        raise kind(f"{error.filename or path}", cause=cause, fix="fix this and rerun the command") from error
    return Written(len(done), tuple(removed), remaining)


def _has_content(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _refuse_foreign(
    root: Path, files: Mapping[str, bytes], changed: list[str], hashes: Mapping[str, list[str]]
) -> None:
    if foreign := [name for name in changed if not _may_replace(root, name, hashes)]:
        raise ProblemsFound(
            f"{root}: {counted_of(len(foreign), len(files), 'file', 'was', 'were')} not written by this tool "
            "and would be overwritten: " + ", ".join(foreign),
            remedy=Remedy(WRITE_ELSEWHERE),
        )


def _may_replace(root: Path, name: str, hashes: Mapping[str, list[str]]) -> bool:
    """True if nothing would be lost: there is no file, or we wrote it, or it is listed as generated."""
    path = root / name
    if not path.is_file():
        return True
    content = path.read_bytes()
    return (
        content.startswith(GENERATED_MARK)
        or manifest.digest(content) in hashes.get(name, ())
        or name in _generated_files(root)
    )


def _is_unchanged(path: Path, hashes: list[str]) -> bool:
    return manifest.digest(path.read_bytes()) in hashes


def _generated_files(root: Path) -> Iterator[str]:
    """The boards in the root's kustomization, if we wrote it; a fresh clone has no manifest."""
    path = root / KUSTOMIZATION
    if path.is_file() and (content := path.read_bytes()).startswith(GENERATED_MARK):
        for line in content.decode(errors="replace").splitlines():
            yield line.partition("=")[2].strip()
