"""Files as they were at a revision of git."""

import subprocess
from pathlib import Path

from dashboards_py.errors import DashboardsError

SECONDS = 30


def file_at(revision: str, path: Path) -> bytes:
    """A file's content at a revision; one that was not there raises DashboardsError."""
    _ensure_revision(revision)
    directory = path.resolve().parent
    try:
        return _git(directory, "show", f"{revision}:./{path.name}")
    except _NotThere as error:
        raise DashboardsError(f"{path} at {revision}", cause=str(error), fix="name another revision") from error


def board_at(revision: str, uid: str) -> bytes:
    """One of our boards as it was committed at a revision; raises DashboardsError if there was none."""
    _ensure_revision(revision)
    directory = Path.cwd()
    fix = "run this in a checkout of the project, or name a revision in which the board is"
    try:
        names = _git(directory, "ls-tree", "-r", "--name-only", "--full-name", revision, "--", "provisioning").decode()
        path = next((name for name in names.splitlines() if name.endswith(f"/{uid}.json")), "")
        if path:
            return _git(directory, "show", f"{revision}:{path}")
    except _NotThere as error:
        raise DashboardsError(f"{uid} at {revision}", cause=str(error), fix=fix) from error
    raise DashboardsError(f"{uid} at {revision}", cause="provisioning/ holds no such board", fix=fix)


def _ensure_revision(revision: str) -> None:
    """Refuse what git would take for an option."""
    if revision.startswith("-") or not revision.strip():
        raise DashboardsError(f"revision {revision!r}", cause="is not one", fix="name a commit, a branch or a tag")


class _NotThere(Exception):
    """Git's own words for what it did not find."""


def _git(directory: Path, *arguments: str) -> bytes:
    """The output of git."""
    try:
        completed = subprocess.run(
            ["git", *arguments], cwd=directory, capture_output=True, timeout=SECONDS, check=False
        )
    except FileNotFoundError as error:
        raise _NotThere("git is not installed") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _NotThere(str(error)) from error
    if completed.returncode:
        lines = completed.stderr.decode(errors="replace").strip().splitlines()
        raise _NotThere(lines[0] if lines else f"git exited with status {completed.returncode}")
    return completed.stdout
