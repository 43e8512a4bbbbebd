"""Boards with the settings of a house."""

import json
import re
from itertools import chain

import pytest

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_boards, find
from dashboards_py.configuration import DEFAULTS, Chosen, Configuration
from dashboards_py.dashboards import build, names, uids
from dashboards_py.errors import DashboardsError
from tests.stories._lines import data_of, lines, panel_of, scene

FAULT = pytest.mark.fault("leaving out boards or changing a folder, a tag or the refresh means editing Python")
FEATURES = ("cilium-bgp", "cilium-clustermesh")
LINK = re.compile(r"/d/([\w-]+)")


def test_files_are_named_after_uids() -> None:
    """`uids` needs no board to be built."""
    assert uids() == tuple(build(name, NEWEST).uid for name in names())


@FAULT
@pytest.mark.parametrize("uid", uids())
def test_links_to_a_board_that_is_left_out_vanish(uid: str) -> None:
    """No other board links to it, and nothing else of them changes."""
    configuration = Configuration(boards=Chosen(without=(uid,), source="the file"))
    boards = {board.uid: board for board in compile_boards(NEWEST, configuration)}
    assert {*boards, uid} == {*uids()}
    assert uid not in boards
    for board in boards.values():
        linked = set(LINK.findall(board.json))
        before = find(board.uid)
        assert linked == set(LINK.findall(before.json)) - {uid}
        if uid in FEATURES:
            continue
        changed, original = read(board.json), read(before.json)
        assert [panel.title for panel in changed.panels] == [panel.title for panel in original.panels]
        for (_, query), (_, query_before) in zip(changed.queries(), original.queries(), strict=True):
            assert query.expr in (query_before.expr, f'label_replace({query_before.expr}, "next", "", "next", "{uid}")')
        if uid not in before.json:
            assert board.json == before.json


@pytest.mark.fault("a cell of the overview leads to a board that is left out")
def test_no_cell_names_a_board_that_is_left_out() -> None:
    """In the columns whose cells name the next board."""
    configuration = Configuration(boards=Chosen(without=("hubble-relay", "cilium-envoy"), source="the file"))
    overview = read(find("cilium-overview", NEWEST, configuration).json)
    for name, uids_left in (("relays-half", set()), ("node-down", {"cilium-agent"})):
        for title in ("Not scraped", "Firing alerts"):
            panel = panel_of(overview, title)
            rows = [line.values for line in lines(panel, data_of(overview, panel, scene(name), {}))]
            assert rows
            assert {row.get("next", "") for row in rows} - {"", "None"} == uids_left, (name, title)


@FAULT
@pytest.mark.parametrize("uid", FEATURES)
def test_an_optional_feature_goes_with_its_board(uid: str) -> None:
    """Without its board the overview has no panel that says that there is none, and all its other panels."""
    configuration = Configuration(boards=Chosen(without=(uid,), source="the file"))
    panels, before = (read(find("cilium-overview", NEWEST, item).json).panels for item in (configuration, DEFAULTS))
    rows = build("cilium_overview", NEWEST).rows
    led_there = {panel.title for row in rows for panel in row.panels if {link.uid for link in panel.links} == {uid}}
    assert led_there
    assert {panel.title for panel in before} - {panel.title for panel in panels} == led_there


@FAULT
def test_only_some_boards() -> None:
    """Links stay among the boards that are named, and no other is compiled."""
    chosen = ("cilium-agent", "cilium-overview")
    boards = compile_boards(NEWEST, Configuration(boards=Chosen(only=chosen, source="the file")))
    assert tuple(board.uid for board in boards) == chosen
    assert set(chain.from_iterable(LINK.findall(board.json) for board in boards)) <= set(chosen)


def test_a_board_that_is_left_out_is_not_compiled_alone() -> None:
    """The error says who leaves it out."""
    configuration = Configuration(boards=Chosen(without=("cilium-bgp",), source="a.toml"))
    with pytest.raises(DashboardsError, match=re.escape("board 'cilium-bgp': a.toml leaves it out")):
        find("cilium-bgp", NEWEST, configuration)


@pytest.mark.fault("a misspelt setting is silently a default")
@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        (
            Configuration(boards=Chosen(without=("cilium-bpg",), source="a.toml")),
            "board 'cilium-bpg' of a.toml: no board has this uid\n  did you mean cilium-bgp?",
        ),
        (
            Configuration(boards=Chosen(only=("nosuch",), source="the command line")),
            "board 'nosuch' of the command line: no board has this uid\n  known: cilium-agent, ",
        ),
        (
            Configuration(folders=(("Celium", "X"),), source="a.toml"),
            "a.toml: folders.Celium: is neither a folder of ours nor a uid\n  did you mean Cilium?",
        ),
        (
            Configuration(boards=Chosen(without=uids(), source="a.toml")),
            "boards: a.toml leaves out every board",
        ),
        (
            Configuration(folders=(("Cilium", "x"), ("Hubble", "X"))),
            "folder 'X' of board 'hubble-dns': differs only by case from 'x'",
        ),
    ],
)
def test_names_are_compared_with_the_boards(configuration: Configuration, message: str) -> None:
    """A uid or folder that is not there is named, with where it was written and the nearest right name."""
    with pytest.raises(DashboardsError) as caught:
        compile_boards(NEWEST, configuration)
    assert str(caught.value).startswith(message)


@FAULT
def test_folders_tags_and_refresh() -> None:
    """A uid's folder wins over its folder's; tags are added, since ours make the menu of boards."""
    folders = (("Cilium", "Platform"), ("cilium-bgp", "Routing"))
    configuration = Configuration(folders=folders, tags=("network", "cilium"), refresh="30s")
    for board in compile_boards(NEWEST, configuration):
        before = find(board.uid)
        expected = {"cilium-bgp": "Routing"}.get(board.uid, {"Cilium": "Platform"}.get(before.folder, before.folder))
        assert board.folder == expected
        changed, original = json.loads(board.json), json.loads(before.json)
        assert changed["refresh"] == "30s"
        assert changed["tags"] == [*original["tags"], "network"]
        assert {**changed, "refresh": "", "tags": []} == {**original, "refresh": "", "tags": []}
    never = compile_boards(NEWEST, Configuration(refresh=""))
    assert not [board.uid for board in never if "refresh" in json.loads(board.json)]


def test_without_settings_nothing_changes() -> None:
    """The boards are those of the committed files, byte by byte."""
    assert compile_boards(NEWEST, Configuration(source="empty.toml")) == compile_boards(NEWEST, DEFAULTS)


def test_the_command_line_wins() -> None:
    """Uids replace the file's choice; --without narrows it further."""
    of_file = Configuration(boards=Chosen(without=("cilium-bgp",), source="a.toml"))
    assert of_file.choosing().boards == of_file.boards
    assert "cilium-bgp" in of_file.choosing(["cilium-bgp"]).boards
    assert "hubble-dns" not in of_file.choosing(["cilium-bgp"]).boards
    narrowed = of_file.choosing(without=["hubble-dns"]).boards
    assert [uid for uid in ("cilium-bgp", "hubble-dns", "hubble-http") if uid in narrowed] == ["hubble-http"]
    assert of_file.choosing(without=["hubble-dns"]).boards.source == "a.toml and the command line"
