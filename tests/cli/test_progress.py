"""During a wait a terminal, and only a terminal, shows what the command waits for."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_in_a_pipe_or_without_a_stream() -> None:
    """Nothing is written without a terminal, and a closed standard error does not crash."""
    piped = subprocess.run([sys.executable, "-c", CODE], capture_output=True, check=True)
    assert (piped.stdout, piped.stderr) == (b"done\n", b"")
    closed = subprocess.run(
        ["sh", "-c", 'exec "$0" -c "$1" 2>&-', sys.executable, CODE], capture_output=True, check=True
    )
    assert closed.stdout == b"done\n"
