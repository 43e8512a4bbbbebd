"""`keep`: the same rules in each format, what is refused, and what is reported of a user's rules."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from dashboards_py.catalog import NEWEST
from dashboards_py.cli import cli
from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.values.keep import MARK
from dashboards_py.values.keys import core_components, get_value, monitor
from tests.upstream.test_answers import write_board

NAME = "__name__"


def run(*args: str, catch: bool = False) -> Result:
    """Run `keep`."""
    result = CliRunner().invoke(cli, ["keep", *args])
    if result.exception and not catch and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def rules_of_values() -> dict[str, Any]:
    """The rule of each component in the printed values."""
    values = yaml.safe_load(run().stdout)
    return {item.name: get_value(values, f"{monitor(item)}.metricRelabelings") for item in core_components()}


def test_the_formats_have_the_same_rules() -> None:
    """Values, a ServiceMonitor's rules, those of Prometheus, and Alloy's, for the five components."""
    rules = rules_of_values()
    assert all(len(own) == 1 and own[0]["replacement"] == MARK for own in rules.values())
    documents = [*yaml.safe_load_all(run("--format", "relabelings").stdout)]
    assert [document["metricRelabelings"] for document in documents] == [*rules.values()]
    documents = [*yaml.safe_load_all(run("--format", "prometheus").stdout)]
    assert [
        [{("sourceLabels" if key == "source_labels" else key): value for key, value in rule.items()} for rule in own]
        for own in (document["metric_relabel_configs"] for document in documents)
    ] == [*rules.values()]
    alloy = run("--format", "alloy").stdout
    assert re.findall(r'^    regex +=  *(".*")$', alloy, re.MULTILINE) == [
        json.dumps(own[0]["regex"]) for own in rules.values()
    ]
    assert re.findall(r'^prometheus.relabel "(\w+)"', alloy, re.MULTILINE) == [name.replace("-", "_") for name in rules]


def test_alerts_and_boards_of_upstream_count(tmp_path: Path) -> None:
    """Files of boards and of rules; what only upstream's read is dropped on demand."""
    kept, without = run().stdout, run("--without-upstream").stdout
    assert "cilium_policy_max_revision" in kept
    assert "cilium_policy_max_revision" not in without
    board = write_board(tmp_path, "board.json", A="rate(cilium_policy_max_revision[5m])", B="count({job='x'})")
    own = run("--without-upstream", str(board))
    assert "cilium_policy_max_revision" in own.stdout
    assert own.stderr.startswith("not kept: ")
    rules = tmp_path / "rules.yaml"
    rules.write_text("groups: [{name: x, rules: [{alert: X, expr: cilium_policy_max_revision > 1}]}]\n")
    assert "cilium_policy_max_revision" in run("--without-upstream", str(rules)).stdout


def test_a_file_that_cannot_be_read_prints_nothing(tmp_path: Path) -> None:
    """Its series would be dropped."""
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(DashboardsError, match=r"a\.json"):
        run(str(tmp_path / "a.json"))
    result = run("cilium-agent", catch=True)
    assert (result.exit_code, result.stdout) == (2, "")


def test_merging_with_values(tmp_path: Path) -> None:
    """The user's rules come first; those that starve panels are reported."""
    file = tmp_path / "values.yaml"
    own = {"action": "labeldrop", "regex": "x"}
    file.write_text(json.dumps({"prometheus": {"serviceMonitor": {"metricRelabelings": [own]}}}))
    merged = yaml.safe_load(run("--merge-with", str(file)).stdout)["prometheus"]["serviceMonitor"]["metricRelabelings"]
    assert [rule["action"] for rule in merged] == ["labeldrop", "keep"]
    drop = {"sourceLabels": [NAME], "action": "drop", "regex": "cilium_drop.*"}
    file.write_text(json.dumps({"prometheus": {"serviceMonitor": {"metricRelabelings": [drop]}}}))
    result = run("--merge-with", str(file), catch=True)
    assert isinstance(result.exception, ProblemsFound)
    assert "metricRelabelings[0] drops cilium_drop_bytes_total, cilium_drop_count_total" in str(result.exception)
    renamed = {"sourceLabels": [NAME], "targetLabel": NAME, "replacement": "my_$1"}
    file.write_text(json.dumps({"prometheus": {"serviceMonitor": {"metricRelabelings": [renamed]}}}))
    with pytest.raises(DashboardsError, match=r"metricRelabelings\[0\]: renames series"):
        run("--merge-with", str(file))


def test_checking_values(tmp_path: Path) -> None:
    """Ours are right, in any wrapping; wrong names and starved panels are reported, as JSON too."""
    file = tmp_path / "values.yaml"
    file.write_text(run().stdout)
    assert run("--check", str(file)).stdout == "every name exists, and nothing that boards or alerts read is dropped\n"
    release = {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": "cilium"}}
    drop = {"sourceLabels": [NAME], "action": "drop", "regex": "cilium_version|cilium_verson"}
    values = {"prometheus": {"serviceMonitor": {"metricRelabelings": [drop]}}}
    chart = {"chart": {"spec": {"chart": "cilium"}}}
    file.write_text(json.dumps({**release, "spec": {**chart, "values": values}}))
    result = run("--check", str(file), catch=True)
    assert isinstance(result.exception, ProblemsFound)
    assert "metricRelabelings[0]: cilium_verson: exists in no release; did you mean cilium_version" in result.stdout
    assert "metricRelabelings[0]: cilium_version: is dropped\n    cilium-" in result.stdout
    rows = json.loads(run("--check", str(file), "--json", catch=True).stdout)
    assert [(row["name"], bool(row["panels"])) for row in rows] == [("cilium_verson", False), ("cilium_version", True)]


def test_odd_rules_of_the_user(tmp_path: Path) -> None:
    """Merging refuses what is no rule; checking names it, and what it cannot judge, without a word on the rest."""
    file = tmp_path / "values.yaml"
    file.write_text("prometheus: {serviceMonitor: {metricRelabelings: [x]}}")
    with pytest.raises(DashboardsError, match=r"metricRelabelings\[0\]: is not a map") as refused:
        run("--merge-with", str(file))
    assert refused.value.fix.startswith("correct it")
    result = run("--check", str(file), catch=True)
    assert result.stdout == f"{file}: prometheus.serviceMonitor.metricRelabelings[0]: is not a map\n"
    file.write_text(
        "prometheus: {serviceMonitor: {metricRelabelings: [{action: drop, sourceLabels: [pod], regex: a}]}}"
    )
    assert "[0]: cilium_version: is dropped where pod matches a\n" in run("--check", str(file), catch=True).stdout
    rule = "{action: drop, sourceLabels: [pod, node], regex: a}"
    file.write_text(f"prometheus: {{serviceMonitor: {{metricRelabelings: [{rule}]}}}}")
    result = run("--check", str(file))
    assert result.stderr.endswith("metricRelabelings[0]: by labels that it does not tell apart\n")


def test_savings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in Prometheus: total, samples a second, the largest names, and JSON; no series is an error."""
    counts = {"cilium_version": 100, **{f"go_extra_{number}": number for number in range(1, 13)}}

    def ask(path: str, _params: Any) -> Any:
        assert path == "query"
        labels = {"job": "cilium-agent"}
        rows: list[Any] = [{"metric": {NAME: name, **labels}, "value": [0, str(n)]} for name, n in counts.items()]
        return {"resultType": "vector", "result": rows}

    monkeypatch.setattr("dashboards_py.cli.keep.prometheus_at", lambda *_: ask)
    text = run("--prometheus", "http://x", "--interval", "15s").stdout
    assert text.startswith("cilium-agent           178 series,       100 kept\n           12  go_extra_12\n")
    assert text.endswith("            3  2 other names\ndropped: 78 of 178 series (44%), 5 samples a second\n")
    assert json.loads(run("--prometheus", "http://x", "--json").stdout)["kept"] == 100
    counts.clear()
    with pytest.raises(DashboardsError, match="has no series of the jobs cilium-agent"):
        run("--prometheus", "http://x")


def test_the_release_decides() -> None:
    """What a release lacks is not kept."""
    assert "cilium_fragmented_count_total" in run("--cilium", str(NEWEST)).stdout
    assert "cilium_fragmented_count_total" not in run("--cilium", "1.16").stdout


def test_odd_files_are_reported(tmp_path: Path) -> None:
    """A board whose panels are not read: its series would be dropped."""
    (tmp_path / "b.json").write_text('{"title": "B", "panels": null}')
    result = run(str(tmp_path / "b.json"))
    assert (result.exit_code, "b.json: panels is null, expected a list" in result.stderr) == (0, True)
