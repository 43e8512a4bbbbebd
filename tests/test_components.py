"""Which real components a run requires, and how missing ones are reported."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.components import COMPONENTS, PROVED, missing
from tests.conftest import KUBERNETES, pytest_runtest_call, pytest_runtest_teardown, table_of_faults

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


def test_ci_requires_each_component_or_says_why_not() -> None:
    """None is skipped there without anybody having decided so."""
    script = (ROOT / ".ci" / "run").read_text()
    required = re.search(r'^REQUIRED_COMPONENTS="([^"]+)"$', script, re.MULTILINE)
    assert required
    reasons = re.findall(r"^#   ([a-z0-9, -]+): \w", script, re.MULTILINE)
    excused = [name for names in reasons for name in names.split(", ")]
    assert sorted([*required[1].split(), *excused]) == sorted(COMPONENTS)


class Arguments(SimpleNamespace):
    """A test with arguments, as pytest keeps it while it runs."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(funcargs=dict(enumerate(arguments)), user_properties=[("fault", "lost")])


@dataclass(frozen=True)
class Namespaced:
    """What has a kubeconfig."""

    kubeconfig: str


def test_the_table_of_faults_says_what_ran_on_a_real_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the arguments that a test got, whether a kubeconfig or what has one; a test that failed proves nothing."""
    monkeypatch.setenv("TEST_KUBECONFIG", "one.yaml:two.yaml")
    stand_in, by_path, by_object = Arguments("x", []), Arguments("one.yaml"), Arguments(Path(), Namespaced("two.yaml"))
    for item in (stand_in, by_path, by_object):
        pytest_runtest_call(cast(pytest.Item, item))
    reports = [SimpleNamespace(user_properties=item.user_properties, when="call") for item in (stand_in, by_path)]
    failed = SimpleNamespace(user_properties=by_object.user_properties, when="call")
    assert list(table_of_faults({"passed": reports, "failed": [failed]})) == [
        "1 fault, and the tests that prove each fixed; 1 of them on a real API server:",
        "  real API server | fault: all tests",
        "         1 passed | lost: 2 passed, 1 failed",
    ]
    assert list(table_of_faults({"passed": [reports[0]], "failed": [failed]}))[0::2] == [
        "1 fault, and the tests that prove each fixed; 0 of them on a real API server:",
        "                - | lost: 1 passed, 1 failed",
    ]


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
