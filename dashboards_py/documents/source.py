"""Read files and streams up to a size limit; reading a pipe without a writer times out."""

import os
import select
import stat
from pathlib import Path
from typing import IO

from dashboards_py.documents.limits import Limits
from dashboards_py.errors import DashboardsError

PIPE_TIMEOUT = 10  # seconds to wait for a writer
CHUNK = 1024 * 1024


def read_file(path: Path, limits: Limits, fix: str = "") -> bytes:
    """Read a file, pipe or device; `fix` describes what to do if it cannot be read.

    Raises DashboardsError for a file that is unreadable or over the limit.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            status = os.fstat(descriptor)
            if stat.S_ISREG(status.st_mode):
                limits.check_size(status.st_size, str(path))
            first = _from_writer(descriptor, path) if stat.S_ISFIFO(status.st_mode) else b""
            os.set_blocking(descriptor, True)
            return _read(descriptor, str(path), limits, first)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        cause = getattr(error, "strerror", None) or str(error)
        raise DashboardsError(str(path), cause=cause, fix=fix) from error


def read_stream(stream: IO[bytes], name: str, limits: Limits) -> bytes:
    """Read a stream such as standard input; raises DashboardsError if it exceeds the limit."""
    try:
        content = stream.read(limits.size + 1)
    except OSError as error:
        raise DashboardsError(name, cause=error.strerror or str(error)) from error
    limits.check_size(len(content), name)
    return content


def _read(descriptor: int, name: str, limits: Limits, first: bytes) -> bytes:
    parts, size = [first], len(first)
    while part := os.read(descriptor, CHUNK):
        parts.append(part)
        size += len(part)
        limits.check_size(size, name)
    return b"".join(parts)


def _from_writer(descriptor: int, path: Path) -> bytes:
    """The first bytes of a pipe, if any; a pipe without a writer raises DashboardsError."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    if waiting.poll(PIPE_TIMEOUT * 1000):
        return b""
    try:
        first = os.read(descriptor, CHUNK)
    except BlockingIOError:  # there is a slow writer: the caller waits for it
        return b""
    if not first:
        raise DashboardsError(str(path), cause=f"is a pipe without data for {PIPE_TIMEOUT} s")
    return first
