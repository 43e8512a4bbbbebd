"""Writing a tree: correct files are not rewritten, writes are atomic, other people's files are kept."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from dashboards_py import tree
from dashboards_py.errors import DashboardsError, PartlyDone, ProblemsFound
from dashboards_py.tree import Strays, Written, differences, needs_defaults, strays, write

LIST = b"# Written by `make dashboards` x\n- files:\n  - a.json=dashboards/Cilium/a.json\n"
FILES = {"dashboards/Cilium/a.json": b"{}\n", "kustomization.yaml": LIST}
DELETED = "dashboards/Cilium/gone.json"
MANIFEST = ".cilium-dashboards/manifest"


def counts(root: Path, files: Mapping[str, bytes]) -> tuple[int, int]:
    """Write, and return how many files were written and removed."""
    result = write(root, files)
    return result.written, len(result.removed)


def contents(root: Path) -> dict[str, bytes]:
    """The content of every file below the root except the manifest."""
    paths = (path for path in root.rglob("*") if path.is_file() and path.parent.name != ".cilium-dashboards")
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def test_a_second_write_changes_no_mtime(tmp_path: Path) -> None:
    """Files that are already right are left alone, to the nanosecond."""
    assert counts(tmp_path, FILES) == (2, 0)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert counts(tmp_path, FILES) == (0, 0)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_differences_name_each_file(tmp_path: Path) -> None:
    """One edited byte, a missing file and a file of a deleted board are named; a clean tree has none."""
    write(tmp_path, {**FILES, DELETED: b"{}"})
    assert differences(tmp_path, {**FILES, DELETED: b"{}"}) == []
    (tmp_path / "dashboards/Cilium/a.json").write_bytes(b"{ }\n")
    assert differences(tmp_path, {**FILES, "upstream.yaml": b""}) == [
        f"{tmp_path}/dashboards/Cilium/a.json: differs",
        f"{tmp_path}/upstream.yaml: missing",
        f"{tmp_path}/{DELETED}: was written for a deleted board",
    ]


LOST = pytest.mark.fault("`compile` deletes people's own JSON below provisioning/dashboards")


@LOST
def test_only_what_we_wrote_and_nobody_changed_is_removed(tmp_path: Path) -> None:
    """Of stray files, ours are removed; edited ones, unknown ones and a README are kept and listed separately."""
    edited, own = "dashboards/Cilium/edited.json", "dashboards/Own/own.json"
    write(tmp_path, {**FILES, DELETED: b"{}", edited: b"{}"})
    for name, text in ((edited, '{"title": "edited"}'), (own, "{}"), ("dashboards/Cilium/README.md", "mine")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    expected = Strays(unmodified=(DELETED,), edited=(edited,), unknown=(own,))
    assert strays(tmp_path, FILES) == expected
    for _ in range(2):
        write(tmp_path, FILES)
        assert strays(tmp_path, FILES) == replace(expected, unmodified=())
        assert contents(tmp_path) == {
            **FILES,
            edited: b'{"title": "edited"}',
            own: b"{}",
            "dashboards/Cilium/README.md": b"mine",
        }


@LOST
def test_a_file_that_is_edited_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is read again directly before it is removed."""
    edited = tmp_path / "dashboards/Cilium/z.json"
    write(tmp_path, {**FILES, DELETED: b"{}", "dashboards/Cilium/z.json": b"{}"})
    unlink = Path.unlink

    def unlink_and_edit(path: Path, missing_ok: bool = False) -> None:
        unlink(path, missing_ok=missing_ok)
        edited.write_text("mine")

    monkeypatch.setattr(Path, "unlink", unlink_and_edit)
    assert write(tmp_path, FILES).removed == (DELETED,)
    assert edited.read_text() == "mine"


@LOST
@pytest.mark.parametrize("manifest", [None, "{}"], ids=["a tree from before the manifest", "an empty manifest"])
def test_without_a_record_nothing_is_removed(tmp_path: Path, manifest: str | None) -> None:
    """A board of unknown origin is kept, whether an earlier version of ours wrote it or someone else."""
    write(tmp_path, {**FILES, DELETED: b"{}"})
    shutil.rmtree(tmp_path / ".cilium-dashboards")
    if manifest:
        (tmp_path / MANIFEST).parent.mkdir()
        (tmp_path / MANIFEST).write_text(manifest)
    assert write(tmp_path, FILES) == Written(0, (), Strays(unknown=(DELETED,)))
    assert contents(tmp_path) == {**FILES, DELETED: b"{}"}


@LOST
def test_a_rewritten_file_is_ours_again(tmp_path: Path) -> None:
    """In a tree without manifest (a fresh clone), files that equal what we would write are ours."""
    write(tmp_path, {**FILES, DELETED: b"{}"})
    shutil.rmtree(tmp_path / ".cilium-dashboards")
    assert counts(tmp_path, {**FILES, DELETED: b"{}"}) == (0, 0)
    assert counts(tmp_path, FILES) == (0, 1)


@pytest.mark.parametrize("other", [None, "README.md"])
def test_an_empty_folder_is_removed(tmp_path: Path, other: str | None) -> None:
    """A folder that contained only our boards is removed; one with anything else in it is kept."""
    write(tmp_path, {**FILES, "dashboards/Old/old.json": b"{}"})
    if other:
        (tmp_path / "dashboards/Old" / other).write_text("mine")
    assert counts(tmp_path, FILES) == (0, 1)
    assert (tmp_path / "dashboards/Old").exists() == bool(other)


@pytest.mark.fault("`compile` overwrites people's own files")
@pytest.mark.parametrize("name", FILES)
def test_a_foreign_file_is_not_overwritten(tmp_path: Path, name: str) -> None:
    """In a directory that is not ours, a file where one of ours belongs is named, and nothing is written."""
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("resources: [mine.yaml]\n")
    with pytest.raises(ProblemsFound, match=rf"1 of 2 files was not written by this tool.*{name}"):
        write(tmp_path, FILES)
    assert contents(tmp_path) == {name: b"resources: [mine.yaml]\n"}


def test_generated_files_of_a_fresh_clone_are_written_again(tmp_path: Path) -> None:
    """Without manifest, the boards that our kustomization lists are ours to write, whatever version they are of."""
    write(tmp_path, FILES)
    shutil.rmtree(tmp_path / ".cilium-dashboards")
    assert counts(tmp_path, {name: content + b" " for name, content in FILES.items()}) == (2, 0)


def test_an_interrupted_run_knows_what_it_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a kill, the next run recognises the file that was written as ours and may remove it."""
    monkeypatch.setattr(tree, "replace", interrupted_after(1))
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, {DELETED: b"{}", **FILES})
    monkeypatch.undo()
    assert contents(tmp_path) == {DELETED: b"{}"}
    assert counts(tmp_path, FILES) == (2, 1)
    assert contents(tmp_path) == FILES


def interrupted_after(writes: int) -> Callable[[Path, bytes], None]:
    """A `replace` that works for this many writes and is interrupted on the next."""
    done = iter(range(writes))

    def replace_(path: Path, content: bytes) -> None:
        if next(done, None) is None:
            raise KeyboardInterrupt
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return replace_


def test_the_manifest_is_ignored_by_git_and_by_grafana(tmp_path: Path) -> None:
    """Git shows nothing of it, and no file of it ends in .json, which is what Grafana's file provisioning reads."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    write(tmp_path, FILES)
    command = ["git", "-C", str(tmp_path), "status", "--porcelain", "--untracked-files=all"]
    names = {
        line[3:] for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    }
    assert names == FILES.keys()
    assert not list((tmp_path / ".cilium-dashboards").rglob("*.json"))


@pytest.mark.parametrize("content", ["{", "[]", '{"a": 1}', '{"../a": []}', '{"/etc/a": []}', "\x00", "[" * 100_000])
def test_a_broken_manifest_is_named(tmp_path: Path, content: str) -> None:
    """A file that is not our manifest is an error that names it, and nothing is written or removed."""
    (tmp_path / MANIFEST).parent.mkdir()
    (tmp_path / MANIFEST).write_text(content)
    with pytest.raises(DashboardsError, match=r"manifest: is not a manifest that we wrote") as error:
        write(tmp_path, FILES)
    assert error.value.exit_code == 2
    assert contents(tmp_path) == {}


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
    """With no space for the second file the first is complete, the second absent, and the error reports both."""
    completed = subprocess.run([sys.executable, "-c", FILL, str(tmp_path)], capture_output=True, text=True, check=False)
    assert completed.returncode == 4, completed.stderr
    assert "b.json" in completed.stdout
    assert "1 of 2 files was written" in completed.stdout
    assert contents(tmp_path) == {"a.json": b"a" * 900}


KILLED = """
import sys
from pathlib import Path
from dashboards_py.tree import write
for turn in range(10**9):
    write(Path(sys.argv[1]), {"board.json": (b"old" if turn % 2 else b"new") * 500_000})
"""


def test_a_kill_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    """However a write is killed, readers see one of the two contents in full; the next run continues."""
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)])
    deadline = time.monotonic() + 20
    while not (tmp_path / "board.json").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.2)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert (tmp_path / "board.json").read_bytes() in (b"old" * 500_000, b"new" * 500_000)
    assert counts(tmp_path, {"board.json": b"after"}) == (1, 0)


def test_when_the_boards_of_the_defaults_are_needed(tmp_path: Path) -> None:
    """They are compiled only if a file is neither as the manifest says nor one that is to be written."""
    files = {"dashboards/A/a.json": b"{}\n", "rules/r.yaml": b"r\n", "kustomization.yaml": b"k\n"}
    assert not needs_defaults(tmp_path / "nowhere", files)
    write(tmp_path, files)
    assert not needs_defaults(tmp_path, files | {"rules/r.yaml": b"new\n"})
    for name in ("dashboards/A/b.json", "rules/other.yaml", "README.md"):
        (tmp_path / name).write_bytes(b"{}\n")
        assert needs_defaults(tmp_path, files)
        (tmp_path / name).unlink()
    (tmp_path / "dashboards/A/a.json").write_bytes(b"{} \n")
    assert needs_defaults(tmp_path, files)
