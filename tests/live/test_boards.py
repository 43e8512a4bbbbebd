"""Every board in the real Grafana over a synthetic cluster, judged by what each panel was answered."""

import json
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Browser

from dashboards_py.board import read
from dashboards_py.compile import Compiled, compile_boards
from tests.live.browser import look
from tests.live.conftest import Stand
from tests.live.expected_empty import EXPECTED_EMPTY, OFF_BY_DEFAULT

TALL = 9000  # px: every row open and in view
BOARDS = compile_boards()


def ask(stand: Stand, path: str) -> Any:
    """GET from Grafana's API as its admin."""
    request = urllib.request.Request(stand.grafana + path, headers={"Authorization": "Basic YWRtaW46YWRtaW4="})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_grafana_keeps_our_json(stand: Stand, board: Compiled) -> None:
    """Conversion did not fail, the spec is ours but for the uid (which is its name), and it stands in its folder."""
    found = ask(stand, f"/apis/dashboard.grafana.app/v1beta1/namespaces/default/dashboards/{board.uid}")
    ours = json.loads(board.json)
    assert found["status"]["conversion"]["failed"] is False
    assert found["metadata"]["name"] == ours.pop("uid")
    assert found["spec"] == ours
    assert ask(stand, f"/api/dashboards/uid/{board.uid}")["meta"]["folderTitle"] == board.folder


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_every_panel_gets_values(stand: Stand, chromium: Browser, board: Compiled) -> None:
    """With every row open no panel has an error, no title is cut, and each gets values unless it must be empty."""
    assert empty(stand, chromium, board) == EXPECTED_EMPTY.get(board.uid, {}).keys()


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_with_cilium_s_defaults(plain_stand: Stand, chromium: Browser, board: Compiled) -> None:
    """Where Cilium has its defaults and our values, panels of features that are off have no values, and no others."""
    off = EXPECTED_EMPTY.get(board.uid, {}) | OFF_BY_DEFAULT.get(board.uid, {})
    assert empty(plain_stand, chromium, board) == off.keys()


def empty(stand: Stand, chromium: Browser, board: Compiled) -> set[str]:
    """The panels without values, every row open; an error, a cut title or a panel never asked for fails."""
    seen = look(chromium, stand.grafana, board.uid, stand.hour, height=TALL, every_row=True)
    assert seen.errors == []
    assert seen.titles_cut == []
    panels = {panel.id: panel.title for panel in read(board.json).panels if panel.queries}
    assert panels.keys() - seen.values.keys() == set(), "never asked"
    return {panels[panel] for panel, values in seen.values.items() if not values}
