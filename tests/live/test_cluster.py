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
from tests.components import path_of
from tests.grafana.servers import wait_until
from tests.live.chain import chain
from tests.live.disposable import MONITORS, PENDING, ROOT, SEED, SETUP, WITHOUT_STACK, Cluster, includes
from tests.live.kubernetes import Kubernetes


@pytest.mark.fault("a fifth label in `dns` takes rcode away from the DNS boards, a ninth stops the agent")
def test_from_plan_to_down(kind: str, cluster: Cluster, tmp_path: Path) -> None:
    """Cilium with flags from a guide: plan, up, up again, verify, boards in Grafana, down; user values are kept.

    Where all is in place, what cannot be determined is no failure: exit code 0. With --strict it is 1, which
    tests/cli/test_options_connected.py sees.
    """
    cluster.crds()
    cluster.cilium(NEWEST, SEED)
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
    _assert_values_are_kept(cluster)
    assert cluster.labels() == dict.fromkeys(MONITORS, "prometheus")
    after, values = cluster.versions(), cluster.values()
    secret = ("kubectl", "get", "secret", "prometheus-grafana", "-n", "prometheus")
    password = b64decode(cluster.run(*secret, "-o", "jsonpath={.data.admin-password}")).decode()
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
    assert (completed.returncode, "FAIL" in completed.stdout) == (0, False), completed.stdout
    assert "ok   configuration" in completed.stdout
    assert "0 failed, 1 could not be determined" in completed.stderr
    assert cluster.values() == values

    with chain(kind, tmp_path, Kubernetes.real(cluster.kubeconfig)) as running:
        wait_until(running.folders, {board.uid: board.folder for board in compile_boards()})

    removed = cluster.setup("down")
    assert removed.returncode == 0, removed.stderr
    assert cluster.values() == SEED
    assert cluster.revisions().keys() == {"default/crds", "kube-system/cilium"}
    assert cluster.labels() == {"cilium-agent": "prometheus"}
    assert cluster.record() == {}


def _assert_values_are_kept(cluster: Cluster) -> None:
    """The values of SEED are there, and `dns` has the labels that boards need without losing rcode."""
    assert includes(cluster.values(), SEED)
    (dns,) = (entry for entry in cluster.values()["hubble"]["metrics"]["enabled"] if entry.startswith("dns:"))
    assert {"query", "ignoreAAAA"} <= {*Handler.parse(dns).options}
    assert not Handler.parse(dns).loses_rcode  # with the user's label plus ours Cilium would lose rcode
    assert {"source_ip", "source_namespace"} < context_labels(Handler.parse(dns).options)


@pytest.mark.fault("a fifth label in `dns` takes rcode away from the DNS boards, a ninth stops the agent")
def test_the_oldest_release_with_helm_3(cluster: Cluster) -> None:
    """`make cluster-plan`, `cluster-up`, `cluster-verify` and `cluster-down`, with the still common Helm 3.

    On the oldest release an Envoy inside the agent has an endpoint of its own. `verify` remembers the options of `up`.
    """
    cluster = replace(cluster, path=f"{path_of('helm-3').parent}:{cluster.path}")
    assert cluster.run("helm", "version", "--short").startswith("v3.")
    cluster.operator()
    seed = SEED | {"envoy": {"enabled": False}}
    cluster.cilium(RELEASES[0], seed)
    make = ["make", "--silent", "--directory", str(ROOT), f"ARGS={' '.join(WITHOUT_STACK)}"]
    assert "ServiceMonitor hubble: new" in cluster.run(*make, "cluster-plan")
    cluster.run(*make, "cluster-up")
    _assert_values_are_kept(cluster)
    assert cluster.labels() == dict.fromkeys(MONITORS - {"cilium-envoy"}, "prometheus")
    revisions = cluster.revisions()
    assert "nothing to do" in cluster.setup("up", *WITHOUT_STACK).stdout
    assert cluster.revisions() == revisions
    remembered = [*make[:-1], "cluster-verify"]
    completed = subprocess.run(remembered, env=cluster.env, capture_output=True, text=True, check=False)
    assert f"ok   ConfigMaps: {len(compile_boards(RELEASES[0]))} unchanged" in completed.stdout
    assert "FAIL ServiceMonitor cilium-envoy" not in completed.stdout
    cluster.run(*make, "cluster-down")
    assert cluster.values() == seed
    assert cluster.revisions().keys() == {"default/crds", "kube-system/cilium"}


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
    while cluster.releases()["kube-system/cilium"][1] not in PENDING and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
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
    assert cluster.record()["values"]["kube-system/cilium"]  # what `down` goes back to


def test_an_envoy_inside_the_agent(cluster: Cluster) -> None:
    """Since 1.17 nothing scrapes an embedded Envoy: refused, with the option to go on."""
    cluster.crds()
    cluster.cilium(Release(1, 17), {"envoy": {"enabled": False}})
    completed = cluster.setup("plan")
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
