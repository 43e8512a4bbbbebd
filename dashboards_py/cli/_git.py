"""Git: files as they were at a revision, and the commit of a checkout."""

from pathlib import Path

from dashboards_py.errors import DashboardsError

SECONDS = 30


def file_at(revision: str, path: Path) -> bytes | None:
    """A file's content at a revision, None if it was not there; a revision that is not there raises DashboardsError."""
    _ensure_revision(revision)
    directory = path.resolve().parent
    try:
        git(directory, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        if not git(directory, "ls-tree", revision, "--", f"./{path.name}").strip():
            return None
        return git(directory, "show", f"{revision}:./{path.name}")
    except GitError as error:
        raise DashboardsError(f"{path} at {revision}", cause=str(error), fix="name another revision") from error


def board_at(revision: str, uid: str) -> bytes | None:
    """One of our boards as it was committed at a revision, None if it was not; without any there DashboardsError."""
    _ensure_revision(revision)
    directory = Path.cwd()
    fix = "run this in a checkout of the project, or name a revision in which the board is"
    try:
        names = git(directory, "ls-tree", "-r", "--name-only", "--full-name", revision, "--", "provisioning").decode()
        path = next((name for name in names.splitlines() if name.endswith(f"/{uid}.json")), "")
        if names:
            return git(directory, "show", f"{revision}:{path}") if path else None
    except GitError as error:
        raise DashboardsError(f"{uid} at {revision}", cause=str(error), fix=fix) from error
    raise DashboardsError(f"{uid} at {revision}", cause="provisioning/ holds no boards", fix=fix)


def checkout_commit() -> str:
    """The commit of the working directory, with -dirty if it has changes; "" outside this project's checkout."""
    if not Path("dashboards_py").is_dir():
        return ""
    try:
        # `describe --dirty` would lock and write the index, so that a commit at the same time fails.
        options = ("--porcelain=v2", "--branch", "--untracked-files=no")
        lines = git(Path.cwd(), "--no-optional-locks", "status", *options, seconds=5).decode(errors="replace")
    except GitError:
        return ""
    commit = next((line.split()[2] for line in lines.splitlines() if line.startswith("# branch.oid ")), "(initial)")
    has_changes = any(not line.startswith("#") for line in lines.splitlines())
    return "" if commit == "(initial)" else commit[:12] + ("-dirty" if has_changes else "")


def _ensure_revision(revision: str) -> None:
    """Refuse what git would take for an option."""
    if revision.startswith("-") or not revision.strip():
        raise DashboardsError(f"revision {revision!r}", cause="is not one", fix="name a commit, a branch or a tag")


class GitError(Exception):
    """Git's own words for what it did not find."""


def git(directory: Path, *arguments: str, seconds: float = SECONDS) -> bytes:
    """The output of git; raises GitError if it has none."""
    import subprocess  # most commands call no git

    try:
        completed = subprocess.run(
            ["git", *arguments], cwd=directory, capture_output=True, timeout=seconds, check=False
        )
    except FileNotFoundError as error:
        raise GitError("git is not installed") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(str(error)) from error
    if completed.returncode:
        lines = completed.stderr.decode(errors="replace").strip().splitlines()
        raise GitError(lines[0] if lines else f"git exited with status {completed.returncode}")
    return completed.stdout
