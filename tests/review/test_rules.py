"""What differs between two versions of rules and of values."""

import copy
import json
from typing import Any

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_boards
from dashboards_py.documents.rule import Rule
from dashboards_py.review import Side, reviewed, side_of
from dashboards_py.review.text import lines

DROPS = Rule(
    "drops",
    "Drops",
    is_alert=True,
    expr="rate(cilium_drop_count_total[5m]) > 5",
    wait="5m",
    labels={"severity": "warning"},
)


def differences(before: list[Rule], after: list[Rule]) -> list[str]:
    """The lines of a review behind its heading."""
    sides = [Side(rules={"r.yaml": tuple(rules)}) for rules in (before, after)]
    sections = reviewed(sides[0], sides[1], NEWEST, list)
    return [line.strip() for line in lines(sections)][1:]


def changed(**fields: object) -> Rule:
    """The rule with other fields."""
    values = {name: getattr(DROPS, name) for name in ("group", "name", "is_alert", "expr", "wait", "labels")}
    return Rule(**{**values, **fields})


def test_threshold_for_and_labels() -> None:
    """Each by its name."""
    other = changed(
        expr="rate(cilium_drop_count_total[5m]) > 9", wait="10m", labels={"severity": "critical", "team": "n"}
    )
    assert differences([DROPS], [other]) == [
        "~ alert Drops",
        "query: threshold > 5 -> > 9",
        "- rate(cilium_drop_count_total[5m]) > 5",
        "+ rate(cilium_drop_count_total[5m]) > 9",
        "for: 5m -> 10m",
        "label severity: warning -> critical",
        "label team: (none) -> n",
    ]


def test_settings_of_rules_and_groups() -> None:
    """An alert of Grafana that is paused, and limits of a group; defaults that are written out are no difference."""
    grafana: dict[str, Any] = {
        "groups": [
            {
                "name": "g",
                "folder": "F",
                "rules": [{"title": "T", "condition": "A", "data": [{"refId": "A", "model": {"expr": "up"}}]}],
            }
        ]
    }
    paused = copy.deepcopy(grafana)
    paused["groups"][0]["rules"][0] |= {"isPaused": True, "noDataState": "NoData"}
    prometheus: dict[str, Any] = {"groups": [{"name": "g", "rules": [{"alert": "T", "expr": "up"}]}]}
    limited = {"groups": [{**prometheus["groups"][0], "query_offset": "1m"}]}
    for before, after, expected in (
        (grafana, paused, ["~ alert T", "setting isPaused: (none) -> true"]),
        (prometheus, limited, ["~ alert T", "setting query_offset: (none) -> 1m"]),
    ):
        rules = [list(side_of({"r.json": json.dumps(side).encode()}).rules["r.json"]) for side in (before, after)]
        assert differences(*rules) == expected


def test_an_alert_that_needs_another_value() -> None:
    """It is named, with the rule."""
    text = differences([DROPS], [changed(expr="cilium_bgp_control_plane_session_state == 0")])
    assert text[0] == f"! needs the Helm value bgpControlPlane.enabled=true on Cilium {NEWEST} (for Drops)"


def test_one_change_in_several_files() -> None:
    """It is read once."""
    before, after = (Side(rules={"a.yaml": (rule,), "b.yaml": (rule,)}) for rule in (DROPS, changed(wait="1m")))
    assert list(lines(reviewed(before, after, NEWEST, list))) == [
        "rules a.yaml, b.yaml: 1 rule changed",
        "  ~ alert Drops",
        "      for: 5m -> 1m",
    ]


def test_other_name() -> None:
    """A rule of the same query is renamed, if no other has it."""
    assert differences([DROPS], [changed(name="Lost", wait="1m")]) == ["~ alert Lost (was Drops)", "for: 5m -> 1m"]
    two = [changed(name="Lost"), changed(name="Gone")]
    for before, after in ([DROPS, changed(name="B")], two), ([DROPS], two), (two, [DROPS]):
        assert not any("was" in line for line in differences(before, after))
    assert differences([DROPS], [changed(name="r:x", is_alert=False)])[0] == "+ record r:x"


def test_durations() -> None:
    """The same duration in other units is no difference."""
    for one, other in (("5m", "300s"), ("1h30m", "90m"), ("", "0s"), ("0", "")):
        assert differences([changed(wait=one)], [changed(wait=other)]) == []
    assert differences([changed(wait="5m")], [changed(wait="$x")])[1:] == ["for: 5m -> $x"]


def test_texts_of_values() -> None:
    """What Helm takes for something else looks different."""
    for old, new, shown in ((True, "true", 'true -> "true"'), (1, True, "1 -> true"), ("1", 1, '"1" -> 1')):
        sides = [Side(values={"v.yaml": {"hubble": {"enabled": value}}}) for value in (old, new)]
        [section] = reviewed(sides[0], sides[1], NEWEST, list)
        assert [line.strip() for line in lines([section])][-1] == f"value: {shown}"
    assert not reviewed(Side(values={"v.yaml": {"a": 1}}), Side(values={"v.yaml": {"a": 1.0}}), NEWEST, list)


def test_added_removed_and_moved() -> None:
    """A rule of the same name in another group is the same; one that dies somewhere says where."""
    new = changed(name="New", expr="rate(cilium_policy_incremental_update_duration_count[5m]) > 1")
    assert differences([DROPS, changed(name="Old")], [changed(group="other"), new]) == [
        "> alert Drops, moved to group other (was drops)",
        "+ alert New",
        "! has no data on Cilium 1.16 and 1.17: cilium_policy_incremental_update_duration_count: cilium-agent has it "
        "since 1.18.",
        "query",
        "+ rate(cilium_policy_incremental_update_duration_count[5m]) > 1",
        "- alert Old",
    ]


def test_rules_of_one_name_are_told_apart() -> None:
    """Warning and critical of the same alert."""
    critical = changed(expr="rate(cilium_drop_count_total[5m]) > 50", labels={"severity": "critical"})
    assert differences([DROPS, critical], [DROPS, critical]) == []
    text = differences([DROPS, critical], [DROPS, changed(expr=critical.expr, labels={"severity": "page"})])
    assert text == ["~ alert Drops", "label severity: critical -> page"]


def test_values_say_what_they_cost() -> None:
    """A handler that goes takes the panels with it that read it."""
    boards = [read(board.json) for board in compile_boards() if board.uid == "hubble-dns"]
    handlers = ["dns", "drop"]
    on = {"hubble": {"enabled": True, "relay": {"enabled": True}, "metrics": {"enabled": handlers, "port": 9965}}}
    off = {"hubble": {"enabled": True, "metrics": {"enabled": ["drop"], "port": 9966}}}
    sides = [Side(values={"v.yaml": values}) for values in (on, off)]
    section = reviewed(sides[0], sides[1], NEWEST, lambda: boards)[0]
    text = [line.strip() for line in lines([section])]
    assert text[0] == "values v.yaml: 2 keys changed, 1 removed"
    assert [line for line in text[1:] if not line.startswith("!")] == [
        "~ hubble.metrics.enabled",
        "items: dns -> (none)",
        "~ hubble.metrics.port",
        "value: 9965 -> 9966",
        "- hubble.relay.enabled",
    ]
