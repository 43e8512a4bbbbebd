"""Grafana's published types of its JSON (npm's @grafana/schema), with which TypeScript checks boards.

`package.json` and its lock pin the versions; npm puts them into build/, once for each lock.
"""

import fcntl
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from tests.components import required

DIRECTORY = Path(__file__).parent
BUILD = DIRECTORY.parents[1] / "build" / "types"
PREFIX = "grafana-schema-"
VERSIONS = tuple(
    name.removeprefix(PREFIX)
    for name in json.loads((DIRECTORY / "package.json").read_text())["devDependencies"]
    if name.startswith(PREFIX)
)
ERROR = re.compile(r"(?P<file>\S+)\.ts\((?P<line>\d+),\d+\): error (?P<text>.*)")


def installed() -> Path:
    """The directory of the pinned packages, installed where the lock is new; a skip without npm's registry."""
    lock = (DIRECTORY / "package-lock.json").read_bytes()
    root = BUILD / sha256(lock).hexdigest()[:12]
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (root / "complete").exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(DIRECTORY / name, root)
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=300)
            if result.returncode:
                reason = " ".join(result.stderr.splitlines()[:3])
                missing = f"no packages of npm's registry: npm ci in {root} exited with {result.returncode}: {reason}"
                pytest.fail(missing, pytrace=False) if "node" in required() else pytest.skip(missing)
            (root / "complete").touch()
    return root / "node_modules"


@dataclass(frozen=True, slots=True)
class BoardError:
    """An error of the compiler on a board, and the line of its JSON, from 1."""

    line: int
    message: str


def type_errors(version: str, boards: Mapping[str, str], directory: Path) -> dict[str, list[BoardError]]:
    """What the types of a Grafana version say against each board (JSON by name): nothing where it is right.

    The files that are compiled are written to `directory`.
    """
    modules = installed()
    package = modules / f"{PREFIX}{version}" / "dist"
    index = next(path for path in (package / "types" / "index.d.ts", package / "esm" / "index.d.ts") if path.is_file())
    options = {
        "strict": True,
        "noEmit": True,
        "noErrorTruncation": True,
        "skipLibCheck": True,
        "types": [],
        "lib": ["es2022", "dom"],
        "target": "es2022",
        "module": "esnext",
        "moduleResolution": "bundler",
        "paths": {"@grafana/schema": [str(index)], "composable/*": [f"{package}/esm/raw/composable/*"]},
    }
    (directory / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["*.ts"]}))
    shutil.copy(DIRECTORY / "board.ts", directory)
    for name, text in boards.items():
        # The first line is the JSON's, so that an error's line is the board's.
        (directory / f"{name}.ts").write_text(
            f"const board: Board = {text.rstrip()};\nimport type {{ Board }} from './board';\nexport default board;\n",
            encoding="utf-8",
        )
    compiler = ["node", str(modules / "typescript" / "bin" / "tsc"), "--project", str(directory), "--pretty", "false"]
    result = subprocess.run(compiler, cwd=directory, capture_output=True, text=True, check=False, timeout=120)
    errors: dict[str, list[BoardError]] = {name: [] for name in boards}
    for line in result.stdout.splitlines():
        if match := ERROR.match(line):
            assert match["file"] in errors, line  # board.ts itself, or a type that it names, is not as expected
            errors[match["file"]].append(BoardError(int(match["line"]), match["text"]))
    assert bool(result.returncode) == any(errors.values()), f"{result.returncode}: {result.stdout}{result.stderr}"
    return errors
