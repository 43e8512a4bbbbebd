"""Compiled boards conform to Grafana's own types: Dashboard, and each kind of panel's options and field config."""

import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.catalog import NEWEST, RELEASES
from dashboards_py.compile import compile_boards, compile_together
from dashboards_py.style import above, bargauge, cluster, dashboard, heatmap, query, row, stat, state_timeline, table
from dashboards_py.style import timeseries as graph
from dashboards_py.targets._schema_v2 import spec_v2
from tests.components import require
from tests.types.grafana_types import VERSIONS, type_errors

Json = dict[str, Any]
ABOUT = "What it shows, and what to do."
LIMITS = above(warning=1, critical=2)


@pytest.fixture(scope="module", autouse=True)
def _node() -> None:
    require("node")


def distinct() -> dict[str, str]:
    """Each board of each release by name; one that is the same on several releases once, for the newest of them."""
    names = {board.json: f"{board.uid}-{release}" for release in RELEASES for board in compile_boards(release)}
    return {name: text for text, name in names.items()}


@pytest.mark.fault("compiled boards break the types that Grafana publishes")
@pytest.mark.parametrize("version", VERSIONS)
def test_boards_of_all_releases_are_what_grafana_s_types_allow(version: str, tmp_path: Path) -> None:
    """No board of any Cilium release has a key, a value or a gap that this version's @grafana/schema does not allow."""
    boards = distinct()
    assert {f"{board.uid}-{NEWEST}" for board in compile_boards(NEWEST)} <= boards.keys()
    assert type_errors(version, boards, tmp_path) == {name: [] for name in boards}


def test_boards_in_schema_v2(tmp_path: Path) -> None:
    """Each board of each release is a spec of schema v2; a key that it has not, and one that lacks, are found."""
    specs = {name: spec_v2(json.loads(text)) for name, text in distinct().items()}
    right = next(iter(specs.values()))
    wrong = {
        "odd-key": {**right, "panels": []},
        "no-layout": {key: value for key, value in right.items() if key != "layout"},
        "odd-cursor": {**right, "cursorSync": "Cross"},
    }
    boards = {name: json.dumps(spec, indent=1) for name, spec in {**specs, **wrong}.items()}
    errors = type_errors(VERSIONS[-1], boards, tmp_path, "board_v2.ts")
    assert [name for name in wrong if not errors.pop(name)] == []
    assert errors == {name: [] for name in specs}


@cache
def sample_text() -> str:
    """A compiled board with a panel of each kind and thresholds."""
    ask = query("cilium_version", "n")
    panels = (
        stat("stat", ABOUT, ask, thresholds=LIMITS),
        bargauge("bargauge", ABOUT, ask, unit="s", thresholds=LIMITS),
        graph("timeseries", ABOUT, ask, query("up", "up"), unit="s", thresholds=LIMITS),
        state_timeline("state-timeline", ABOUT, ask, thresholds=LIMITS, value_names={"0": "no"}),
        heatmap("heatmap", ABOUT, ask, unit="s"),
        table("table", ABOUT, ask, query("up", "up"), thresholds=LIMITS),
    )
    variables = (cluster("cilium_version"),)
    board = dashboard(uid="x", title="X", about=ABOUT, variables=variables, rows=(row("Row", *panels),))
    return compile_together([board], NEWEST)[0].json


def sample() -> Json:
    """The board as JSON, to be changed."""
    return dict(json.loads(sample_text()))


def panel(board: Json, kind: str) -> Json:
    """The sample's panel of a kind."""
    return next(panel for panel in board["panels"] if panel["type"] == kind)


def defaults(board: Json, kind: str) -> Json:
    """A panel's fieldConfig.defaults."""
    defaults: Json = panel(board, kind)["fieldConfig"].setdefault("defaults", {})
    return defaults


def odd_option(board: Json, kind: str) -> None:
    """Give a panel an option that its kind has not."""
    panel(board, kind)["options"]["odd"] = 1


def odd_custom_option(board: Json, kind: str) -> None:
    """Give a panel a field option that its kind does not have."""
    defaults(board, kind).setdefault("custom", {})["odd"] = 1


# What is wrong, and a word of the compiler's message or of the line that it names.
PLANTED: dict[str, tuple[Callable[[Json], object], str]] = {
    "an unknown key of a board": (lambda board: board.update(tittle="X"), "tittle"),
    "a board's cursor is no cursor": (lambda board: board.update(graphTooltip=7), "graphTooltip"),
    "a variable that is hidden in an unknown way": (
        lambda board: board["templating"]["list"][1].update(hide=9),
        "hide",
    ),
    "an annotation without colour": (lambda board: board["annotations"]["list"][0].pop("iconColor"), "iconColor"),
    "an unknown kind of panel": (lambda board: panel(board, "stat").update(type="singlestat"), "singlestat"),
    "an unknown key of a panel": (lambda board: panel(board, "table").update(titel="X"), "titel"),
    "a grid position that is text": (lambda board: panel(board, "stat")["gridPos"].update(w="4"), "string"),
    **{
        f"an unknown option of a {kind}": (partial(odd_option, kind=kind), "odd")
        for kind in ("stat", "bargauge", "timeseries", "state-timeline", "heatmap", "table")
    },
    **{
        f"an unknown custom option of a {kind}": (partial(odd_custom_option, kind=kind), "odd")
        for kind in ("stat", "bargauge", "timeseries", "state-timeline", "heatmap", "table")
    },
    "an option of another kind of panel": (
        lambda board: panel(board, "bargauge")["options"].update(graphMode="area"),
        "graphMode",
    ),
    "an option of another type": (lambda board: panel(board, "table")["options"].update(showHeader="yes"), "string"),
    "an enum's value misspelt": (lambda board: panel(board, "stat")["options"].update(colorMode="vlaue"), "vlaue"),
    "an enum's value misspelt, deep inside": (
        lambda board: panel(board, "timeseries")["options"]["legend"].update(displayMode="tabel"),
        "tabel",
    ),
    "an enum's value misspelt in field config": (
        lambda board: defaults(board, "timeseries")["custom"].update(showPoints="nevre"),
        "nevre",
    ),
    "a colour mode misspelt": (lambda board: defaults(board, "stat").update(color={"mode": "treshold"}), "treshold"),
    "an unknown key of the field config": (lambda board: defaults(board, "stat").update(units="s"), "units"),
    "decimals that are text": (lambda board: defaults(board, "stat").update(decimals="2"), "string"),
    "a threshold without value": (
        lambda board: defaults(board, "stat")["thresholds"]["steps"][0].pop("value"),
        "value",
    ),
    "an override of a property that there is not": (
        lambda board: panel(board, "timeseries")["fieldConfig"]["overrides"][-1]["properties"].append(
            {"id": "custom.axisPlacment", "value": "right"}
        ),
        "axisPlacment",
    ),
    "an override with another type": (
        lambda board: panel(board, "timeseries")["fieldConfig"]["overrides"][-1]["properties"].append(
            {"id": "unit", "value": 5}
        ),
        "number",
    ),
    "a value mapping of an unknown type": (
        lambda board: defaults(board, "state-timeline")["mappings"][0].update(type="valeu"),
        "valeu",
    ),
    "a transformation without options": (
        lambda board: panel(board, "table")["transformations"][0].pop("options"),
        "options",
    ),
    "a query without refId": (lambda board: panel(board, "stat")["targets"][0].pop("refId"), "refId"),
    "an unknown key of a query": (lambda board: panel(board, "stat")["targets"][0].update(legend="n"), "legend"),
    "a link to a page without tooltip": (
        lambda board: board["links"].append({"type": "link", "title": "X", "url": "/x"}),
        "tooltip",
    ),
    "a closed row's panel with an unknown option": (
        lambda board: board["panels"].append(
            {
                "type": "row",
                "id": 7,
                "collapsed": True,
                "panels": [panel(board, "stat") | {"id": 8, "options": {"odd": 1}}],
            }
        ),
        "odd",
    ),
}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_grafana_s_types_do_not_allow_is_found(version: str, tmp_path: Path) -> None:
    """One fault in each board: it is found and named, and the same board without it has no errors."""
    boards = {"right": sample_text()}
    names = {f"fault-{number}": fault for number, fault in enumerate(PLANTED)}
    for name, fault in names.items():
        board = sample()
        PLANTED[fault][0](board)
        boards[name] = json.dumps(board, indent=2)
    errors_by_board = type_errors(version, boards, tmp_path)
    assert errors_by_board.pop("right") == []
    assert [names[name] for name, errors in errors_by_board.items() if not errors] == []
    for name, errors in errors_by_board.items():
        lines = boards[name].splitlines()
        messages = [f"{lines[error.line - 1]} {error.message}" for error in errors]
        assert any(PLANTED[names[name]][1] in text for text in messages), (names[name], messages)
