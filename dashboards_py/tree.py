"""A tree of files on disk: what differs from what it should be, and writing it so that nothing is ever half-written."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from dashboards_py.errors import DashboardsError, PartlyDone

BOARDS = "dashboards"  # the only folder below the root where files of boards that are no more are removed
MARK = b"# Written by `make dashboards`"  # how kustomization.yaml begins in a tree that is ours


def differences(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """Say in a line each what would have to change for `root` to hold exactly `files`; other files do not count."""
    found = []
    for name, content in files.items():
        path = root / name
        if not path.is_file():
            found.append(f"{path}: missing" if not path.exists() else f"{path}: is not a file")
        elif path.read_bytes() != content:
            found.append(f"{path}: differs")
    return found + [f"{path}: belongs to no board" for path in _strays(root, files)]


def write(root: Path, files: Mapping[str, bytes]) -> tuple[int, int]:
    """Make `root` hold `files`: returns how many were written and how many strays removed.

    A file that is already right keeps its mtime. Each file appears whole or not at all. An OSError becomes
    DashboardsError when nothing was written, PartlyDone when something was.
    """
    written = removed = 0
    path = root
    try:
        for name, content in files.items():
            path = root / name
            if path.is_file() and path.read_bytes() == content:
                continue
            replace(path, content)
            written += 1
        for path in list(_strays(root, files)):
            path.unlink()
            removed += 1
    except OSError as error:
        kind = PartlyDone if written or removed else DashboardsError
        cause = f"{error.strerror or error} ({written} of {len(files)} files were written)"
        raise kind(f"{error.filename or path}", cause=cause, fix="mend that and run the same command again") from error
    return written, removed


def replace(path: Path, content: bytes) -> None:
    """Write a file so that a reader, a full disk or a kill sees the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _strays(root: Path, files: Mapping[str, bytes]) -> Iterator[Path]:
    """Boards that the code no longer has, in a tree that is marked as ours; elsewhere nothing is a stray."""
    marker = root / "kustomization.yaml"
    if not marker.is_file() or not marker.read_bytes().startswith(MARK):
        return
    for path in sorted((root / BOARDS).glob("*/*.json")):
        if path.relative_to(root).as_posix() not in files:
            yield path
