"""The house style: thresholds, colours, and descriptions."""

import json
from typing import Any

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_together, panel_id
from dashboards_py.model import Panel, Threshold
from dashboards_py.shapes import Json
from dashboards_py.style import (
    above,
    below,
    cluster,
    dashboard,
    good_bad,
    hues,
    link_to,
    node,
    query,
    row,
    stat,
    table,
    timeseries,
)
from dashboards_py.style.colors import ORANGE

ABOUT = "Agents that answer: fewer than nodes means trouble."
GRAY = {"color": "gray", "value": None}  # the lowest step: the color of a panel without data


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (above(critical=1), [("green", None), ("red", 1)]),
        (above(warning=0.7, critical=0.9), [("green", None), ("yellow", 0.7), ("red", 0.9)]),
        (above(warning=1), [("green", None), ("yellow", 1)]),
        (above(warning=1, lowest="text"), [("text", None), ("yellow", 1)]),
        (below(critical=1), [("red", None), ("green", 1)]),
        (below(warning=1, critical=0.9), [("red", None), ("yellow", 0.9), ("green", 1)]),
        (below(warning=3), [("yellow", None), ("green", 3)]),
        (good_bad(bad=0, good=1), [("red", 0), ("green", 1)]),
    ],
)
def test_thresholds(steps: tuple[Threshold, ...], expected: list[tuple[str, float | None]]) -> None:
    """Steps are ascending, and red is on the intended side."""
    assert [(step.color, step.value) for step in steps] == expected


def compiled(*panels: Panel, release: Any = NEWEST) -> list[dict[str, Any]]:
    """The panels of a small board as compiled."""
    board = dashboard(
        uid="x", title="X", about=ABOUT, variables=(cluster("cilium_version"),), rows=(row("R", *panels),)
    )
    return list(json.loads(compile_together([board], release)[0].json)["panels"][1:])


def test_a_stat_in_full() -> None:
    """A stat has the keys that differ from Grafana's defaults and no others."""
    panel = stat("Agents", ABOUT, query("count(cilium_version)", "up"), thresholds=below(critical=1), no_value="none")
    assert compiled(panel) == [
        {
            "title": "Agents",
            "type": "stat",
            "description": ABOUT,
            "id": panel_id("x", "Agents"),
            "datasource": {"type": "prometheus", "uid": "$datasource"},
            "options": {"graphMode": "none", "justifyMode": "center", "text": {"titleSize": 13, "valueSize": 32}},
            "targets": [
                {
                    "expr": 'count(cilium_version{cluster=~"$cluster"})',
                    "legendFormat": "up",
                    "refId": "A",
                    "instant": True,
                }
            ],
            "fieldConfig": {
                "defaults": {
                    "unit": "none",
                    "noValue": "none",
                    "thresholds": {"steps": [GRAY, {"color": "red", "value": 0}, {"color": "green", "value": 1}]},
                }
            },
            "gridPos": {"x": 0, "y": 1, "w": 24, "h": 4},
        }
    ]


@pytest.mark.parametrize(
    ("legends", "default", "colors"),
    [
        (["{{level}}"], ("shades", "blue"), [ORANGE, "red"]),
        (["{{level}} {{subsystem}}"], ("shades", "blue"), [ORANGE, "red"]),
        (["{{reason}}"], ("shades", "text"), []),
        (["all"], ("shades", "blue"), []),
        (["all", "by {{level}}", "other"], ("shades", "blue"), [hues.VIOLET, hues.GRAY, ORANGE, "red"]),
    ],
)
def test_colors_that_mean_something(legends: list[str], default: tuple[str, str], colors: list[str]) -> None:
    """Each query has a hue that judges nothing; good and bad values of labels come last, and so decide."""
    expr = "sum by (level) (rate(cilium_errors_warnings_total[5m]))"
    panel = timeseries("T", ABOUT, *(query(f"{expr} * {n}", legend) for n, legend in enumerate(legends)), unit="ops")
    (rendered,) = compiled(panel)
    config = rendered["fieldConfig"]
    assert (config["defaults"]["color"]["mode"], config["defaults"]["color"]["fixedColor"]) == default
    assert [override["properties"][0]["value"]["fixedColor"] for override in config.get("overrides", ())] == colors


def test_numbers_of_a_table_are_as_wide_as_they_need() -> None:
    """Labels share the rest: the last column is not pushed out of sight."""
    wide = table("T", ABOUT, query("sum by (node) (cilium_unreachable_nodes)", "lost by all others"), unit="ops")
    narrow = table("T", ABOUT, query("sum by (node) (cilium_unreachable_nodes)", "lost"))
    assert [panel.number_widths for panel in (wide, narrow)] == [(182,), (75,)]
    (rendered,) = compiled(narrow)
    assert rendered["fieldConfig"]["defaults"]["custom"] == {"minWidth": 60}


def test_a_table_keeps_the_order_written() -> None:
    """Labels first, as the queries group by them, then a column a query under its legend; the first sorts."""
    panel = table(
        "T",
        ABOUT,
        query("topk(5, sum by (reason, direction) (rate(cilium_drop_count_total[5m])))", "drops", unit="count:pkt/s"),
        query("sum by (node) (cilium_unreachable_nodes)", "lost"),
        no_value="none seen",
    )
    (field,) = compiled(panel)
    assert field["transformations"] == [
        {"id": "merge", "options": {}},
        {
            "id": "organize",
            "options": {
                "excludeByName": {"Time": True},
                "indexByName": {"reason": 0, "direction": 1, "node": 2, "Value #A": 3, "Value #B": 4},
                "renameByName": {"Value #A": "drops", "Value #B": "lost"},
            },
        },
    ]
    assert field["options"]["sortBy"] == [{"displayName": "drops", "desc": True}]
    assert field["fieldConfig"]["overrides"] == [
        {"matcher": {"id": "byType", "options": "number"}, "properties": [{"id": "custom.width", "value": 75}]},
        {"matcher": {"id": "byType", "options": "string"}, "properties": [{"id": "unit", "value": "string"}]},
        {
            "matcher": {"id": "byName", "options": "direction"},
            "properties": [{"id": "custom.width", "value": 85}],
        },
        {
            "matcher": {"id": "byName", "options": "drops"},
            "properties": [{"id": "unit", "value": "count:pkt/s"}, {"id": "custom.width", "value": 120}],
        },
        {"matcher": {"id": "byRegexp", "options": "/.*/"}, "properties": [{"id": "noValue", "value": "–"}]},
    ]


def test_a_rows_no_value_is_the_default_of_its_panels() -> None:
    """The row's text is the default of its panels."""
    one = stat("One", ABOUT, query("count(cilium_version)", "a"), no_value="mine")
    two = stat("Two", ABOUT, query("count(cilium_version)", "a"))
    board = dashboard(uid="x", title="X", about=ABOUT, variables=(), rows=(row("R", one, two, no_value="off"),))
    panels = json.loads(compile_together([board], NEWEST)[0].json)["panels"][1:]
    assert [panel["fieldConfig"]["defaults"]["noValue"] for panel in panels] == ["mine", "off"]


@pytest.mark.fault("links of a panel show only after a click on one of its lines")
def test_a_link_carries_time_variables_and_the_clicked_label() -> None:
    """A link passes the variables that both boards have, and sets a carried one to the label that was clicked.

    The panel's header has it too, without a label, where a reader sees it; none leads from a board to itself.
    """
    links = (link_to("y", node="node"), link_to("x", "Here"))
    panel = timeseries(
        "T", ABOUT, query("sum by (node) (cilium_unreachable_nodes)", "{{node}}"), unit="short", links=links
    )
    compiled = compiled_panel(panel)
    shared = "${__url_time_range}&${datasource:queryparam}&${cluster:queryparam}"
    assert compiled["fieldConfig"]["defaults"]["links"] == [
        {"title": "Y", "url": f"/d/y?{shared}&var-node=${{__field.labels.node}}"}
    ]
    assert compiled["links"] == [{"title": "Y", "url": f"/d/y?{shared}"}]


@pytest.mark.fault("a table whose cells are all blue links cannot show what is bad")
def test_a_table_has_one_column_of_links() -> None:
    """Links that a row's labels set are all in the first such column; one that they do not is in the header.

    A row's node is of its cluster, which the link sets with it.
    """
    links = (link_to("y", node="node"), link_to("y", "Board"))
    panel = table("T", ABOUT, query("sum by (cluster, node) (cilium_unreachable_nodes)", "lost"), links=links)
    compiled = compiled_panel(panel)
    assert "links" not in compiled["fieldConfig"]["defaults"]
    overrides = compiled["fieldConfig"]["overrides"]
    in_columns = [
        (override["matcher"]["options"], item["value"])
        for override in overrides
        for item in override["properties"]
        if item["id"] == "links"
    ]
    url = "/d/y?${__url_time_range}&${datasource:queryparam}"
    of_row = "&var-cluster=${__data.fields.cluster}&var-node=${__data.fields.node}"
    assert in_columns == [("node", [{"title": "Y", "url": url + of_row}])]
    assert compiled["links"] == [{"title": "Y", "url": url + "&${cluster:queryparam}"}]


def compiled_panel(panel: Panel) -> Json:
    """A panel of the board x, which has no `$node`; the board y has one."""
    source = dashboard(uid="x", title="X", about=ABOUT, variables=(cluster("cilium_version"),), rows=(row("R", panel),))
    target = dashboard(
        uid="y", title="Y", about=ABOUT, variables=(cluster("cilium_version"), node("cilium_version")), rows=()
    )
    compiled: Json = json.loads(compile_together([source, target], NEWEST)[0].json)["panels"][-1]
    return compiled
