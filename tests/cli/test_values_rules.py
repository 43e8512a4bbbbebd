"""`values --rules`: what alerts need."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from dashboards_py.cli import cli
from dashboards_py.errors import DashboardsError
from tests.upstream.test_answers import write_board


def run(*args: str) -> str:
    """The output of the command."""
    result = CliRunner().invoke(cli, ["values", *args], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def rules(tmp_path: Path) -> Path:
    """Alerts that need a handler of Hubble with a label that only a template names."""
    alert = {
        "alert": "Resets",
        "expr": 'rate(hubble_tcp_flags_total{flag="RST"}[10m]) > 5',
        "annotations": {"summary": "{{ $labels.destination_workload }}"},
    }
    path = tmp_path / "rules.yaml"
    values = {"additionalPrometheusRulesMap": {"mine": {"groups": [{"name": "g", "rules": [alert]}]}}}
    path.write_text(yaml.safe_dump(values))
    return path


@pytest.mark.fault("values do not know what alerts need")
def test_alerts_are_merged_with_boards(tmp_path: Path) -> None:
    """The values of a board and of the alerts are one; labels that templates name count."""
    path = rules(tmp_path)
    board = str(write_board(tmp_path, "board.json", A="sum(rate(hubble_dns_queries_total[5m]))"))
    plain = yaml.safe_load(run("--board", board))["hubble"]["metrics"]["enabled"]
    both = yaml.safe_load(run("--board", board, "--rules", str(path)))["hubble"]["metrics"]["enabled"]
    assert [handler for handler in both if handler.startswith("dns")] == plain
    (tcp,) = (handler for handler in both if handler.startswith("tcp"))
    assert "destination_workload" in tcp


def test_values_are_checked_for_alerts(tmp_path: Path) -> None:
    """`--check` names group and alert of what is lacking."""
    path, values = rules(tmp_path), tmp_path / "mine.yaml"
    board = str(write_board(tmp_path, "board.json", A="count(cilium_version)"))
    values.write_text("prometheus: {enabled: true, serviceMonitor: {enabled: true}}\n")
    result = CliRunner().invoke(
        cli, ["values", "--board", board, "--rules", str(path), "--check", str(values), "--json"]
    )
    assert isinstance(result.exception, DashboardsError)
    assert "group g, alert Resets" in json.dumps(json.loads(result.stdout))


def test_a_file_without_rules(tmp_path: Path) -> None:
    """It is an error that says what to give."""
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\n")
    with pytest.raises(DashboardsError, match=r"x\.yaml: holds no groups of rules\n  give a rule file"):
        CliRunner().invoke(cli, ["values", "--rules", str(path)], catch_exceptions=False)
