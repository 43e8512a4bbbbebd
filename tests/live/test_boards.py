"""Every board in a real Grafana over a synthetic cluster: which panels have errors, or no values."""

from typing import TYPE_CHECKING

import pytest

from dashboards_py.board import read
from dashboards_py.compile import compile_boards
from dashboards_py.compiled import Compiled
from tests.live.browser import open_board
from tests.live.conftest import Environment
from tests.live.expected_empty import EXPECTED_EMPTY, off_by_default

if TYPE_CHECKING:  # importing it takes half a second, in each worker
    from playwright.sync_api import Browser

TALL = 9000  # px: every row open and in view
BOARDS = compile_boards()


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_every_panel_gets_values(environment: Environment, chromium: "Browser", board: Compiled) -> None:
    """With every row open no panel has an error, no title is cut off, and each has values unless it must be empty."""
    assert empty(environment, chromium, board) == EXPECTED_EMPTY.get(board.uid, {}).keys()


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_with_ciliums_defaults(default_environment: Environment, chromium: "Browser", board: Compiled) -> None:
    """With Cilium's defaults and our values, exactly the panels of features that are off have no values."""
    off = EXPECTED_EMPTY.get(board.uid, {}).keys() | off_by_default(read(board.json))
    assert empty(default_environment, chromium, board) == off


def empty(environment: Environment, chromium: "Browser", board: Compiled) -> set[str]:
    """The panels without values, with every row open; fails on an error, a cut-off title or a missing request."""
    result = open_board(chromium, environment.grafana, board.uid, environment.hour, height=TALL, every_row=True)
    assert result.errors == []
    assert result.titles_cut == []
    panels = {panel.id: panel.title for panel in read(board.json).panels if panel.queries}
    assert panels.keys() - result.values.keys() == set(), "no request"
    return {panels[panel] for panel, values in result.values.items() if not values}
