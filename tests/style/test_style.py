"""The house style: thresholds, colours, and descriptions."""

import json
from typing import Any

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_together, panel_id
from dashboards_py.model import Panel, Threshold
from dashboards_py.style import (
    above,
    below,
    cluster,
    dashboard,
    good_bad,
    link_to,
    node,
    query,
    row,
    stat,
    table,
    timeseries,
)

ABOUT = "Agents that answer: fewer than nodes means trouble."
GRAY = {"color": "gray", "value": None}  # the lowest step: the color of a panel without data


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (above(critical=1), [("green", None), ("red", 1)]),
        (above(warning=0.7, critical=0.9), [("green", None), ("yellow", 0.7), ("red", 0.9)]),
        (above(warning=1), [("green", None), ("yellow", 1)]),
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
    return list(json.loads(compile_together([board], release)[0].json)["panels"][2:])


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
            "gridPos": {"x": 0, "y": 3, "w": 24, "h": 4},
        }
    ]


@pytest.mark.parametrize(
    ("legend", "mode", "colors"),
    [
        ("{{level}}", "palette-classic", ["orange", "red"]),
        ("{{status}}", "palette-classic", ["green", "orange", "red"]),
        ("{{direction}}", "palette-classic", ["purple", "blue", "dark-green", "text"]),
        ("{{reason}}", "palette-classic-by-name", []),
        ("{{level}} {{subsystem}}", "palette-classic", []),
        ("all", "palette-classic", []),
    ],
)
def test_colors_that_mean_something(legend: str, mode: str, colors: list[str]) -> None:
    """Labels of good and bad values get red, orange and green; reasons their own color; the rest takes the palette."""
    panel = timeseries("T", ABOUT, query("sum by (level) (rate(cilium_errors_warnings_total[5m]))", legend), unit="ops")
    (rendered,) = compiled(panel)
    config = rendered["fieldConfig"]
    assert config["defaults"].get("color", {"mode": "palette-classic"}) == {"mode": mode}
    assert [override["properties"][0]["value"]["fixedColor"] for override in config.get("overrides", ())] == colors


def test_a_table_keeps_the_order_written() -> None:
    """Labels first, as the queries group by them, then a column a query under its legend; the first sorts."""
    panel = table(
        "T",
        ABOUT,
        query("topk(5, sum by (reason, direction) (rate(cilium_drop_count_total[5m])))", "drops", unit="pps"),
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
        {"matcher": {"id": "byName", "options": "drops"}, "properties": [{"id": "unit", "value": "pps"}]},
        {"matcher": {"id": "byRegexp", "options": "/.*/"}, "properties": [{"id": "noValue", "value": "–"}]},
    ]


def test_a_rows_no_value_is_the_default_of_its_panels() -> None:
    """The row's text is the default of its panels."""
    one = stat("One", ABOUT, query("count(cilium_version)", "a"), no_value="mine")
    two = stat("Two", ABOUT, query("count(cilium_version)", "a"))
    board = dashboard(uid="x", title="X", about=ABOUT, variables=(), rows=(row("R", one, two, no_value="off"),))
    panels = json.loads(compile_together([board], NEWEST)[0].json)["panels"][2:]
    assert [panel["fieldConfig"]["defaults"]["noValue"] for panel in panels] == ["mine", "off"]


def test_a_link_carries_time_variables_and_the_clicked_label() -> None:
    """A link passes the variables that both boards have, and sets a carried one to the label that was clicked."""
    links = (link_to("y", node="node"), link_to("x", "Here"))
    panel = timeseries(
        "T", ABOUT, query("sum by (node) (cilium_unreachable_nodes)", "{{node}}"), unit="short", links=links
    )
    source = dashboard(uid="x", title="X", about=ABOUT, variables=(cluster("cilium_version"),), rows=(row("R", panel),))
    target = dashboard(
        uid="y", title="Y", about=ABOUT, variables=(cluster("cilium_version"), node("cilium_version")), rows=()
    )
    compiled_links = json.loads(compile_together([source, target], NEWEST)[0].json)["panels"][2]["fieldConfig"][
        "defaults"
    ]["links"]
    assert compiled_links == [
        {
            "title": "Y",
            "url": "/d/y?${__url_time_range}&${datasource:queryparam}&${cluster:queryparam}"
            "&var-node=${__field.labels.node}",
        },
        {"title": "Here", "url": "/d/x?${__url_time_range}&${datasource:queryparam}&${cluster:queryparam}"},
    ]
