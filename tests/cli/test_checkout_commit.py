"""The commit that deployments name."""

import os
import subprocess
from pathlib import Path

import pytest

from dashboards_py.cli._git import checkout_commit


def _git(*arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    return subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.fault("deploying writes the index of git, and a commit at the same time fails")
def test_the_commit_is_read_without_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has -dirty for a changed file, not for a touched or an untracked one; nothing in .git is written."""
    monkeypatch.chdir(tmp_path)
    assert checkout_commit() == ""
    (tmp_path / "dashboards_py").mkdir()
    file = tmp_path / "dashboards_py" / "board.py"
    file.write_text("1\n", encoding="utf-8")
    _git("init", "-q")
    _git("add", ".")
    _git("commit", "-qm", "Add a board")
    commit = _git("rev-parse", "--short=12", "HEAD")
    os.utime(file, (1, 1))
    (tmp_path / "untracked").touch()
    before = _state(tmp_path / ".git")
    assert checkout_commit() == commit
    file.write_text("22\n", encoding="utf-8")
    assert checkout_commit() == f"{commit}-dirty"
    assert _state(tmp_path / ".git") == before


def _state(directory: Path) -> dict[Path, tuple[int, int]]:
    """When each file and directory was written, and its inode, which a file that was replaced has not kept."""
    return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in (directory, *directory.rglob("*"))}
