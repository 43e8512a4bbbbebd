"""Our boards that git no longer has: listed in every plan, distinguished from copies and edits."""

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest

from dashboards_py.shapes import GrafanaBoard
from dashboards_py.targets import Action, Change, Deployment, _leftovers, grafana
from dashboards_py.targets._mark import MARK, marked
from tests.fakes.grafana import FakeGrafana, Fault, fake_grafana
from tests.targets.small_boards import UIDS, board, payload

pytestmark = pytest.mark.fault("`deploy grafana` never reports left-over boards")


@pytest.fixture
def server() -> Iterator[FakeGrafana]:
    with fake_grafana() as running:
        yield running


def plan(server: FakeGrafana, uids: tuple[str, ...] = UIDS, left_out: frozenset[str] = frozenset()) -> Deployment:
    options: dict[str, Any] = {option.key: option.default for option in grafana.OPTIONS}
    own = {"url": server.url, "token": "editor-token", "timeout": "30", "overwrite": False, "folder": ()}
    return grafana.prepare(payload(uids=uids, left_out=left_out), {**options, **own})


def left_over(deployment: Deployment) -> list[Change]:
    return [change for change in deployment.changes if change.action == Action.LEFT]


def marked_board(uid: str, **changes: object) -> GrafanaBoard:
    """A board as an earlier deployment left it."""
    return marked(cast("GrafanaBoard", board(uid, **changes)), "")


def test_leftovers_are_listed(server: FakeGrafana) -> None:
    """Each plan lists them with their address, also if someone moved them; they are not deleted."""
    list(plan(server).apply())
    server.boards["cilium-b"]["meta"]["folderUid"] = ""
    why = f"no board of ours now: delete it at {server.url}/d/cilium-b, or keep it"
    for _ in range(2):
        deployment = plan(server, UIDS[:1])
        assert left_over(deployment)[0] == Change("cilium-b", Action.LEFT, why)
        assert [change.name for change in left_over(deployment)] == ["cilium-b", "hubble-c"]
        assert list(deployment.apply()) == []
    assert sorted(server.boards) == sorted(UIDS)
    assert left_over(plan(server)) == []
    why = f"left out now, and still deployed: delete it at {server.url}/d/hubble-c, or keep it"
    assert left_over(plan(server, UIDS[:2], frozenset(UIDS[2:]))) == [Change("hubble-c", Action.LEFT, why)]


def copied_by_api(server: FakeGrafana) -> None:
    """A script gave it another uid and copied the mark."""
    server.put({**server.boards["cilium-b"]["dashboard"], "uid": "copy"}, "cilium")


def saved_in_page(server: FakeGrafana) -> None:
    """Someone edited it in Grafana's page."""
    server.save_in_page("cilium-b", "Mine")


def edited_by_api(server: FakeGrafana) -> None:
    """A script changed a value and kept the mark."""
    server.put({**server.boards["cilium-b"]["dashboard"], "title": "Mine"}, "cilium")


def never_ours(server: FakeGrafana) -> None:
    """Someone else's boards in our folder, with our tag and part of a mark."""
    server.put({**board("theirs"), MARK: {"commit": "x"}}, "cilium")
    server.put({**board("theirs-2"), MARK: "cilium"}, "cilium")


@pytest.mark.parametrize("change", [copied_by_api, saved_in_page, edited_by_api, never_ours])
def test_foreign_boards_are_not_leftovers(server: FakeGrafana, change: Any) -> None:
    """A copy, an edited board and anything without a matching mark are not ours."""
    list(plan(server).apply())
    change(server)
    names = {entry.name for entry in left_over(plan(server, ("cilium-a", "hubble-c")))}
    assert names == ({"cilium-b"} if change in (copied_by_api, never_ours) else set())


def test_upstreams_boards_have_other_tags(server: FakeGrafana) -> None:
    """They are found by their folder."""
    server.folders[_leftovers.UPSTREAM] = "Cilium upstream"
    server.put(marked_board("grafana-com-1", tags=["kubecon-demo"]), _leftovers.UPSTREAM)
    assert [change.name for change in left_over(plan(server))] == ["grafana-com-1"]


def test_a_large_grafana(server: FakeGrafana) -> None:
    """Of 5,000 boards only those with our tag are read."""
    for number in range(5000):
        server.put(board(f"other-{number}", tags=["kubernetes"]), "")
    for number in range(5):
        server.put(marked_board(f"old-{number}"), "")
    server.put(board("unmarked"), "")
    assert [change.name for change in left_over(plan(server))] == [f"old-{number}" for number in range(5)]
    reads = [line for line in server.log if line.startswith("GET /dashboards/uid/")]
    assert len(reads) == len(UIDS) + 6


@pytest.mark.parametrize("count", [9, 10, 25])
def test_page_by_page(server: FakeGrafana, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """All pages are read, whether the last is full or not."""
    monkeypatch.setattr(_leftovers, "PAGE", 10)
    for number in range(count):
        server.put(marked_board(f"old-{number:02}"), "")
    assert [change.name for change in left_over(plan(server))] == [f"old-{number:02}" for number in range(count)]


def test_a_search_that_knows_no_pages(server: FakeGrafana, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same full page again is the last one."""
    monkeypatch.setattr(_leftovers, "PAGE", 2)
    hits = json.dumps([{"uid": "old-1"}, {"uid": "old-2"}])
    server.faults.append(Fault("GET /search", 200, hits, times=3))
    assert left_over(plan(server)) == []
    assert len([line for line in server.log if line.startswith("GET /search")]) == 2


def test_deleted_since_the_search(server: FakeGrafana) -> None:
    """Grafana's index may list a deleted board: that is not an error."""
    server.put(marked_board("old"), "")
    server.faults.append(Fault("GET /dashboards/uid/old", 404))
    assert left_over(plan(server)) == []
    assert [change.name for change in left_over(plan(server))] == ["old"]
