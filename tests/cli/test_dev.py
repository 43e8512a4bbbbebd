"""`dev`: a board that is saved is compiled and deployed as files, and the change is printed."""

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboards_py.cli.dev import command
from dashboards_py.errors import DashboardsError

ROOT = Path(__file__).parents[2]
BOARD = "dashboards_py/dashboards/hubble_relay.py"
SECONDS = 60  # how long a line may take on a busy machine


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Callable[[str], list[str]]]:
    """`dev` on a copy of the package; a function that returns the lines it prints up to one that contains a text."""
    shutil.copytree(ROOT / "dashboards_py", tmp_path / "dashboards_py", ignore=shutil.ignore_patterns("__pycache__"))
    env = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    interruptible = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # also in a background job
    )
    code = f"{interruptible}; from dashboards_py.cli import main; main()"
    command = [sys.executable, "-c", code, "dev", "--out", "out"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for text in process.stdout or ():
            lines.put(text.rstrip())

    threading.Thread(target=read, daemon=True).start()

    def until(part: str) -> list[str]:
        printed: list[str] = []
        while not any(part in text for text in printed[-1:]):
            printed.append(lines.get(timeout=SECONDS))
        return printed

    try:
        yield until
        process.send_signal(signal.SIGINT)
        process.wait(SECONDS)
    finally:
        process.kill()


def test_a_board_that_is_saved(line: Callable[[str], list[str]], tmp_path: Path) -> None:
    """The file is updated and the changed outline lines printed; a board that does not compile changes nothing."""
    line("waiting")
    board, deployed = tmp_path / BOARD, next((tmp_path / "out/dashboards").rglob("hubble-relay.json"))
    before, text = deployed.read_bytes(), board.read_text()
    board.write_text(text.replace('"Hubble / Relay"', '"Hubble / Relays"'))
    assert "- board hubble-relay: Hubble / Relay" in line("+ board hubble-relay: Hubble / Relays")
    assert b"Hubble / Relays" in deployed.read_bytes()
    board.write_text(text.replace("no_value=", "novalue=", 1))
    assert "dashboards_py/dashboards/hubble_relay.py" in line("'novalue'")[-1]
    assert b"Hubble / Relays" in deployed.read_bytes()
    board.write_text(text)
    line("+ board hubble-relay: Hubble / Relay")
    assert deployed.read_bytes() == before


def test_without_development_dependencies(monkeypatch: pytest.MonkeyPatch) -> None:
    """If pip or pipx installed the command: the error names the missing package and how to run it, with exit 2."""
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(
        DashboardsError, match=r"dev: needs watchfiles, which is not installed\n  run `make dev`"
    ) as raised:
        command.main([], standalone_mode=False)
    assert raised.value.exit_code == 2
