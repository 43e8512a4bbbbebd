"""cluster-setup/setup.sh on a real Kubernetes API server with real Helm; pods become ready by simulation."""

import json
import os
import signal
import subprocess
import time
from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import pytest

from dashboards_py.catalog import NEWEST, RELEASES, Handler, Release
from dashboards_py.catalog.hubble import context_labels
from dashboards_py.compile import compile_boards
from dashboards_py.values import get_value
from tests.components import path_of
from tests.grafana.servers import wait_until
from tests.live.chain import chain
from tests.live.disposable import MONITORS, ROOT, SEED, SETUP, WITHOUT_STACK, Cluster, includes

OLDEST_AND_NEWEST = [RELEASES[0], NEWEST]


@pytest.mark.parametrize("release", OLDEST_AND_NEWEST, ids=str)
@pytest.mark.fault("a fifth label in `dns` takes rcode away from the DNS boards, a ninth stops the agent")
def test_from_plan_to_down(kind: str, cluster: Cluster, release: Release, tmp_path: Path) -> None:
    """Cilium with flags from a guide: plan, up, up again, verify, boards in Grafana, down; user values are kept.

    The oldest release with the still common Helm 3.
    """
    if release == RELEASES[0]:
        cluster = replace(cluster, path=f"{path_of('helm-3').parent}:{cluster.path}")
        assert cluster.run("helm", "version", "--short").startswith("v3.")
    cluster.crds()
    cluster.cilium(release, SEED)
    before = cluster.versions()

    planned = cluster.setup("plan")
    assert planned.returncode == 0, planned.stderr
    assert "set operator.prometheus.serviceMonitor.enabled = true  # cilium-" in planned.stdout
    assert "ServiceMonitor hubble: new" in planned.stdout
    assert "      - drop\n" in planned.stdout
    assert "      + drop:labelsContext=" in planned.stdout
    assert "Deployment hubble-relay: changed, its pods restart" in planned.stdout
    assert "DaemonSet cilium: reads its configuration only when it starts" in planned.stdout
    assert planned.stdout.endswith("nothing was changed\n")
    assert cluster.versions() == before

    done = cluster.setup("up")
    assert done.returncode == 0, done.stderr
    assert cluster.revisions() == {"default/crds": "1", "kube-system/cilium": "2", "prometheus/prometheus": "1"}
    assert includes(cluster.values(), SEED)
    (dns,) = (entry for entry in cluster.values()["hubble"]["metrics"]["enabled"] if entry.startswith("dns:"))
    assert {"query", "ignoreAAAA"} <= {*Handler.parse(dns).options}
    assert not Handler.parse(dns).loses_rcode  # with the user's label plus ours Cilium would lose rcode
    assert {"source_ip", "source_namespace"} < context_labels(Handler.parse(dns).options)
    assert cluster.labels() == dict.fromkeys(MONITORS, "prometheus")
    after, values = cluster.versions(), cluster.values()
    secret = (
        "kubectl",
        "get",
        "secret",
        "prometheus-grafana",
        "-n",
        "prometheus",
        "-o",
        "jsonpath={.data.admin-password}",
    )
    password = b64decode(cluster.run(*secret)).decode()
    assert len(password) > 8
    assert password not in done.stdout + done.stderr
    assert "base64 -d" in done.stdout

    again = cluster.setup("up")
    assert (again.returncode, "nothing to do" in again.stdout) == (0, True)
    assert cluster.versions() == after

    completed = cluster.setup("verify", "--json")
    rows = json.loads(completed.stdout)
    wrong = [row for row in rows if row["ok"] is not True]
    assert (completed.returncode, {row["name"] for row in wrong} - {"configuration"}) == (1, {"targets"})
    assert next(row["ok"] for row in rows if row["name"] == "targets") is None
    assert {f"ServiceMonitor {name}" for name in MONITORS} <= {row["name"] for row in rows}

    cluster.setup("up", "--restart")
    completed = cluster.setup("verify")
    assert "ok   configuration" in completed.stdout
    assert cluster.values() == values

    with chain(kind, tmp_path, cluster.kubeconfig) as running:
        wait_until(running.folders, {board.uid: board.folder for board in compile_boards(release)})

    removed = cluster.setup("down")
    assert removed.returncode == 0, removed.stderr
    assert cluster.values() == SEED
    assert cluster.revisions().keys() == {"default/crds", "kube-system/cilium"}
    assert cluster.labels() == {"cilium-agent": "prometheus"}
    assert "there is nothing to remove" in cluster.setup("down").stdout


def test_from_nothing_and_back(cluster: Cluster) -> None:
    """Without Cilium and CRDs: refused unless allowed; then all is created, and removed except network and volumes."""
    cluster.without_crds()
    completed = cluster.setup("up")
    assert (completed.returncode, "--install-cilium" in completed.stderr) == (2, True)
    assert cluster.revisions() == {}
    assert cluster.setup("up", "--install-cilium", "1.18").returncode == 0
    revisions = cluster.revisions()
    assert revisions.keys() == {"kube-system/cilium", "prometheus/prometheus", "prometheus/prometheus-operator-crds"}
    assert cluster.labels() == dict.fromkeys(MONITORS, "prometheus")
    cluster.claim("db-0", "prometheus-kube-prometheus-prometheus")
    cluster.claim("other-0", "other")
    before = cluster.versions()
    dry = cluster.setup("down", "--uninstall-cilium", "--dry-run").stdout
    assert "helm uninstall cilium -n kube-system" in dry
    assert "    its volumes are kept\n    --delete-volumes removes them\n" in dry
    assert "kubectl delete persistentvolumeclaim" not in dry
    assert cluster.versions() == before
    removed = cluster.setup("down", "--delete-volumes")
    assert removed.returncode == 0, removed.stderr
    assert "Cilium is kept: it is the network" in removed.stdout
    assert "persistentvolumeclaim/other-0 is still there" in removed.stdout
    assert cluster.revisions().keys() == {"kube-system/cilium"}
    assert cluster.values() == {}
    assert not [kind for kind in cluster.kinds() if "coreos" in kind], removed.stdout


def kill_during_upgrade(cluster: Cluster) -> None:
    """Start `up` and kill it, with all its children, while Helm upgrades Cilium."""
    process = subprocess.Popen(
        [SETUP, "up", *WITHOUT_STACK],
        env=cluster.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while "pending" not in cluster.run("helm", "list", "-n", "kube-system", "--pending") and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_killed_in_the_middle(cluster: Cluster) -> None:
    """A release that is left pending is reported with the command that fixes it; after that command `up` succeeds."""
    cluster.operator()
    cluster.cilium(NEWEST, SEED)
    kill_during_upgrade(cluster)
    completed = cluster.setup("up", *WITHOUT_STACK)
    assert completed.returncode == 1
    assert "Helm release kube-system/cilium: is pending-upgrade" in completed.stderr
    assert "helm rollback cilium -n kube-system" in completed.stderr
    rows = {row["name"]: row for row in json.loads(cluster.setup("verify", *WITHOUT_STACK, "--json").stdout)}
    assert "helm rollback cilium -n kube-system" in rows["Cilium"]["fix"]
    assert (rows["Cilium"]["ok"], rows["Helm values"]["ok"]) == (False, None)
    cluster.run("helm", "rollback", "cilium", "-n", "kube-system")
    assert cluster.values() == SEED
    assert cluster.setup("up", *WITHOUT_STACK).returncode == 0
    assert includes(cluster.values(), SEED)
    assert cluster.setup("down", *WITHOUT_STACK).returncode == 0
    assert cluster.values() == SEED


@pytest.mark.parametrize("release", [Release(1, 16), Release(1, 17)], ids=str)
def test_an_envoy_inside_the_agent(cluster: Cluster, release: Release) -> None:
    """Since 1.17 nothing scrapes an embedded Envoy: refused, with the option to go on; 1.16 has an endpoint for it."""
    cluster.crds()
    cluster.cilium(release, {"envoy": {"enabled": False}})
    completed = cluster.setup("plan")
    if release == (1, 16):
        assert completed.returncode == 0
        assert "FAIL ServiceMonitor cilium-envoy" not in cluster.setup("verify").stdout
        return
    assert completed.returncode == 1
    assert "Envoy: runs inside the agent" in completed.stderr
    planned = cluster.setup("plan", "--embedded-envoy")
    assert planned.returncode == 0
    assert "envoy.prometheus" not in planned.stdout


def test_charts_that_look_up_objects(cluster: Cluster) -> None:
    """Values that the chart looks up in the cluster, and ServiceMonitors in another namespace, are supported."""
    cluster.operator()
    server = "kubeconfig=clusters: [{cluster: {server: 'https://10.1.2.3:6443'}}]"
    cluster.run("kubectl", "create", "configmap", "-n", "kube-public", "cluster-info", f"--from-literal={server}")
    try:
        other_namespace = {"serviceMonitor": {"namespace": "default"}}
        cluster.cilium(
            NEWEST, {"k8sServiceHost": "auto", "prometheus": other_namespace, "hubble": {"relay": {"enabled": False}}}
        )
        done = cluster.setup("up", *WITHOUT_STACK)
        assert done.returncode == 0, done.stderr
        namespaces = {
            obj["metadata"]["name"]: obj["metadata"]["namespace"] for obj in cluster.objects("servicemonitors", "-A")
        }
        assert (namespaces["cilium-agent"], namespaces["hubble"], namespaces["cilium-operator"]) == (
            "default",
            "default",
            "kube-system",
        )
        completed = cluster.setup("verify", *WITHOUT_STACK).stdout
        assert "ok   ServiceMonitor cilium-agent: selected by default/k8s, port 9962" in completed
        assert "ok   ServiceMonitor hubble: selected by default/k8s, port 9965" in completed
        fail = (
            "FAIL ServiceMonitor hubble-relay: is not in kube-system [missing-monitor]\n       hubble.relay.enabled is"
        )
        assert f"{fail} false" in completed
        assert "nothing to do" in cluster.setup("up", *WITHOUT_STACK).stdout
    finally:
        cluster.run("kubectl", "delete", "configmap", "-n", "kube-public", "cluster-info")


def test_make_targets(cluster: Cluster) -> None:
    """`make cluster-plan`, `cluster-up`, `cluster-verify` and `cluster-down` run it."""
    cluster.operator()
    cluster.cilium(NEWEST, {})
    make = ["make", "--silent", "--directory", str(ROOT), f"ARGS={' '.join(WITHOUT_STACK)}"]
    cluster.run(*make, "cluster-plan")
    cluster.run(*make, "cluster-up")
    assert get_value(cluster.values(), "prometheus.serviceMonitor.labels.release") == "prometheus"
    completed = subprocess.run([*make, "cluster-verify"], env=cluster.env, capture_output=True, text=True, check=False)
    assert "ok   ConfigMaps: 13 unchanged" in completed.stdout
    cluster.run(*make, "cluster-down")
    assert cluster.values() == {}
