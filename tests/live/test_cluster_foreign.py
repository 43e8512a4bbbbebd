"""cluster-setup/setup.sh in clusters with other people's releases, objects and edits: these are kept."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards_py.catalog import NEWEST, RELEASES
from tests.components import path_of
from tests.live.disposable import CILIUM, CRDS, MONITORS, SEED, SETUP, STACK, Cluster


@pytest.mark.fault("down deletes the namespace with other people's ConfigMaps and Secrets in it")
@pytest.mark.fault(
    "down forgets its record though it kept things: the second down reports that there is nothing to remove"
)
def test_from_nothing_and_back(cluster: Cluster) -> None:
    """Without Cilium and CRDs: refused unless allowed; then all is created, and removed except network and volumes.

    The namespace is kept while it has contents of others: plan and `down` report them, and a later `down` removes it.
    The stack's chart is the published one.
    """
    cluster = replace(cluster, charts=path_of("charts"))
    cluster.without_crds()
    completed = cluster.setup("up")
    assert (completed.returncode, "--install-cilium" in completed.stderr) == (2, True)
    assert cluster.revisions() == {}
    done = cluster.setup("up", "--install-cilium", "1.18")
    assert done.returncode == 0, done.stderr
    revisions = cluster.revisions()
    assert revisions.keys() == {"kube-system/cilium", "prometheus/prometheus", "prometheus/prometheus-operator-crds"}
    assert cluster.labels() == dict.fromkeys(MONITORS, "prometheus")
    cluster.claim("db-0", "prometheus-kube-prometheus-prometheus")
    cluster.claim("other-0", "other")
    cluster.run("kubectl", "create", "secret", "generic", "notes", "-n", "prometheus", "--from-literal=a=b")
    cluster.run("kubectl", "create", "role", "mine", "-n", "prometheus", "--verb=get", "--resource=pods")
    before = cluster.versions()
    dry = cluster.setup("down", "--uninstall-cilium", "--dry-run").stdout
    assert "helm uninstall cilium -n kube-system" in dry
    assert "    its volumes are kept\n    --delete-volumes removes them\n" in dry
    assert "kubectl delete persistentvolumeclaim" not in dry
    assert "secret/notes, role/mine are still there" in dry
    assert cluster.versions() == before
    removed = cluster.setup("down", "--delete-volumes")
    assert removed.returncode == 0, removed.stderr
    assert "Cilium is kept: it is the network" in removed.stdout
    kept = "persistentvolumeclaim/other-0, secret/notes, role/mine are still there"
    assert kept in removed.stdout
    cluster.run("kubectl", "get", "secret", "notes", "-n", "prometheus")
    assert cluster.revisions().keys() == {"kube-system/cilium"}
    assert cluster.values() == {}
    assert not [name for name in cluster.kinds() if "coreos" in name], removed.stdout
    assert cluster.record()["created"].keys() == {"namespace prometheus", "release kube-system/cilium"}
    again = cluster.setup("down")
    assert (again.returncode, kept in again.stdout) == (0, True)
    cluster.run("kubectl", "delete", "pvc/other-0", "secret/notes", "role/mine", "-n", "prometheus")
    assert "kubectl delete namespace prometheus" in cluster.setup("down", "--uninstall-cilium").stdout
    assert (cluster.record(), cluster.revisions()) == ({}, {})


def test_another_release_name(cluster: Cluster) -> None:
    """A stack installed as `kps`: verify reports labels that it does not select, up sets the right ones."""
    cluster.crds()
    cluster.install("kps", "monitoring", f"{STACK}-*")
    cluster.cilium(NEWEST, SEED)
    stack_options = ("--namespace", "monitoring", "--release", "kps")
    completed = cluster.setup("up")
    assert (completed.returncode, "--namespace monitoring --release kps" in completed.stderr) == (1, True)
    completed = cluster.setup("verify", *stack_options)
    prometheus = "monitoring/kps-kube-prometheus-stack-prometheus"
    assert (
        f"FAIL ServiceMonitor cilium-agent: label release is prometheus, not kps, by which {prometheus} selects"
        in completed.stdout
    )
    assert cluster.setup("up", *stack_options).returncode == 0
    assert cluster.labels() == dict.fromkeys(MONITORS, "kps")
    assert "nothing to do" in cluster.setup("up", *stack_options).stdout
    completed = cluster.setup("down")
    assert completed.returncode == 0
    assert "remove 13 ConfigMaps of the boards from monitoring" in completed.stdout
    assert cluster.values() == SEED
    assert "monitoring/kps" in cluster.revisions()


def test_another_prometheus_operator(cluster: Cluster) -> None:
    """--no-stack reads the selector of the existing Prometheus, whatever its form, and installs nothing."""
    cluster.cilium(NEWEST, SEED | {"prometheus": {"enabled": True}})
    selector = {"matchLabels": {"team.io/owner": "net"}, "matchExpressions": [{"key": "scrape", "operator": "Exists"}]}
    cluster.operator(selector)
    refused = cluster.setup("up")
    assert (refused.returncode, "use it: --no-stack" in refused.stderr) == (1, True)
    done = cluster.setup("up", "--no-stack", "--namespace", "default")
    assert done.returncode == 0, done.stderr
    for obj in cluster.objects("servicemonitors", "--namespace=kube-system"):
        assert {"team.io/owner": "net", "scrape": "true"}.items() <= obj["metadata"]["labels"].items()
    assert cluster.revisions().keys() == {"default/crds", "kube-system/cilium"}
    completed = cluster.setup("verify", "--no-stack", "--namespace", "default")
    assert "ok   ServiceMonitor hubble-relay: selected by default/k8s" in completed.stdout
    assert "FAIL sidecar: none watches ConfigMaps" in completed.stdout
    again = cluster.setup("up", "--no-stack", "--namespace", "default")
    assert "nothing to do" in again.stdout
    assert cluster.setup("down", "--no-stack", "--namespace", "default").returncode == 0
    assert cluster.values() == SEED | {"prometheus": {"enabled": True}}


def _kubeconfig(cluster: Cluster, path: Path, **changes: Any) -> str:
    """The cluster's kubeconfig with changes to its only user."""
    actual = yaml.safe_load(Path(cluster.kubeconfig).read_text())
    actual["users"][0]["user"] |= changes
    path.write_text(yaml.safe_dump(actual))
    return str(path)


def _program(directory: Path, name: str, text: str) -> str:
    directory.mkdir(exist_ok=True)
    (directory / name).write_text(f"#!/bin/sh\n{text}\n")
    (directory / name).chmod(0o755)
    return str(directory)


def test_failures_are_named(cluster: Cluster, tmp_path: Path) -> None:
    """Each problem is reported, with the next command, before anything is changed."""
    cluster.crds()
    cluster.cilium(NEWEST, {})
    before = cluster.versions()
    bare = f"{Path(shutil.which('make') or '').parent}:/bin"
    kubectl = _program(tmp_path / "kubectl-only", "kubectl", "exit 1")
    old = _program(tmp_path / "old", "helm", 'echo "v3.10.0+g0"')
    nobody = _kubeconfig(cluster, tmp_path / "nobody", **{"as": "nobody"})
    stranger = _kubeconfig(cluster, tmp_path / "stranger", token="wrong")
    empty = tmp_path / "empty"
    empty.mkdir()
    table: list[tuple[Sequence[str], dict[str, str], int, str, str]] = [
        ((), {"PATH": f"{kubectl}:{bare}"}, 2, "helm is not on PATH", "install it"),
        ((), {"PATH": f"{old}:{cluster.path}"}, 2, "v3.10.0+g0 is too old", "helm.sh"),
        (("--charts", str(empty)), {}, 2, f"chart cilium {CILIUM[NEWEST]}: {empty}", "helm pull cilium --repo"),
        (("--context", "nope"), {}, 2, "nope", "kubectl config get-contexts"),
        ((), {"HELM_KUBECONTEXT": "other"}, 2, "kubectl would use simulated", "--context other"),
        (("--kubeconfig", nobody), {}, 3, "forbidden", "kubectl auth can-i"),
        (("--kubeconfig", stranger), {}, 3, "", "kubectl auth whoami"),
        (("--no-stack",), {}, 2, "there is no Prometheus of prometheus-operator", "without --no-stack"),
        (("--install-cilium", "1.15"), {}, 2, "Cilium release '1.15'", "1.16, 1.17"),
    ]
    for words, env, code, cause, fix in table:
        completed = cluster.setup("up", *words, env=env)
        assert (completed.returncode, completed.stdout) == (code, ""), (words, env, completed.stderr)
        assert cause in completed.stderr, completed.stderr
        assert fix in completed.stderr, completed.stderr
        assert "Traceback" not in completed.stderr
    online = {name: value for name, value in cluster.env.items() if name != "CHARTS"}
    online |= {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    completed = subprocess.run([SETUP, "up"], env=online, capture_output=True, text=True, timeout=120, check=False)
    assert (completed.returncode, "--charts" in completed.stderr) == (2, True), completed.stderr
    assert cluster.versions() == before
    assert subprocess.run([SETUP], capture_output=True, check=False).returncode == 2


def test_a_namespace_that_is_being_deleted(cluster: Cluster) -> None:
    """`up` does not wait for a namespace that is being terminated: it reports it."""
    cluster.cilium(NEWEST, {})
    cluster.run("kubectl", "create", "namespace", "prometheus")
    finalizer = json.dumps({"metadata": {"finalizers": ["example.org/slow"]}})
    cluster.run("kubectl", "patch", "namespace", "prometheus", "--type=merge", "-p", finalizer)
    cluster.run("kubectl", "delete", "namespace", "prometheus", "--wait=false")
    try:
        completed = cluster.setup("up")
        assert (completed.returncode, "namespace prometheus: is being terminated" in completed.stderr) == (2, True)
    finally:
        none = json.dumps({"metadata": {"finalizers": []}})
        cluster.run("kubectl", "patch", "namespace", "prometheus", "--type=merge", "-p", none)


def test_an_unsupported_release(cluster: Cluster, tmp_path: Path) -> None:
    """plan and up refuse a release of Cilium that is too old, and list those that the boards support."""
    chart = tmp_path / "cilium"
    chart.mkdir()
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: cilium\nversion: 1.15.19\n")
    cluster.run("helm", "install", "cilium", str(chart), "-n", "kube-system")
    for verb in ("plan", "up"):
        completed = cluster.setup(verb)
        assert completed.returncode == 2
        boards = f"the boards are for {RELEASES[0]} to {NEWEST}"
        assert f"Cilium 1.15.19 in kube-system/cilium: {boards}" in completed.stderr


def test_a_cilium_without_a_helm_release(cluster: Cluster) -> None:
    """If Argo CD or a cloud provider runs Cilium, `up` refuses and changes nothing."""
    daemonset = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": "cilium", "namespace": "kube-system", "labels": {"k8s-app": "cilium"}},
        "spec": {
            "selector": {"matchLabels": {"k8s-app": "cilium"}},
            "template": {
                "metadata": {"labels": {"k8s-app": "cilium"}},
                "spec": {"containers": [{"name": "agent", "image": "x"}]},
            },
        },
    }
    cluster.run("kubectl", "apply", "-f", "-", stdin=json.dumps(daemonset))
    try:
        completed = cluster.setup("up", "--install-cilium", "1.20")
        assert completed.returncode == 2
        assert "DaemonSet cilium in kube-system runs, but there is no Helm release" in completed.stderr
        assert cluster.revisions().keys() <= {CRDS}
    finally:
        cluster.run("kubectl", "delete", "daemonset", "-n", "kube-system", "cilium")
