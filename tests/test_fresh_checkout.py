"""A fresh checkout on a machine with Python, make and nothing else: the first command of README, on each of PYTHONS."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.components import pythons, require

ROOT = Path(__file__).parents[1]


def make(directory: Path, *targets: str) -> str:
    """The output of `make` in a directory, with only PATH, HOME and PIP_INDEX_URL of this environment.

    pip compiles no bytecode, which would take half of its time: Python does where it imports.
    """
    env = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "PIP_INDEX_URL")}
    env["PIP_NO_COMPILE"] = "1"
    completed = subprocess.run(["make", *targets], cwd=directory, env=env, capture_output=True, text=True, check=False)
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout


def times(directory: Path) -> dict[str, int]:
    """The modification time of each file below a directory."""
    return {str(path): path.stat().st_mtime_ns for path in directory.rglob("*") if path.is_file()}


@pytest.mark.parametrize("python", pythons() or [""], ids=lambda path: Path(path).resolve().name or "none")
def test_the_first_command(tmp_path: Path, python: str) -> None:
    """`make dashboards deploy` installs, compiles the committed bytes, deploys; again, it writes nothing."""
    require("other-pythons")
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in names.stdout.split("\0"):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tmp_path / name)
    completed = make(tmp_path, f"PYTHON={python}", "dashboards", "deploy")
    assert re.search(r"provisioning: [1-9]\d* files, 0 written", completed)
    assert re.search(r"(\d+) create; \1 written", completed)
    before = times(tmp_path / "build")
    completed = make(tmp_path, "dashboards", "deploy")
    assert "0 written" in completed
    assert times(tmp_path / "build") == before
