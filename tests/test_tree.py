"""Writing a tree: what is right stays untouched, what is written is written whole, what is not ours stays."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dashboards_py.errors import DashboardsError, PartlyDone
from dashboards_py.tree import differences, write

FILES = {"dashboards/Cilium/a.json": b"{}\n", "kustomization.yaml": b"# Written by `make dashboards` x\n"}


def test_a_second_write_changes_no_mtime(tmp_path: Path) -> None:
    """Files that are already right are left alone, to the nanosecond."""
    assert write(tmp_path, FILES) == (2, 0)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert write(tmp_path, FILES) == (0, 0)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_differences_name_each_file(tmp_path: Path) -> None:
    """One edited byte, one missing file and one stray are named; a clean tree has none."""
    write(tmp_path, FILES)
    assert differences(tmp_path, FILES) == []
    (tmp_path / "dashboards/Cilium/a.json").write_bytes(b"{ }\n")
    (tmp_path / "dashboards/Cilium/gone.json").write_bytes(b"{}")
    assert differences(tmp_path, {**FILES, "upstream.yaml": b""}) == [
        f"{tmp_path}/dashboards/Cilium/a.json: differs",
        f"{tmp_path}/upstream.yaml: missing",
        f"{tmp_path}/dashboards/Cilium/gone.json: belongs to no board",
    ]


def test_boards_that_are_no_more_are_removed_and_nothing_else(tmp_path: Path) -> None:
    """A stray board goes; a README, and JSON in a tree that is not ours, stay."""
    write(tmp_path, FILES)
    stray, readme = tmp_path / "dashboards/Cilium/gone.json", tmp_path / "dashboards/Cilium/README.md"
    stray.write_text("{}")
    readme.write_text("mine")
    assert write(tmp_path, FILES) == (0, 1)
    assert not stray.exists()
    assert readme.exists()
    theirs = tmp_path / "other"
    (theirs / "dashboards/x").mkdir(parents=True)
    (theirs / "dashboards/x/mine.json").write_text("{}")
    write(theirs, {"dashboards/Cilium/a.json": b"{}"})
    assert (theirs / "dashboards/x/mine.json").exists()


def test_the_root_is_a_file(tmp_path: Path) -> None:
    """The error names the path and the cause, and nothing is written."""
    root = tmp_path / "out"
    root.write_text("a file")
    with pytest.raises(DashboardsError, match=r"out.*(Not a directory|File exists)") as error:
        write(root, FILES)
    assert error.value.exit_code == 2
    assert root.read_text() == "a file"


def test_a_directory_in_the_way_of_a_file(tmp_path: Path) -> None:
    """A path that should be a file and is a directory is named, before and while writing."""
    (tmp_path / "kustomization.yaml").mkdir()
    assert f"{tmp_path}/kustomization.yaml: is not a file" in differences(tmp_path, FILES)
    with pytest.raises(PartlyDone, match=r"kustomization.yaml.*Is a directory"):
        write(tmp_path, FILES)


FILL = """
import resource, signal, sys
from pathlib import Path
from dashboards_py.errors import DashboardsError
from dashboards_py.tree import write
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write(Path(sys.argv[1]), {"a.json": b"a" * 900, "b.json": b"b" * 5000})
except DashboardsError as error:
    print(error)
    sys.exit(error.exit_code)
"""


def test_no_room_left_in_the_middle(tmp_path: Path) -> None:
    """With no room for the second file the first is whole, the second absent, and the error says what was done."""
    found = subprocess.run([sys.executable, "-c", FILL, str(tmp_path)], capture_output=True, text=True, check=False)
    assert found.returncode == 4, found.stderr
    assert "b.json" in found.stdout
    assert "1 of 2 files were written" in found.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json"]
    assert (tmp_path / "a.json").read_bytes() == b"a" * 900


KILLED = """
import sys
from pathlib import Path
from dashboards_py.tree import write
for turn in range(10**9):
    write(Path(sys.argv[1]), {"board.json": (b"old" if turn % 2 else b"new") * 500_000})
"""


def test_a_kill_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    """However a write is killed, a reader finds one of the two contents, whole; the next run goes on."""
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)])
    deadline = time.monotonic() + 20
    while not (tmp_path / "board.json").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.2)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert (tmp_path / "board.json").read_bytes() in (b"old" * 500_000, b"new" * 500_000)
    assert write(tmp_path, {"board.json": b"after"}) == (1, 0)
