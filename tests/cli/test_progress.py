"""During a wait a terminal, and only a terminal, shows what the command waits for."""

import os
import pty
import subprocess
import sys

import pytest

CODE = """
import time
from dashboards_py.cli._progress import waiting
with waiting("Looking at the cluster"):
    time.sleep(0.3)
print("done")
"""


@pytest.mark.fault("no progress is shown during long waits")
def test_on_a_terminal() -> None:
    """The text is on standard error during the work."""
    controller, terminal = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", CODE], stdout=subprocess.PIPE, stderr=terminal) as process:
        stdout, _ = process.communicate(timeout=60)
    os.close(terminal)
    assert b"Looking at the cluster" in os.read(controller, 65536)
    os.close(controller)
    assert stdout == b"done\n"


def test_in_a_pipe_or_without_a_stream() -> None:
    """Nothing is written without a terminal, and a closed standard error does not crash."""
    piped = subprocess.run([sys.executable, "-c", CODE], capture_output=True, check=True)
    assert (piped.stdout, piped.stderr) == (b"done\n", b"")
    closed = subprocess.run(
        ["sh", "-c", 'exec "$0" -c "$1" 2>&-', sys.executable, CODE], capture_output=True, check=True
    )
    assert closed.stdout == b"done\n"
