"""What differs between two versions of a board: exactly that, and nothing of what Grafana writes as it saves."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile import compile_boards
from dashboards_py.promql import memory
from dashboards_py.review import Section, board_reviewed, effects, same_boards
from dashboards_py.review.boards import boards_reviewed
from dashboards_py.review.effects import with_effects
from dashboards_py.review.text import lines
from tests import components
from tests.field.v2_twin import resource
from tests.review.grafana_saved import saved

Json = dict[str, Any]
GOLDEN = Path(__file__).parent / "upstream_1.17_to_1.20.txt"


def graph(number: int, title: str, expr: str = "up", **fields: Any) -> Json:
    """A graph with one query."""
    targets = [{"refId": "A", "expr": expr, "legendFormat": "{{pod}}"}]
    position = {"x": 0, "y": number, "w": 12, "h": 8}
    return {"id": number, "type": "timeseries", "title": title, "gridPos": position, "targets": targets, **fields}


def row(number: int, title: str) -> Json:
    """A heading."""
    return {"id": number, "type": "row", "title": title, "collapsed": False, "gridPos": {"x": 0, "y": number}}


BOARD: Json = {
    "uid": "b",
    "title": "B",
    "schemaVersion": 41,
    "tags": ["x"],
    "panels": [
        row(10, "One"),
        graph(1, "Drops", 'sum by (reason) (rate(cilium_drop_count_total{reason!="x"}[5m]))'),
        graph(2, "Forwards", "rate(cilium_forward_count_total[5m])", datasource="Main"),
        row(11, "Two"),
        graph(3, "Endpoints", "cilium_endpoint") | {"type": "heatmap"},
        graph(4, "Errors", targets=[{"refId": "A", "rawSql": "SELECT 1", "datasource": {"type": "mysql", "uid": "m"}}]),
    ],
    "annotations": {"list": [{"name": "Restarts", "expr": "up == 0", "datasource": {"uid": "prom"}}]},
    "links": [{"title": "First", "type": "link", "url": "/d/1"}, {"title": "Second", "type": "link", "url": "/d/2"}],
    "templating": {
        "list": [
            {"name": "node", "type": "query", "query": "label_values(up, node)", "includeAll": True}
            | {"datasource": {"uid": "${datasource}"}},
            {"name": "top", "type": "textbox"},
        ]
    },
}


def edited(change: Callable[[Json], Any]) -> Section:
    """The review of the board after an edit."""
    board = copy.deepcopy(BOARD)
    change(board)
    return board_reviewed(read(BOARD), read(board))


def text(section: Section) -> list[str]:
    """The lines of the review behind its heading."""
    return [line.strip() for line in lines([section])][1:]


def swap(board: Json) -> None:
    """Two panels of a row change places."""
    _, first, second, *_ = board["panels"]
    first["gridPos"], second["gridPos"] = second["gridPos"], first["gridPos"]


def to_other_row(board: Json) -> None:
    """A panel goes behind the last one."""
    board["panels"].append(board["panels"].pop(1))


def test_boards_of_one_uid() -> None:
    """As for several clusters: each is compared with that of its own name, and a new one is new."""
    before = {name: read(BOARD) for name in ("prod.json", "staging.json")}
    after = {name: read(BOARD) for name in ("dev.json", "prod.json", "staging.json")}
    same = [("prod.json", "prod.json"), ("staging.json", "staging.json")]
    assert list(same_boards(before, after)) == [(None, "dev.json"), *same]
    assert list(same_boards(after, before)) == [*same, ("dev.json", None)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            lambda board: (
                board["panels"][1]["fieldConfig"].update(defaults={"unit": "pps"})
                if board["panels"][1].setdefault("fieldConfig", {}) is not None
                else None
            ),
            ["~ Drops", "unit: (none) -> pps"],
            id="unit",
        ),
        pytest.param(
            lambda board: board["panels"][1].update(title="Dropped"), ["~ Dropped (was Drops)"], id="title, same id"
        ),
        pytest.param(
            lambda board: board["panels"][1].update(title="Dropped", id=99), ["~ Dropped (was Drops)"], id="renamed"
        ),
        pytest.param(
            lambda board: board["panels"][1].update(
                fieldConfig={
                    "defaults": {
                        "custom": {"thresholdsStyle": {"mode": "line"}},
                        "thresholds": {
                            "mode": "absolute",
                            "steps": [{"color": "green"}, {"color": "red", "value": 5.0}],
                        },
                    }
                }
            ),
            [
                "~ Drops",
                "thresholdsStyle.mode: off -> line",
                "thresholds: green, red from 80 -> green, red from 5",
            ],
            id="threshold",
        ),
        pytest.param(
            lambda board: board["panels"][1]["targets"][0].update(
                expr='sum by (reason, node) (rate(cilium_drop_count_total{reason!="y", node=~"$node"}[1m]))'
            ),
            [
                "~ Drops",
                'query A: matcher reason!="x" -> reason!="y"; matcher node=~"$node" (new); window [5m] -> [1m]; '
                "aggregation sum by (reason) -> sum by (node, reason)",
                '- sum by (reason) (rate(cilium_drop_count_total{reason!="x"}[5m]))',
                '+ sum by (reason, node) (rate(cilium_drop_count_total{reason!="y", node=~"$node"}[1m]))',
            ],
            id="query",
        ),
        pytest.param(
            lambda board: board["panels"][1]["targets"][0].update(
                expr='sum  by(reason)\n(rate(cilium_drop_count_total{ reason!="x" }[5m])) # why'
            ),
            [],
            id="only blanks",
        ),
        pytest.param(swap, ["> Forwards, moved to the top of row One"], id="order"),
        pytest.param(lambda board: board["panels"].insert(1, board["panels"].pop(2)), [], id="order of the JSON"),
        pytest.param(to_other_row, ["> Drops, moved to row Two (was in row One)"], id="other row"),
        pytest.param(
            lambda board: board["panels"].insert(3, board["panels"].pop(2)),
            ["> Forwards, moved to row Two (was in row One)"],
            id="next row, same order",
        ),
        pytest.param(
            lambda board: board["panels"].insert(2, graph(7, "New", "up")),
            ["+ New (row One)", "query A", "+ up"],
            id="new panel",
        ),
        pytest.param(lambda board: board["panels"].pop(2), ["- Forwards (row One)"], id="removed panel"),
        pytest.param(
            lambda board: board["panels"][0].update(title="First"), ["title of a row: One -> First"], id="row renamed"
        ),
        pytest.param(lambda board: board.update(tags=["y", "x"]), ["tags: x -> x, y"], id="tags"),
        pytest.param(
            lambda board: board["templating"]["list"][0].update(query="label_values(up, pod)", multi=True),
            [
                "query of variable node: label_values(up, node) -> label_values(up, pod)",
                "several values of variable node: (none) -> yes",
            ],
            id="variable",
        ),
        pytest.param(
            lambda board: board["templating"]["list"].reverse(),
            ["order of the variables: node, top -> top, node"],
            id="order of variables",
        ),
        pytest.param(
            lambda board: board["panels"][1].update(type="stat"),
            ["~ Drops", "type of panel: timeseries -> stat"],
            id="type",
        ),
        pytest.param(
            lambda board: board["panels"][1]["gridPos"].update(w=24), ["~ Drops", "size: 12 x 8 -> 24 x 8"], id="size"
        ),
        pytest.param(
            lambda board: board["panels"][1].update(
                fieldConfig={
                    "overrides": [
                        {
                            "matcher": {"id": "byName", "options": "lost"},
                            "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": "red"}}],
                        }
                    ]
                }
            ),
            ["~ Drops", "color of lost: (none) -> fixed red"],
            id="override",
        ),
        pytest.param(
            lambda board: board.update(
                annotations={"list": [*board["annotations"]["list"], {"name": "Deploys", "expr": "changes(up[1m])"}]}
            ),
            ["annotation Deploys", "+ changes(up[1m])"],
            id="annotation",
        ),
        pytest.param(
            lambda board: board["links"].append({"title": "Home", "url": "/d/x", "keepTime": True}),
            ["link Home: (none) -> /d/x [keepTime]"],
            id="link",
        ),
        pytest.param(
            lambda board: board["templating"]["list"][0].update(
                datasource="$other", hide=1, refresh=2, skipUrlSync=True, description="Which"
            ),
            [
                "description of variable node: (none) -> Which",
                "data source of variable node: $datasource -> $other",
                "hidden of variable node: (none) -> label",
                "refresh of variable node: (none) -> when the time range changes",
                "kept out of the URL of variable node: (none) -> yes",
            ],
            id="how a variable is shown and filled",
        ),
        pytest.param(
            lambda board: board["annotations"]["list"][0].update(datasource={"uid": "other"}),
            ["data source of annotation Restarts: prom -> other"],
            id="data source of an annotation",
        ),
        pytest.param(
            lambda board: board["panels"][3].update(repeat="node"),
            ["repeated for of row Two: (none) -> node"],
            id="row",
        ),
        pytest.param(
            lambda board: board["links"].reverse(), ["order of the links: First, Second -> Second, First"], id="links"
        ),
        pytest.param(
            lambda board: board["links"][0].update(type="dashboards", tags=["x"]),
            ["link First: /d/1 -> boards with the tags x"],
            id="type of a link",
        ),
        pytest.param(
            lambda board: board["panels"][1]["targets"][0].update(intervalFactor=2, instant=True, range=True),
            ["~ Drops", "kind of query A: range -> instant and range", "resolution of query A: (none) -> 1/2"],
            id="steps of a query",
        ),
        pytest.param(
            lambda board: board["panels"][5]["targets"][0].update(rawSql="SELECT 2", meta={"raw": "SELECT 2"}),
            ["~ Errors", "rawSql of query A: SELECT 1 -> SELECT 2"],
            id="query of another language",
        ),
        pytest.param(
            lambda board: board["panels"][4].update(options={"color": {"scheme": "Blues"}}),
            ["~ Endpoints", "color.scheme: Oranges -> Blues"],
            id="colors of a heatmap",
        ),
        pytest.param(
            lambda board: board["panels"][2].update(datasource={"type": "prometheus", "uid": "uid of Main"}),
            [],
            id="a uid for a name, as Grafana writes it",
        ),
    ],
)
def test_an_edit_is_what_is_listed(change: Callable[[Json], Any], expected: list[str]) -> None:
    """And nothing else."""
    assert text(edited(change)) == expected


def test_an_instant_query_that_becomes_one_of_a_range_reads_more() -> None:
    """Though its PromQL is the same."""
    expr = 'count(cilium_endpoint_state{endpoint_state="ready"})'
    panels = [graph(1, "P", targets=[{"refId": "A", "expr": expr, "instant": instant}]) for instant in (True, False)]
    before, after = (read({**BOARD, "panels": [panel]}) for panel in panels)
    (section,) = boards_reviewed({"b": before}, {"b": after}, NEWEST)
    assert re.search(r"reads [\d.]+ times the samples", section.effects[-1])


def test_boards_of_one_uid_are_told_apart() -> None:
    """By their files; those that changed alike are one section."""
    other = read({**BOARD, "title": "C"})
    names = ("dev.json", "prod.json", "test.json")
    before = {name: read(BOARD) for name in names}
    after = {**before, "dev.json": other, "prod.json": other}
    sections = boards_reviewed(before, after, NEWEST)
    assert [line for line in lines(sections) if not line.startswith(" ")] == [
        "board b (C) in dev.json, b (C) in prod.json: 1 setting changed"
    ]


@pytest.mark.fault("diff of many boards remembers all of their queries, which takes gigabytes")
def test_queries_of_compared_boards_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each pair, as soon as they are many."""
    monkeypatch.setattr(memory, "MANY", 0)
    both = [
        {"one": read({"uid": "one", "panels": [{"title": "A", "targets": [{"expr": f"rate(x[{minutes}m])"}]}]})}
        for minutes in (1, 2)
    ]
    assert [section.name for section in boards_reviewed(both[0], both[1], NEWEST)] == ["one"]
    assert {remembered.cache_info().currsize for remembered in memory._remembered} == {0}


def test_three_panels_with_the_same_change_are_one_item() -> None:
    """In the text; as data they are three."""

    def change(board: Json) -> None:
        for panel in board["panels"]:
            panel["maxDataPoints"] = 30 if panel["type"] != "row" else None

    section = edited(change)
    assert text(section) == [
        "~ 4 panels: maximum of data points: (none) -> 30",
        "Drops, Forwards, Endpoints, Errors",
    ]
    assert len(section.parts) == 4


def test_a_save_in_grafana_changes_nothing() -> None:
    """Of any board of ours: defaults, ids, order of keys, forms of variables."""
    for compiled in compile_boards():
        board = json.loads(compiled.json)
        section = board_reviewed(read(board), read(saved(board)))
        assert not section.is_different, "\n".join(lines([section]))


def test_schema_v2_is_the_same_board() -> None:
    """As Grafana 13 exports it."""
    for compiled in compile_boards():
        board = json.loads(compiled.json)
        section = board_reviewed(read(board), read(resource(board)))
        assert not section.is_different, "\n".join(lines([section]))


def test_an_edit_of_a_saved_board_is_still_seen() -> None:
    """What is ignored hides nothing: each panel of each board with another unit, title and query."""
    for compiled in compile_boards():
        board = json.loads(compiled.json)
        after = saved(board)
        panels = [panel for one in after["panels"] for panel in (one, *one.get("panels", [])) if "targets" in panel]
        for panel in panels:
            panel["fieldConfig"]["defaults"]["unit"] = "short1"
            panel["targets"][0]["expr"] = f"({panel['targets'][0]['expr']}) + 1"
        section = board_reviewed(read(board), read(after))
        seen = {part.name: {one.what for one in part.differences} for part in section.parts}
        assert len(section.parts) == len(panels)
        assert all("unit" in whats and any(what.startswith("query ") for what in whats) for whats in seen.values())


def test_upstreams_board_reads_like_release_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cilium's agent board of 1.17 against that of 1.20, whole, as it was read by people."""
    last = Release.parse("1.20")
    monkeypatch.setattr(effects, "RELEASES", tuple(release for release in RELEASES if release <= last))
    components.require("upstream-boards")
    directory = components.path_of("upstream-boards")
    old, new = (
        read((directory / f"cilium-{release}" / "cilium-dashboard.json").read_bytes())
        for release in ("1.17.18", "1.20.0")
    )
    section = with_effects(board_reviewed(old, new), old, new, last)
    assert "\n".join(lines([section])) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_old_forms_are_no_difference() -> None:
    """A graph of Angular, and a threshold without a null, are what Grafana makes of them."""
    old = {"id": 1, "type": "graph", "title": "G", "targets": [{"refId": "A", "expr": "up"}], "lines": True, "fill": 1}
    board = {"uid": "b", "title": "b", "schemaVersion": 16, "panels": [old]}
    again = {"uid": "b", "title": "b", "schemaVersion": 41, "panels": [{**old, "pluginVersion": "11"}]}
    assert not board_reviewed(read(board), read(again)).parts


def test_panels_that_ask_the_same_are_paired_by_title() -> None:
    """An id that another panel got does not make it the same panel."""
    before = {"uid": "b", "title": "b", "panels": [graph(1, "A", "a"), graph(2, "B", "b")]}
    after = {"uid": "b", "title": "b", "panels": [graph(1, "B", "b"), graph(2, "A", "a")]}
    assert text(board_reviewed(read(before), read(after))) == ["> B, moved to the top of the board"]
    other = {"uid": "b", "title": "b", "panels": [graph(1, "Quite different", "c"), graph(2, "B", "b")]}
    assert text(board_reviewed(read(before), read(other))) == ["+ Quite different", "query A", "+ c", "- A"]


def test_a_query_that_reads_far_more_says_so() -> None:
    """By node instead of one pod's, and at four times as many points."""
    few = graph(1, "Drops", 'rate(cilium_drop_count_total{reason="Policy denied"}[2m])', maxDataPoints=30)
    more = graph(1, "Drops", "rate(cilium_drop_count_total[2m])", maxDataPoints=120)
    old, new = (read({"uid": "b", "title": "b", "panels": [one]}) for one in (few, more))
    effects = with_effects(board_reviewed(old, new), old, new, NEWEST).effects
    assert [effect for effect in effects if "samples when it opens" in effect]
    assert not with_effects(board_reviewed(old, old), old, old, NEWEST).effects
    back = with_effects(board_reviewed(new, old), new, old, NEWEST).effects
    assert [effect for effect in back if "% of the samples when it opens" in effect]


@pytest.mark.parametrize("panel", [{}, {"name": None}, {"type": "text"}, {"title": " ", "targets": []}])
def test_panels_without_id_title_and_query(panel: Json) -> None:
    """A board is the same as itself, also if its panels hold nothing by which they could be told apart."""
    board = read({"uid": "u", "title": "T", "panels": [panel, {"type": "stat"}, panel]})
    assert not board_reviewed(board, board).is_different
