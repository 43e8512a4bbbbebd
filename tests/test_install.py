"""`pip install .` and `pipx install .`: an installation from the package index, without the Makefile and its lock."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.fakes.grafana import fake_grafana

ROOT = Path(__file__).parents[1]
INTACT = """
import sys
import zipfile
from base64 import urlsafe_b64encode
from hashlib import sha256
from importlib.metadata import distribution, distributions
changed = [
    str(file)
    for file in distribution("urllib3").files or []
    if file.hash and urlsafe_b64encode(sha256(file.read_binary()).digest()).decode().rstrip("=") != file.hash.value
]
import urllib3
print(urllib3.__version__, distribution("urllib3").version, changed)
print(sorted(each.name for each in distributions() if each.name.replace("_", "-") in ("niquests", "urllib3-future")))
import requests
print(requests.get(sys.argv[1], timeout=10).status_code)
"""


def run(*command: str | Path, **env: str) -> str:
    """The output of a program; the test fails if it does."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GRAFANA_", "PYTHON"))}
    completed = subprocess.run(
        command, env={**inherited, **env}, capture_output=True, text=True, check=False, timeout=120
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout


def build_wheel(directory: Path) -> Path:
    """The wheel of this checkout, built from a copy."""
    source = directory / "source"
    shutil.copytree(ROOT / "dashboards_py", source / "dashboards_py", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    return wheel_of(source, directory)


def wheel_of(source: Path, directory: Path) -> Path:
    """The wheel of a checkout, built in it as `pip install .` does."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", directory, source)
    return next(directory.glob("*.whl"))


def install(python: Path, *packages: str | Path) -> None:
    """Install in a virtual environment, or skip the test if pip reaches no package index."""
    command = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--retries=0", *packages]
    completed = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if (
        completed.returncode
        and "No matching distribution found" in completed.stderr
        and "connection" in completed.stderr.lower()
    ):
        pytest.skip("no package index: pip cannot reach one from here")
    assert completed.returncode == 0, completed.stderr


@pytest.mark.fault("pip install replaces the urllib3 that requests and others in the environment use")
@pytest.mark.fault("installed with its extra, preview does not draw all boards by one command in 20 seconds")
def test_an_installation(tmp_path: Path) -> None:
    """What was installed before keeps its version, urllib3 the files of its own package, and both sides work.

    `preview` draws all boards, in an empty directory and without a Prometheus, in seconds of CPU, because other tests
    run at the same time. pipx installs the same packages into a separate environment.
    """
    wheel = build_wheel(tmp_path)
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    python, program = (tmp_path / "venv" / "bin" / name for name in ("python", "cilium-dashboards"))
    install(python, "requests")
    before = run(python, "-m", "pip", "freeze", "--all").splitlines()
    install(python, f"{wheel}[preview]")
    after = run(python, "-m", "pip", "freeze", "--all").splitlines()
    assert set(before) <= set(after)
    with fake_grafana() as server:
        versions, conflicting, status = run(python, "-c", INTACT, f"{server.url}/api/health").splitlines()
        imported, installed, changed = versions.split(" ", 2)
        assert (imported, changed, conflicting, status) == (installed, "[]", "[]", "200")
        env = {"GRAFANA_URL": server.url, "GRAFANA_TOKEN": "editor-token"}
        completed = run(program, "deploy", "grafana", **env)
        assert completed.endswith(f" create; {len(server.boards)} written\n")
        assert server.boards
    draws_every_board(program, tmp_path)


def draws_every_board(program: Path, directory: Path) -> None:
    """One command, in an empty directory."""
    empty = directory / "empty"
    empty.mkdir()
    before = os.times()
    completed = subprocess.run(
        [program, "preview", "--demo", "--out", "pictures"],
        cwd=empty,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    after = os.times()
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    assert (completed.returncode, completed.stderr) == (0, "")
    pictures = {path.stem for path in (empty / "pictures").glob("*.png")}
    boards = run(program, "list", "--json")
    assert pictures == {board["uid"] for board in json.loads(boards)}
    assert seconds < 20


@pytest.mark.fault("installed by pip or pipx, `cluster` fails on a hidden option")
def test_pinned_versions_come_with_the_package(tmp_path: Path) -> None:
    """The wheel holds the versions of charts, and each command of `cluster` gets as far as the cluster."""
    with zipfile.ZipFile(build_wheel(tmp_path)) as wheel:
        wheel.extractall(tmp_path / "site")
    pinned = (tmp_path / "site" / "dashboards_py" / "cluster" / "versions.env").read_text(encoding="utf-8")
    assert pinned == (ROOT / "cluster-setup" / "versions.env").read_text(encoding="utf-8")
    for name in ("plan", "up", "verify", "down"):
        completed = subprocess.run(
            [sys.executable, "-c", "from dashboards_py.cli import main; main()", "cluster", name],
            cwd=tmp_path / "site",
            env={"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert completed.returncode == 2
        assert "kubectl" in completed.stderr.splitlines()[0]
    code = (
        "from dashboards_py.cli._remedies import *; from dashboards_py.remedies import *; "
        "[print(remedy_text(Remedy(kind), 'down')) for kind in (UP, TAKE_OVER, RECOVER_OPERATION)]"
    )
    texts = run(sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); {code}")
    assert texts.splitlines()[0] == "cilium-dashboards cluster up"
    assert "cilium-dashboards cluster down --take-over" in texts
    assert "setup.sh" not in texts


@pytest.mark.fault("a board that was deleted since the last `pipx install .` is installed by the next")
def test_a_deleted_board_is_not_installed(tmp_path: Path) -> None:
    """A build leaves nothing in the checkout, and the next wheel contains only the files that still exist."""
    first = build_wheel(tmp_path)
    source = tmp_path / "source"
    assert {path.name for path in source.iterdir()} == {"dashboards_py", "pyproject.toml", "README.md", "LICENSE"}
    board = "dashboards_py/dashboards/hubble_relay.py"
    with zipfile.ZipFile(first) as wheel:
        before = {name for name in wheel.namelist() if name.startswith("dashboards_py/")}
    assert before == {path.relative_to(source).as_posix() for path in (source / "dashboards_py").rglob("*.*")}
    (source / board).unlink()
    (tmp_path / "second").mkdir()
    with zipfile.ZipFile(wheel_of(source, tmp_path / "second")) as wheel:
        after = {name for name in wheel.namelist() if name.startswith("dashboards_py/")}
    assert after == before - {board}
