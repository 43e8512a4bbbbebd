"""`deploy grafana` as a service account with the role Editor, on the stand-in and on a real Grafana."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError, ProblemsFound, Refused
from dashboards_py.provisioning import file_provider, provisioning_files
from dashboards_py.targets import Change, Deployment, Payload
from dashboards_py.targets import grafana as target
from dashboards_py.targets._mark import MARK
from tests.grafana.servers import Server, Start, wait_until
from tests.targets.small_boards import UIDS, board, payload

ROOT = Path(__file__).parents[2]


def plan(server: Server, boards: Payload | None = None, **changes: Any) -> Deployment:
    options = {option.key: option.default for option in target.OPTIONS}
    own = {"url": server.url, "token": server.editor, "overwrite": False}
    return target.prepare(boards or payload(), {**options, **own, **changes})


def deploy(server: Server, boards: Payload | None = None, **changes: Any) -> list[str]:
    """Deploy, and return the changes as `action uid`."""
    return [f"{change.action} {change.name}" for change in plan(server, boards, **changes).apply()]


def refused(deployment: Deployment) -> list[Change]:
    return [change for change in deployment.changes if change.action in ("conflict", "foreign")]


def test_every_board_is_created_once_and_then_left_alone(server: Server) -> None:
    """All our boards are saved as compiled, each in its folder; the second deploy creates no version."""
    every_board = Payload(provisioning_files(), "abc")
    uids = [uid for _, uid, _ in every_board.boards()]
    assert deploy(server, every_board) == [f"create {uid}" for uid in uids]
    assert {folder["uid"]: folder["title"] for folder in server.api("/folders")} == {
        "cilium": "Cilium",
        "hubble": "Hubble",
    }
    for folder, uid, content in every_board.boards():
        live = server.api(f"/dashboards/uid/{uid}")
        assert live["meta"]["folderTitle"] == folder
        saved = {key: value for key, value in live["dashboard"].items() if key not in ("id", "version", MARK)}
        assert saved == json.loads(content)
    before = server.versions()
    assert before == dict.fromkeys(uids, 1)
    assert deploy(server, every_board) == []
    assert server.versions() == before


def test_update_after_a_change(server: Server) -> None:
    """Only the changed board gets a new version, with our message, and a moved board keeps its folder."""
    deploy(server)
    live = server.board("cilium-b")
    server.api("/dashboards/db", {"dashboard": live, "folderUid": "hubble"})
    moved = server.versions()
    assert deploy(server) == []
    assert deploy(server, payload({"cilium-b": "New"})) == ["update cilium-b"]
    assert server.versions() == {**moved, "cilium-b": moved["cilium-b"] + 1}
    assert server.api("/dashboards/uid/cilium-b")["meta"]["folderUid"] == "hubble"
    newest = server.api("/dashboards/uid/cilium-b/versions")["versions"][0]
    assert newest["message"] == "cilium-dashboards abcdef123456"


def save_by_api(server: Server) -> None:
    live = server.board("cilium-a")
    server.api("/dashboards/db", {"dashboard": {**live, "title": "Mine"}, "folderUid": "cilium"})


def test_an_edit_is_a_conflict(server: Server) -> None:
    """An edited board is reported with its editor and left alone; --overwrite replaces it."""
    deploy(server)
    save_by_api(server)
    (conflict,) = refused(plan(server, payload(dict.fromkeys(UIDS, "New"))))
    assert str(conflict.action) == "conflict"
    assert re.fullmatch(
        r"cilium-a was edited by admin on \d{4}-\d\d-\d\dT\d\d:\d\d: save a copy of it, then --overwrite", conflict.why
    )
    assert deploy(server, payload(dict.fromkeys(UIDS, "New"))) == ["update cilium-b", "update hubble-c"]
    assert server.board("cilium-a")["title"] == "Mine"
    assert deploy(server, payload(dict.fromkeys(UIDS, "New")), overwrite=True) == ["update cilium-a"]
    assert server.board("cilium-a")["title"] == "New"
    assert deploy(server, payload(dict.fromkeys(UIDS, "New"))) == []


def test_an_edit_in_the_page_is_a_conflict(server: Server, save_in_page: Callable[[str, str], None]) -> None:
    """A save in Grafana's UI drops our key: this is how edits are detected."""
    deploy(server)
    save_in_page("cilium-a", "Mine")
    live = server.board("cilium-a")
    assert live["title"] == "Mine"
    assert MARK not in live
    assert [str(change.action) for change in refused(plan(server))] == ["conflict"]


def test_a_foreign_board_is_not_overwritten(server: Server) -> None:
    """A board with our uid that we never deployed is foreign."""
    server.api("/dashboards/db", {"dashboard": board("cilium-a", title="Theirs")})
    (change,) = refused(plan(server))
    assert str(change.action) == "foreign"
    assert deploy(server) == ["create cilium-b", "create hubble-c"]
    assert server.board("cilium-a")["title"] == "Theirs"


def test_saved_between_plan_and_write(server: Server) -> None:
    """Grafana refuses the older version (412): that board is a conflict, the others are deployed."""
    deploy(server)
    deployment = plan(server, payload(dict.fromkeys(UIDS, "New")))
    save_by_api(server)
    assert [str(change.action) for change in deployment.apply()] == ["conflict", "update", "update"]
    assert server.board("cilium-a")["title"] == "Mine"


def test_a_folder_of_the_same_title(server: Server) -> None:
    """The error names the folder, nothing is written, and --folder uses it."""
    server.api("/folders", {"uid": "theirs", "title": "Cilium"})
    with pytest.raises(ProblemsFound, match=r"not ours \(uid theirs\)"):
        plan(server)
    assert server.versions() == {}
    assert len(deploy(server, folder=("Cilium=theirs",))) == 3
    assert server.api("/dashboards/uid/cilium-a")["meta"]["folderUid"] == "theirs"


def test_credentials(server: Server) -> None:
    """A wrong token and a wrong password give 401, a viewer a refusal with its name; nothing is written."""
    for wrong in ({"token": "glsa_wrong"}, {"token": None, "user": server.admin[0], "password": "wrong"}):
        with pytest.raises(Refused, match=r"refused the credentials \(401"):
            plan(server, **wrong)
    with pytest.raises(Refused, match=r"viewer-\d+ may not do dashboards:create, folders:create"):
        plan(server, token=server.token("Viewer"))
    assert server.versions() == {}
    user, password = server.admin
    assert plan(server, token=None, user=user, password=password).destination.startswith(
        f"{server.url} as {user} in organization "
    )


def test_a_viewer_may_compare(server: Server) -> None:
    """With read access only, a plan without changes works; Grafana refuses to apply one with changes."""
    deploy(server)
    viewer = server.token("Viewer")
    assert {str(change.action) for change in plan(server, token=viewer).changes} == {"unchanged"}
    with pytest.raises(Refused, match="403"):
        deploy(server, payload(dict.fromkeys(UIDS, "New")), token=viewer)


def test_two_deploys_at_once(server: Server) -> None:
    """Two processes deploy all boards at the same moment: both succeed, and a third has nothing to do.

    Grafana's check is not atomic: it may store the same content as two versions.
    """
    command = [sys.executable, "-c", "from dashboards_py.cli import main; main()", "deploy", "grafana"]
    env = {"GRAFANA_URL": server.url, "GRAFANA_TOKEN": server.editor}
    both = [
        subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    uids = [uid for _, uid, _ in Payload(provisioning_files()).boards()]
    assert set(server.versions()) == set(uids)
    third = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert third.stdout.endswith(f"{len(uids)} unchanged; 0 written\n")
    assert set(server.versions().values()) <= {1, 2}
    assert [folder["title"] for folder in server.api("/folders")] == ["Cilium", "Hubble"]


def write_boards(directory: Path) -> None:
    """Write two of our boards to files: one that may be changed in Grafana, one that may not."""
    for name, change in (("fixed", False), ("loose", True)):
        boards = directory / name / "Team"
        boards.mkdir(parents=True)
        (boards / f"{name}.json").write_text(json.dumps(board("cilium-a" if change else "cilium-b")))
        provider = file_provider(str(directory / name))
        provider["providers"][0].update(allowUiUpdates=change, name=name)
        provisioning = directory / "provisioning" / "dashboards"
        provisioning.mkdir(parents=True, exist_ok=True)
        (provisioning / f"{name}.yaml").write_text(json.dumps(provider))


def test_visitors_and_files(start: Start, tmp_path: Path) -> None:
    """With anonymous access a wrong token can read but is detected; boards from files are always refused."""
    write_boards(tmp_path)
    with start(tmp_path, visitors=True) as running:
        wait_until(lambda: running.versions().keys(), {"cilium-a", "cilium-b"})
        server = replace(running, editor=running.token("Editor"))
        with pytest.raises(Refused, match=r"refused the credentials \(401"):
            plan(server, token="glsa_wrong")
        conflicts = refused(plan(server, overwrite=True))
        assert [change.name for change in conflicts] == ["cilium-a", "cilium-b"]
        assert "provisioned from files (Team/loose.json)" in conflicts[0].why
        assert "provisioned from files (Team/fixed.json)" in conflicts[1].why
        assert deploy(server, overwrite=True) == ["create hubble-c"]


def test_below_a_path(start: Start, tmp_path: Path) -> None:
    """A Grafana below a path is used there, not whatever is served at the root."""
    with start(tmp_path, path="/grafana") as server:
        user, password = server.admin
        own: dict[str, Any] = {"token": None, "user": user, "password": password}
        assert plan(server, **own).destination.startswith(f"{server.url} as admin in organization ")
        assert len(deploy(server, **own)) == 3
        with pytest.raises(DashboardsError):
            plan(replace(server, url=server.url.replace("/grafana", "/other")), **own)
