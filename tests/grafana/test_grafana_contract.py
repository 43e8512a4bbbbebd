"""Facts about Grafana that deploying relies on, observed on 12.2; each is tested on the stand-in and a real one."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError
from dashboards_py.provisioning import file_provider
from dashboards_py.targets import grafana as target
from tests.grafana.servers import Server, Start, organisation, resource_of, start_stand_in, wait_until
from tests.targets.small_boards import board, payload

WRONG = "glsa_wrong"
NOBODY = ""
NOTHING = "http://127.0.0.1:9"  # an address at which nothing listens
PAIRS = 300  # attempts: a real Grafana seldom accepts both of two simultaneous saves


def versions_of(server: Server, uid: str) -> list[dict[str, Any]]:
    """A board's versions, the newest first."""
    entries: list[dict[str, Any]] = server.api(f"/dashboards/uid/{uid}/versions")["versions"]
    return entries


def write(directory: Path, name: str, content: dict[str, Any], **provider: Any) -> Path:
    """A board in a file, and the provider that makes Grafana read its directory, in `directory`/provisioning."""
    path = directory / "boards" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    described = file_provider(str(directory / "boards"))
    described["providers"][0] |= provider
    (directory / "provisioning" / "dashboards").mkdir(parents=True, exist_ok=True)
    (directory / "provisioning" / "dashboards" / "boards.yaml").write_text(json.dumps(described))
    return path


def test_the_message_of_the_first_version_is_dropped(server: Server) -> None:
    """A version message is kept on an update, and dropped when the board is created."""
    first = server.save(board("x"), message="first")
    server.save({**first, "title": "New"}, message="second")
    assert [entry["message"] for entry in versions_of(server, "x")] == ["second", ""]


def test_the_same_content_is_a_new_version(server: Server) -> None:
    """Saving unchanged content creates a version like any other."""
    first = server.save(board("x"))
    second = server.save(first)
    assert (first["version"], second["version"]) == (1, 2)
    assert {**first, "version": 2} == second


def test_reading_back_adds_an_id_and_a_version(server: Server) -> None:
    """Reading a saved board adds `id` and `version`; nothing else is added, lost or changed."""
    content = board("x", description="<&>", tags=[], refresh="", links=[{"title": "1.5", "x": [1.5, None, True]}])
    stored_board = server.save(content)
    assert stored_board.keys() - content.keys() == {"id", "version"}
    assert {key: stored_board[key] for key in content} == content


def test_whole_numbers_are_returned_without_a_decimal_point(server: Server) -> None:
    """1.0 is returned as 1."""
    server.save(board("x", links=[{"x": 1.0}]))
    _, text = server.request("/api/dashboards/uid/x")
    assert repr(text["dashboard"]["links"][0]["x"]) == "1"


def test_an_unknown_key_survives_the_api(server: Server) -> None:
    """An unknown top-level key is kept, in a first and in a later save."""
    stored_board = server.save(board("x", ours={"hash": "1"}))
    assert stored_board["ours"] == {"hash": "1"}
    assert server.save({**stored_board, "title": "New"})["ours"] == {"hash": "1"}


def test_an_unknown_key_is_lost_in_the_page(server: Server, save_in_page: Callable[[str, str], None]) -> None:
    """A save in Grafana's page drops the key, and changes nothing else about the panels."""
    before = server.save(board("x", ours={"hash": "1"}))
    save_in_page("x", "Mine")
    after = server.board("x")
    assert after["title"] == "Mine"
    assert "ours" not in after
    assert [panel["title"] for panel in after["panels"]] == [panel["title"] for panel in before["panels"]]


def test_a_save_against_an_old_version_is_refused(server: Server) -> None:
    """Such a save gets 412, unless it sets overwrite."""
    first = server.save(board("x"))
    server.save({**first, "title": "New"})
    status, answer = server.request("/api/dashboards/db", {"dashboard": first})
    assert (status, answer["status"]) == (412, "version-mismatch")
    assert server.save(first, overwrite=True)["version"] == 3


def test_the_version_check_is_not_atomic(server: Server) -> None:
    """Both of two simultaneous saves against one version may be accepted: read again after writing."""
    if server.fake:
        server.fake.between_check_and_write = Barrier(2, timeout=10).wait  # type: ignore[assignment]
    stored_board = {}
    if not server.fake:
        stored_board = server.save(board("x"))

    def save(title: str) -> int:
        return server.request("/api/dashboards/db", {"dashboard": {**board("x"), **stored_board, "title": title}})[0]

    with ThreadPoolExecutor(2) as pool:
        for _ in range(1 if server.fake else PAIRS):
            if list(pool.map(save, ("one", "two"))) == [200, 200]:
                return
            stored_board = server.board("x")
    pytest.fail(f"of {PAIRS} pairs of saves one was always refused")


def test_a_save_without_a_folder_moves_the_board(server: Server) -> None:
    """A save that names no folder moves the board to the root."""
    server.api("/folders", {"uid": "f", "title": "Folder"})
    first = server.save(board("x"), folderUid="f")
    assert server.api("/dashboards/uid/x")["meta"]["folderUid"] == "f"
    server.save(first)
    assert server.api("/dashboards/uid/x")["meta"]["folderUid"] == ""


def test_two_folders_may_have_one_title(server: Server) -> None:
    """A title does not identify a folder, a uid does: it is unique."""
    for uid in ("one", "two"):
        server.api("/folders", {"uid": uid, "title": "Same"})
    assert sorted((folder["uid"], folder["title"]) for folder in server.api("/folders")) == [
        ("one", "Same"),
        ("two", "Same"),
    ]
    assert server.request("/api/folders", {"uid": "one", "title": "Same"})[0] in (409, 412)


def test_a_wrong_token_is_a_visitor(start: Start, tmp_path: Path) -> None:
    """With anonymous access, a wrong token gets 200 as Viewer; only /api/user shows that it is not valid."""
    with start(tmp_path, visitors=True) as server:
        server.save(board("x"))
        assert server.request("/api/dashboards/uid/x", token=WRONG)[0] == 200
        assert server.request("/api/search", token=WRONG)[0] == 200
        assert server.request("/api/user", token=WRONG)[0] == 401
        assert server.request("/api/dashboards/db", {"dashboard": board("y")}, token=WRONG)[0] in (401, 403)


def test_a_wrong_token_is_refused_without_visitors(server: Server) -> None:
    """Without anonymous access, a wrong token gets 401."""
    assert server.request("/api/search", token=WRONG)[0] == 401


def test_a_login_page_is_a_page(server: Server) -> None:
    """Paths outside the API answer 200 with a page, or redirect to one: not JSON, and not an error."""
    status, text = server.request("/login", token=NOBODY)
    assert status == 200
    assert text.lower().startswith("<!doctype html>")
    assert server.request("/nowhere/health", token=NOBODY)[0] in (200, 302, 404)
    options = {option.key: option.default for option in target.OPTIONS}
    with pytest.raises(DashboardsError):
        target.prepare(payload(), {**options, "url": f"{server.url}/nowhere", "token": server.editor})


def test_an_editor_gets_403_for_what_is_missing(server: Server) -> None:
    """For a missing board or folder an Editor gets 403, an administrator 404."""
    for path in ("/api/dashboards/uid/nowhere", "/api/folders/nowhere"):
        assert server.request(path, token=server.editor)[0] == 403
        assert server.request(path)[0] == 404


def test_a_403_for_what_was_missing_persists(server: Server) -> None:
    """A 403 for a missing folder or board may persist for half a minute after someone else creates it."""
    folder, dashboard = paths = ("/api/folders/f", "/api/dashboards/uid/x")
    assert [server.request(path, token=server.editor)[0] for path in paths] == [403, 403]
    server.api("/folders", {"uid": "f", "title": "Folder"})
    server.save(board("x"), folderUid="f")
    for path in paths:
        assert server.request(path, token=server.editor)[0] in ((403,) if server.fake else (200, 403))
    server.pass_time(30)
    assert server.request(folder, token=server.editor)[0] == 200
    assert server.request(dashboard, token=server.editor)[0] == 200


def test_the_creator_sees_it_at_once(server: Server) -> None:
    """An Editor who got 403 for a missing board sees it immediately after creating it."""
    assert server.request("/api/folders/f", token=server.editor)[0] == 403
    assert server.request("/api/folders", {"uid": "f", "title": "Folder"}, token=server.editor)[0] == 200
    assert server.request("/api/folders/f", token=server.editor)[0] == 200
    body = {"dashboard": board("x"), "folderUid": "f"}
    assert server.request("/api/dashboards/uid/x", token=server.editor)[0] == 403
    assert server.request("/api/dashboards/db", body, token=server.editor)[0] == 200
    assert server.request("/api/dashboards/uid/x", token=server.editor)[0] == 200


def test_organizations_are_separate(server: Server) -> None:
    """An administrator chooses one by a header; its boards are not in another; a token belongs to exactly one."""
    server.save(board("x"))
    with organisation(server) as other:
        assert other.request("/api/dashboards/uid/x")[0] == 404
        other.save(board("x", title="Other"))
        assert other.request("/api/dashboards/uid/x", token=other.editor)[1]["dashboard"]["title"] == "Other"
        assert other.request("/api/org")[1]["id"] == other.organisation
        assert other.request("/api/search", token=server.editor)[0] in (401, 403)
    assert server.board("x")["title"] == "X"


def test_a_viewer_saves_nothing(server: Server) -> None:
    """A save gets 403, and the rights that a viewer lacks are not listed."""
    viewer = server.token("Viewer")
    assert server.request("/api/dashboards/db", {"dashboard": board("x")}, token=viewer)[0] == 403
    assert not server.request("/api/access-control/user/actions", token=viewer)[1].get("dashboards:create")
    assert server.request("/api/access-control/user/actions", token=server.editor)[1].get("dashboards:create")


def test_folders_come_from_the_directories(start: Start, tmp_path: Path) -> None:
    """A board's folder is named after its file's directory; at the top there is none; hidden ones are not read."""
    write(tmp_path, "Team/deep.json", board("deep"))
    write(tmp_path, "top.json", board("top"))
    write(tmp_path, ".hidden/no.json", board("no"))
    write(tmp_path, "Team/no.txt", board("other"))
    with start(tmp_path) as server:
        wait_until(lambda: server.versions().keys(), {"deep", "top"})
        assert server.folders() == {"deep": "Team"}
        assert server.api("/dashboards/uid/deep")["meta"]["provisionedExternalId"] == "Team/deep.json"


def test_a_provider_reads_again_after_its_interval(start: Start, tmp_path: Path) -> None:
    """A changed file becomes a new version after the interval; a file that was only touched does not."""
    path = write(tmp_path, "x.json", board("x"), updateIntervalSeconds=10)
    with start(tmp_path) as server:
        wait_until(lambda: server.versions().keys(), {"x"})
        before = server.versions()["x"]
        path.touch()
        server.pass_time(10)
        assert server.versions() == {"x": before}
        path.write_text(json.dumps(board("x", title="New")))
        server.pass_time(10)
        wait_until(lambda: server.board("x")["title"], "New")
        assert server.versions() == {"x": before + 1}


def test_a_file_takes_over_and_deletes_a_board(start: Start, tmp_path: Path) -> None:
    """A board saved through the API is taken over by a file with its uid, and deleted when the file is removed."""
    path = write(tmp_path, "x.json", board("x", title="Theirs"))
    path.unlink()
    with start(tmp_path) as server:
        server.save(board("x", title="Mine"))
        path.write_text(json.dumps(board("x", title="Theirs")))
        server.reload()
        wait_until(lambda: server.board("x")["title"], "Theirs")
        assert server.api("/dashboards/uid/x")["meta"]["provisioned"] is True
        path.unlink()
        server.reload()
        wait_until(lambda: server.request("/api/dashboards/uid/x")[0], 404)


def test_a_board_may_outlive_its_file(start: Start, tmp_path: Path) -> None:
    """With disableDeletion a board whose file is removed is kept, and becomes an ordinary one."""
    path = write(tmp_path, "x.json", board("x"), disableDeletion=True)
    with start(tmp_path) as server:
        wait_until(lambda: server.versions().keys(), {"x"})
        path.unlink()
        server.reload()
        wait_until(lambda: server.api("/dashboards/uid/x")["meta"]["provisioned"], False)
        assert server.save({**server.board("x"), "title": "New"})["title"] == "New"


@pytest.mark.parametrize("allowed", [False, True], ids=["locked", "allowUiUpdates"])
def test_metadata_of_a_board_from_files(start: Start, tmp_path: Path, allowed: bool) -> None:
    """With allowUiUpdates a board has provisioned: false and can be saved; only its external id names its file."""
    write(tmp_path, "Team/x.json", board("x"), allowUiUpdates=allowed)
    with start(tmp_path) as server:
        wait_until(lambda: server.versions().keys(), {"x"})
        meta = server.api("/dashboards/uid/x")["meta"]
        assert (meta["provisioned"], meta["provisionedExternalId"]) == (not allowed, "Team/x.json")
        body = {"dashboard": server.board("x"), "folderUid": meta["folderUid"], "overwrite": True}
        assert server.request("/api/dashboards/db", body)[0] == (200 if allowed else 400)


def test_only_classic_boards_are_read_from_files(start: Start, tmp_path: Path) -> None:
    """A file in schema v2, as exported by Grafana 13, yields no board; a classic one next to it does."""
    spec = {"title": "V2", "elements": {}, "layout": {"kind": "GridLayout", "spec": {"items": []}}}
    resource = {"apiVersion": "dashboard.grafana.app/v2beta1", "kind": "Dashboard", "metadata": {"name": "v2"}}
    write(tmp_path, "resource.json", {**resource, "spec": spec})
    write(tmp_path, "classic.json", board("classic"))
    with start(tmp_path) as server:
        wait_until(lambda: server.versions().keys(), {"classic"})


def test_the_newer_api_keeps_the_uid_as_name(server: Server) -> None:
    """v1beta1 has the uid as metadata.name, and not in the spec; the rest of the spec is what was saved."""
    server.save(board("x"))
    resource = resource_of(server, "x")
    assert resource["metadata"]["name"] == "x"
    if server.version == (12, 2):  # later ones migrate to a schemaVersion above ours
        assert resource["spec"] == {key: value for key, value in board("x").items() if key != "uid"}
    assert "uid" not in resource["spec"]


@pytest.mark.parametrize(("schema", "failed"), [(27, True), (28, False)])
def test_old_schemas_are_not_converted(server: Server, schema: int, failed: bool) -> None:
    """Grafana 12.2 converts classic boards from schemaVersion 28 on, and reports a failure for older ones."""
    server.save(board("x", schemaVersion=schema))
    resource = resource_of(server, "x")
    if server.version != (12, 2):
        pytest.skip("the oldest schema that is converted was found on Grafana 12.2")
    assert resource["status"]["conversion"]["failed"] is failed


def test_which_schema_is_stored(server: Server) -> None:
    """Grafana 13 accepts a classic board and stores schema v2; 12 stores it unchanged."""
    server.save(board("x"))
    stored = str(resource_of(server, "x")["status"]["conversion"].get("storedVersion", ""))
    assert stored.startswith("v2") is (server.version >= (13, 0))


def test_grafana_13_exports_schema_v2_only(tmp_path: Path) -> None:
    """The export of its page is not a classic board, so file provisioning rejects it; 12 exports classic boards.

    Only the page exports: on a real Grafana this was checked by hand.
    """
    panel = {"id": 1, "type": "stat", "title": "Up", "gridPos": {"x": 0, "y": 0, "w": 6, "h": 4}}
    query = {"refId": "A", "expr": "up", "datasource": {"type": "prometheus", "uid": "p"}}
    row = {"id": 2, "type": "row", "title": "Row", "panels": []}
    classic = board("x", panels=[{**panel, "targets": [query]}, row])
    with start_stand_in(tmp_path, version="13.2.0") as server:
        server.save(classic)
        assert server.fake
        exported = server.fake.export_from_page("x")
        assert server.board("x")["panels"] == classic["panels"]
    assert (exported["apiVersion"], exported["metadata"]["name"]) == ("dashboard.grafana.app/v2", "x")
    exported_query = exported["spec"]["elements"]["panel-1"]["spec"]["data"]["spec"]["queries"][0]["spec"]["query"]
    assert (exported_query["datasource"], exported_query["spec"]) == ({"name": "p"}, {"expr": "up"})
    assert [row["spec"].get("title") for row in exported["spec"]["layout"]["spec"]["rows"]] == ["", "Row"]
    with start_stand_in(tmp_path, version="12.2.0") as server:
        server.save(classic)
        assert server.fake
        assert {**server.fake.export_from_page("x"), "id": server.board("x")["id"]} == server.board("x")
    write(tmp_path, "x.json", exported)
    with start_stand_in(tmp_path, version="13.2.0") as server:
        assert server.versions() == {}
        assert server.fake
        assert "failed to load dashboard" in server.fake.problems[0]


def test_a_data_source_that_is_not_reached_is_an_error(server: Server) -> None:
    """An administrator adds data sources, and asks whether Grafana reaches what is behind one."""
    server.api("/datasources", {"name": "P", "uid": "p", "type": "prometheus", "access": "proxy", "url": NOTHING})
    status, answer = server.request("/api/datasources/uid/p/health")
    assert (status, answer["status"]) == (400, "ERROR")
