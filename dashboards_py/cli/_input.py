"""Input of commands: files named on the command line, and standard input."""

import os
import sys
from pathlib import Path

from dashboards_py.documents.limits import Limits
from dashboards_py.errors import DashboardsError

STANDARD_INPUT = "standard input"


def read_input(path: str, limits: Limits, fix: str) -> tuple[str, bytes]:
    """The name of the file for errors (`-` is standard input), and its content; `fix` says what to name instead."""
    from dashboards_py.documents.source import read_file, read_stream

    if path != "-":
        return path, read_file(Path(path), limits, fix)
    if sys.stdin is None:  # closed, as by `<&-`
        raise DashboardsError(STANDARD_INPUT, cause="is closed", fix=fix)
    return STANDARD_INPUT, read_stream(sys.stdin.buffer, STANDARD_INPUT, limits)


def is_path(name: str) -> bool:
    """True for a file, a directory or standard input.

    A uid has neither slash nor suffix, and stays one where a directory, of pictures for example, is named like it.
    """
    if name == "-" or "/" in name or name.endswith(".json"):
        return True
    return os.path.lexists(name) and not (os.path.isdir(name) and _is_uid(name))


def _is_uid(name: str) -> bool:
    from dashboards_py.dashboards import uids

    return name in uids()
