"""What an upgrade changes in alerting and recording rules."""

import pytest
import yaml

from dashboards_py.catalog import Release
from dashboards_py.documents.rule_files import Rule, rules_of
from dashboards_py.documents.yaml import load_yaml_documents
from dashboards_py.errors import DashboardsError
from dashboards_py.upgrade.boards import board_changes
from dashboards_py.upgrade.change import Effect, Kind, Step
from dashboards_py.upgrade.rules import RuleFile, recorded, rule_changes
from tests.upgrade.test_boards import board

STEP = Step(Release(1, 19), Release(1, 20))
GROUPS = """
groups:
  - name: cilium
    rules:
      - {alert: Full, expr: sum(cilium_operator_ipam_ips) > 3, for: 5m}
      - {record: "ips:sum", expr: sum(cilium_operator_ipam_ips)}
      - {alert: Late, expr: "ips:sum > 3"}
      - {alert: Gone, expr: absent(cilium_operator_ipam_ips)}
      - {alert: Down, expr: up == 0}
      - {alert: Odd, expr: "sum("}
      - {alert: Always, expr: vector(1)}
      - {record: "ips:more", expr: "ips:sum * 2"}
"""
OBJECT = f"kind: PrometheusRule\nspec:{GROUPS.replace(chr(10), chr(10) + '  ')}"
LIST = f"kind: List\nitems:\n- {OBJECT.replace(chr(10), chr(10) + '  ')}"


def rules(text: str) -> tuple[Rule, ...]:
    """The rules of a text."""
    return rules_of(load_yaml_documents(text, "rules.yaml"), "rules.yaml")


@pytest.mark.parametrize(
    "text", [GROUPS, OBJECT, LIST, f"{GROUPS}---\nkind: ConfigMap\n"], ids=["file", "object", "list", "two"]
)
def test_formats(text: str) -> None:
    """A rule file, an object, a list of objects, and several documents have the same rules."""
    assert rules(text) == rules(GROUPS)
    full = Rule("cilium", "Full", is_alert=True, expr="sum(cilium_operator_ipam_ips) > 3", wait="5m")
    assert rules(text)[0] == full


@pytest.mark.parametrize(
    "text", ["", "[]", "3", "groups: 3", "groups: []", "kind: PrometheusRule", "spec: {groups: [{}]}"]
)
def test_what_holds_no_rules(text: str) -> None:
    """An error that names the file and what to give."""
    with pytest.raises(DashboardsError, match="holds no groups of rules") as error:
        rules(text)
    assert "rules.yaml" in str(error.value)


def test_odd_rules_are_skipped() -> None:
    """Values of other types neither raise nor count."""
    odd = "3, {}, {alert: 3, expr: x}, {alert: a}, {alert: a, expr: []}"
    text = f"groups: [3, {{rules: 3}}, {{rules: [{odd}, {{record: r, expr: 1}}]}}]"
    assert rules(text) == (Rule("", "r", is_alert=False, expr="1"),)


@pytest.mark.fault("an alert that an upgrade silences is noticed when it should have fired")
def test_alerts_and_recordings() -> None:
    """An alert never fires, or always; a record and what reads it die with their metric, boards included."""
    file = RuleFile("rules.yaml", rules(GROUPS))
    world = recorded([file], STEP)
    changes = rule_changes(file, STEP, world)
    effects = {(one.kind, one.name): one.change.effect for one in changes.affected}
    assert effects == {
        (Kind.ALERT, "Full"): Effect.EMPTY,
        (Kind.RECORDING, "ips:sum"): Effect.EMPTY,
        (Kind.ALERT, "Late"): Effect.EMPTY,
        (Kind.ALERT, "Gone"): Effect.CONSTANT,
        (Kind.RECORDING, "ips:more"): Effect.EMPTY,
    }
    late = next(one.change for one in changes.affected if one.name == "Late")
    assert late.why == (
        "the rule that records ips:sum returns nothing: cilium_operator_ipam_ips: "
        "Removed in 1.20: cilium-operator no longer has it."
    )
    assert (changes.alerts, changes.recordings, changes.unread) == (6, 2, ("Odd",))
    (panel,) = board_changes(board([{"expr": "ips:more"}]), STEP, world).affected
    assert panel.change.effect is Effect.EMPTY


@pytest.mark.fault("an alert on the kubelet or the API server is said to die with an upgrade of Cilium")
@pytest.mark.parametrize(
    ("expr", "dies"),
    [
        ("rate(rest_client_requests_total[5m]) > 1", False),
        ('rate(rest_client_requests_total{job="kubelet"}[5m]) > 1', False),
        ('rate(rest_client_requests_total{job="cilium-operator"}[5m]) > 1', True),
        ('rate(rest_client_requests_total{pod=~"cilium-operator-.*"}[5m]) > 1', True),
        ('rate(rest_client_requests_total{pod!~"cilium-.*"}[5m]) > 1', False),
        ("workqueue_depth > 100", False),
        ('workqueue_depth{service="cilium-operator"} > 100', True),
        ("rate(cilium_operator_ipam_ips[5m]) > 1", True),
    ],
)
def test_metrics_that_other_programs_have(expr: str, *, dies: bool) -> None:
    """They are Cilium's where a matcher names it; other names than those of client libraries are Cilium's anyway."""
    step = Step(Release(1, 16), Release(1, 20))
    file = RuleFile("rules.yaml", (Rule("g", "A", is_alert=True, expr=expr),))
    assert bool(rule_changes(file, step, recorded([file], step)).affected) is dies


def test_a_record_with_two_rules() -> None:
    """It lives as long as one of them can return something."""
    two = RuleFile("", (Rule("", "r", False, "cilium_operator_ipam_ips"), Rule("", "r", False, "cilium_version")))
    assert recorded([two], STEP).recorded == {STEP.before: {}, STEP.after: {}}


def test_rules_that_read_each_other() -> None:
    """A circle of rules ends: each may have data."""
    circle = RuleFile("", (Rule("", "a", False, "b"), Rule("", "b", False, "a")))
    assert recorded([circle], STEP).recorded == {STEP.before: {}, STEP.after: {}}


@pytest.mark.fault("an upgrade empties the labels that notifications name, unnoticed")
def test_templates_of_alerts() -> None:
    """A label that a template names and that the series lose is named, with the annotation; `for` stays as it is."""
    alert = {
        "alert": "Failing",
        "expr": "increase(cilium_clustermesh_remote_cluster_failures[15m]) > 3",
        "for": "5m",
        "annotations": {"summary": "{{ $labels.source_cluster }} to {{ $labels.target_cluster }}"},
    }
    text = yaml.safe_dump({"groups": [{"name": "g", "rules": [alert]}]})
    step = Step(Release(1, 18), Release(1, 19))
    changes = rule_changes(RuleFile("f", rules(text)), step, recorded([], step)).affected
    assert [one.change.why for one in changes if one.change.fix == "Name another label, or none."] == [
        "summary names source_cluster, which its series no longer have on 1.19: nothing is left there"
    ]
    unchanged = rule_changes(RuleFile("f", rules(text.replace("source_cluster", "node"))), step, recorded([], step))
    assert not [one for one in unchanged.affected if "names" in one.change.why]
