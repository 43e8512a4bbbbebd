"""Write one or several files atomically."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from dashboards_py.errors import DashboardsError

PREFIX = 40  # characters of a file's name in that of its unfinished copy: a name of full length has no room for more
SUFFIX = ".unfinished-cilium-dashboards"  # tells it from a hidden copy that someone else keeps


def replace(path: Path, content: bytes, check: Callable[[], None] | None = None) -> None:
    """Write a file atomically: readers see the old or the new content, even after a full disk or a kill.

    `check` is called just before the rename and may raise to prevent it.
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
    """Write all of the files or none; an OSError becomes DashboardsError.

    A file that already has the expected contents keeps its mtime. All contents are on disk before the first rename. If
    a rename fails, the files already renamed are restored. Only a kill between two renames leaves a mix of old and new
    files, each of them complete.
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
            if isinstance(error, FileExistsError | NotADirectoryError) and (file := _file_at(Path(name))):
                fix = "name another directory, or move the file away"
                raise DashboardsError(str(file), cause="is a file, not a directory", fix=fix) from error
            raise DashboardsError(name, cause=f"{error.strerror or error} (no file was changed)") from error
        raise


def _file_at(path: Path) -> Path | None:
    """The file that keeps a directory from being made there: it, or one above it."""
    return next((one for one in (path, *path.parents) if one.exists() and not one.is_dir()), None)


def unfinished(path: Path) -> list[Path]:
    """The copies of a file that killed runs left behind, or that others are writing now."""
    with suppress(OSError):
        names = os.listdir(path.parent)
        return [path.parent / name for name in names if name.startswith(_prefix(path)) and name.endswith(SUFFIX)]
    return []


def _prefix(path: Path) -> str:
    return f".{path.name[:PREFIX]}."


def _part(path: Path, content: bytes) -> Path:
    """Write the content to a hidden file in the directory of `path`, and sync it to disk."""
    import tempfile  # slow, and needed only to write

    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=_prefix(path), suffix=SUFFIX, dir=path.parent)
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
