"""`deploy grafana` on the real Grafana, as a service account with the role Editor, anonymous visitors off."""

import json
import re
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser

from dashboards_py.errors import DashboardsError, ProblemsFound, Refused
from dashboards_py.provisioning import file_provider, tree
from dashboards_py.targets import grafana as target
from dashboards_py.targets._mark import MARK
from dashboards_py.targets.plan import Change, Deployment, Payload
from tests.components import require
from tests.live.processes import grafana
from tests.targets.small import UIDS, board, payload

ROOT = Path(__file__).parents[2]
NUMBERS = count()
ADMIN = "Basic " + b64encode(b"admin:admin").decode()


@dataclass(frozen=True)
class Server:
    """An organisation of a running Grafana, with a token for an editor."""

    url: str
    editor: str = ""
    organisation: int = 1

    def ask(self, path: str, body: Any = None) -> Any:
        """What Grafana answers the administrator."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": ADMIN, "Content-Type": "application/json"}
        headers["X-Grafana-Org-Id"] = str(self.organisation)
        with urlopen(Request(f"{self.url}/api{path}", data, headers), timeout=20) as answer:
            return json.load(answer)

    def token(self, role: str) -> str:
        """A token of a new service account."""
        name = f"{role}-{next(NUMBERS)}"
        account = self.ask("/serviceaccounts", {"name": name, "role": role})
        return str(self.ask(f"/serviceaccounts/{account['id']}/tokens", {"name": name})["key"])

    def versions(self) -> dict[str, int]:
        """The version of each board."""
        uids = [each["uid"] for each in self.ask("/search?type=dash-db&limit=5000")]
        return {uid: self.ask(f"/dashboards/uid/{uid}")["meta"]["version"] for uid in uids}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    require("grafana-home")
    with grafana(tmp_path_factory.mktemp("grafana"), settings={"GF_AUTH_ANONYMOUS_ENABLED": "false"}) as url:
        yield url


@pytest.fixture
def server(running: str) -> Server:
    """A new organisation: for half a minute Grafana remembers what was not in an old one, and says 403 of it."""
    number = Server(running).ask("/orgs", {"name": f"test-{next(NUMBERS)}"})["orgId"]
    return Server(running, Server(running, organisation=number).token("Editor"), number)


def plan(server: Server, given: Payload | None = None, **changes: Any) -> Deployment:
    options = {option.key: option.default for option in target.OPTIONS}
    own = {"url": server.url, "token": server.editor, "overwrite": False}
    return target.prepare(given or payload(), {**options, **own, **changes})


def deploy(server: Server, given: Payload | None = None, **changes: Any) -> list[str]:
    """What was done, as `action uid`."""
    return [f"{change.action} {change.name}" for change in plan(server, given, **changes).apply()]


def refused(deployment: Deployment) -> list[Change]:
    return [change for change in deployment.changes if change.action in ("conflict", "foreign")]


def test_every_board_is_created_once_and_then_left_alone(server: Server) -> None:
    """All our boards come as they were compiled, each in its folder; the second deploy moves no version."""
    whole = Payload(tree(), "abc")
    uids = [uid for _, uid, _ in whole.boards()]
    assert deploy(server, whole) == [f"create {uid}" for uid in uids]
    assert {each["uid"]: each["title"] for each in server.ask("/folders")} == {"cilium": "Cilium", "hubble": "Hubble"}
    for folder, uid, content in whole.boards():
        live = server.ask(f"/dashboards/uid/{uid}")
        assert live["meta"]["folderTitle"] == folder
        kept = {key: value for key, value in live["dashboard"].items() if key not in ("id", "version", MARK)}
        assert kept == json.loads(content)
    before = server.versions()
    assert before == dict.fromkeys(uids, 1)
    assert deploy(server, whole) == []
    assert server.versions() == before


def test_update_after_a_change(server: Server) -> None:
    """Only the changed board gets a version, with a message of ours, and stays where somebody moved it."""
    deploy(server)
    live = server.ask("/dashboards/uid/cilium-b")["dashboard"]
    server.ask("/dashboards/db", {"dashboard": live, "folderUid": "hubble"})
    moved = server.versions()
    assert deploy(server) == []
    assert deploy(server, payload({"cilium-b": "New"})) == ["update cilium-b"]
    assert server.versions() == {**moved, "cilium-b": moved["cilium-b"] + 1}
    assert server.ask("/dashboards/uid/cilium-b")["meta"]["folderUid"] == "hubble"
    newest = server.ask("/dashboards/uid/cilium-b/versions")["versions"][0]
    assert newest["message"] == "cilium-dashboards abcdef123456"


def save_as_pages_do(server: Server) -> None:
    """The body that Grafana 12.2's own page posts when a title is changed: defaults added, our key gone."""
    live = server.ask("/dashboards/uid/cilium-a")["dashboard"]
    page = {
        "editable": True,
        "fiscalYearStartMonth": 0,
        "preload": False,
        "links": [],
        "refresh": "",
        "timezone": "browser",
    }
    edited = {**page, **{key: value for key, value in live.items() if key != MARK}, "title": "Mine"}
    server.ask("/dashboards/db/", {"dashboard": edited, "message": "", "overwrite": False, "folderUid": "cilium"})


def save_by_api(server: Server) -> None:
    live = server.ask("/dashboards/uid/cilium-a")["dashboard"]
    server.ask("/dashboards/db", {"dashboard": {**live, "title": "Mine"}, "folderUid": "cilium"})


@pytest.mark.parametrize("edit", [save_as_pages_do, save_by_api])
def test_an_edit_is_a_conflict(server: Server, edit: Any) -> None:
    """An edited board is reported with who edited it and left alone; --overwrite takes it."""
    deploy(server)
    edit(server)
    (conflict,) = refused(plan(server, payload(dict.fromkeys(UIDS, "New"))))
    assert str(conflict.action) == "conflict"
    assert re.fullmatch(
        r"cilium-a was edited by admin on \d{4}-\d\d-\d\dT\d\d:\d\d: save a copy of it, then --overwrite", conflict.why
    )
    assert deploy(server, payload(dict.fromkeys(UIDS, "New"))) == ["update cilium-b", "update hubble-c"]
    assert server.ask("/dashboards/uid/cilium-a")["dashboard"]["title"] == "Mine"
    assert deploy(server, payload(dict.fromkeys(UIDS, "New")), overwrite=True) == ["update cilium-a"]
    assert server.ask("/dashboards/uid/cilium-a")["dashboard"]["title"] == "New"
    assert deploy(server, payload(dict.fromkeys(UIDS, "New"))) == []


def test_an_edit_in_the_browser_is_a_conflict(server: Server, chromium: Browser) -> None:
    """What a person saves in Grafana's page loses our key: the fact on which edits are told."""
    deploy(server)
    context = chromium.new_context(viewport={"width": 1400, "height": 900})  # its cookies are its own
    page = context.new_page()
    page.request.post(f"{server.url}/login", data={"user": "admin", "password": "admin"})
    page.goto(f"{server.url}/d/cilium-a?orgId={server.organisation}", wait_until="networkidle")
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_role("button", name="Settings", exact=True).click()
    page.get_by_label("Title").first.fill("Mine")
    page.get_by_role("button", name="Save dashboard").first.click()
    with page.expect_response(lambda answer: "/dashboards/db" in answer.url) as saved:
        page.get_by_role("button", name="Save", exact=True).last.click()
    assert saved.value.status == 200
    context.close()
    live = server.ask("/dashboards/uid/cilium-a")["dashboard"]
    assert live["title"] == "Mine"
    assert MARK not in live
    assert [str(change.action) for change in refused(plan(server))] == ["conflict"]


def test_a_foreign_board_is_not_taken(server: Server) -> None:
    """A board with our uid that we never deployed is somebody else's."""
    server.ask("/dashboards/db", {"dashboard": board("cilium-a", title="Theirs")})
    (found,) = refused(plan(server))
    assert str(found.action) == "foreign"
    assert deploy(server) == ["create cilium-b", "create hubble-c"]
    assert server.ask("/dashboards/uid/cilium-a")["dashboard"]["title"] == "Theirs"


def test_saved_between_plan_and_write(server: Server) -> None:
    """Grafana refuses the older version (412): that board is a conflict, the others are deployed."""
    deploy(server)
    deployment = plan(server, payload(dict.fromkeys(UIDS, "New")))
    save_by_api(server)
    assert [str(change.action) for change in deployment.apply()] == ["conflict", "update", "update"]
    assert server.ask("/dashboards/uid/cilium-a")["dashboard"]["title"] == "Mine"


def test_a_folder_of_the_same_title(server: Server) -> None:
    """It is named, nothing is written, and --folder uses it."""
    server.ask("/folders", {"uid": "theirs", "title": "Cilium"})
    with pytest.raises(ProblemsFound, match=r"not ours \(uid theirs\)"):
        plan(server)
    assert server.versions() == {}
    assert len(deploy(server, folder=("Cilium=theirs",))) == 3
    assert server.ask("/dashboards/uid/cilium-a")["meta"]["folderUid"] == "theirs"


def test_credentials(server: Server) -> None:
    """A wrong token and a wrong password are 401; a viewer is refused by name; none of them writes."""
    for wrong in ({"token": "glsa_wrong"}, {"token": None, "user": "admin", "password": "wrong"}):
        with pytest.raises(Refused, match=r"refused the credentials \(401\)"):
            plan(server, **wrong)
    with pytest.raises(Refused, match=r"viewer-\d+ may not do dashboards:create, folders:create"):
        plan(server, token=server.token("Viewer"))
    assert server.versions() == {}
    assert plan(server, token=None, user="admin", password="admin").place == f"{server.url} as admin"


def test_a_viewer_may_compare(server: Server) -> None:
    """Who may only read sees that nothing is to be done; what is to be done Grafana refuses."""
    deploy(server)
    viewer = server.token("Viewer")
    assert {str(change.action) for change in plan(server, token=viewer).changes} == {"unchanged"}
    with pytest.raises(Refused, match="403"):
        deploy(server, payload(dict.fromkeys(UIDS, "New")), token=viewer)


def test_two_deploys_at_once(server: Server) -> None:
    """Two processes deploy all boards at the same moment: both end well, and a third has nothing to do.

    Grafana's check is not atomic: of the same content it may make two versions.
    """
    command = [sys.executable, "-c", "from dashboards_py.cli import main; main()", "deploy", "grafana"]
    env = {"GRAFANA_URL": server.url, "GRAFANA_TOKEN": server.editor}
    both = [
        subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    uids = [uid for _, uid, _ in Payload(tree()).boards()]
    assert set(server.versions()) == set(uids)
    third = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert third.stdout.endswith(f"{len(uids)} unchanged; 0 written\n")
    assert set(server.versions().values()) <= {1, 2}
    assert [each["title"] for each in server.ask("/folders")] == ["Cilium", "Hubble"]


def test_visitors_and_files(tmp_path: Path) -> None:
    """With visitors a wrong token can read but is found out; boards from files are refused, changeable or not."""
    require("grafana-home")
    for name, change in (("fixed", False), ("loose", True)):
        boards = tmp_path / name / "Team"
        boards.mkdir(parents=True)
        (boards / f"{name}.json").write_text(json.dumps(board("cilium-a" if change else "cilium-b")))
        provider = file_provider(str(tmp_path / name))
        provider["providers"][0].update(allowUiUpdates=change, name=name)
        directory = tmp_path / "grafana" / "provisioning" / "dashboards"
        directory.mkdir(parents=True, exist_ok=True)
        (directory / f"{name}.yaml").write_text(json.dumps(provider))
    with grafana(tmp_path / "grafana") as url:
        deadline = time.monotonic() + 30
        while len(json.load(urlopen(f"{url}/api/search?query=cilium", timeout=20))) < 2:  # what a visitor sees
            assert time.monotonic() < deadline
            time.sleep(0.2)
        server = Server(url, Server(url).token("Editor"))
        with pytest.raises(Refused, match=r"refused the credentials \(401\)"):
            plan(server, token="glsa_wrong")
        found = refused(plan(server, overwrite=True))
        assert [change.name for change in found] == ["cilium-a", "cilium-b"]
        assert "provisioned from files (Team/loose.json)" in found[0].why
        assert "provisioned from files (Team/fixed.json)" in found[1].why
        assert deploy(server, overwrite=True) == ["create hubble-c"]
        body = {"dashboard": board("cilium-b", title="x"), "overwrite": True}
        with pytest.raises(HTTPError, match="400"):  # Grafana itself refuses it
            server.ask("/dashboards/db", body)


def test_below_a_path(tmp_path: Path) -> None:
    """A Grafana served below a path is found there, and what is at its root is not taken for one."""
    require("grafana-home")
    settings = {"GF_SERVER_SERVE_FROM_SUB_PATH": "true", "GF_SERVER_ROOT_URL": "http://localhost/grafana/"}
    with grafana(tmp_path, settings=settings) as url:
        own: dict[str, Any] = {"token": None, "user": "admin", "password": "admin"}
        there = Server(f"{url}/grafana")
        assert plan(there, **own).place == f"{url}/grafana as admin"
        assert len(deploy(there, **own)) == 3
        with pytest.raises(DashboardsError):
            plan(Server(f"{url}/other"), **own)
