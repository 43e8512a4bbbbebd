"""Which real components a run requires, and how missing ones are reported."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.components import COMPONENTS, PROVED, missing
from tests.conftest import KUBERNETES, pytest_runtest_teardown

ROOT = Path(__file__).parents[1]
EMPTY_TEST = "from tests.components import require\n\ndef test_it():\n    require('envoy')\n"


def run(directory: Path, required: str = "") -> "subprocess.CompletedProcess[str]":
    """A run of one test that uses Envoy, with nothing on PATH, in an environment without components."""
    (directory / "test_it.py").write_text(EMPTY_TEST)
    env = {"PATH": str(directory), "HOME": os.environ.get("HOME", "/"), "REQUIRED_COMPONENTS": required}
    plugins = ["-p", "tests.conftest", "-p", "no:cacheprovider", "--rootdir", str(directory)]
    command = [sys.executable, "-m", "pytest", "-q", *plugins, str(directory / "test_it.py")]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.fault("The build required components that are no longer provided")
def test_a_missing_component_that_is_required_fails_the_run(tmp_path: Path) -> None:
    """No test runs; each missing component is named with how to get it."""
    result = run(tmp_path, "envoy, helm-3")
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"no envoy, which is required: {COMPONENTS['envoy'].how_to_get}" in result.stderr
    assert f"no helm-3, which is required: {COMPONENTS['helm-3'].how_to_get}" in result.stderr
    assert "passed" not in result.stdout


def test_a_missing_component_skips(tmp_path: Path) -> None:
    """The last lines say how many tests were skipped, in which files, and how to get the component."""
    result = run(tmp_path)
    assert result.returncode == 0
    assert f"1 skipped (test_it): no envoy: {COMPONENTS['envoy'].how_to_get}\n" in result.stdout


def test_what_is_not_proved_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line for each missing component, and none for those that are here; `.ci/run` prints it if it requires none."""
    assert list(PROVED) == list(COMPONENTS)
    monkeypatch.setenv("K8S_SIDECAR", "/a/script")
    assert not any(line.startswith("no sidecar;") for line in missing())
    monkeypatch.delenv("K8S_SIDECAR")
    lines = [line for line in missing() if line.startswith("no sidecar;")]
    assert lines == [f"no sidecar; not proved: {PROVED['sidecar']} ({COMPONENTS['sidecar'].how_to_get})"]
    assert "python -m tests.components" in (ROOT / ".ci" / "run").read_text()


def test_a_misspelt_component_is_named(tmp_path: Path) -> None:
    """An unknown name in REQUIRED_COMPONENTS fails the run."""
    result = run(tmp_path, "envoi")
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert "REQUIRED_COMPONENTS names envoi: there are only prometheus, promtool" in result.stderr


def test_a_cluster_is_stopped_after_its_last_test(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """STOP_CLUSTER runs once for each cluster, when the next test of the worker needs it no more."""
    stopped = tmp_path / "stopped"
    monkeypatch.setenv("TEST_KUBECONFIG", "one.yaml:two.yaml")
    monkeypatch.setenv("STOP_CLUSTER", f'echo "${{1%.yaml}}" >> {stopped}')
    files = [KUBERNETES[0][0], KUBERNETES[0][1], KUBERNETES[1][0], "test_words"]
    nodes = [SimpleNamespace(nodeid=f"tests/live/{file}.py::test_it") for file in files]
    for node, following in zip(nodes, [*nodes[1:], None], strict=True):
        list(pytest_runtest_teardown(cast(pytest.Item, node), cast(pytest.Item, following)))
    assert stopped.read_text() == "one\ntwo\n"
