"""Packages of npm that tests use: each directory's `package.json` and lock pin them; npm puts them into build/."""

import fcntl
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from tests.components import required

BUILD = Path(__file__).parents[1] / "build"


def installed(directory: Path, name: str) -> Path:
    """node_modules of a directory's lock, installed where the lock is new; a skip without npm's registry."""
    lock = (directory / "package-lock.json").read_bytes()
    root = BUILD / name / sha256(lock).hexdigest()[:12]
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (root / "complete").exists():
            for file in ("package.json", "package-lock.json"):
                shutil.copy(directory / file, root)
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=300)
            if result.returncode:
                reason = " ".join(result.stderr.splitlines()[:3])
                missing = f"no packages of npm's registry: npm ci in {root} exited with {result.returncode}: {reason}"
                pytest.fail(missing, pytrace=False) if "node" in required() else pytest.skip(missing)
            (root / "complete").touch()
    return root / "node_modules"
