"""Deploying to Grafana: our boards are written once, others are left alone, and each fault gets its own error.

The server is tests.fakes.grafana; tests/grafana/test_grafana_contract.py holds it to a real one.
"""

import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError, PartlyDone, ProblemsFound, Refused
from dashboards_py.targets import Action, Change, Deployment, Payload, _api, grafana
from dashboards_py.targets._mark import MARK
from tests.fakes.grafana import FakeGrafana, Fault, fake_grafana
from tests.targets.small_boards import COMMIT, FOLDERS, UIDS, board, payload

ROOT = Path(__file__).parents[2]
LOGIN = Fault("GET /health", 200, "<html>Please log in</html>", "text/html", times=9)


@pytest.fixture
def server() -> Iterator[FakeGrafana]:
    with fake_grafana() as running:
        yield running


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts, recorded instead of slept."""
    pauses: list[float] = []
    monkeypatch.setattr(_api, "sleep", pauses.append)
    return pauses


def options(url: str, **changes: Any) -> dict[str, Any]:
    options = {option.key: option.default for option in grafana.OPTIONS}
    return {**options, "url": url, "token": "editor-token", "timeout": "5", "overwrite": False, "folder": (), **changes}


def plan(server: FakeGrafana, boards: Payload | None = None, **changes: Any) -> Deployment:
    return grafana.prepare(boards or payload(), {**options(server.url), **changes})


def deploy(server: FakeGrafana, boards: Payload | None = None, **changes: Any) -> list[Change]:
    return list(plan(server, boards, **changes).apply())


def actions(deployment: Deployment) -> dict[str, str]:
    return {change.name: str(change.action) for change in deployment.changes}


def test_create_then_nothing_then_update(server: FakeGrafana) -> None:
    """First everything is created in its folder, then nothing is written, then only what changed."""
    assert deploy(server) == [Change(uid, Action.CREATE) for uid in UIDS]
    assert server.folders == {"cilium": "Cilium", "hubble": "Hubble"}
    assert {uid: server.boards[uid]["meta"]["folderUid"] for uid in UIDS} == {u: FOLDERS[u].lower() for u in UIDS}
    assert {stored["dashboard"][MARK]["commit"] for stored in server.boards.values()} == {COMMIT}
    server.log.clear()
    assert deploy(server) == []
    assert server.writes() == []
    changed = payload({"cilium-b": "Another title"})
    assert deploy(server, changed) == [Change("cilium-b", Action.UPDATE)]
    assert server.versions() == {"cilium-a": 1, "cilium-b": 2, "hubble-c": 1}
    assert actions(plan(server, changed)) == dict.fromkeys(UIDS, "unchanged")


def test_a_plan_writes_nothing(server: FakeGrafana) -> None:
    """Planning only reads; the plan names our account and the server."""
    deployment = plan(server)
    assert actions(deployment) == dict.fromkeys(UIDS, "create")
    assert deployment.destination == f"{server.url} as sa-editor in organization 1 (Main Org.)"
    assert server.writes() == []


def test_a_viewer_may_compare(server: FakeGrafana) -> None:
    """A viewer gets a plan without writes, and is refused by name as soon as something is to be written."""
    deploy(server)
    assert actions(plan(server, token="viewer-token")) == dict.fromkeys(UIDS, "unchanged")
    del server.boards["hubble-c"]
    for role in ("reader", "viewer"):
        with pytest.raises(Refused, match=f"sa-{role} may not do dashboards:create"):
            plan(server, token=f"{role}-token")


def test_a_missing_board_may_be_forbidden(server: FakeGrafana) -> None:
    """If Grafana answers 403 for a missing board it is created; if it hides an existing one, nothing is overwritten."""
    server.faults.append(Fault("GET /dashboards/uid/cilium-a", 403, times=9))
    server.put(board("cilium-a", title="Theirs"), "")
    events = [f"{change.action} {change.name}" for change in plan(server).apply()]
    assert events == ["conflict cilium-a", "create cilium-b", "create hubble-c"]
    assert server.boards["cilium-a"]["dashboard"]["title"] == "Theirs"


BY_ROLE = "an Editor whose save Grafana forbids is advised to get the role Editor"


@pytest.mark.fault(BY_ROLE)
def test_a_hidden_board_is_not_a_missing_role(server: FakeGrafana) -> None:
    """Someone creates a board for which we got a 403: the error reports that and advises to wait half a minute."""
    deployment = plan(server)
    server.put(board("cilium-a", title="Theirs"), "")
    with pytest.raises(Refused) as caught:
        list(deployment.apply())
    assert str(caught.value).startswith("board cilium-a: Grafana does not allow this (403 ")
    assert "though we may create dashboards" in str(caught.value)
    assert "role" not in str(caught.value)
    assert "deploy again in a minute" in str(caught.value.fix)
    server.pass_time(30)
    assert actions(plan(server)) == {"cilium-a": "foreign", "cilium-b": "create", "hubble-c": "create"}


@pytest.mark.fault(BY_ROLE)
def test_a_folder_that_may_not_be_written(server: FakeGrafana) -> None:
    """If the role allows a forbidden update, Edit on the folder is missing; otherwise the role is."""
    deploy(server)
    changed = payload({"cilium-a": "Another title"})
    server.faults.append(Fault("POST /dashboards/db", 403))
    with pytest.raises(Refused, match="though we may save others: we lack Edit on it") as caught:
        deploy(server, changed)
    assert f"Edit on the folder of {server.url}/d/cilium-a" in str(caught.value.fix)
    with pytest.raises(Refused) as caught:
        deploy(server, changed, token="reader-token")
    assert caught.value.fix == "give the service account the role Editor"


def edit_in_pages(server: FakeGrafana) -> None:
    """As Grafana's pages save: defaults added, our key removed."""
    edited = {key: value for key, value in server.boards["cilium-a"]["dashboard"].items() if key != MARK}
    server.put({**edited, "editable": True, "title": "Mine"}, "cilium")


def edit_by_api(server: FakeGrafana) -> None:
    """As a script saves: all keys kept, one value changed."""
    server.put({**server.boards["cilium-a"]["dashboard"], "title": "Mine"}, "cilium")


@pytest.mark.parametrize("edit", [edit_in_pages, edit_by_api])
def test_an_edited_board_is_a_conflict(server: FakeGrafana, edit: Any) -> None:
    """No edit is overwritten without --overwrite; the others are deployed; --overwrite saves a new version."""
    deploy(server)
    edit(server)
    new = payload(dict.fromkeys(UIDS, "New"))
    deployment = plan(server, new)
    assert actions(deployment) == {"cilium-a": "conflict", "cilium-b": "update", "hubble-c": "update"}
    assert deployment.changes[0].why == (
        "cilium-a was edited by ann on 2026-01-02T03:04: save a copy of it, then --overwrite"
    )
    assert [change.name for change in deployment.apply()] == ["cilium-b", "hubble-c"]
    assert server.boards["cilium-a"]["dashboard"]["title"] == "Mine"
    assert [str(change.action) for change in deploy(server, new, overwrite=True)] == ["update"]
    assert server.boards["cilium-a"]["dashboard"]["title"] == "New"
    assert server.versions()["cilium-a"] == 3


def test_a_foreign_board_is_not_overwritten(server: FakeGrafana) -> None:
    """A board with our uid that never had our mark belongs to someone else."""
    server.put(board("cilium-a", title="Theirs"), "")
    deployment = plan(server)
    assert actions(deployment) == {"cilium-a": "foreign", "cilium-b": "create", "hubble-c": "create"}
    list(deployment.apply())
    assert server.boards["cilium-a"]["dashboard"]["title"] == "Theirs"
    deploy(server, overwrite=True)
    assert server.boards["cilium-a"]["dashboard"]["title"] == "Cilium-A"
    assert server.boards["cilium-a"]["meta"]["folderUid"] == ""


@pytest.mark.parametrize("meta", [{"provisioned": True}, {}], ids=["locked", "allowUiUpdates"])
def test_a_board_from_files_is_refused(server: FakeGrafana, meta: dict[str, Any]) -> None:
    """A provisioned board is left to its file, even with --overwrite, and the message names the file."""
    server.put(board("cilium-a"), "x", provisionedExternalId="Cilium/cilium-a.json", **meta)
    deployment = plan(server, overwrite=True)
    assert actions(deployment)["cilium-a"] == "conflict"
    assert "provisioned from files (Cilium/cilium-a.json)" in deployment.changes[0].why
    list(deployment.apply())
    assert server.versions()["cilium-a"] == 1


def test_a_moved_board_is_not_moved_back(server: FakeGrafana) -> None:
    """An update goes to the folder that the board is in now."""
    deploy(server)
    server.boards["cilium-a"]["meta"]["folderUid"] = "hubble"
    deploy(server, payload({"cilium-a": "New"}))
    assert server.boards["cilium-a"]["meta"]["folderUid"] == "hubble"


def test_a_folder_of_the_same_title(server: FakeGrafana) -> None:
    """A folder of that title with another uid is not ours: it is named, and used only on request."""
    server.folders["x1"] = "Cilium"
    with pytest.raises(ProblemsFound, match=r"not ours \(uid x1\)\n  use it with --folder Cilium=x1"):
        plan(server)
    assert server.writes() == []
    deploy(server, folder=("Cilium=x1",))
    assert server.boards["cilium-a"]["meta"]["folderUid"] == "x1"
    assert server.folders == {"x1": "Cilium", "hubble": "Hubble"}
    assert actions(plan(server)) == dict.fromkeys(UIDS, "unchanged")


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("Cilium=nope", "Grafana has no folder with this uid"),
        ("Cilium", "is not TITLE=UID"),
        ("Other=x", "is not TITLE=UID with a folder of ours"),
        ("Cilium=../x", "is not TITLE=UID"),
    ],
)
def test_a_wrong_folder_option(server: FakeGrafana, folder: str, message: str) -> None:
    """A folder that does not exist, or cannot be chosen, is refused before anything is written."""
    with pytest.raises(DashboardsError, match=re.escape(message)):
        plan(server, folder=(folder,))
    assert server.writes() == []


def test_our_folder_under_another_title(server: FakeGrafana) -> None:
    """A folder of ours that someone renamed is still ours and keeps its new name."""
    server.folders["cilium"] = "Network"
    deploy(server)
    assert server.folders == {"cilium": "Network", "hubble": "Hubble"}


@pytest.mark.fault("odd external JSON or YAML is a traceback")
@pytest.mark.parametrize(
    ("live", "outcome"),
    [
        ('{"dashboard": ' + "[" * 100_000 + "]" * 100_000 + ', "meta": {}}', "sent something that is not JSON"),
        ('{"dashboard": {"a": ' + "[" * 200 + "]" * 200 + '}, "meta": {}}', "is nested more than 100 levels deep"),
        (r'{"dashboard": {"title": "\ud800", "panels": [1e999, NaN]}, "meta": {}}', "foreign"),
        (
            '{"dashboard": {"panels": null, "ciliumDashboards": ["x"]}, "meta": {"updatedBy": [], "updated": 7}}',
            "foreign",
        ),
    ],
    ids=["100,000 deep", "200 deep", "odd values", "odd types"],
)
def test_a_malformed_live_board_is_no_traceback(server: FakeGrafana, live: str, outcome: str) -> None:
    """A board that someone else saved under our uid is refused or recognized, and never causes a traceback."""
    server.faults.append(Fault("GET /dashboards/uid/cilium-a", 200, live, times=1))
    try:
        action = actions(plan(server))["cilium-a"]
    except DashboardsError as error:
        action = str(error)
    assert outcome in action


@pytest.mark.fault("lists of Grafana that hold something else than objects are a traceback")
def test_odd_lists(server: FakeGrafana) -> None:
    """Folders are refused with an error; of versions of a board those that are none are left out."""
    server.put({"uid": "cilium-a", "title": "Own"}, "")
    server.faults.append(Fault("GET /dashboards/uid/cilium-a/versions", 200, '{"versions": ["x", {"data": ["x"]}]}'))
    assert actions(plan(server))["cilium-a"] == "foreign"
    server.faults += [Fault("GET /folders/", 404, times=2), Fault("GET /folders", 200, '["x"]')]
    with pytest.raises(DashboardsError, match="sent a list of something else than objects"):
        plan(server)


FAULTS: Mapping[str, tuple[Fault, type[DashboardsError], str]] = {
    "down": (Fault("GET /health", drop=True, times=9), DashboardsError, "cannot be reached .*4 times"),
    "slow": (Fault("GET /health", wait=1.2, times=9), DashboardsError, "gave no answer in time, 4 times"),
    "401": (Fault("GET /user", 401, times=9), Refused, "refused the credentials"),
    "403": (Fault("GET /user", 403, '{"message": "no"}'), Refused, r"does not allow this \(403 no\)"),
    "404": (Fault("GET /health", 404), DashboardsError, r"has no such thing \(404.*\)\n  check GRAFANA_URL"),
    "429": (Fault("GET /user", 429, times=9), DashboardsError, r"rate limited \(429\), 4 times"),
    "500": (Fault("GET /dashboards", 500, times=9), DashboardsError, "answered 500, 4 times"),
    "login page": (LOGIN, DashboardsError, "sent a page instead of JSON"),
    "login page later": (
        Fault("GET /dashboards", 200, "<html>", "text/html; charset=utf-8"),
        DashboardsError,
        "sent a page instead of JSON",
    ),
    "login redirect": (
        Fault("GET /health", 302, "", headers={"Location": "https://u:p@sso.example/login?secret=1"}),
        DashboardsError,
        r"redirects to https://sso.example/login \(302\): a login page",
    ),
    "redirect to nowhere": (
        Fault("GET /health", 302, ""),
        DashboardsError,
        r"redirects without a Location header \(302\)\n  check GRAFANA_URL",
    ),
    "not JSON": (Fault("GET /user", 200, "{half"), DashboardsError, "sent something that is not JSON"),
    "no Grafana": (Fault("GET /health", 200, '{"status": "UP"}'), DashboardsError, "answers, but is not Grafana"),
    "another shape": (Fault("GET /dashboards", 200, '{"items": []}'), DashboardsError, "did not answer with board"),
    "empty": (Fault("GET /user", 204, ""), DashboardsError, "sent a page instead of JSON"),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.usefixtures("waits")
def test_a_fault_while_planning(server: FakeGrafana, name: str) -> None:
    """Each fault gets its own error with a fix, and nothing is written."""
    fault, kind, message = FAULTS[name]
    server.faults.append(fault)
    with pytest.raises(kind, match=message) as error:
        plan(server, timeout="0.5")
    assert type(error.value).exit_code == kind.exit_code
    assert error.value.fix
    assert "editor-token" not in str(error.value)
    assert server.writes() == []


SAVE = "POST /dashboards/db"
SAVING: Mapping[str, tuple[Fault, str]] = {
    "401": (Fault(SAVE, 401, times=9), "refused the credentials"),
    "403": (Fault(SAVE, 403, times=9), "does not allow this"),
    "404": (Fault(SAVE, 404, times=9), "has no such thing"),
    "400": (Fault(SAVE, 400, '{"message": "folder not found"}', times=9), "refused with 400 folder not found"),
    "413": (Fault(SAVE, 413, "<html>too large</html>", "text/html", times=9), "refused with 413"),
    "503": (Fault(SAVE, 503, times=9), "answered 503, 4 times"),
    "reset": (Fault(SAVE, drop=True, times=9), "cannot be reached"),
    "page": (Fault(SAVE, 200, "<html>", "text/html", times=9), "sent a page"),
}


@pytest.mark.parametrize("name", SAVING)
@pytest.mark.usefixtures("waits")
def test_a_fault_after_the_first_board(server: FakeGrafana, name: str) -> None:
    """A fault after the first write exits 4, with the boards written and not written; the next run does the rest."""
    fault, message = SAVING[name]
    events = plan(server).apply()
    assert next(events) == Change("cilium-a", Action.CREATE)
    server.faults.append(fault)
    with pytest.raises(PartlyDone, match=rf"{message}.*\(written: cilium-a; not written: cilium-b, hubble-c\)"):
        list(events)
    server.faults.clear()
    assert [change.name for change in deploy(server)] == ["cilium-b", "hubble-c"]
    assert server.versions() == dict.fromkeys(UIDS, 1)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_temporary_failures_are_retried(server: FakeGrafana, waits: list[float], status: int) -> None:
    """Two failures and then a success: the deploy succeeds after pauses that double."""
    server.faults.append(Fault("GET /user", status, times=2))
    assert len(deploy(server)) == 3
    assert waits == [0.5, 1.0]


def test_retry_after_is_obeyed(server: FakeGrafana, waits: list[float]) -> None:
    """Grafana's Retry-After applies if it is longer; beyond 20 seconds it is an error without a wait."""
    server.faults.append(Fault(SAVE, 429, headers={"Retry-After": "7"}))
    assert len(deploy(server)) == 3
    assert waits == [7.0]
    server.faults.append(Fault("GET /health", 429, headers={"Retry-After": "300"}))
    with pytest.raises(DashboardsError) as refused:
        plan(server)
    assert refused.value.cause == "rate limited (Retry-After: 300 s)"
    assert waits == [7.0]


def test_retry_after_as_a_date(server: FakeGrafana, waits: list[float]) -> None:
    """A date is relative to now; a value that is neither date nor seconds is ignored."""
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=8), usegmt=True)
    server.faults.append(Fault("GET /user", 503, headers={"Retry-After": when}))
    server.faults.append(Fault("GET /org", 429, headers={"Retry-After": "soon"}))
    plan(server)
    assert 6 < waits[0] <= 8
    assert waits[1:] == [0.5]
    late = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    server.faults.append(Fault("GET /user", 503, headers={"Retry-After": late}))
    with pytest.raises(DashboardsError, match=r"answered 503 \(Retry-After: 3[56]\d\d s\)"):
        plan(server)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 422])
def test_permanent_failures_are_not_retried(server: FakeGrafana, waits: list[float], status: int) -> None:
    """A plain refusal is not retried."""
    server.faults.append(Fault("GET /user", status, times=9))
    with pytest.raises(DashboardsError):
        plan(server)
    assert server.log == ["GET /health", "GET /user"]
    assert waits == []


@pytest.mark.usefixtures("waits")
def test_a_lost_answer_makes_no_second_version(server: FakeGrafana) -> None:
    """If a save succeeded but its response was lost, the retry gets a conflict, and reading the board decides."""
    server.faults.append(Fault(SAVE, drop=True, late=True))
    server.faults.append(Fault("POST /folders", drop=True, late=True))
    assert len(deploy(server)) == 3
    assert server.versions() == dict.fromkeys(UIDS, 1)
    assert server.folders == {"cilium": "Cilium", "hubble": "Hubble"}


def test_a_folder_created_meanwhile_is_ours(server: FakeGrafana) -> None:
    """Another deploy creates the folder between our requests by uid and by title."""
    server.folders["cilium"] = "Cilium"
    server.faults.append(Fault("GET /folders/cilium", 404))
    assert len(deploy(server)) == 3
    assert server.folders == {"cilium": "Cilium", "hubble": "Hubble"}


@pytest.mark.parametrize("status", [409, 412])
def test_saved_by_someone_else_meanwhile(server: FakeGrafana, status: int) -> None:
    """A board that changed between plan and save, or at the save, is a conflict for that board only."""
    deploy(server)
    deployment = plan(server, payload(dict.fromkeys(UIDS, "New")))
    if status == 412:
        edit_by_api(server)
    else:
        server.faults.append(Fault(SAVE, status))
    events = list(deployment.apply())
    assert events[0] == Change(
        "cilium-a",
        Action.CONFLICT,
        "board cilium-a: someone else saved it in the meantime: deploy again to see what it is now",
    )
    assert [str(event.action) for event in events] == ["conflict", "update", "update"]
    assert server.boards["cilium-a"]["dashboard"]["title"] == ("Mine" if status == 412 else "Cilium-A")


def test_deleted_and_created_again_meanwhile(server: FakeGrafana) -> None:
    """Its version is the one that was compared, and its content is not."""
    deploy(server)
    deployment = plan(server, payload(dict.fromkeys(UIDS, "New")), overwrite=True)
    server.remove("cilium-a")
    server.put(board("cilium-a", title="Mine"), "cilium")
    assert [str(event.action) for event in deployment.apply()] == ["conflict", "update", "update"]
    assert server.boards["cilium-a"]["dashboard"]["title"] == "Mine"


@pytest.mark.fault('any "forbidden" is reported as missing rights')
def test_a_quota_of_grafana(server: FakeGrafana) -> None:
    """Grafana answers 403 as for a missing right; the board is refused with the way out, and the others are saved."""
    server.faults.append(Fault("POST /dashboards/db", 403, '{"message": "Quota reached"}'))
    refused, *others = deploy(server)
    assert (refused.action, [change.action for change in others]) == ("refused", ["create", "create"])
    assert "its quota does not allow more (403 Quota reached): raise the quota" in refused.why


def test_saved_by_someone_else_right_after_us(server: FakeGrafana) -> None:
    """Grafana's check is not atomic: the board that is read back is not ours, so it is a conflict."""
    deployment = plan(server)
    put = server.put

    def race(board: Mapping[str, Any], folder: str, **meta: Any) -> None:
        put(board, folder, **meta)
        if board["uid"] == "cilium-b":
            put({**board, "title": "Theirs"}, folder)

    server.put = race  # type: ignore[method-assign]
    assert [str(change.action) for change in deployment.apply()] == ["create", "conflict", "create"]


def test_a_wrong_token_with_anonymous_access(server: FakeGrafana) -> None:
    """With anonymous access a wrong token can read: a request for the current user detects it."""
    server.anonymous = True
    with pytest.raises(Refused, match="refused the credentials"):
        plan(server, token="wrong-token")
    assert server.log == ["GET /health", "GET /user"]


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"url": None}, DashboardsError, "GRAFANA_URL: is not set"),
        ({"url": "grafana:3000"}, DashboardsError, "GRAFANA_URL: is not an http or https address"),
        ({"url": "http://h:99999"}, DashboardsError, "GRAFANA_URL: is not an http or https address"),
        ({"url": "http://[::1"}, DashboardsError, "GRAFANA_URL: is not an http or https address"),
        ({"token": None}, Refused, "no credentials were given"),
        ({"token": None, "user": "admin"}, Refused, "no credentials were given"),
        ({"token": "two words"}, Refused, "GRAFANA_TOKEN: contains characters that no token has"),
        ({"token": "a\nb"}, Refused, "GRAFANA_TOKEN: contains characters that no token has"),
        ({"timeout": "soon"}, DashboardsError, "--timeout soon: is not a number of seconds"),
        ({"timeout": "0"}, DashboardsError, "is not a number of seconds"),
        ({"timeout": "nan"}, DashboardsError, "is not a number of seconds"),
        ({"url": "https://127.0.0.1:1", "ca_file": "/nonexistent.pem"}, DashboardsError, "--ca-file"),
    ],
)
@pytest.mark.usefixtures("waits")
def test_invalid_options(changes: dict[str, Any], kind: type[DashboardsError], message: str) -> None:
    """Each is named in the error, without any secret."""
    with pytest.raises(kind, match=message) as error:
        grafana.prepare(payload(), {**options("http://127.0.0.1:1"), **changes})
    assert type(error.value) is kind
    assert not changes.get("token") or changes["token"] not in str(error.value)


def test_nobody_listens(waits: list[float]) -> None:
    """A Grafana that cannot be reached is tried four times, then named without its credentials."""
    with pytest.raises(
        DashboardsError, match=r"http://127.0.0.1:1/x: cannot be reached \(Connection refused\), 4 times"
    ):
        grafana.prepare(payload(), options("http://ann:hunter2@127.0.0.1:1/x/", token=None))
    assert waits == [0.5, 1.0, 2.0]


def test_https_to_a_plain_http_port(server: FakeGrafana, waits: list[float]) -> None:
    """A TLS failure is not retried."""
    with pytest.raises(DashboardsError, match=r"does not speak TLS on this port\n  write http:// in GRAFANA_URL"):
        plan(server, url=server.url.replace("http:", "https:"))
    assert waits == []


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl on PATH, for a certificate of its own")
def test_a_certificate_of_its_own(tmp_path: Path, waits: list[float]) -> None:
    """A Grafana with an unknown certificate is refused at once, and trusted with --ca-file."""
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2", "-nodes"]
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", *name, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with fake_grafana(tls=context) as server:
        with pytest.raises(DashboardsError, match=r"certificate is refused: self-signed certificate\n  .*--ca-file"):
            plan(server)
        assert len(deploy(server, ca_file=str(tmp_path / "cert.pem"))) == 3
    assert waits == []


def test_user_and_password_in_the_address() -> None:
    """GRAFANA_URL may contain them, percent-encoded, and a path; neither is ever shown. A token takes precedence."""
    with fake_grafana("/monitoring/grafana") as server:
        url = server.url.replace("//", "//admin:s3cret%2F%40%3A%25@") + "/"
        deployment = plan(server, url=url, token=None)
        assert deployment.destination == f"{server.url} as admin in organization 1 (Main Org.)"
        assert plan(server, url=url).destination.startswith(f"{server.url} as sa-editor in ")
        options: dict[str, Any] = {"url": server.url, "token": None, "user": "admin", "password": "s3cret/@:%"}
        assert plan(server, **options).destination.startswith(f"{server.url} as admin in ")
        assert len(list(deployment.apply())) == 3


@pytest.mark.fault("?orgId=2 in GRAFANA_URL is dropped without a word")
def test_an_organization_is_chosen(server: FakeGrafana) -> None:
    """?orgId= chooses the organization to read and write; the plan names it, also if none was chosen."""
    server.organizations[2] = "Network"
    admin: dict[str, Any] = {"token": None, "user": "admin", "password": "s3cret/@:%"}
    chosen = plan(server, url=f"{server.url}?orgId=2", **admin)
    assert chosen.destination == f"{server.url} as admin in organization 2 (Network)"
    assert len(list(chosen.apply())) == 3
    assert {line.partition(" in ")[2] for line in server.log} == {"2"}
    assert plan(server, url=f"{server.url}/?orgId=1").destination.endswith(" in organization 1 (Main Org.)")


@pytest.mark.fault("?orgId=2 in GRAFANA_URL is dropped without a word")
@pytest.mark.parametrize("number", ["", "0", "-1", "two", "1&orgId=2", "99999999999999999999", "9" * 5000, "²"])
def test_an_organization_that_is_not_a_number(server: FakeGrafana, number: str) -> None:
    """It is refused before any request."""
    with pytest.raises(DashboardsError, match=r"GRAFANA_URL: \?orgId= is not one organization's number\n  https://"):
        plan(server, url=f"{server.url}?orgId={number}")
    assert server.log == []


@pytest.mark.fault("?orgId=2 in GRAFANA_URL is dropped without a word")
def test_an_organization_that_is_not_ours(server: FakeGrafana) -> None:
    """A token of another organization, a missing organization, a header that a proxy drops: nothing is written."""
    with pytest.raises(Refused, match=r"(?s)API key does not belong.*one organization, which may not be 2"):
        plan(server, url=f"{server.url}?orgId=2")
    admin: dict[str, Any] = {"token": None, "user": "admin", "password": "s3cret/@:%"}
    with pytest.raises(Refused, match=r"does not let us into organization 2, or has none .*\n  correct \?orgId="):
        plan(server, url=f"{server.url}?orgId=2", **admin)
    server.faults.append(Fault("GET /org", 200, '{"id": 1, "name": "Main Org."}'))
    with pytest.raises(DashboardsError, match=r"answers for organization 1, not for 2 .*\n.*X-Grafana-Org-Id"):
        plan(server, url=f"{server.url}?orgId=2", **admin)
    assert server.writes() == []


def test_without_the_right_to_see_the_organization(server: FakeGrafana) -> None:
    """If Grafana does not tell the organization, the plan leaves it out."""
    server.faults.append(Fault("GET /org", 403))
    assert plan(server).destination == f"{server.url} as sa-editor"


@pytest.mark.parametrize(
    ("url", "warned"), [("http://grafana.example.org:3000/x", True), ("http://localhost", False), ("https://h", False)]
)
@pytest.mark.fault("a token over http:// to another machine gives no warning")
def test_a_token_without_tls(url: str, warned: bool) -> None:
    """A warning before anything is sent, for a token or a password, that contains neither."""
    expected = ("GRAFANA_TOKEN is sent to grafana.example.org:3000 over http://",) if warned else ()
    assert tuple(text.partition(", ")[0] for text in grafana.warnings(options(url))) == expected
    by_password = options(url, token=None, user="ann", password="s3cret")
    assert [text.split(" is sent")[0] for text in grafana.warnings(by_password)] == ["Grafana's password"] * warned


def test_a_token_with_a_line_end(server: FakeGrafana) -> None:
    """White space that `$(cat token)` or a secret file leaves around a token is ignored."""
    assert actions(plan(server, token=" editor-token\n")) == dict.fromkeys(UIDS, "create")


RUN = """
import sys
from dashboards_py.targets import grafana
from tests.targets.small_boards import payload
from tests.targets.test_grafana import options
url, title = sys.argv[1:]
deployment = grafana.prepare(payload({"cilium-a": title, "cilium-b": title, "hubble-c": title}), options(url))
print("planned", flush=True)
sys.stdin.readline()
for change in deployment.apply():
    print(change.action, change.name, flush=True)
"""


def start(server: FakeGrafana, title: str) -> "subprocess.Popen[str]":
    """A deploy in its own process that has planned and waits for a line on stdin."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, server.url, title], stdin=pipe, stdout=pipe, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "planned\n"
    return process


def test_killed_in_the_middle(server: FakeGrafana) -> None:
    """A run killed while Grafana saves the second board leaves complete boards; the next run does the rest."""
    process = start(server, "One")
    server.faults.append(Fault("GET /dashboards/uid/cilium-b", wait=30))
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    deadline = time.monotonic() + 20
    while "cilium-b" not in server.boards and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    assert process.wait() == -9
    assert sorted(server.boards) == ["cilium-a", "cilium-b"]
    server.faults.clear()
    assert deploy(server, payload(dict.fromkeys(UIDS, "One"))) == [Change("hubble-c", Action.CREATE)]
    assert server.versions() == dict.fromkeys(UIDS, 1)


@pytest.mark.parametrize("titles", [("Same", "Same"), ("One", "Two")])
def test_two_at_once(server: FakeGrafana, titles: tuple[str, str]) -> None:
    """Two deploys that planned before either wrote: each board is complete and saved once; the loser gets an error."""
    both = [start(server, title) for title in titles]
    outputs = [process.communicate("\n", timeout=60)[0].split("\n") for process in both]
    assert [process.returncode for process in both] == [0, 0]
    first = {stored["dashboard"]["title"] for stored in server.boards.values()}
    assert first <= set(titles)
    assert server.versions() == dict.fromkeys(UIDS, 1)
    conflicts = sum(line.startswith("conflict") for lines in outputs for line in lines)
    assert conflicts == (0 if titles[0] == titles[1] else 3)


def test_two_threads_create_a_folder_once(server: FakeGrafana) -> None:
    """Two deploys that both see no folder create it once, and both continue."""
    deployments = [plan(server), plan(server)]
    done: list[int] = []
    threads = [
        threading.Thread(target=lambda deployment=deployment: done.append(len(list(deployment.apply()))))
        for deployment in deployments
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [3, 3]
    assert server.folders == {"cilium": "Cilium", "hubble": "Hubble"}


def test_nothing_leaks_from_the_command(server: FakeGrafana) -> None:
    """With --debug and an error, neither token nor password is in the output of the command."""
    env = {
        "PATH": os.environ["PATH"],
        "GRAFANA_URL": server.url.replace("//", "//bob:hunter2@"),
        "GRAFANA_TOKEN": "glsa_x",
    }
    command = [sys.executable, "-c", "from dashboards_py.cli import main; main()", "--debug", "deploy"]
    completed = subprocess.run(command, env=env, capture_output=True, text=True, cwd=ROOT, check=False)
    assert "refused the credentials" in completed.stderr
    assert "glsa_x" not in completed.stdout + completed.stderr
    assert "hunter2" not in completed.stdout + completed.stderr
