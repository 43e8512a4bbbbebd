"""Writing a file, or several, whole or not at all."""

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from dashboards_py.errors import DashboardsError


def replace(path: Path, content: bytes, check: Callable[[], None] | None = None) -> None:
    """Write a file so that a reader, a full disk or a kill sees the old content or the new, never a part.

    `check` runs when only the change of names is left to do, and may raise to prevent it.
    """
    part = _part(path, content)
    try:
        if check:
            check()
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def replace_all(files: Mapping[Path, bytes]) -> None:
    """Write all of the files, or leave all as they were: an OSError becomes DashboardsError.

    A file that is already right keeps its mtime. Every content is on the disk before the first file changes its name.
    Where a later one then cannot, those before it get their old content back. Only a kill between two renames leaves
    some old and some new, each of them whole.
    """
    path = Path()
    parts: dict[Path, Path] = {}
    old: dict[Path, bytes | None] = {}
    try:
        for path, content in files.items():
            if not path.is_file() or path.read_bytes() != content:
                parts[path] = _part(path, content)
        for path, part in parts.items():
            before = path.read_bytes() if path.is_file() else None
            os.replace(part, path)
            old[path] = before
    except BaseException as error:
        for part in parts.values():
            part.unlink(missing_ok=True)
        for path, content_before in old.items():
            if content_before is None:
                path.unlink(missing_ok=True)
            else:
                replace(path, content_before)
        if isinstance(error, OSError):
            name = str(error.filename2 or error.filename or path)
            raise DashboardsError(name, cause=f"{error.strerror or error} (no file was changed)") from error
        raise


def _part(path: Path, content: bytes) -> Path:
    """The content in a hidden file beside `path`, on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)
