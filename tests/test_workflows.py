"""The workflows for forks. They run only on GitHub: here they are parsed and linted."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.components import COMPONENTS, require, required
from tests.types.grafana_types import VERSIONS

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
PINNED = re.compile(r"- uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


@pytest.fixture(scope="session")
def actionlint() -> str:
    """The linter of workflows: the one on PATH, or built by go once, into build/."""
    require("actionlint")
    if path := shutil.which("actionlint"):
        return path
    folder = ROOT / "build" / ACTIONLINT.rpartition("/")[2]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "actionlint").exists():
            env = {**os.environ, "GOBIN": str(folder)}
            built = subprocess.run(["go", "install", ACTIONLINT], env=env, capture_output=True, text=True, check=False)
            if built.returncode:
                reason = f"no actionlint: go install {ACTIONLINT} failed: {' '.join(built.stderr.split())[-200:]}"
                pytest.fail(reason, pytrace=False) if "actionlint" in required() else pytest.skip(reason)
    return str(folder / "actionlint")


def lint(actionlint: str, path: Path) -> subprocess.CompletedProcess[str]:
    """actionlint's output on a workflow, and shellcheck's on its scripts."""
    shellcheck = Path(sys.executable).with_name("shellcheck")
    command = [actionlint, "-no-color", "-shellcheck", str(shellcheck), "-pyflakes", "", str(path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_syntax_is_right(actionlint: str, path: Path) -> None:
    """actionlint reports nothing in the YAML, the expressions and the shell scripts."""
    result = lint(actionlint, path)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("runs-on: ubuntu-24.04", "runs_on: ubuntu-24.04", 'unexpected key "runs_on"'),
        ("matrix.version", "matrix.verson", 'property "verson" is not defined'),
        ("exit 1", "exit 1 $unquoted", "shellcheck reported issue"),
    ],
)
def test_the_linter_sees_faults(actionlint: str, tmp_path: Path, old: str, new: str, message: str) -> None:
    """A misspelt key, an unknown expression and a fault in a script are found in the same file."""
    text = (ROOT / ".github" / "workflows" / "check.yaml").read_text()
    assert old in text
    path = tmp_path / "check.yaml"
    path.write_text(text.replace(old, new))
    result = lint(actionlint, path)
    assert result.returncode == 1
    assert message in result.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned(path: Path) -> None:
    """Every action is pinned by commit, with its version in a comment: a tag can be moved."""
    uses = [line.strip() for line in path.read_text().splitlines() if "uses:" in line]
    assert uses
    assert [line for line in uses if not PINNED.fullmatch(line)] == []


def jobs() -> dict[str, Any]:
    """The jobs of check.yaml."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "check.yaml").read_text())
    return dict(workflow["jobs"])


def test_real_grafanas_are_those_whose_types_are_checked() -> None:
    """The Grafana versions in the workflow are those whose published types the boards are checked against."""
    versions = jobs()["grafana"]["strategy"]["matrix"]["version"]
    assert tuple(version.rpartition(".")[0] for version in versions) == VERSIONS


def test_names_in_the_workflows_exist() -> None:
    """Scripts, files, components and make targets that steps name exist."""
    targets = set(re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for line in commands():
        for word in re.findall(r"(?<![\w./])(?:cluster-setup|tests|\.github)/[\w./-]+", line):
            assert (ROOT / word).exists(), word
        if line.startswith("make "):
            assert set(line.split()[1:]) <= targets
    for job in jobs().values():
        for settings in (job, *job["steps"]):
            required = settings.get("env", {}).get("REQUIRED_COMPONENTS", "").split()
            assert set(required) <= COMPONENTS.keys()


def commands() -> Iterator[str]:
    """The lines that steps run, and the files that they pass to actions."""
    for job in jobs().values():
        for step in job["steps"]:
            yield from step.get("run", "").splitlines()
            yield step.get("with", {}).get("config", "")
