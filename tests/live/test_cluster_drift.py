"""Drift and limited rights, on a real Kubernetes API server with real Helm."""

import dataclasses
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.cli._remedies import fix_text
from dashboards_py.cluster import Check, Clients, Options, Versions, read_state, verify
from dashboards_py.cluster.checks.rendered import drift_of
from dashboards_py.cluster.clients import connect
from dashboards_py.cluster.drift import Drift, drift, edited
from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes.helm import HelmRelease
from tests.components import path_of
from tests.live.disposable import CILIUM, MONITORS, PINNED, SEED, STACK, WITHOUT_STACK, Cluster

BLIND = "plan, up and verify do not see what was edited, scaled or deleted by hand"
VERSIONS = Versions.read(
    PINNED["KUBE_PROMETHEUS_STACK_VERSION"],
    PINNED["PROMETHEUS_OPERATOR_CRDS_VERSION"],
    PINNED["CILIUM_VERSIONS"].strip('"'),
)
LABELS = {"release": "prometheus"}
ON: dict[str, Any] = {"enabled": True, "serviceMonitor": {"enabled": True, "labels": LABELS}}
VALUES: dict[str, Any] = {
    "prometheus": ON,
    "operator": {"prometheus": ON, "replicas": 1},
    "envoy": {"prometheus": ON},
    "hubble": {"relay": {"enabled": True, "prometheus": ON}, "metrics": {**ON, "enabled": ["dns:query", "drop"]}},
    "ipam": {"mode": "kubernetes"},
}
NAMESPACE = "kube-system"


def clients_of(cluster: Cluster, kubeconfig: str | None = None) -> Clients:
    return connect(None, kubeconfig or cluster.kubeconfig, cluster.charts)


def release_of(clients: Clients, chart: str) -> HelmRelease:
    (release,) = (release for release in clients.helm.releases() if release.chart == chart)
    return release


def drift_in(cluster: Cluster, chart: str = "cilium") -> tuple[Drift, ...]:
    clients = clients_of(cluster)
    drifted, undetermined = drift_of(clients, [release_of(clients, chart)])
    assert undetermined == []
    return drifted


def patch(cluster: Cluster, kind: str, name: str, *changes: dict[str, Any]) -> None:
    """An edit by hand: a JSON patch (each change has an `op`), or one merge patch."""
    operations = all("op" in change for change in changes)
    how, body = ("json", list(changes)) if operations else ("merge", changes[0])
    cluster.run("kubectl", "patch", "-n", NAMESPACE, kind, name, f"--type={how}", "-p", json.dumps(body))


def replace(path: str, value: Any) -> dict[str, Any]:
    return {"op": "replace", "path": path, "value": value}


@pytest.mark.fault("verify with a ServiceAccount that may only view reports nothing")
@pytest.mark.parametrize("release", [RELEASES[0], NEWEST], ids=str)
def test_a_new_installation(cluster: Cluster, release: Release, tmp_path: Path) -> None:
    """Defaults, other spellings of quantities and fields of controllers are not drift, on old and new charts.

    With the ClusterRole `view` every check that needs no more rights is done.
    """
    cluster.operator()
    cluster.cilium(release, VALUES | {"resources": {"requests": {"cpu": 0.1, "memory": "1024Mi"}}})
    assert drift_in(cluster) == ()

    cluster.run("kubectl", "create", "serviceaccount", "viewer", "-n", "default")
    binding = ("clusterrolebinding", "cilium-dashboards-viewer")
    cluster.run("kubectl", "create", *binding, "--clusterrole=view", "--serviceaccount=default:viewer")
    try:
        kubeconfig = yaml.safe_load(Path(cluster.kubeconfig).read_text())
        token = cluster.run("kubectl", "create", "token", "viewer", "-n", "default").strip()
        kubeconfig["users"][0]["user"] = {"token": token}
        (tmp_path / "kubeconfig").write_text(yaml.safe_dump(kubeconfig))
        checks = {check.name: check for check in verified(clients_of(cluster, str(tmp_path / "kubeconfig")))}
    finally:
        cluster.run("kubectl", "delete", *binding)
        cluster.run("kubectl", "delete", "serviceaccount", "viewer", "-n", "default")
    undetermined = {name for name, check in checks.items() if check.ok is None}
    assert undetermined == {"Cilium", "Prometheus", "ServiceMonitors", "live objects", "targets"}
    assert checks["Cilium"].observed.startswith(f"{CILIUM[release]} as kube-system/cilium")
    assert all(checks[name].ok for name in ("CRDs", "pods", "configuration"))
    assert {"Helm values", "ConfigMaps", "sidecar"} <= checks.keys()


@pytest.mark.fault(BLIND)
def test_every_kind_of_drift_at_once(cluster: Cluster) -> None:
    """Removed, edited, deleted and scaled objects are reported with owners, and Helm refuses the same conflicts."""
    cluster.operator()
    cluster.cilium(NEWEST, VALUES)
    time.sleep(1.1)  # Kubernetes records times in whole seconds: the edits must be later than the pods
    patch(cluster, "configmap", "cilium-config", {"data": {"prometheus-serve-addr": None, "hubble-metrics": "drop"}})
    cluster.run("kubectl", "delete", "-n", NAMESPACE, "service", "hubble-metrics")
    patch(cluster, "servicemonitor", "cilium-agent", replace("/spec/endpoints/0/port", "x"))
    patch(cluster, "servicemonitor", "hubble", {"spec": {"selector": {"matchLabels": {"a": "b"}}}})
    patch(cluster, "servicemonitor", "hubble-relay", {"metadata": {"labels": {"release": "mine"}}})
    for name in ("cilium-operator", "hubble-relay"):
        cluster.run("kubectl", "scale", "-n", NAMESPACE, f"deployment/{name}", "--replicas=0")
    cluster.run("kubectl", "delete", "clusterrole", "cilium")
    cluster.run("kubectl", "delete", "-n", NAMESPACE, "serviceaccount", "hubble-relay")
    patch(cluster, "clusterrole", "cilium-operator", replace("/rules/0/verbs", ["get"]))
    actual = {(edit.key.kind, edit.key.name, edit.field, edit.manager) for edit in drift_in(cluster)}
    assert actual == {
        ("ConfigMap", "cilium-config", "data.prometheus-serve-addr", ""),
        ("ConfigMap", "cilium-config", "data.hubble-metrics", "kubectl-patch"),
        ("Service", "hubble-metrics", "", ""),
        ("ServiceMonitor", "cilium-agent", "spec.endpoints[0].port", "kubectl-patch"),
        ("ServiceMonitor", "hubble", "spec.selector.matchLabels", "kubectl-patch"),
        ("ServiceMonitor", "hubble-relay", "metadata.labels.release", "kubectl-patch"),
        ("Deployment", "cilium-operator", "spec.replicas", ""),
        ("Deployment", "hubble-relay", "spec.replicas", ""),
        ("ClusterRole", "cilium", "", ""),
        ("ServiceAccount", "hubble-relay", "", ""),
        ("ClusterRole", "cilium-operator", "rules[0].verbs", "kubectl-patch"),
    }
    wrong = {check.name: fix_text(check.fix, "up") for check in verified(clients_of(cluster)) if check.ok is False}
    take_over = "setup.sh up --no-stack --namespace default --take-over"  # up alone refuses the edit beside it
    assert wrong["live Service kube-system/hubble-metrics"] == take_over
    assert wrong["ServiceMonitor hubble-relay"].endswith("--no-stack --namespace default --take-over")
    assert wrong["configuration"] == "fix ConfigMap cilium-config above first"
    assert "pods of Deployment cilium-operator" in wrong

    clients = clients_of(cluster)
    release = release_of(clients, "cilium")
    rendered = clients.helm.manifest(release)
    expected = edited(drift(rendered, clients.at(NAMESPACE).read_again(rendered)))
    again = ("cilium", CILIUM[NEWEST], "cilium", NAMESPACE, VALUES)
    with pytest.raises(ProblemsFound) as refused:
        clients.helm.upgrade(*again, force=False, timeout="1m")
    names = {str(edit.key) for edit in expected}
    assert {name for name in names if f"{name}: kubectl-patch changed" in str(refused.value.cause)} == names
    assert refused.value.what == f"{len(names)} objects"
    clients.helm.upgrade(*again, force=True, timeout="1m")
    assert drift_in(cluster) == ()


def test_a_port_that_no_upgrade_restores(cluster: Cluster) -> None:
    """An edited port remains next to the chart's, even with force; the command in the error works."""
    cluster.crds()
    cluster.cilium(NEWEST, VALUES)
    patch(cluster, "service", "hubble-metrics", replace("/spec/ports/0/port", 9999))
    (edit,) = drift_in(cluster)
    assert edit.replaced
    clients = clients_of(cluster)
    again = ("cilium", CILIUM[NEWEST], "cilium", NAMESPACE, VALUES)
    with pytest.raises(ProblemsFound, match="kubectl delete service -n kube-system hubble-metrics"):
        clients.helm.upgrade(*again, force=True, timeout="1m")
    cluster.run("kubectl", "delete", "service", "-n", NAMESPACE, "hubble-metrics")
    clients.helm.upgrade(*again, force=False, timeout="1m")
    assert drift_in(cluster) == ()


@pytest.mark.fault(BLIND)
@pytest.mark.fault("a deleted Prometheus object: verify advises `setup.sh up`, up finds nothing to do")
def test_the_stack(cluster: Cluster) -> None:
    """A new stack has not drifted; scaling its operator and Grafana to 0 and deleting its Prometheus is reported."""
    cluster.crds()
    published = dataclasses.replace(cluster, charts=path_of("charts"))
    published.install("prometheus", "prometheus", f"{STACK}-*", {"crds": {"enabled": False}})
    assert drift_in(cluster, STACK) == ()
    for name in ("prometheus-grafana", "prometheus-kube-prometheus-operator"):
        cluster.run("kubectl", "scale", "-n", "prometheus", f"deployment/{name}", "--replicas=0")
    cluster.run("kubectl", "delete", "prometheus", "-n", "prometheus", "--all")
    assert [str(edit).partition(", Helm")[0] for edit in drift_in(cluster, STACK)] == [
        "Deployment prometheus/prometheus-grafana: spec.replicas is 0",
        "Deployment prometheus/prometheus-kube-prometheus-operator: spec.replicas is 0",
        "Prometheus prometheus/prometheus-kube-prometheus-prometheus is missing",
    ]


@pytest.mark.fault("a Helm release whose chart version has no dot crashes plan, up, verify and down")
def test_charts_of_any_version(cluster: Cluster, tmp_path: Path) -> None:
    """Other Helm releases are read, whatever the name and version of their charts."""
    charts = {"a": ("foo", "2"), "b": ("k8s-2", "1.0.0+meta.5"), "c": ("v-prefix", "v3.1.0-rc.1")}
    for name, (chart, version) in charts.items():
        directory = tmp_path / name
        directory.mkdir()
        (directory / "Chart.yaml").write_text(f"apiVersion: v2\nname: {chart}\nversion: {version!r}\n")
        cluster.run("helm", "install", name, str(directory), "-n", "default")
    read = {release.name: (release.chart, release.version) for release in read_state(clients_of(cluster)).helm}
    assert charts.items() <= read.items()
    assert [check.name for check in verified(clients_of(cluster))] == ["Cilium"]


@pytest.mark.fault("plan and up do not see live drift: nothing to do")
def test_edits_and_losses_are_listed_and_restored(cluster: Cluster) -> None:
    """setup.sh restores what was removed, deleted or scaled, and forces an edited field only with --take-over.

    Helm can neither keep nor overwrite a port that was replaced: reported, with the command that fixes it.
    """
    cluster.operator()
    cluster.cilium(NEWEST, SEED)
    patch(cluster, "configmap", "cilium-config", {"data": {"metrics": "+cilium_x"}})
    edited_by_hand = cluster.setup("up", *WITHOUT_STACK)
    assert edited_by_hand.returncode in (1, 4)
    assert "ConfigMap kube-system/cilium-config: kubectl-patch changed data.metrics by hand" in edited_by_hand.stderr
    assert "up --take-over" in edited_by_hand.stderr
    (config,) = (body for body in cluster.objects("configmaps", "-n", NAMESPACE) if "metrics" in body["data"])
    assert config["data"]["metrics"] == "+cilium_x"
    assert cluster.setup("up", *WITHOUT_STACK, "--take-over").returncode == 0
    assert cluster.labels() == dict.fromkeys(MONITORS, "prometheus")

    patch(cluster, "configmap", "cilium-config", {"data": {"prometheus-serve-addr": None}})
    cluster.run("kubectl", "delete", "-n", NAMESPACE, "service/hubble-metrics", "servicemonitor/hubble")
    cluster.run("kubectl", "scale", "deployment", "-n", NAMESPACE, "cilium-operator", "hubble-relay", "--replicas=0")
    missing = "FAIL ServiceMonitor hubble: is not in kube-system [missing-monitor]\n       setup.sh up"
    assert missing in cluster.setup("verify", *WITHOUT_STACK).stdout
    shown = cluster.setup("plan", *WITHOUT_STACK).stdout
    for line in (
        "ConfigMap kube-system/cilium-config: data.prometheus-serve-addr is removed, Helm has :9962",
        "Service kube-system/hubble-metrics is missing",
        "ServiceMonitor kube-system/hubble is missing",
        "Deployment kube-system/cilium-operator: spec.replicas is 0, Helm has 1",
        "Deployment kube-system/hubble-relay: spec.replicas is 0, Helm has 1",
    ):
        assert line in shown, shown
    done = cluster.setup("up", *WITHOUT_STACK)
    assert done.returncode == 0, done.stderr
    assert cluster.labels() == dict.fromkeys(MONITORS, "prometheus")
    assert "nothing to do" in cluster.setup("up", *WITHOUT_STACK).stdout

    patch(cluster, "servicemonitor", "hubble", {"spec": {"selector": {"matchLabels": {"a": "b"}}}})
    patch(cluster, "service", "hubble-peer", replace("/spec/ports/0/port", 99))
    cluster.run("kubectl", "delete", "-n", NAMESPACE, "service", "hubble-metrics")
    completed = cluster.setup("up", *WITHOUT_STACK, "--take-over")
    assert (completed.returncode, "Service kube-system/hubble-peer: someone replaced" in completed.stderr) == (1, True)
    command = re.search(r"`(kubectl delete [^`]+)`", completed.stderr)
    assert command
    cluster.run(*command[1].split())
    completed = cluster.setup("up", *WITHOUT_STACK)
    by_hand = "ServiceMonitor kube-system/hubble: kubectl-patch changed spec.selector.matchLabels by hand"
    assert (completed.returncode, by_hand in completed.stderr) == (1, True), completed.stderr
    assert cluster.setup("up", *WITHOUT_STACK, "--take-over").returncode == 0
    assert "nothing to do" in cluster.setup("up", *WITHOUT_STACK).stdout


def verified(clients: Clients) -> list[Check]:
    options = Options(VERSIONS, namespace="default", stack=False)
    return list(verify(clients, options, None))
