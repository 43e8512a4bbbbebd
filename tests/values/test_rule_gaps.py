"""Alerts that can never fire with a user's values, and those that always do."""

from pathlib import Path
from typing import Any

import pytest

from dashboards_py.board.rules import board_of_rules
from dashboards_py.catalog import NEWEST
from dashboards_py.cli._rule_files import boards_of_rules, our_alerts
from dashboards_py.configuration import DEFAULTS, Chosen, Configuration
from dashboards_py.documents.rule import Rule
from dashboards_py.values.check import Gap, check

AGENT: dict[str, Any] = {"prometheus": {"enabled": True, "serviceMonitor": {"enabled": True}}}
OPERATOR_OFF: dict[str, Any] = {**AGENT, "operator": {"prometheus": {"enabled": False}}}
FAULT = pytest.mark.fault("values --check does not say that an alert cannot fire")


@FAULT
@pytest.mark.parametrize(
    ("expr", "gap"),
    [
        ("increase(cilium_operator_errors_warnings_total[10m]) > 3", Gap.EMPTY),
        ("absent(cilium_operator_version)", Gap.ALWAYS_ABSENT),
        ("(absent_over_time(cilium_operator_version[10m]) == 1) or cilium_unreachable_nodes > 0", Gap.ALWAYS_ABSENT),
        ("absent(cilium_operator_version) unless cilium_operator_errors_warnings_total > 3", Gap.ALWAYS_ABSENT),
        ("absent(cilium_operator_version) and hubble_lost_events_total", Gap.EMPTY),
        ("absent(cilium_version)", None),
        ("cilium_unreachable_nodes or -absent(cilium_operator_version)", None),
        ("cilium_unreachable_nodes or label_replace(-absent(cilium_operator_version), 'a', 'b', '', '')", None),
        ("cilium_unreachable_nodes > 0", None),
        ("absent(kube_node_info)", None),
    ],
)
def test_what_is_off(expr: str, gap: Gap | None) -> None:
    """A metric that nothing collects makes an alert silent, and one on its absence fire for ever."""
    board = board_of_rules("mine.yaml", [Rule("g", "A", is_alert=True, expr=expr)])
    gaps = {(finding.board, finding.gap) for finding in check([board], OPERATOR_OFF, NEWEST, labels={})}
    assert gaps == ({("mine.yaml", gap)} if gap else set())


@FAULT
def test_recorded_series(tmp_path: Path) -> None:
    """An alert lacks what the recording rules lack that it reads, also those of another file."""
    records, alerts = tmp_path / "records.yaml", tmp_path / "alerts.yaml"
    records.write_text("groups: [{name: r, rules: [{record: 'a:b', expr: cilium_operator_version}]}]")
    alerts.write_text("groups: [{name: g, rules: [{alert: A, expr: 'count(a:b) > 3'}, {alert: B, expr: 'c:d > 3'}]}]")
    boards = boards_of_rules([str(records), str(alerts)], {})
    gaps = {(finding.panel, finding.gap) for finding in check(boards, OPERATOR_OFF, NEWEST, labels={})}
    assert gaps == {("group r, record a:b", Gap.EMPTY), ("group g, alert A", Gap.EMPTY)}


@FAULT
def test_our_alerts() -> None:
    """They are checked as boards are; those whose board is left out are not, as its values are not needed."""

    def silent(configuration: Configuration) -> set[str]:
        findings = check([our_alerts(NEWEST, configuration)], OPERATOR_OFF, NEWEST, labels={})
        return {finding.panel for finding in findings if finding.gap is Gap.EMPTY}

    name = "group cilium-operator, alert CiliumOperatorRestarting"
    assert name in silent(DEFAULTS)
    assert "group cilium-agent, alert CiliumAgentRestarting" not in silent(DEFAULTS)
    assert name not in silent(Configuration(boards=Chosen(without=("cilium-operator",), source="s")))
