"""The commonest wrong queries in public text, and what is right though it looks wrong: a table of small inputs."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dashboards_py.cli import cli

WRONG = pytest.mark.fault("dead or misleading queries that are common in public text are not found")
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
    rows = json.loads(CliRunner().invoke(cli, ["lint", str(path), "--json", *args]).stdout)
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
