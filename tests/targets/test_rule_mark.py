"""The hashes by which edited alerts, boards and objects are known."""

from copy import deepcopy
from typing import Any

import pytest

from dashboards_py.targets._mark import content_hash
from dashboards_py.targets._object_mark import object_hash
from dashboards_py.targets._rule_mark import DROPPED, marked_rule, rule_hash, rule_mark

RULE: dict[str, Any] = {
    "uid": "u",
    "title": "T",
    "condition": "B",
    "for": "24h",
    "noDataState": "OK",
    "execErrState": "Error",
    "keep_firing_for": "0s",
    "missingSeriesEvalsToResolve": 1,
    "labels": {"severity": "warning"},
    "annotations": {"summary": "s"},
    "data": [
        {
            "refId": "A",
            "datasourceUid": "p",
            "relativeTimeRange": {"from": 600, "to": 0},
            "model": {"refId": "A", "expr": "up", "instant": True},
        }
    ],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The rule with another value at a path such as `data.0.model.expr`; None removes it."""
    rule = deepcopy(RULE)
    *parents, last = path.split(".")
    parent: Any = rule
    for key in parents:
        parent = parent[int(key) if key.isdigit() else key]
    if value is None:
        del parent[last]
    else:
        parent[last] = value
    return rule


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("title", "Other"),
        ("condition", "A"),
        ("for", "23h"),
        ("noDataState", "Alerting"),
        ("execErrState", "OK"),
        ("keep_firing_for", "5m"),
        ("missingSeriesEvalsToResolve", 2),
        ("labels", {}),
        ("annotations.summary", "other"),
        ("data.0.refId", "B"),
        ("data.0.datasourceUid", "q"),
        ("data.0.relativeTimeRange.from", 300),
        ("data.0.relativeTimeRange.to", 60),
        ("data.0.model.expr", "down"),
        ("data.0.model.instant", False),
    ],
)
def test_an_edit_changes_the_hash(path: str, value: Any) -> None:
    """Every part of a rule that a person can edit."""
    assert rule_hash(changed(path, value)) != rule_hash(RULE)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("for", "1d"),
        ("keep_firing_for", None),
        ("missingSeriesEvalsToResolve", None),
        ("data.0.relativeTimeRange.to", None),
        ("data.0.model.intervalMs", 1000),
        ("folderUID", "theirs"),
        ("ruleGroup", "theirs"),
        ("isPaused", True),
        ("notification_settings", {"receiver": "team"}),
        ("provenance", ""),
    ],
)
def test_what_grafana_adds_or_a_house_decides_is_no_edit(path: str, value: Any) -> None:
    """Another spelling of a duration, defaults, a pause, a folder, a contact point."""
    assert rule_hash(changed(path, value)) == rule_hash(RULE)


def test_the_mark_is_not_part_of_the_hash() -> None:
    """A rule that bears its own mark was not edited."""
    assert rule_mark(RULE) == ""
    assert rule_mark(marked_rule(RULE)) == rule_hash(RULE) == rule_hash(marked_rule(RULE))


def test_the_hashes_are_those_of_earlier_versions() -> None:
    """What an earlier version deployed is not called edited: another hash would make every board a conflict."""
    board = {"title": "T", "uid": "u", "panels": [{"x": 1.0}], "id": 7, "version": 3}
    body = {"kind": "ConfigMap", "metadata": {"name": "n"}, "data": {"u.json": "{}"}}
    assert content_hash(board)[:8] == "f546ce85"
    assert object_hash(body, "prometheus")[:8] == "64188127"
    assert rule_hash(RULE)[:8] == "a42c77d8"


@pytest.mark.parametrize("text", ["{", "[]", "5", "null", '{"x": 1}'])
def test_a_mark_that_was_edited_by_hand(text: str) -> None:
    """What is beside the mark is then as if it were not there."""
    marked = marked_rule(RULE)
    edited = {**marked, "annotations": {**marked["annotations"], DROPPED: text}}
    assert rule_hash(edited) == rule_mark(edited)
