"""During a wait a terminal, and only a terminal, shows what the command waits for."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

import dashboards_py.cluster
from dashboards_py.cli import cli
from dashboards_py.cluster import connect
from dashboards_py.kubernetes import Completed
from tests.cluster.plans import with_cilium

CODE = """
import time
from dashboards_py.cli._progress import waiting
with waiting("Looking at the cluster"):
    time.sleep(0.3)
print("done")
"""


@pytest.mark.fault("no progress is shown during long waits")
def test_on_a_terminal(tmp_path: Path) -> None:
    """While a deploy waits for a slow cluster, the text is on standard error."""
    (tmp_path / "kubectl").write_text("#!/bin/sh\nsleep 0.3\nexit 1\n")
    (tmp_path / "kubectl").chmod(0o755)
    controller, terminal = pty.openpty()
    command = [str(Path(sys.executable).parent / "cilium-dashboards"), "deploy", "configmaps"]
    env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    completed = subprocess.run(command, stdout=subprocess.PIPE, stderr=terminal, env=env, timeout=60, check=False)
    os.close(terminal)
    assert b"Comparing with what is deployed" in os.read(controller, 65536)
    os.close(controller)
    assert completed.stdout == b""


@pytest.mark.fault("no progress is shown during long waits")
@pytest.mark.parametrize("command", ["plan", "down"])
def test_of_a_cluster(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """kubectl and helm, each of which takes its time, run while a text says what the command waits for."""
    cluster = with_cilium()
    texts: list[str] = []
    during: list[str] = []

    @contextmanager
    def waiting(text: str) -> Iterator[None]:
        texts.append(text)
        yield
        texts.append("")

    def run(argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:
        during.append((texts or [""])[-1])
        return cluster(argv, stdin=stdin, seconds=seconds)

    monkeypatch.setattr(dashboards_py.cluster, "connect", partial(connect, runner=run))
    monkeypatch.setattr(import_module("dashboards_py.cli.cluster"), "waiting", waiting)
    result = CliRunner().invoke(cli, ["cluster", command], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert texts == ["Reading the cluster", "", "Rendering the charts", ""]
    assert during[0] == ""  # kubectl's current context
    assert set(during[1:]) == {text for text in texts if text and (command, text) != ("down", texts[2])}


def test_in_a_pipe_or_without_a_stream() -> None:
    """Nothing is written without a terminal, and a closed standard error does not crash."""
    piped = subprocess.run([sys.executable, "-c", CODE], capture_output=True, check=True)
    assert (piped.stdout, piped.stderr) == (b"done\n", b"")
    closed = subprocess.run(
        ["sh", "-c", 'exec "$0" -c "$1" 2>&-', sys.executable, CODE], capture_output=True, check=True
    )
    assert closed.stdout == b"done\n"
