"""The alerts on a real API server: a PrometheusRule that a stock kube-prometheus-stack selects."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards_py.catalog import NEWEST
from dashboards_py.kubernetes.selectors import selects
from dashboards_py.provisioning import rule_files
from dashboards_py.values.keys import merge_values
from tests.live.disposable import ROOT, WITHOUT_STACK, Cluster
from tests.live.test_cluster_moves import SMALL

FAULT = pytest.mark.fault("Cilium ships no alert, and public ones are wrong")
NAME = "cilium-dashboards"


def rules(cluster: Cluster) -> list[dict[str, Any]]:
    """The PrometheusRules of the namespace."""
    return cluster.objects("prometheusrules", "--namespace=default")


def stock_prometheus(cluster: Cluster) -> dict[str, Any]:
    """The Prometheus that kube-prometheus-stack renders without any values."""
    packed = str(next(cluster.charts.glob("kube-prometheus-stack-*.tgz")))
    rendered = cluster.run("helm", "template", "prometheus", packed, "--namespace", "prometheus")
    documents = [body for body in yaml.safe_load_all(rendered) if body]
    [prometheus] = [body for body in documents if body["kind"] == "Prometheus"]
    return dict(prometheus)


@FAULT
def test_alerts_are_applied_selected_and_removed(cluster: Cluster) -> None:
    """The API server accepts them, an edit by hand is kept, a second run changes nothing, and `down` leaves none."""
    cluster.operator()
    required_values = yaml.safe_load((ROOT / "cluster-setup" / "values" / f"cilium-{NEWEST}.yaml").read_text())
    cluster.cilium(NEWEST, merge_values(SMALL, required_values))  # Cilium itself needs no upgrade
    first = cluster.setup("up", "--rules", *WITHOUT_STACK)
    assert first.returncode == 0, first.stdout + first.stderr
    [body] = rules(cluster)
    expected = yaml.safe_load(rule_files()["rules/prometheusrule.yaml"])
    assert (body["metadata"]["name"], body["spec"]) == (NAME, expected["spec"])
    assert body["metadata"]["labels"] == expected["metadata"]["labels"]
    stock = stock_prometheus(cluster)["spec"]
    assert selects(stock["ruleSelector"], body["metadata"]["labels"])
    assert stock["ruleNamespaceSelector"] == {}

    again = cluster.setup("up", "--rules", *WITHOUT_STACK)
    assert again.returncode == 0, again.stdout + again.stderr
    assert rules(cluster)[0]["metadata"]["resourceVersion"] == body["metadata"]["resourceVersion"]

    checks = json.loads(cluster.setup("verify", "--json", *WITHOUT_STACK).stdout)
    assert [check["ok"] for check in checks if NAME in check["name"]] == [True, True]
    program = str(Path(sys.executable).with_name("cilium-dashboards"))
    assert "; 0 written" in cluster.run(program, "deploy", "configmaps", "--rules", "--namespace=default")
    assert rules(cluster)[0]["metadata"]["resourceVersion"] == body["metadata"]["resourceVersion"]

    groups = [{**group, "interval": "2m"} for group in body["spec"]["groups"]]
    patch = json.dumps({"spec": {"groups": groups}})
    edit = ("kubectl", "patch", "prometheusrule", NAME, "-n", "default", "--type=merge", f"--patch={patch}")
    cluster.run(*edit)
    refused = cluster.setup("up", "--rules", *WITHOUT_STACK)
    assert refused.returncode != 0
    assert "was edited by kubectl-patch" in refused.stdout + refused.stderr
    down = cluster.setup("down")
    assert "PrometheusRules in default that were edited are kept" in down.stdout + down.stderr
    assert [item["metadata"]["name"] for item in rules(cluster)] == [NAME]
    removed = cluster.setup("down", "--take-over")
    assert removed.returncode == 0, removed.stdout + removed.stderr
    assert rules(cluster) == []
