"""The files in a directory tree."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dashboards_py.errors import DashboardsError

FILES = 10_000  # below one directory


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file in a directory tree; `why` is the reason why it cannot be read, or ""."""

    path: Path
    why: str = ""


def walk(directory: Path, endings: str | tuple[str, ...] = ".json") -> Iterator[ListedFile]:
    """The files with one of these suffixes, sorted within each directory, and directories that cannot be read.

    Links to directories are followed once. Hidden directories are skipped, because a mounted ConfigMap has its files
    again in `..data`. Raises DashboardsError for more than 10,000 files.
    """
    seen: set[tuple[int, int]] = set()
    pending = [directory]
    count = 0
    while pending:
        current = pending.pop()
        try:
            status = current.stat()
            if (status.st_dev, status.st_ino) in seen:
                yield ListedFile(current, "is a link back to a directory that was read already")
                continue
            seen.add((status.st_dev, status.st_ino))
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError as error:
            yield ListedFile(current, error.strerror or str(error))
            continue
        for entry in entries:
            path = current / entry.name
            if entry.name.endswith(endings) and not _is_directory(entry):
                count += 1
                if count > FILES:
                    fix = "name a directory that contains only dashboards"
                    kinds = " or ".join(
                        f"*{ending}" for ending in ((endings,) if isinstance(endings, str) else endings)
                    )
                    raise DashboardsError(str(directory), cause=f"contains more than {FILES} files {kinds}", fix=fix)
                yield ListedFile(path, _unreadable(path))
        pending.extend(
            current / entry.name
            for entry in reversed(entries)
            if _is_directory(entry) and not entry.name.startswith(".")
        )


def _is_directory(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _unreadable(path: Path) -> str:
    """The reason why a file in a directory is not read, or "". Pipes are read only if they are named explicitly."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return error.strerror or str(error)
    return "" if stat.S_ISREG(mode) else "is not a regular file"
