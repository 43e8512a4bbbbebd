"""Deploying files: written atomically, only if changed, and never over other people's files."""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards_py.errors import DashboardsError
from dashboards_py.targets import Action, Change, Deployment, Payload, State, _directory, files
from dashboards_py.tree import replace as replace_file
from tests.targets.small_boards import FOLDERS, UIDS, bloated, payload

ROOT = Path(__file__).parents[2]
NAMES = (*(f"dashboards/{FOLDERS[uid]}/{uid}.json" for uid in UIDS), files.PROVIDER)
A, B, C, _ = NAMES


def plan(out: Path, boards: Payload | None = None, overwrite: bool = False) -> Deployment:
    return files.prepare(
        boards or payload(), {"out": str(out), "path": "/etc/grafana/dashboards", "overwrite": overwrite}
    )


def deploy(out: Path, boards: Payload | None = None, overwrite: bool = False) -> list[Change]:
    return list(plan(out, boards, overwrite).apply())


def mtimes(out: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in out.rglob("*")}


def actions(deployment: Deployment) -> dict[str, str]:
    return {change.name: str(change.action) for change in deployment.changes}


def test_create_then_nothing_then_update(tmp_path: Path) -> None:
    """Everything once; then no mtime changes, of files or directories; then only what changed."""
    out = tmp_path / "new" / "out"
    assert deploy(out) == [Change(name, Action.CREATE) for name in NAMES]
    assert {path: (out / path).read_bytes() for path in (A, B, C)} == {
        path: payload().files[path] for path in (A, B, C)
    }
    before = mtimes(out)
    assert deploy(out) == []
    assert mtimes(out) == before
    assert deploy(out, payload({"cilium-b": "New"})) == [Change(B, Action.UPDATE)]
    after = mtimes(out)
    assert {path for path in before if path.is_file() and after[path] != before[path]} == {
        out / B,
        out / _directory.MANIFEST,
    }


@pytest.mark.parametrize(
    ("path", "cause"),
    [("", "is empty"), (" ", "is empty"), ("boards", "boards is relative"), ("./boards", "./boards is relative")],
)
def test_a_path_from_where_grafana_was_started(tmp_path: Path, path: str, cause: str) -> None:
    """It is refused before anything is written: that is unknown to who writes the path."""
    with pytest.raises(DashboardsError, match=f"--path: {cause}"):
        files.prepare(payload(), {"out": str(tmp_path / "out"), "path": path, "overwrite": False})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("path", ["/srv/boards", r"C:\grafana\boards", "C:/boards", "$BOARDS", "${HOME}/boards"])
def test_a_path_that_grafana_finds_anywhere(tmp_path: Path, path: str) -> None:
    """On Windows as well, and one with a variable of Grafana's environment."""
    files.prepare(payload(), {"out": str(tmp_path / "out"), "path": path, "overwrite": False})


def test_deleted_files_are_forgotten(tmp_path: Path) -> None:
    """The manifest holds one hash for each file: restoring an older version of ours counts as an edit."""
    deploy(tmp_path)
    older = (tmp_path / B).read_bytes()
    deploy(tmp_path, payload({"cilium-b": "New"}))
    hashes = {name: [sha256((tmp_path / name).read_bytes()).hexdigest()] for name in sorted(NAMES)}
    assert (tmp_path / _directory.MANIFEST).read_text() == json.dumps(hashes, indent=1) + "\n"
    (tmp_path / B).write_bytes(older)
    assert actions(plan(tmp_path, payload({"cilium-b": "New"})))[B] == "conflict"


def test_a_plan_writes_nothing(tmp_path: Path) -> None:
    """Planning does not even create the directory."""
    assert actions(plan(tmp_path / "out")) == dict.fromkeys(NAMES, "create")
    assert list(tmp_path.iterdir()) == []


def test_the_provider_points_where_the_boards_are_mounted(tmp_path: Path) -> None:
    """The provider YAML names the path of the options and turns directories into Grafana's folders."""
    deploy(tmp_path)
    (provider,) = yaml.safe_load((tmp_path / files.PROVIDER).read_text())["providers"]
    assert provider["options"] == {"path": "/etc/grafana/dashboards", "foldersFromFilesStructure": True}
    assert sorted(path.name for path in (tmp_path / "dashboards").iterdir()) == ["Cilium", "Hubble"]


def test_an_edited_board_is_a_conflict(tmp_path: Path) -> None:
    """Edits survive a deploy, whether our board changed since or not; --overwrite replaces them."""
    deploy(tmp_path)
    (tmp_path / A).write_text("{}")
    for boards in (payload(), payload({"cilium-a": "New", "cilium-b": "New"})):
        deployment = plan(tmp_path, boards)
        assert deployment.changes[0] == Change(
            A, Action.CONFLICT, f"{tmp_path / A} was edited since our last deploy: keep a copy of it, then --overwrite"
        )
        list(deployment.apply())
        assert (tmp_path / A).read_text() == "{}"
    assert "New" in (tmp_path / B).read_text()
    assert deploy(tmp_path, overwrite=True)[0] == Change(A, Action.UPDATE)
    assert actions(plan(tmp_path)) == dict.fromkeys(NAMES, "unchanged")


def test_a_moved_file_is_no_second_board(tmp_path: Path) -> None:
    """Grafana refuses two files of one uid: the move is named, and left to its author; --overwrite writes it again."""
    deploy(tmp_path)
    (tmp_path / "dashboards" / "Mine").mkdir()
    (tmp_path / A).rename(tmp_path / "dashboards" / "Mine" / "a.json")
    (tmp_path / B).unlink()
    moved, deleted = (change for change in plan(tmp_path).changes if change.name in (A, B))
    assert (moved.action, moved.drift, moved.details) == (Action.CONFLICT, State.MOVED, "to dashboards/Mine/a.json")
    assert (deleted.action, deleted.drift) == (Action.CREATE, State.MISSING)
    assert [change.name for change in deploy(tmp_path)] == [B]
    assert not (tmp_path / A).exists()
    assert [change.name for change in deploy(tmp_path, overwrite=True)] == [A]
    assert actions(plan(tmp_path)) == dict.fromkeys(NAMES, "unchanged")


def test_a_foreign_file_is_not_overwritten(tmp_path: Path) -> None:
    """A file at our path that we did not write is kept, and so is everything next to our files."""
    for name in (A, "dashboards/Cilium/mine.json", "provisioning/dashboards/mine.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("mine")
    assert actions(plan(tmp_path)) == {**dict.fromkeys(NAMES, "create"), A: "foreign"}
    assert [change.name for change in deploy(tmp_path)] == [B, C, files.PROVIDER]
    assert {path.read_text() for path in tmp_path.rglob("*") if "mine" in path.name or path == tmp_path / A} == {"mine"}


def test_a_dangling_link_is_refused(tmp_path: Path) -> None:
    """The link is named in the error and not replaced."""
    (tmp_path / A).parent.mkdir(parents=True)
    (tmp_path / A).symlink_to("/nonexistent/board.json")
    with pytest.raises(DashboardsError, match="No such file"):
        plan(tmp_path)
    assert (tmp_path / A).is_symlink()


def test_alerts_are_written_where_they_are_to_be(tmp_path: Path) -> None:
    """With the same guards as boards; where they are left out later, their file is named."""
    with_rules = replace(payload(), rules={"rules/prometheus.yaml": b"groups: []\n"})
    deploy(tmp_path, with_rules)
    path = tmp_path / "rules/prometheus.yaml"
    assert path.read_bytes() == b"groups: []\n"
    assert plan(tmp_path).changes[-1].why == f"alerts of an earlier run; if you want none any more: remove {path}"
    path.write_text("groups: [mine]", encoding="utf-8")
    assert actions(plan(tmp_path, with_rules))["rules/prometheus.yaml"] == "conflict"


def test_leftovers_are_listed(tmp_path: Path) -> None:
    """A board that the code no longer has is listed with its path, and kept."""
    deploy(tmp_path)
    deployment = plan(tmp_path, payload(uids=UIDS[:2]))
    assert deployment.changes[-1] == Change(C, Action.LEFT, f"no board of ours now: remove {tmp_path / C}")
    assert list(deployment.apply()) == []
    assert (tmp_path / C).exists()
    left_out = plan(tmp_path, payload(uids=UIDS[:2], left_out=frozenset(UIDS[2:])))
    assert left_out.changes[-1].why == f"left out now, and still deployed: remove {tmp_path / C}"
    (tmp_path / C).unlink()
    (tmp_path / C).mkdir()  # somebody's
    assert actions(plan(tmp_path, payload(uids=UIDS[:2]))).keys() == set(NAMES) - {C}


def test_a_former_folder_is_named(tmp_path: Path) -> None:
    """A board of which there are two files, since its folder changed: its line says what to remove."""
    deploy(tmp_path)
    moved = {path.replace("/Hubble/", "/Network/"): content for path, content in payload().files.items()}
    deployment = plan(tmp_path, Payload(moved))
    why = f"its board is in the folder Network now: remove {tmp_path / C}"
    assert [change for change in deployment.changes if change.action == Action.LEFT] == [Change(C, Action.LEFT, why)]


def test_edited_between_plan_and_write(tmp_path: Path) -> None:
    """An edit after the plan is a conflict for that file only."""
    deploy(tmp_path)
    deployment = plan(tmp_path, payload(dict.fromkeys(UIDS, "New")))
    (tmp_path / A).write_text("mine")
    assert [str(change.action) for change in deployment.apply()] == ["conflict", "update", "update"]
    assert (tmp_path / A).read_text() == "mine"


def test_a_broken_manifest(tmp_path: Path) -> None:
    """The error names it and a remedy, and the remedy works."""
    deploy(tmp_path)
    (tmp_path / _directory.MANIFEST).write_text("[1]")
    with pytest.raises(
        DashboardsError, match="is not a manifest that we wrote\n  remove it, then deploy with --overwrite"
    ):
        plan(tmp_path)
    for name in ("../other.json", "/etc/other.json", "a/../../other.json"):
        (tmp_path / _directory.MANIFEST).write_text(json.dumps({name: [sha256(b"").hexdigest()]}))
        with pytest.raises(DashboardsError, match="is not a manifest that we wrote"):
            plan(tmp_path)
    (tmp_path / _directory.MANIFEST).unlink()
    deploy(tmp_path, payload({"cilium-a": "New"}), overwrite=True)
    assert actions(plan(tmp_path, payload({"cilium-a": "New"}))) == dict.fromkeys(NAMES, "unchanged")


def a_file(out: Path) -> None:
    out.write_text("a file")


def below_a_file(out: Path) -> None:
    out.parent.rmdir()
    out.parent.write_text("a file")


def a_directory_for_a_board(out: Path) -> None:
    (out / A).mkdir(parents=True)


def a_file_for_a_folder(out: Path) -> None:
    out.mkdir()
    (out / "dashboards").write_text("a file")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (a_file, "out: is a file, not a directory"),
        (below_a_file, "out: Not a directory"),
        (a_directory_for_a_board, "cilium-a.json: Is a directory"),
        (a_file_for_a_folder, "dashboards/Cilium.*: Not a directory"),
    ],
)
def test_a_path_that_cannot_be_written(tmp_path: Path, make: Any, message: str) -> None:
    """A path that cannot be written is named with the cause, exit code 2, and nothing is written."""
    out = tmp_path / "a" / "out"
    out.parent.mkdir()
    make(out)
    before = mtimes(tmp_path)
    with pytest.raises(DashboardsError, match=message) as error:
        deploy(out)
    assert error.value.exit_code == 2
    assert {path for path in mtimes(tmp_path) if path.is_file()} <= {*before, out / _directory.MANIFEST}


RUN = """
import os, sys
from pathlib import Path
from dashboards_py.errors import DashboardsError
from tests.targets.small_boards import UIDS, bloated, payload
from tests.targets.test_files import deploy, plan
try:
    given = bloated(int(sys.argv[3])) if int(sys.argv[3]) else payload(dict.fromkeys(UIDS, sys.argv[2]))
    deployment = plan(Path(sys.argv[1]), given)
    for change in deployment.apply():
        print(change.action, change.name, flush=True)
        if sys.argv[4:] and change.name.endswith(sys.argv[4]):
            os.kill(os.getpid(), 9)
except DashboardsError as error:
    print(f"{error.exit_code} {error}")
"""


def run(out: Path, title: str = "New", size: int = 0, *, kill_after: str = "", before: str = "") -> str:
    """The output of a deploy in its own process; `before` is a shell command, in a mount namespace of its own."""
    command = [sys.executable, "-c", RUN, str(out), title, str(size), *([kill_after] if kill_after else [])]
    if before:
        command = [
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            f'{before} && exec "$@"',
            "sh",
            *command,
        ]
    completed = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)
    return completed.stdout + completed.stderr


def can_mount() -> bool:
    """Whether this machine lets us mount a file system in a user namespace."""
    if not shutil.which("unshare"):
        return False
    command = ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


mounts = pytest.mark.skipif(
    not can_mount(), reason="needs unshare(1) and user namespaces, for a full and a read-only disk"
)


@mounts
def test_the_disk_is_full_at_once(tmp_path: Path) -> None:
    """Without space for the first board nothing of it is left behind, and the exit code is 2."""
    output = run(tmp_path, before=f"mount -t tmpfs -o size=4k none {tmp_path}")
    assert output.startswith(f"2 {tmp_path / A}: No space left on device\n  fix this and deploy again")


@mounts
def test_the_disk_is_full_in_the_middle(tmp_path: Path) -> None:
    """Without space for the second board the first is complete, exit code 4; then the next run does the rest."""
    files_there = f"find {tmp_path} -type f -printf '%P %s\\n'"
    deploying = f"{sys.executable} -c '{RUN}' {tmp_path} New 200000"
    more = f"mount -o remount,size=2m {tmp_path}"
    mount = f"mount -t tmpfs -o size=64k none {tmp_path}"
    script = f"{mount} && {deploying} && {files_there} && {more} && {deploying} && {files_there}"
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]
    completed = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)
    lines = [line for line in completed.stdout.splitlines() if not line.startswith(_directory.MANIFEST)]
    sizes = {name: len(content) for name, content in bloated(200_000).files.items()}
    assert lines[:4] == [
        f"create {A}",
        f"4 {tmp_path / B}: No space left on device (written: {A}; not written: {B}, {C}, {files.PROVIDER})",
        "  fix this and deploy again, or choose another --out",
        f"{A} {sizes[A]}",
    ], completed.stderr
    assert lines[4:7] == [f"create {name}" for name in (B, C, files.PROVIDER)]
    assert {f"{name} {sizes[name]}" for name in (A, B, C)} < set(lines[7:])


@mounts
def test_a_read_only_disk(tmp_path: Path) -> None:
    """A directory that cannot be written is named, with exit code 2."""
    out = tmp_path / "out"
    output = run(out, before=f"mount -t tmpfs -o ro none {tmp_path}")
    assert output.startswith(f"2 {out}: Read-only file system\n")
    deploy(out)
    output = run(out, before=f"mount --bind {out} {out} && mount -o remount,ro,bind {out}")
    assert output.startswith(f"2 {out / A}: Read-only file system\n")


def test_no_right_to_write(tmp_path: Path) -> None:
    """The same for a user who may not write there. Root, who may write everywhere, becomes nobody for it."""
    deploy(tmp_path / "out")  # so that late imports are done before switching to nobody
    tmp_path.chmod(0o500)
    child = os.fork()
    if child == 0:
        output = ""
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            deploy(tmp_path / "another")
        except DashboardsError as error:
            output = str(error)
        os._exit(0 if "Permission denied" in output else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    tmp_path.chmod(0o700)


@pytest.mark.parametrize("name", NAMES)
def test_killed_in_the_middle(tmp_path: Path, name: str) -> None:
    """A run killed after any file leaves complete files, and the next run does the rest without a conflict."""
    deploy(tmp_path)
    run(tmp_path, "Second", kill_after=name)
    assert str(plan(tmp_path, payload(dict.fromkeys(UIDS, "Third"))).changes[0].action) == "update"
    deploy(tmp_path, payload(dict.fromkeys(UIDS, "Second")))
    assert actions(plan(tmp_path, payload(dict.fromkeys(UIDS, "Second")))) == dict.fromkeys(NAMES, "unchanged")


LOOP = """
import sys
from pathlib import Path
from tests.targets.small_boards import UIDS, payload
from tests.targets.test_files import deploy
print("ready", flush=True)
for turn in range(10**6):
    deploy(Path(sys.argv[1]), payload(dict.fromkeys(UIDS, f"{sys.argv[2]} {turn}" * 2000)))
"""


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """A deploy killed at any moment leaves complete files that are known as ours; the next removes temporary files."""
    for turn in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", LOOP, str(tmp_path), str(turn)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.05 + turn * 0.013)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        deploy(tmp_path, payload(dict.fromkeys(UIDS, f"after {turn}")))
        names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
        assert names == {*NAMES, _directory.MANIFEST}
        assert all(f"after {turn}" in (tmp_path / name).read_text() for name in (A, B, C))


@pytest.mark.fault("deploy removes hidden copies of boards that someone keeps next to them")
def test_hidden_files_of_others_are_kept(tmp_path: Path) -> None:
    """Only copies that a killed run left unfinished are removed, of boards with long names too."""
    path = tmp_path / "dashboards/Cilium" / f"{'long-' * 9}name.json"
    path.parent.mkdir(parents=True)
    copies = [path.with_name(f".{path.name}.original"), path.with_name(f".{path.name}.20261127")]
    for copy in copies:
        copy.write_text("{}")

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as killed:
        killed.setattr(Path, "unlink", lambda *_, **__: None)  # a killed process does not tidy up
        with pytest.raises(KeyboardInterrupt):
            replace_file(path, b"{", stop)
    assert len(list(path.parent.iterdir())) == 3
    _directory._remove_temporary(path)
    assert sorted(path.parent.iterdir()) == sorted(copies)


def test_two_at_once(tmp_path: Path) -> None:
    """Two processes that deploy different boards for a while leave complete files of one or the other, all ours."""
    both = [
        subprocess.Popen(
            [sys.executable, "-c", LOOP.replace("10**6", "25"), str(tmp_path), title],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for title in ("One", "Two")
    ]
    assert [process.communicate(timeout=120)[1] for process in both] == ["", ""]
    final = payload(dict.fromkeys(UIDS, "Final"))
    assert actions(plan(tmp_path, final)) == {**dict.fromkeys((A, B, C), "update"), files.PROVIDER: "unchanged"}
    for name in (A, B, C):
        assert (tmp_path / name).read_text().count(" 24") == 2000
    deploy(tmp_path, final)
    assert {path.name for path in tmp_path.rglob(".*")} == {_directory.MANIFEST}
