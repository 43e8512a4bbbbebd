"""`lint` on alerting and recording rules."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboards_py.catalog import NEWEST
from dashboards_py.cli import cli
from dashboards_py.errors import DashboardsError
from tests.upstream.test_answers import write_board

RULES = """\
groups:
- name: cilium
  rules:
  - alert: Gone
    expr: rate(cilium_triggers_policy_update_total[5m]) > 1
    for: 5m
    labels: {severity: warning}
  - alert: Fine
    expr: max by (node) (cilium_unreachable_nodes) > 0
    for: 10m
    labels: {severity: warning}
"""


def run(*args: str, stdin: str | None = None) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli, ["lint", *args], input=stdin)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rule file with one alert on a metric that is gone."""
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    return path


@pytest.mark.fault("lint does not read alerts")
def test_text(rules: Path) -> None:
    """File and line, group and alert, rule and message; the count of rules; exit 1."""
    result = run(str(rules))
    assert isinstance(result.exception, DashboardsError)
    assert result.exception.exit_code == 1
    assert result.stdout == (
        f"{rules}:4 / group cilium, alert Gone [unknown-metric]\n"
        "    cilium_triggers_policy_update_total: Removed in 1.17: cilium-agent no longer has it.\n"
        f"2 rules on Cilium {NEWEST}: 1 found, 0 excused\n"
    )
    older = run(str(rules), "--cilium", "1.16")
    assert (older.exit_code, older.stdout) == (0, "2 rules on Cilium 1.16: 0 found, 0 excused\n")


@pytest.mark.fault("lint does not read alerts")
def test_formats_for_programs(rules: Path) -> None:
    """Each has file, line, and the names of group and alert."""
    (row,) = json.loads(run(str(rules), "--json").stdout)
    assert (row["file"], row["line"], row["panel"]) == (str(rules), 4, "group cilium, alert Gone")
    (finding,) = json.loads(run(str(rules), "--format", "json").stdout)
    assert finding["locations"] == [
        {"file": str(rules), "board": str(rules), "panel": "group cilium, alert Gone", "line": 4}
    ]
    (result,) = json.loads(run(str(rules), "--format", "sarif").stdout)["runs"][0]["results"]
    (location,) = result["locations"]
    assert location["physicalLocation"] == {"artifactLocation": {"uri": str(rules)}, "region": {"startLine": 4}}
    assert location["logicalLocations"][0]["name"] == "group cilium, alert Gone"
    github = run(str(rules), "--format", "github").stdout
    assert re.match(rf"::error title=unknown-metric,file={rules},line=4::1 rule: cilium_triggers", github)
    assert "group cilium, alert Gone" in run(str(rules), "--format", "markdown").stdout


def test_standard_input() -> None:
    """`-` reads rules from a pipe."""
    assert "standard input:4 / group cilium, alert Gone [unknown-metric]" in run("-", stdin=RULES).stdout


@pytest.mark.usefixtures("rules")
def test_a_directory_of_boards_and_rules(tmp_path: Path) -> None:
    """What a file holds decides how it is checked; other YAML, and templates of Helm, are skipped."""
    write_board(tmp_path, "board.json", A="sum(")
    (tmp_path / "alerts.rules").write_text(RULES)
    (tmp_path / "other.yaml").write_text("a: 1\n")
    (tmp_path / "template.yaml").write_text("{{- if .Values.x }}\nkind: PrometheusRule\n{{- end }}\n")
    result = run(str(tmp_path))
    assert result.stdout.count("[unknown-metric]") == 2
    assert f"{tmp_path}/alerts.rules:4 / group" in result.stdout
    assert "board.json / A [invalid-promql]" in result.stdout
    assert "1 panel, 4 rules on Cilium" in result.stdout
    assert "template.yaml: is a template" in result.stderr
    assert isinstance(result.exception, DashboardsError)
    assert result.exception.exit_code == 1


def test_a_file_that_is_neither(tmp_path: Path) -> None:
    """The error says what is in it; exit 2."""
    path = tmp_path / "x.yaml"
    path.write_text("kind: ConfigMap\napiVersion: v1\ndata: {a: b}\n")
    result = run(str(path))
    assert isinstance(result.exception, DashboardsError)
    assert result.exception.exit_code == 2
    assert "holds no dashboard, but ConfigMap" in str(result.exception)


def test_other_files_of_a_directory_are_skipped(tmp_path: Path) -> None:
    """JSON that is no dashboard is named, up to a number; what cannot be read is an error, with exit code 4."""
    write_board(tmp_path, "b.json", a="max(cilium_unreachable_nodes) > 0")
    (tmp_path / "_folder.json").write_text('{"kind": "Folder", "apiVersion": "v1", "metadata": {"name": "a"}}')
    (tmp_path / "package.json").write_text('{"name": "x"}')
    for number in range(30):
        (tmp_path / f"x{number}.json").write_text("[]")
    result = run(str(tmp_path))
    assert result.exception.exit_code == 1  # type: ignore[union-attr]  # a finding
    assert f"skipped: {tmp_path}/_folder.json: holds no dashboard, but Folder a\n" in result.stderr
    assert f"skipped: {tmp_path}/package.json: is not a board: its keys are name\n" in result.stderr
    assert result.stderr.count("skipped: ") == 21
    assert "skipped: 12 more files\n" in result.stderr
    (tmp_path / "cut.json").write_text('{"panels": [')
    assert run(str(tmp_path)).exception.exit_code == 4  # type: ignore[union-attr]


def test_other_files_that_a_hook_names_are_skipped(tmp_path: Path) -> None:
    """With --skip-others; what cannot be read is an error still."""
    package, cut = tmp_path / "package.json", tmp_path / "cut.json"
    package.write_text('{"name": "x"}')
    cut.write_text('{"panels": [')
    result = run("--skip-others", str(package))
    assert result.exit_code == 0
    assert f"skipped: {package}: is not a board: its keys are name\n" in result.stderr
    assert run(str(package)).exception.exit_code == 2  # type: ignore[union-attr]
    assert run("--skip-others", str(package), str(cut)).exception.exit_code == 2  # type: ignore[union-attr]


def test_recorded_series_are_not_metrics_of_cilium(tmp_path: Path) -> None:
    """A name that another file records is known, whatever its prefix; what it reads is judged where it is recorded."""
    records = {
        "groups": [
            {"name": "r", "rules": [{"record": "cilium_mine", "expr": "sum(rate(cilium_drop_count_total[5m]))"}]}
        ]
    }
    alert = {
        "alert": "A",
        "expr": "rate(cilium_mine[5m]) > 1 or cilium_mine > 3",
        "for": "5m",
        "labels": {"severity": "x"},
    }
    (tmp_path / "a.yaml").write_text(json.dumps({"groups": [{"name": "a", "rules": [alert]}]}))
    assert "cilium_mine: No component of Cilium" in run(str(tmp_path)).stdout
    (tmp_path / "b.yaml").write_text(json.dumps(records))
    assert "[unknown-metric]" not in run(str(tmp_path)).stdout


def test_labels_of_the_house(tmp_path: Path) -> None:
    """Labels that the settings rename are ours in queries and templates."""
    alert = {
        "alert": "A",
        "expr": 'max by (kubernetes_node) (cilium_unreachable_nodes{kubernetes_node="x"}) > 0',
        "for": "5m",
        "labels": {"severity": "warning"},
        "annotations": {"summary": "{{ $labels.kubernetes_node }}"},
    }
    path, settings = tmp_path / "a.yaml", tmp_path / "house.toml"
    path.write_text(json.dumps({"groups": [{"name": "a", "rules": [alert]}]}))
    settings.write_text('[labels]\nnode = "kubernetes_node"\n')
    assert "[unknown-label]" in run(str(path)).stdout
    assert run(str(path), "--config", str(settings)).exit_code == 0


def test_house_rules(tmp_path: Path) -> None:
    """With --all, house rules for queries judge those of alerts as well."""
    path = tmp_path / "rules.yaml"
    latency = "hubble_http_request_duration_seconds_bucket"
    expr = f"histogram_quantile(0.9, sum by (le) (rate({latency}[10m]))) > 1"
    rule = {"alert": "Slow", "expr": expr, "for": "5m", "labels": {"severity": "warning"}}
    path.write_text(json.dumps({"groups": [{"name": "g", "rules": [rule]}]}))
    assert run(str(path)).exception is None
    assert "alert Slow [converted-histogram]" in run("--all", str(path)).stdout
