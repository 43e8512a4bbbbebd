"""A user's relabeling rules that are none, that drop every series, and that cannot be judged by names."""

from typing import Any

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.values.keep import invalid, renaming_rules, starved
from dashboards_py.values.keep_check import check_rules
from dashboards_py.values.keep_labels import unjudged
from dashboards_py.values.keys import nested
from dashboards_py.values.relabelings import drops
from dashboards_py.values.series_read import series_read
from tests.values.test_keep import AGENT, board

NAME = "__name__"
BY_NAME = {"sourceLabels": [NAME], "action": "drop", "regex": "x"}
WRITES_X = {"sourceLabels": ["pod"], "targetLabel": "x"}
INVALID: dict[str, tuple[Any, str]] = {
    "text": ("x", "is not a list of rules"),
    "map": ({"a": 1}, "is not a list of rules"),
    "null entry": ([None], "is not a map"),
    "text entry": (["x"], "is not a map"),
    "action": ([{**BY_NAME, "action": "delete"}], "unknown action delete"),
    "label": ([{**BY_NAME, "sourceLabels": NAME}], "not a list of names"),
    "labels": ([{**BY_NAME, "sourceLabels": [1]}], "not a list of names"),
    "number": ([{**BY_NAME, "regex": 5}], "not a text"),
    "regex": ([{**BY_NAME, "regex": "("}], "Prometheus refuses"),
}
EVERYTHING: dict[str, dict[str, Any]] = {
    "drop alone": {"action": "drop"},
    "drop nothing": {"action": "Drop", "sourceLabels": [], "regex": ""},
    "keep by no label": {"action": "keep", "regex": "cilium_.*"},
    "labeldrop of the name": {"action": "labeldrop", "regex": "__.*"},
    "labelkeep without the name": {"action": "labelkeep", "regex": "pod|node"},
}
NOTHING: dict[str, dict[str, Any]] = {
    "keep alone": {"action": "keep"},
    "labelkeep": {"action": "labelkeep", "regex": "__name__|pod"},
    "labeldrop": {"action": "labeldrop", "regex": "pod"},
    "no action": {"sourceLabels": ["pod"], "targetLabel": "x"},
    "hashmod": {"sourceLabels": ["pod"], "action": "hashmod", "modulus": 2, "targetLabel": "__tmp"},
    "labelmap": {"action": "labelmap", "regex": "pod_(.*)"},
}
UNKNOWN: dict[str, dict[str, Any]] = {
    "two labels": {"sourceLabels": [NAME, "pod"], "action": "drop", "regex": "cilium_drop.*"},
    "another label": {"sourceLabels": ["__tmp"], "action": "keep", "regex": "1"},
    "a label that a rule wrote": {"sourceLabels": [NAME, "x"], "action": "keep", "regex": "cilium_.*;1"},
    "dropequal": {"sourceLabels": ["pod"], "action": "dropequal", "targetLabel": "node"},
}


def problems_of(rules: Any) -> list[tuple[str, str]]:
    """Name and reason of what `keep --check` reports."""
    problems = check_rules(nested(AGENT, rules), series_read([board("cilium_version")], NEWEST), NEWEST)
    return [(problem.name, problem.why) for problem in problems]


@pytest.mark.fault("keep --check is content with rules that Prometheus refuses, and --merge-with loses them")
@pytest.mark.parametrize(("rules", "why"), INVALID.values(), ids=INVALID)
def test_what_is_no_rule(rules: Any, why: str) -> None:
    """It is named with its place and the reason, once."""
    [(where, reason)] = invalid(nested(AGENT, rules))
    assert (where.startswith(AGENT), why in reason) == (True, True)
    assert problems_of(rules) == [("", reason)]
    assert not [*unjudged(nested(AGENT, rules))]


@pytest.mark.parametrize("key", ["prometheus", "prometheus.serviceMonitor"])
def test_a_parent_that_is_no_map(key: str) -> None:
    """The place of the value that is in the way; null is nothing."""
    assert [*invalid(nested(key, []))] == [(key, "is not a map")]
    assert not [*invalid(nested(key, None))]


@pytest.mark.fault("keep --check says that nothing is dropped of rules that drop every series")
@pytest.mark.parametrize("rule", EVERYTHING.values(), ids=EVERYTHING)
def test_rules_that_drop_everything(rule: dict[str, Any]) -> None:
    """Without labels a rule judges the empty text; a series without its name fails the scrape."""
    assert drops(rule, "cilium_version") is True
    assert problems_of([rule]) == [("cilium_version", "is dropped")]
    assert starved(series_read([board("cilium_version")], NEWEST), nested(AGENT, [rule]))


@pytest.mark.parametrize("rule", NOTHING.values(), ids=NOTHING)
def test_rules_that_drop_nothing(rule: dict[str, Any]) -> None:
    """They are judged, and right."""
    assert drops(rule, "cilium_version") is False
    assert problems_of([rule]) == []
    assert not [*unjudged(nested(AGENT, [rule]))]


@pytest.mark.fault("keep --check says that nothing is dropped of rules that it cannot judge")
@pytest.mark.parametrize("rule", UNKNOWN.values(), ids=UNKNOWN)
def test_rules_by_other_labels(rule: dict[str, Any]) -> None:
    """They are no problem, and named as not judged."""
    assert drops(rule, "cilium_drop_count_total") is None
    assert problems_of([WRITES_X, rule]) == []
    assert [*unjudged(nested(AGENT, [WRITES_X, BY_NAME, rule]))] == [f"{AGENT}[2]"]


@pytest.mark.parametrize("action", ["replace", "Uppercase", "hashmod"])
def test_rules_that_rename(action: str) -> None:
    """Each action that writes the name."""
    rule = {"sourceLabels": ["pod"], "targetLabel": NAME, "action": action}
    assert [*renaming_rules(nested(AGENT, [rule]))] == [f"{AGENT}[0]"]
