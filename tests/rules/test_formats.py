"""The files that carry alerts: each as those who load it read it."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards_py.alert_files import FORMATS
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compiled import CompiledAlert, CompiledGroup, CompiledRules
from dashboards_py.configuration import DEFAULTS, Alerts, Configuration
from dashboards_py.provisioning import rule_files
from tests.components import require

FAULT = pytest.mark.fault("Cilium ships no alert, and public ones are wrong")
ALERT = CompiledAlert(
    alert="MapFull",
    expr="a or histogram_count(b)",
    classic_expr="a",
    hold="10m",
    keep_firing_for="5m",
    labels={"severity": "critical"},
    annotations={
        "summary": "{{ $value | humanize }} on {{ $labels.node }}{{ with $labels.cluster }} in {{ . }}{{ end }}"
    },
    uid="cilium-capacity",
    panel="Fullest maps",
    panel_id=7,
    levels=(),
)
NATIVE = CompiledAlert(
    alert="Native",
    expr="histogram_count(b)",
    classic_expr="",
    hold="10m",
    keep_firing_for="",
    labels={},
    annotations={},
    uid="cilium-agent",
    panel="Agents",
    panel_id=0,
    levels=(),
)
RULES = CompiledRules(
    groups=(
        CompiledGroup(name="one", interval="", alerts=(ALERT,)),
        CompiledGroup(name="two", interval="5m", alerts=(NATIVE,)),
    ),
    omissions=(),
)
FIRST = {
    "alert": "MapFull",
    "expr": "a or histogram_count(b)",
    "for": "10m",
    "keep_firing_for": "5m",
    "labels": {"severity": "critical"},
    "annotations": dict(ALERT.annotations),
}
SECOND = {"alert": "Native", "expr": "histogram_count(b)", "for": "10m", "labels": {}, "annotations": {}}
GROUPS = [{"name": "one", "rules": [FIRST]}, {"name": "two", "interval": "5m", "rules": [SECOND]}]
METADATA = {
    "name": "cilium-dashboards",
    "labels": {"app.kubernetes.io/part-of": "cilium-dashboards", "release": "prometheus"},
}


def document(name: str, settings: Alerts = DEFAULTS.alerts) -> Any:
    """The content of a format."""
    return FORMATS.load(name).document(RULES, settings)


@FAULT
def test_formats_of_prometheus() -> None:
    """A rule file, the object of the operator with the labels that it selects by, and mimirtool's namespace."""
    assert document("prometheus") == {"groups": GROUPS}
    assert document("mimir") == {"namespace": "cilium-dashboards", "groups": GROUPS}
    assert document("prometheus_rule") == {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": METADATA,
        "spec": {"groups": GROUPS},
    }


@FAULT
def test_victoria_metrics_reads_classic_histograms() -> None:
    """Its queries know no functions of native ones, and alerts about these are left out."""
    assert document("vm_rule") == {
        "apiVersion": "operator.victoriametrics.com/v1beta1",
        "kind": "VMRule",
        "metadata": METADATA,
        "spec": {"groups": [{"name": "one", "rules": [{**FIRST, "expr": "a"}]}]},
    }
    assert b"histogram_count" not in rule_files()["rules/vmrule.yaml"]


def test_the_labels_that_select_rules_are_settings() -> None:
    """In both objects of Kubernetes."""
    for name in ("prometheus_rule", "vm_rule"):
        labels = document(name, Alerts(selector=(("prometheus", "main"),)))["metadata"]["labels"]
        assert labels == {"app.kubernetes.io/part-of": "cilium-dashboards", "prometheus": "main"}


@FAULT
def test_grafana_evaluates_by_itself() -> None:
    """Query, whether it has a number, and whether that is above 0; an end of a series ends the alert."""
    step = {"relativeTimeRange": {"from": 0, "to": 0}, "datasourceUid": "__expr__"}
    group = document("grafana", Alerts(datasource="prom"))["groups"][0]
    assert group == {
        "orgId": 1,
        "name": "one",
        "folder": "Cilium alerts",
        "interval": "1m",
        "rules": [
            {
                "uid": "MapFull",
                "title": "MapFull",
                "condition": "C",
                "data": [
                    {
                        "refId": "A",
                        "datasourceUid": "prom",
                        "relativeTimeRange": {"from": 600, "to": 0},
                        "model": {"refId": "A", "expr": ALERT.expr, "instant": True, "range": False},
                    },
                    {
                        "refId": "B",
                        **step,
                        "model": {
                            "refId": "B",
                            "type": "math",
                            "expression": "is_number($A) || is_nan($A) || is_inf($A)",
                        },
                    },
                    {
                        "refId": "C",
                        **step,
                        "model": {
                            "refId": "C",
                            "type": "threshold",
                            "expression": "B",
                            "conditions": [{"evaluator": {"type": "gt", "params": [0]}}],
                        },
                    },
                ],
                "dashboardUid": "cilium-capacity",
                "panelId": 7,
                "noDataState": "OK",
                "execErrState": "Error",
                "for": "10m",
                "keepFiringFor": "5m",
                "missing_series_evals_to_resolve": 1,
                "labels": {"severity": "critical"},
                "annotations": {
                    "summary": "{{ .Values.A.Value | humanize }} on {{ .Labels.node }}"
                    "{{ with .Labels.cluster }} in {{ . }}{{ end }}"
                },
                "isPaused": False,
            }
        ],
    }


@FAULT
def test_grafana_expands_no_variable_in_our_texts() -> None:
    """It takes `$NAME` in annotations for a variable of its environment, and has a limit of 40 characters for uids."""
    for group in yaml.safe_load(rule_files()["rules/grafana.yaml"])["groups"]:
        for rule in group["rules"]:
            assert "$" not in str(rule["annotations"]), rule["uid"]
            assert re.fullmatch(r"[A-Za-z0-9_-]{1,40}", rule["uid"])


@FAULT
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_prometheus_accepts_them(release: Release, tmp_path: Path) -> None:
    """promtool checks groups, queries, durations and templates; with all objectives promised, too."""
    require("promtool")
    promised = Alerts(objectives=tuple((name, 0.99) for name in ("dns-answered", "http-success", "agent-api")))
    for index, settings in enumerate((Configuration(), Configuration(alerts=promised))):
        path = tmp_path / f"{index}.yaml"
        path.write_bytes(rule_files(release, settings)["rules/prometheus.yaml"])
        result = subprocess.run(["promtool", "check", "rules", path], capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr


def test_an_older_release_has_its_own_files() -> None:
    """They differ where its metrics do."""
    assert rule_files(RELEASES[0]).keys() == rule_files(NEWEST).keys()
    assert rule_files(RELEASES[0]) != rule_files(NEWEST)
