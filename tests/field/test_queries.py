"""The commonest wrong queries in public text, and what is right though it looks wrong: a table of small inputs."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dashboards_py.cli import cli

WRONG = pytest.mark.fault("dead or misleading queries that are common in public text are not found")
HABIT = pytest.mark.fault("errors are lost among hundreds of habits")
FALSE_ALARM = pytest.mark.fault("queries that are right are reported")
# By query: the rules that report it, in addition to habits.
QUERIES = {
    'hubble_drop_total{reason="Policy denied"}': "impossible-label-value",
    'cilium_drop_count_total{reason="POLICY_DENIED"}': "impossible-label-value",
    'hubble_drop_total{namespace="shop"}': "agent-namespace",
    'hubble_dns_responses_total{rcode="NOERROR"}': "impossible-label-value",
    'hubble_flows_processed_total{protocol="tcp"}': "impossible-label-value",
    "cilium_bgp_control_plane_session_state == 6": "impossible-comparison",
    'hubble_drop_total{protocol="TCP"} / hubble_drop_total': "ratio-to-itself",
    'cilium_policy_change_total{status!="success"}': "always-true-matcher",
    'cilium_version{endpoint="endpoint"}': "impossible-label-value",
    "avg(cilium_bpf_map_pressure)": "averaged-pressure",
    'rate(cilium_kubernetes_events_received_total{equal="true"}[$__rate_interval])': "crd-ipam-only",
    'rate(cilium_kubernetes_events_received_total{equal="false"}[$__rate_interval])': "",
    "rate(cilium_operator_identity_gc_runs[$__rate_interval])": "",
    'hubble_drop_total{reason="POLICY_DENIED"}': "",
    'cilium_drop_count_total{reason="Policy denied"}': "",
    "cilium_bgp_control_plane_session_state == 1": "",
}
HABITS = {"counter-without-rate", "denials-by-drop-reason"}


def rules(directory: Path, expr: str, *args: str, variable: str = "") -> set[str]:
    """The rules that report a query, without habits."""
    target = {"refId": "A", "expr": expr}
    variables = [{"name": "v", "type": "query", "query": variable, "multi": True}] if variable else []
    panel = {"id": 1, "type": "stat", "title": "P", "targets": [target]}
    path = directory / "board.json"
    path.write_text(json.dumps({"uid": "b", "title": "b", "panels": [panel], "templating": {"list": variables}}))
    rows = json.loads(CliRunner().invoke(cli, ["lint", str(path), "--json", "--severity", "warning", *args]).stdout)
    return {row["rule"] for row in rows} - HABITS


@pytest.mark.parametrize(
    ("expr", "rule"),
    [pytest.param(*case, marks=WRONG if case[1] else FALSE_ALARM, id=case[0]) for case in QUERIES.items()],
)
def test_a_query(tmp_path: Path, expr: str, rule: str) -> None:
    """The rule reports it, or none does."""
    assert rules(tmp_path, expr) == ({rule} if rule else set())


@WRONG
def test_a_variable_with_several_values(tmp_path: Path) -> None:
    """`=` compares with the text of all of them."""
    assert rules(tmp_path, 'cilium_version{pod="$v"}', variable="label_values(cilium_version, pod)") == {
        "multi-value-with-equals"
    }


@pytest.mark.fault("labels that the house adds to all series are called unknown")
def test_labels_in_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels that relabelling adds are named once, in the file of settings."""
    expr = 'cilium_version{site="a", cluster_id="b"}'
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CILIUM_DASHBOARDS_CONFIG")
    assert rules(tmp_path, expr) == {"unknown-label"}
    (tmp_path / "cilium-dashboards.toml").write_text('[labels]\nadded = ["site"]\n')
    assert rules(tmp_path, expr) == {"unknown-label"}
    (tmp_path / "cilium-dashboards.toml").write_text('[labels]\nadded = ["site", "cluster_id"]\n')
    assert rules(tmp_path, expr) == set()


@FALSE_ALARM
def test_labels_of_relabelling(tmp_path: Path) -> None:
    """A label in --label is known, and one that a variable reads; without either it is a finding."""
    expr = 'sum by (site) (cilium_version{site="east"})'
    assert rules(tmp_path, expr) == {"unknown-label"}
    assert rules(tmp_path, expr, "--label", "site") == set()
    assert rules(tmp_path, 'cilium_version{site=~"$v"}', variable="label_values(cilium_version, site)") == set()
    assert rules(tmp_path, 'cilium_version{reason=~"$v"}', variable="label_values(cilium_version, reason)") == {
        "unknown-label"
    }


@FALSE_ALARM
def test_labels_of_relabelling_in_legends(tmp_path: Path) -> None:
    """A label in --label may be in a legend; without it no series has it."""
    path = tmp_path / "board.json"
    target = {"expr": "cilium_version", "legendFormat": "{{site}}"}
    path.write_text(json.dumps({"panels": [{"id": 1, "type": "timeseries", "title": "P", "targets": [target]}]}))
    command = ["lint", str(path), "--severity", "warning"]
    assert "missing-legend-label" in CliRunner().invoke(cli, command).stdout
    assert "missing-legend-label" not in CliRunner().invoke(cli, [*command, "--label", "site"]).stdout


SEVERAL = ['cilium_version{site="a"}', "avg(cilium_bpf_map_pressure)", "rate(cilium_drop_count_total[5m])"]


def several(directory: Path) -> str:
    """A board with an error in two panels, a warning and a habit."""
    panels = [
        {"id": index, "type": "stat", "title": f"P{index}", "targets": [{"expr": expr}]}
        for index, expr in enumerate([*SEVERAL, SEVERAL[0]])
    ]
    path = directory / "board.json"
    path.write_text(json.dumps({"uid": "b", "title": "b", "panels": panels}))
    return str(path)


@HABIT
@pytest.mark.parametrize(
    ("args", "reported"),
    [
        ((), {"unknown-label"}),
        (("--severity", "warning"), {"unknown-label", "averaged-pressure"}),
        (("--severity", "info"), {"unknown-label", "averaged-pressure", "fixed-window"}),
    ],
    ids=["default", "warning", "info"],
)
def test_severity(tmp_path: Path, args: tuple[str, ...], reported: set[str]) -> None:
    """Of other people's boards errors alone are reported; the others are counted, and named with --severity."""
    path = several(tmp_path)
    rows = json.loads(CliRunner().invoke(cli, ["lint", path, "--json", *args]).stdout)
    assert {row["rule"] for row in rows} == reported
    text = CliRunner().invoke(cli, ["lint", path, *args]).stdout
    assert ("less severe: --severity info" in text) == ("info" not in args)


@HABIT
def test_one_cause_once(tmp_path: Path) -> None:
    """The panels of a cause are under it, in every format."""
    path = several(tmp_path)
    text = CliRunner().invoke(cli, ["lint", path]).stdout
    assert text.splitlines()[:4] == [
        f"{path} [unknown-label]",
        '    cilium_version has no label site on 1.20: site="a" matches nothing',
        "      P0",
        "      P3",
    ]
    outputs = {
        output: CliRunner().invoke(cli, ["lint", path, "--format", output]).stdout
        for output in ("json", "markdown", "sarif", "github")
    }
    (finding,) = json.loads(outputs["json"])
    assert (finding["severity"], [item["panel"] for item in finding["locations"]]) == ("error", ["P0", "P3"])
    assert [result["ruleId"] for result in json.loads(outputs["sarif"])["runs"][0]["results"]] == ["unknown-label"]
    assert outputs["github"].startswith(f"::error title=unknown-label,file={path}::2 panels: ")
    assert outputs["markdown"].startswith("### 2 panels: ")
