"""Compiling: boards that are refused, parts that are left out, and ids that never change."""

import json
from string import ascii_uppercase
from typing import Any

import pytest

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile import compile_together, panel_id
from dashboards_py.compile.canonical import dump
from dashboards_py.compiled import Omission
from dashboards_py.dashboards import build, cilium_bgp
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Dashboard, Panel
from dashboards_py.outline import outline
from dashboards_py.render.kind import COLORS
from dashboards_py.style import above, cluster, dashboard, link_to, node, query, row, stat, table

ABOUT = "What it shows, and what to do."
OLDEST = RELEASES[0]


def panel(title: str, *exprs: str, **more: Any) -> Panel:
    """A stat with these queries."""
    return stat(title, ABOUT, *(query(expr, "n") for expr in exprs), **more)


def board(*panels: Panel, uid: str = "x", title: str = "X") -> Dashboard:
    """A board with one row of these panels, and the variables cluster and node."""
    variables = (cluster("cilium_version"), node("cilium_version"))
    return dashboard(uid=uid, title=title, about=ABOUT, variables=variables, rows=(row("Row", *panels),))


def compiled(*panels: Panel, release: Release = NEWEST) -> Any:
    """The board's JSON, parsed."""
    return json.loads(compile_together([board(*panels)], release)[0].json)


@pytest.mark.parametrize(
    ("expr", "scoped"),
    [
        ("cilium_version", 'cilium_version{cluster=~"$cluster", node=~"$node"}'),
        ("cilium_operator_version", 'cilium_operator_version{cluster=~"$cluster"}'),
        ("hubble_relay_pool_peer_connection_status", 'hubble_relay_pool_peer_connection_status{cluster=~"$cluster"}'),
        ('up{cluster=~"$cluster"}', 'up{cluster=~"$cluster"}'),
        ('cilium_version{node="a"}', 'cilium_version{node="a", cluster=~"$cluster"}'),
        (
            'cilium_hive_status{pod=~"cilium-[^-]+"}',
            'cilium_hive_status{pod=~"cilium-[^-]+", cluster=~"$cluster", node=~"$node"}',
        ),
        (
            'cilium_k8s_workqueue_depth{pod=~"cilium-operator.*"}',
            'cilium_k8s_workqueue_depth{pod=~"cilium-operator.*", cluster=~"$cluster"}',
        ),
    ],
)
def test_scope(expr: str, scoped: str) -> None:
    """`cluster` everywhere; `node` where the workload that is meant has it; what is there already stays."""
    assert compiled(panel("P", expr))["panels"][1]["targets"][0]["expr"] == scoped


def test_variables_and_annotations_are_scoped() -> None:
    """`$node` is scoped by `$cluster`, `$cluster` by nothing; annotations are scoped by cluster only."""
    actual = compiled(panel("P", "cilium_version"))
    variable_queries = {variable["name"]: variable["query"] for variable in actual["templating"]["list"]}
    assert variable_queries["cluster"]["query"] == "label_values(cilium_version, cluster)"
    assert variable_queries["node"]["query"] == 'label_values(cilium_version{cluster=~"$cluster"}, node)'
    annotations = actual["annotations"]["list"]
    assert annotations
    assert [mark["name"] for mark in annotations if '{cluster=~"$cluster"' not in mark["expr"]] == []
    assert [mark["name"] for mark in annotations if "$node" in mark["expr"]] == []


def test_what_a_release_lacks_is_left_out_with_its_reason() -> None:
    """Only the query is omitted if the panel has others; empty panels and rows are omitted, too."""
    panels = (
        panel("Both", "cilium_version", "cilium_fragmented_count_total"),
        panel("Gone", "cilium_fragmented_count_total"),
        panel("Either", "cilium_fragmented_count_total or cilium_version"),
    )
    actual = compile_together([board(*panels)], OLDEST)[0]
    reason = "cilium_fragmented_count_total: cilium-agent has it since 1.19"
    assert actual.omissions == (
        Omission("x", "Row", "Both", "cilium_fragmented_count_total", reason),
        Omission("x", "Row", "Gone", None, reason),
    )
    assert [panel.title for panel in read(actual.json).panels if panel.queries] == ["Both", "Either"]
    emptied = compile_together([board(panel("Gone", "cilium_fragmented_count_total"))], OLDEST)[0]
    assert read(emptied.json).rows == ()


@pytest.mark.parametrize(
    ("panels", "message"),
    [
        ((panel("P", "sum(cilium_version"),), r"board x, panel 'P': query 'sum\(cilium_version'.*unclosed left"),
        (
            (panel("P", "cilium_drop_cuont_total"),),
            r"board x, panel 'P': metric cilium_drop_cuont_total.*\n.*cilium_drop_count_total",
        ),
        ((panel("P", "cilium_version"), panel("P", "up")), r"board x, panel 'P': its id \d+ collides with that of 'P'"),
        (
            (panel("P", "cilium_version", links=(link_to("nosuch"),)),),
            r"board x, panel 'P': links to nosuch, which is not one of our boards",
        ),
        (
            (panel("P", "cilium_version", links=(link_to("x", listener="a"),)),),
            r"board x, panel 'P': sets \$listener of x, which has no such",
        ),
    ],
)
def test_what_is_refused(panels: tuple[Panel, ...], message: str) -> None:
    """Each fault names board and panel, the cause, and how to fix it."""
    with pytest.raises(DashboardsError, match=message) as error:
        compile_together([board(*panels)], NEWEST)
    assert error.value.exit_code == 2


def test_two_boards_with_one_uid() -> None:
    """Both titles are named."""
    with pytest.raises(DashboardsError, match="uid 'x': two boards have it: 'One' and 'Two'"):
        compile_together([board(title="One"), board(title="Two")], NEWEST)


def test_inserting_a_panel_changes_no_other_id() -> None:
    """Ids come only from uid and title; the outline of the two boards differs by the new panel and nothing else."""
    before = compile_together([board(*(panel(f"P{n}", "cilium_version") for n in range(9)))], NEWEST)[0].json
    with_new = [panel(f"P{n}", "cilium_version") for n in range(9)]
    with_new.insert(4, panel("New", "up"))
    after = compile_together([board(*with_new)], NEWEST)[0].json
    ids = {panel.title: panel.id for panel in read(before).panels}
    assert {panel.title: panel.id for panel in read(after).panels if panel.title != "New"} == ids
    assert all(1 <= panel_id <= 2**31 - 1 for panel_id in ids.values() if panel_id)
    old, new = outline(read(before)).splitlines(), outline(read(after)).splitlines()
    start = next(index for index, line in enumerate(new) if "panel New" in line)
    end = next(index for index, line in enumerate(new) if "panel P4" in line)
    assert new[:start] + new[end:] == old


def test_an_id_depends_on_board_and_title() -> None:
    """The same title on another board has another id; the value is fixed for all time."""
    assert panel_id("cilium-agent", "CPU") == 523018567
    assert panel_id("cilium-operator", "CPU") != panel_id("cilium-agent", "CPU")


def test_an_excuse_stays_out_of_the_json() -> None:
    """Excuses for lint are returned with the JSON, by panel id."""
    excused = panel("P", "cilium_version", excuses={"counter-without-rate": "counted elsewhere"})
    compiled_board = compile_together([board(excused)], NEWEST)[0]
    assert compiled_board.excuses == {panel_id("x", "P"): {"counter-without-rate": "counted elsewhere"}}
    assert "counted elsewhere" not in compiled_board.json


def test_queries_have_letters() -> None:
    """After Z come AA and AB, as in Grafana's editor."""
    several = compiled(panel("P", *[f"cilium_version > {level}" for level in range(28)]))["panels"][1]
    assert [target["refId"] for target in several["targets"]] == [*ascii_uppercase, "AA", "AB"]


def test_what_grafana_s_types_require_stays() -> None:
    """The lowest threshold keeps its value, null; a transformation keeps its empty options."""
    limited = compiled(panel("P", "cilium_version", thresholds=above(warning=1)))["panels"][1]
    assert limited["fieldConfig"]["defaults"]["thresholds"]["steps"] == [
        {"color": "gray", "value": None},
        {"color": "green", "value": 0},
        {"color": COLORS["yellow"], "value": 1},
    ]
    merged = table("T", ABOUT, query("cilium_version", "version"), query("up", "up"))
    assert compiled(merged)["panels"][1]["transformations"][0] == {"id": "merge", "options": {}}


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"novalue": "none"}, "unexpected keyword argument 'novalue'"),
        ({"limit": ()}, "unexpected keyword argument 'limit'"),
        ({"unit": "seconds"}, "unknown unit 'seconds'; known: none, short, s,"),
        ({"excuses": {"no-such-rule": "why"}}, "unknown excuse for the rule 'no-such-rule'; known: counter"),
        ({"w": 0}, "width 0: must be a whole number from 1 to 24"),
        ({"w": 25}, "width 25: must be a whole number from 1 to 24"),
        ({"h": -1}, "height -1: must be a whole number from 1 to 100"),
        ({"h": 1.5}, "height 1.5: must be a whole number from 1 to 100"),
    ],
    ids=lambda options: next(iter(options)) if isinstance(options, dict) else "",
)
def test_a_misspelt_argument_names_its_panel(options: dict[str, Any], cause: str) -> None:
    """An unknown keyword, unit or rule, or an impossible size, does not build, and the error names the panel."""
    with pytest.raises(DashboardsError, match=f"panel 'P': .*{cause}"):
        panel("P", "cilium_version", **options)


def test_a_board_that_does_not_build_names_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file and the panel are named, for one who changed a board."""
    monkeypatch.setattr(cilium_bgp, "sessions", lambda: panel("P", "cilium_version", novalue="none"))
    with pytest.raises(DashboardsError, match=r"dashboards_py/dashboards/cilium_bgp\.py: panel 'P': .*'novalue'"):
        build("cilium_bgp", NEWEST)


def test_the_order_of_keys_is_fixed() -> None:
    """Known keys come in their fixed order, unknown ones after them by name, whatever the input order."""
    assert dump({"zeta": 1, "panels": [], "title": "T", "alpha": {"type": 1, "title": 2}, "uid": "u"}) == (
        '{\n  "uid": "u",\n  "title": "T",\n  "panels": [],\n'
        '  "alpha": {\n    "title": 2,\n    "type": 1\n  },\n  "zeta": 1\n}\n'
    )
