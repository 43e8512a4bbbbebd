"""Files, pipes, devices and directories: read up to a limit, and never waited for without end."""

import os
import threading
from pathlib import Path

import pytest

from dashboards_py.documents import source
from dashboards_py.documents.limits import Limits
from dashboards_py.documents.source import read_file
from dashboards_py.documents.walk import walk
from dashboards_py.errors import DashboardsError

SMALL = Limits(size=100, depth=3, values=10)


def test_a_file_is_read_whole_up_to_the_limit(tmp_path: Path) -> None:
    """100 bytes are read; of 101 nothing is."""
    file = tmp_path / "x"
    file.write_bytes(b"a" * 100)
    assert read_file(file, SMALL) == b"a" * 100
    file.write_bytes(b"a" * 101)
    with pytest.raises(DashboardsError, match="is larger than 100 bytes"):
        read_file(file, SMALL)


@pytest.mark.fault("a device without end, or a pipe that nobody writes to, was read for ever")
def test_what_never_ends_is_refused() -> None:
    """As soon as the limit is passed."""
    with pytest.raises(DashboardsError, match="/dev/zero: is larger than 100 bytes"):
        read_file(Path("/dev/zero"), SMALL)


def test_a_pipe_is_read_unless_it_has_no_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written before or after it is opened is read; a slow writer is waited for."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setattr(source, "PIPE_TIMEOUT", 0.05)
    with pytest.raises(DashboardsError, match=r"is a pipe without data for 0\.05 s"):
        read_file(pipe, SMALL)
    writer = os.open(pipe, os.O_RDWR)  # a writer that has not written yet

    def write() -> None:
        os.write(writer, b"abc")
        os.close(writer)

    late = threading.Timer(0.3, write)
    late.start()
    assert read_file(pipe, SMALL) == b"abc"
    late.join()


@pytest.mark.parametrize(
    ("name", "why"), [(".", "Is a directory"), ("none", "No such file or directory"), ("a\0b", "null")]
)
def test_the_error_says_why_a_file_cannot_be_read(tmp_path: Path, name: str, why: str) -> None:
    """The error names the alternative."""
    with pytest.raises(DashboardsError, match=f"{why}.*\n  give a file"):
        read_file(tmp_path / name, SMALL, "give a file")


@pytest.mark.fault("a link that leads back to its own directory, or a pipe among the files, was not reported")
def test_a_directory_is_walked_once_whatever_is_in_it(tmp_path: Path) -> None:
    """Links are followed once, hidden directories skipped; anything that is not a file is named, in a stable order."""
    for name in ("b/x.json", "a.json", "b/y.txt", ".hidden/z.json", "..data/w.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    (tmp_path / "b" / "up").symlink_to(tmp_path)
    (tmp_path / "c").symlink_to(tmp_path / "b")
    (tmp_path / "loop.json").symlink_to("loop.json")
    (tmp_path / "mounted.json").symlink_to("..data/w.json")
    os.mkfifo(tmp_path / "pipe.json")
    reasons = {str(file.path.relative_to(tmp_path)): file.why for file in walk(tmp_path)}
    assert reasons == {
        "a.json": "",
        "loop.json": "Too many levels of symbolic links",
        "mounted.json": "",
        "pipe.json": "is not a regular file",
        "b/x.json": "",
        "b/up": "is a link back to a directory that was read already",
        "c": "is a link back to a directory that was read already",
    }


def test_a_directory_with_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the limit."""
    monkeypatch.setattr("dashboards_py.documents.walk.FILES", 2)
    for name in "abc":
        (tmp_path / f"{name}.json").write_text("{}")
    with pytest.raises(DashboardsError, match="contains more than 2 files"):
        list(walk(tmp_path))
