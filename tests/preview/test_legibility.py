"""Everything on a board can be read, at 1920, 1440 and, beside a docked menu, 1100 pixels."""

import re
from functools import cache

import pytest

from dashboards_py import demo
from dashboards_py.board import Board, Panel
from dashboards_py.panel_data import Series, opening_values, panel_data
from dashboards_py.panel_data.frame import PanelData
from dashboards_py.panel_data.source import Source
from dashboards_py.preview.grid import grid_items
from dashboards_py.preview.shapes import Box
from tests.demo.boards import BOARDS, WINDOW, reads_the_same, scene_source
from tests.panel_data.known_series import Known, constant, panel
from tests.preview.legibility import Page, faults, panel_faults, panel_texts

WIDTHS = (1100, 1440, 1920)
SCENES = demo.scene_names()
WHOLE = ("healthy", "empty")  # scenes of which all panels are drawn, also at the widest
# Boards are read as they open, and with these values.
OPENED_WITH: dict[str, dict[str, list[str]]] = {
    "hubble-http": {"namespace": ["shop"]},
    "hubble-network": {"namespace": ["shop"]},
}


@cache
def source(scene: str) -> Source:
    """The scene; `empty` is a Prometheus without any series."""
    return Known() if scene == "empty" else scene_source(scene)


@pytest.mark.fault("the number itself is out of sight, or a name, a title or a text for no data is cut")
@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_nothing_that_must_be_read_is_cut(board: Board, scene: str) -> None:
    """Titles, numbers, names of bars and legends, and all columns; cells on a screen of 1440 or more.

    A panel that reads what it reads in the healthy cluster looks as there, and is drawn there only.
    """
    widths = WIDTHS if scene in WHOLE else WIDTHS[:2]
    chosen = ({}, *([OPENED_WITH[board.uid]] if board.uid in OPENED_WITH else []))
    known: dict[tuple[object, ...], PanelData] = {}

    def is_drawn(panel: Panel) -> bool:
        return scene in WHOLE or not reads_the_same(board, panel, scene)

    pages = (
        Page(source=source(scene), window=WINDOW, width=width, chosen=values, known=known)
        for width in widths
        for values in chosen
    )
    assert [fault for page in pages for fault in faults(board, page, is_drawn)] == []


@pytest.mark.fault("of the nodes that an outage is on two are in sight")
@pytest.mark.parametrize(
    ("uid", "title"), [("cilium-agent", "Nodes that need a look"), ("cilium-capacity", "Nearly full")]
)
def test_the_nodes_of_an_outage_are_in_sight(uid: str, title: str) -> None:
    """Five or all of the six whose policy maps are nearly full in a storm of identities."""
    page = Page(source=source("identity-storm"), window=WINDOW)
    (board,) = (board for board in BOARDS if board.uid == uid)
    opened = opening_values(board, WINDOW, page.source).values
    (item,) = (
        item for item in grid_items(board, page.width, all_rows=False) if item.panel and item.panel.title == title
    )
    assert item.panel is not None
    texts, _ = panel_texts(item.panel, panel_data(item.panel, WINDOW, opened, page.source), item.box, page)
    nodes = {text.text for text in texts if re.fullmatch(r"node-\d", text.text) and text.middle + 7 < item.box.bottom}
    assert len(nodes) >= 5


LONG = "a-name-of-a-map-that-no-narrow-panel-has-room-for"
ONE = Known(constant(({"name": LONG, "node": "node-1"}, 1234567.8)))


def planted(options: dict[str, object], width: float) -> list[str]:
    """The faults of a panel of this width."""
    drawn = panel({"expr": "x", "legendFormat": "{{name}}"}, **options)
    page = Page(source=ONE, window=WINDOW)
    return list(panel_faults(drawn, panel_data(drawn, WINDOW, {}, ONE), Box(0, 0, width, 200), page))


@pytest.mark.parametrize(
    ("options", "width", "expected"),
    [
        ({"type": "stat", "title": LONG}, 200, "title 'a-name-of-a-map-that-…' is cut"),
        ({"type": "stat", "options": {"text": {"valueSize": 90}}}, 200, "value '1234568' is out of the panel"),
        ({"type": "stat", "options": {"text": {"valueSize": 90}}}, 200, "1 of 1 value has no room for its text"),
        ({"type": "timeseries"}, 200, "legend 'a-name-of-a-map-that-…' is cut"),
    ],
    ids=["title", "number", "no room", "legend"],
)
def test_what_is_cut_is_seen(options: dict[str, object], width: float, expected: str) -> None:
    """Each kind of text."""
    assert any(fault.startswith(expected) for fault in planted(options, width))


def test_a_column_out_of_sight_is_seen() -> None:
    """Columns that have no room are not drawn at all, as Grafana scrolls to them."""
    answers = Known(constant(({f"label_{number}": "x" for number in range(5)}, 1.0)))
    table = panel({"expr": "x", "format": "table", "instant": True}, type="table")
    data = panel_data(table, WINDOW, {}, answers)
    page = Page(source=answers, window=WINDOW)
    assert any("columns are in sight" in fault for fault in panel_faults(table, data, Box(0, 0, 500, 200), page))


NOTHING = Known(constant(({"n": "a"}, 0.0), ({"n": "b"}, 0.0)))


@pytest.mark.fault("a ranking has rows of zeros, and a graph of nothing has an axis up to 100")
def test_rows_of_nothing_are_seen() -> None:
    """In rankings: that of zeros is empty."""
    table = panel({"expr": "topk(5, x)", "format": "table", "instant": True}, type="table")
    page = Page(source=NOTHING, window=WINDOW)
    sentences = list(panel_faults(table, panel_data(table, WINDOW, {}, NOTHING), Box(0, 0, 700, 300), page))
    assert sentences == ["a row of ['0']"] * 2


@pytest.mark.parametrize(("custom", "expected"), [({}, ["an axis up to 100 for nothing"]), ({"axisSoftMax": 1}, [])])
def test_an_axis_for_nothing_is_seen(custom: dict[str, object], expected: list[str]) -> None:
    """Grafana draws it up to 100 unless the panel says where it ends."""
    config = {"defaults": {"min": 0, "custom": custom}}
    graph = panel({"expr": "x", "legendFormat": "{{n}}"}, type="timeseries", fieldConfig=config)
    page = Page(source=NOTHING, window=WINDOW)
    assert list(panel_faults(graph, panel_data(graph, WINDOW, {}, NOTHING), Box(0, 0, 700, 300), page)) == expected


@pytest.mark.fault("a line through single events is a zigzag, as if they rose and fell")
@pytest.mark.parametrize(
    ("custom", "expected"), [({}, ["a single event is a triangle"]), ({"lineInterpolation": "stepBefore"}, [])]
)
def test_an_event_that_is_a_triangle_is_seen(custom: dict[str, object], expected: list[str]) -> None:
    """Steps are none."""
    events = Known(lambda _, times: (Series({}, tuple((time, float(n == 1)) for n, time in enumerate(times))),))
    graph = panel({"expr": "x", "legendFormat": "n"}, type="timeseries", fieldConfig={"defaults": {"custom": custom}})
    page = Page(source=events, window=WINDOW)
    assert list(panel_faults(graph, panel_data(graph, WINDOW, {}, events), Box(0, 0, 700, 300), page)) == expected


def test_names_of_a_legend_out_of_sight_are_seen() -> None:
    """A table below the graph has room for two in a panel of the usual height; the third touches its edge."""
    options = {"legend": {"displayMode": "table", "calcs": ["max"]}}
    lines = panel({"expr": "x", "legendFormat": "{{n}}"}, type="timeseries", options=options)
    page = Page(source=Known(constant(*(({"n": str(number)}, 1.0) for number in range(4)))), window=WINDOW)
    data = panel_data(lines, WINDOW, {}, page.source)
    assert list(panel_faults(lines, data, Box(0, 0, 700, 296), page)) == ["2 of 4 names of the legend are in sight"]
    assert list(panel_faults(lines, data, Box(0, 0, 700, 400), page)) == []


def test_bars_below_the_panel_are_seen() -> None:
    """A bar has a least height; those without room are scrolled to. Names have at most two fifths of the width."""
    many = Known(lambda _, times: tuple(Series({"n": f"{n} {LONG}"}, ((times[-1], 1.0),)) for n in range(20)))
    options = {"orientation": "horizontal", "namePlacement": "left"}
    bars = panel({"expr": "x", "legendFormat": "{{n}}", "instant": True}, type="bargauge", options=options)
    data = panel_data(bars, WINDOW, {}, many)
    text = "\n".join(panel_faults(bars, data, Box(0, 0, 500, 200), Page(source=many, window=WINDOW)))
    assert "of 20 bars are in sight" in text
    assert re.search("name '0 a-name-.*…' is cut", text)
