"""setup.sh, the entry point: its own messages, from any directory."""

import shutil
import subprocess
from pathlib import Path

import pytest

SETUP = Path(__file__).parents[2] / "cluster-setup" / "setup.sh"


def run(script: Path, *words: str, path: str = "/usr/bin:/bin") -> "subprocess.CompletedProcess[str]":
    """Run the script with arguments, in another directory."""
    return subprocess.run(
        ["bash", str(script), *words], env={"PATH": path}, cwd="/", capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("words", "code"), [((), 2), (("--help",), 0)])
def test_its_commands_are_listed(words: tuple[str, ...], code: int, tmp_path: Path) -> None:
    """Without a command it lists its commands, also if called through a link."""
    link = tmp_path / "some link"
    link.symlink_to(SETUP)
    for script in (SETUP, link):
        completed = run(script, *words)
        listed = completed.stderr if code else completed.stdout  # the list is the result of --help alone
        verbs = [line.split()[1] for line in listed.splitlines() if line.startswith("  setup.sh ")]
        assert (completed.returncode, verbs) == (code, ["plan", "up", "verify", "down"])


@pytest.mark.parametrize("word", ["install", "--context"])
def test_a_command_that_it_does_not_have(word: str) -> None:
    """It is named, with those that there are."""
    completed = run(SETUP, word)
    error = f"Error: setup.sh has no command {word}: use plan, up, verify or down, or --help\n"
    assert (completed.returncode, completed.stdout, completed.stderr) == (2, "", error)


@pytest.mark.parametrize("missing", ["make", "kubectl", "helm"])
def test_a_program_that_is_missing(missing: str, tmp_path: Path) -> None:
    """Missing programs are reported before anything is done."""
    for name in {"make", "kubectl", "helm"} - {missing}:
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    for name in ("bash", "dirname", "readlink"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    completed = run(SETUP, "plan", path=str(tmp_path))
    assert (completed.returncode, completed.stderr) == (2, f"Error: {missing} is not on PATH: install it first\n")
