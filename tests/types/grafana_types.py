"""Grafana's published types of its JSON (npm's @grafana/schema), with which TypeScript checks boards.

`package.json` and its lock pin the versions.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.npm import installed

DIRECTORY = Path(__file__).parent
PREFIX = "grafana-schema-"
VERSIONS = tuple(
    name.removeprefix(PREFIX)
    for name in json.loads((DIRECTORY / "package.json").read_text())["devDependencies"]
    if name.startswith(PREFIX)
)
ERROR = re.compile(r"(?P<file>\S+)\.ts\((?P<line>\d+),\d+\): error (?P<text>.*)")


@dataclass(frozen=True, slots=True)
class BoardError:
    """An error of the compiler on a board, and the line of its JSON, from 1."""

    line: int
    message: str


def type_errors(
    version: str, boards: Mapping[str, str], directory: Path, types: str = "board.ts"
) -> dict[str, list[BoardError]]:
    """The errors of each board (JSON by name) by the types of a Grafana version.

    `types` is the file beside this one whose `Board` they are. The files that are compiled are written to `directory`.
    """
    modules = installed(DIRECTORY, "types")
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
        "paths": {
            "@grafana/schema": [str(index)],
            "composable/*": [f"{package}/esm/raw/composable/*"],
            "schema-v2": [f"{package}/types/schema/dashboard/v2/types.spec.gen.d.ts"],
        },
    }
    (directory / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["*.ts"]}))
    shutil.copy(DIRECTORY / types, directory / "board.ts")
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
