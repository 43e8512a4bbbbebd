"""`make` and setup.sh build the virtual environment before they start anything; no package index is needed here."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NEEDED = ("Makefile", "pyproject.toml", "requirements.lock", "requirements-build.lock", "cluster-setup/setup.sh")
# A Python whose `-m venv` takes a moment and creates programs that log their names.
PYTHON = """#!/bin/sh
[ "$1" = -m ] || exec {python} "$@"
echo start >>journal
sleep 0.3
mkdir -p .venv/bin
for name in pip cilium-dashboards; do
  printf '#!/bin/sh\\necho %s >>{journal}\\n' $name >.venv/bin/$name
  chmod +x .venv/bin/$name
done
echo end >>journal
"""
BUILT = ["start", "end", "pip", "pip", "pip"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout without an environment, and kubectl, helm and a Python of its own in its directory `bin`."""
    for name in NEEDED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    for name in ("kubectl", "helm", "python3"):
        program = tmp_path / "bin" / name
        program.write_text(PYTHON.format(python=sys.executable, journal=tmp_path / "journal"))
        program.chmod(0o755)
    return tmp_path


def start(checkout: Path, *command: str) -> "subprocess.Popen[bytes]":
    """Start a program in the checkout, with its `bin` first on PATH."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    env = {**inherited, "PATH": f"{checkout / 'bin'}:{os.environ['PATH']}"}
    return subprocess.Popen(command, cwd=checkout, env=env, stdout=subprocess.DEVNULL, start_new_session=True)


def journal(checkout: Path) -> list[str]:
    """The lines that the programs logged."""
    return (checkout / "journal").read_text().splitlines()


@pytest.mark.fault("two setup.sh at once build one environment over each other")
def test_several_at_once_build_one_environment(checkout: Path) -> None:
    """One builds it, the others wait for it; then each runs."""
    running = [start(checkout, "cluster-setup/setup.sh", "plan") for _ in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4
    assert journal(checkout) == [*BUILT, *["cilium-dashboards"] * 4]


def test_an_outdated_environment_is_rebuilt(checkout: Path) -> None:
    """If the lock file is newer, several makes at once rebuild it once; otherwise it is left as it is."""
    assert start(checkout, "make", ".venv/installed").wait(60) == 0
    assert start(checkout, "make", ".venv/installed").wait(60) == 0
    assert journal(checkout) == BUILT
    os.utime(checkout / ".venv" / "installed", (1, 1))
    running = [start(checkout, "make", ".venv/installed") for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    assert journal(checkout) == [*BUILT, *BUILT]


def test_a_killed_make_blocks_no_other(checkout: Path) -> None:
    """The lock is released with the process that holds it, and the half-built environment is rebuilt."""
    first = start(checkout, "make", ".venv/installed")
    while not (checkout / "journal").exists():
        assert first.poll() is None
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert not (checkout / ".venv" / "installed").exists()
    assert start(checkout, "make", ".venv/installed").wait(60) == 0
    assert journal(checkout)[-5:] == BUILT
