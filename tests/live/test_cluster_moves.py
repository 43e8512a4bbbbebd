"""cluster-setup/setup.sh with concurrent and earlier changes by others, on a real API server with real Helm."""

import json
import random
import re
import subprocess
import tarfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards_py.catalog import NEWEST
from dashboards_py.cluster import (
    Clients,
    HelmCharts,
    Options,
    Step,
    Versions,
    connect,
    execute,
    inspect,
    inspect_leftovers,
    plan_down,
    plan_up,
    run_steps,
)
from dashboards_py.cluster.steps.helm_upgrade import HelmUpgrade, RevertValues
from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.kubernetes import Completed
from dashboards_py.kubernetes import run as real_run
from dashboards_py.values import merge_values
from tests.live.disposable import CILIUM, CRDS, PINNED, WITHOUT_STACK, Cluster

VERSIONS = Versions(PINNED["KUBE_PROMETHEUS_STACK_VERSION"], PINNED["PROMETHEUS_OPERATOR_CRDS_VERSION"], CILIUM)
OPTIONS = Options(VERSIONS, namespace="default", stack=False)
SMALL: dict[str, Any] = {"ipam": {"mode": "kubernetes"}, "hubble": {"metrics": {"enabled": ["drop"]}}}
RECORD = "cilium-dashboards-setup"


class Killed(BaseException):
    """Stands for a kill of setup.sh."""


class InterferingRunner:
    """Runs kubectl and helm; `before` is called with each command line first."""

    def __init__(self, before: Callable[[str], None]) -> None:
        self.before = before

    def __call__(self, argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:
        """Run a command."""
        self.before(" ".join(argv))
        return real_run(argv, stdin=stdin, seconds=seconds)


def clients_of(cluster: Cluster, before: Callable[[str], None] = lambda _: None) -> Clients:
    """kubectl and helm on the cluster."""
    return connect(None, cluster.kubeconfig, cluster.charts, runner=InterferingRunner(before))


def planned(clients: Clients, options: Options, *, down: bool = False) -> tuple[Step, ...]:
    """The steps that `up` or `down` would take."""
    state = inspect(clients, options)
    charts = HelmCharts(clients, state.kinds)
    if down:
        return plan_down(state, options, charts, inspect_leftovers(clients, state))
    return plan_up(state, options, charts)


def upgrade_by_another_user(cluster: Cluster, version: str, *flags: str) -> None:
    """Another user upgrades Cilium."""
    packed = str(cluster.charts / f"cilium-{version}.tgz")
    cluster.run("helm", "upgrade", "cilium", packed, "-n", "kube-system", "--wait", "--reset-then-reuse-values", *flags)


def record_of(cluster: Cluster) -> dict[str, Any]:
    """The record in the cluster."""
    listed = cluster.run("kubectl", "get", "configmap", "-n", "kube-system", RECORD, "--ignore-not-found", "-o", "json")
    return dict(json.loads(json.loads(listed)["data"]["record.json"])) if listed else {}


def status_of(cluster: Cluster) -> str:
    """The status of Cilium's release."""
    listed = json.loads(cluster.run("helm", "list", "-n", "kube-system", "--failed", "--deployed", "-o", "json"))
    return str(listed[0]["status"])


@pytest.mark.fault("up applies a chart version and values that are minutes old over someone else's upgrade")
def test_an_upgrade_by_others_while_up_runs(cluster: Cluster) -> None:
    """If someone upgrades Cilium after the plan, or at the same moment, their upgrade is kept."""
    cluster.operator()
    older = CILIUM[sorted(CILIUM)[-2]]
    cluster.install("cilium", "kube-system", f"cilium-{older}", SMALL)
    (step,) = (step for step in planned(clients_of(cluster), OPTIONS) if isinstance(step, HelmUpgrade))
    upgrade_by_another_user(cluster, CILIUM[NEWEST], "--set=debug.enabled=true")
    with pytest.raises(ProblemsFound) as refused:
        execute(step, clients_of(cluster))
    assert f"planned on revision 1 (chart cilium {older})" in refused.value.cause
    assert f"is at revision 2 (chart cilium {CILIUM[NEWEST]}) now: Upgrade complete" in refused.value.cause
    assert (cluster.values(), record_of(cluster)) == (merge_values(SMALL, {"debug": {"enabled": True}}), {})

    def interfere(line: str) -> None:
        if line.startswith("helm upgrade"):
            upgrade_by_another_user(cluster, CILIUM[NEWEST], "--set=debug.enabled=false")

    (step,) = (step for step in planned(clients_of(cluster), OPTIONS) if isinstance(step, HelmUpgrade))
    with pytest.raises(ProblemsFound, match=r"was upgraded by someone else at the same moment \(revision 3\)"):
        execute(step, clients_of(cluster, interfere))
    assert (cluster.values(), record_of(cluster)) == (merge_values(SMALL, {"debug": {"enabled": False}}), {})


@pytest.mark.fault("two runs of up at once: the record of one is lost")
def test_two_runs_at_once(cluster: Cluster) -> None:
    """The second refuses; the record and the values are those of the first."""
    cluster.operator()
    cluster.cilium(NEWEST, SMALL)
    first, second = (planned(clients_of(cluster), OPTIONS) for _ in range(2))
    list(run_steps(first, clients_of(cluster)))
    record, values = record_of(cluster), cluster.values()
    with pytest.raises(ProblemsFound, match="was planned on revision 1"):
        list(run_steps(second, clients_of(cluster)))
    assert (record_of(cluster), cluster.values()) == (record, values)


@pytest.mark.fault("down deletes the namespace with other people's ConfigMaps and Secrets in it")
@pytest.mark.fault(
    "down forgets its record though it kept things: the second down reports that there is nothing to remove"
)
def test_a_namespace_with_foreign_objects(cluster: Cluster) -> None:
    """It is kept with its contents, the plan reports that, and a later `down` removes it once it is empty."""
    cluster.without_crds()
    cluster.cilium(NEWEST, SMALL)
    done = cluster.setup("up")
    assert done.returncode == 0, done.stderr
    cluster.run("kubectl", "create", "secret", "generic", "notes", "-n", "prometheus", "--from-literal=a=b")
    cluster.run("kubectl", "create", "role", "mine", "-n", "prometheus", "--verb=get", "--resource=pods")
    kept = "secret/notes, role/mine are still there"
    assert kept in cluster.setup("down", "--dry-run").stdout
    assert kept in cluster.setup("down").stdout
    cluster.run("kubectl", "get", "secret", "notes", "-n", "prometheus")
    assert record_of(cluster)["created"].keys() == {"namespace prometheus"}
    again = cluster.setup("down")
    assert (again.returncode, kept in again.stdout) == (0, True)
    cluster.run("kubectl", "delete", "secret/notes", "role/mine", "-n", "prometheus")
    assert "kubectl delete namespace prometheus" in cluster.setup("down").stdout
    assert record_of(cluster) == {}


@pytest.mark.fault("a chart of a mirror or fork with the same version is replaced by the repository's")
def test_a_chart_of_a_mirror(cluster: Cluster, tmp_path: Path) -> None:
    """Differences of the fork are reported with the source of the chart to be used; its own chart is accepted."""
    cluster.operator()
    version = CILIUM[NEWEST]
    with tarfile.open(cluster.charts / f"cilium-{version}.tgz") as archive:
        archive.extractall(tmp_path, filter="data")
    values = tmp_path / "cilium" / "values.yaml"
    values.write_text(values.read_text().replace("quay.io/cilium/", "mirror.example.org/cilium/"))
    cluster.run("helm", "package", str(tmp_path / "cilium"), "-d", str(tmp_path))
    mirrored = Cluster(cluster.kubeconfig, tmp_path, cluster.path)
    mirrored.install("cilium", "kube-system", f"cilium-{version}", SMALL)
    completed = cluster.setup("up", *WITHOUT_STACK)
    assert completed.returncode == 1
    assert f"chart cilium {version} of kube-system/cilium: is not the one from" in completed.stderr
    assert "DaemonSet kube-system/cilium" in completed.stderr
    assert "Secret" not in completed.stderr
    assert "--charts DIR" in completed.stderr
    assert "--replace-chart" in completed.stderr
    assert cluster.revisions()["kube-system/cilium"] == "1"
    done = mirrored.setup("up", *WITHOUT_STACK)
    assert done.returncode == 0, done.stderr
    (agent,) = (
        body for body in cluster.objects("daemonsets", "-n", "kube-system") if body["metadata"]["name"] == "cilium"
    )
    assert agent["spec"]["template"]["spec"]["containers"][0]["image"].startswith("mirror.example.org/")


@pytest.mark.parametrize("release", sorted(CILIUM), ids=str)
def test_the_original_chart_is_recognized(cluster: Cluster, release: Any) -> None:
    """Certificates, looked-up objects and generated values do not make it a different chart."""
    cluster.operator()
    cluster.cilium(release, merge_values(SMALL, {"hubble": {"relay": {"enabled": True}, "ui": {"enabled": True}}}))
    options = Options(VERSIONS, namespace="default", stack=False, embedded_envoy=True)
    assert any(isinstance(step, HelmUpgrade) for step in planned(clients_of(cluster), options))


@pytest.mark.fault("a down that failed once forgets its record, and Cilium stays failed with our flags on")
def test_a_down_that_failed_once(cluster: Cluster) -> None:
    """After an edit between plan and run, Helm fails; the record is kept, and the suggested commands finish the job."""
    cluster.operator()
    cluster.cilium(NEWEST, SMALL)
    assert cluster.setup("up", *WITHOUT_STACK).returncode == 0
    (step,) = (step for step in planned(clients_of(cluster), OPTIONS, down=True) if isinstance(step, RevertValues))
    edit = json.dumps({"data": {"debug": "true"}})
    cluster.run("kubectl", "patch", "configmap", "-n", "kube-system", "cilium-config", "--type=merge", "-p", edit)
    with pytest.raises(ProblemsFound, match="kubectl-patch changed"):
        execute(step, clients_of(cluster))
    assert (status_of(cluster), cluster.values()) == ("failed", SMALL)
    assert record_of(cluster)["values"].keys() == {"kube-system/cilium"}
    completed = cluster.setup("down", *WITHOUT_STACK)
    assert (completed.returncode, "down --take-over" in completed.stderr) == (1, True)
    done = cluster.setup("down", *WITHOUT_STACK, "--take-over")
    assert done.returncode == 0, done.stderr
    assert (status_of(cluster), cluster.values(), record_of(cluster)) == ("deployed", SMALL, {})
    assert cluster.objects("servicemonitors", "-n", "kube-system") == []


@pytest.mark.fault("plan and up do not see live drift: nothing to do")
def test_all_lost_objects_are_restored(cluster: Cluster) -> None:
    """A removed key, a deleted Service, operator and relay scaled to 0: plan lists them, up restores them all."""
    cluster.operator()
    cluster.cilium(NEWEST, SMALL)
    assert cluster.setup("up", *WITHOUT_STACK).returncode == 0
    patch = json.dumps({"data": {"prometheus-serve-addr": None}})
    in_kube_system = ("-n", "kube-system")
    cluster.run("kubectl", "patch", "configmap", *in_kube_system, "cilium-config", "--type=merge", "-p", patch)
    cluster.run("kubectl", "delete", "service", *in_kube_system, "hubble-metrics")
    cluster.run("kubectl", "scale", "deployment", *in_kube_system, "cilium-operator", "hubble-relay", "--replicas=0")
    shown = cluster.setup("plan", *WITHOUT_STACK).stdout
    for line in (
        "ConfigMap kube-system/cilium-config: data.prometheus-serve-addr is removed, Helm has :9962",
        "Service kube-system/hubble-metrics is missing",
        "Deployment kube-system/cilium-operator: spec.replicas is 0, Helm has 2",
        "Deployment kube-system/hubble-relay: spec.replicas is 0, Helm has 1",
    ):
        assert line in shown, shown
    done = cluster.setup("up", *WITHOUT_STACK)
    assert done.returncode == 0, done.stderr
    assert "nothing to do" in cluster.setup("up", *WITHOUT_STACK).stdout
    spec = json.dumps({"spec": {"selector": {"matchLabels": {"a": "b"}}}})
    cluster.run("kubectl", "patch", "servicemonitor", *in_kube_system, "hubble", "--type=merge", "-p", spec)
    cluster.run("kubectl", "delete", "service", *in_kube_system, "hubble-metrics")
    completed = cluster.setup("up", *WITHOUT_STACK)
    assert completed.returncode == 1
    assert (
        "ServiceMonitor kube-system/hubble: kubectl-patch changed spec.selector.matchLabels by hand" in completed.stderr
    )
    assert cluster.setup("up", *WITHOUT_STACK, "--take-over").returncode == 0
    assert "nothing to do" in cluster.setup("up", *WITHOUT_STACK).stdout


def test_a_port_that_was_edited(cluster: Cluster) -> None:
    """Helm can neither keep nor overwrite a replaced entry: reported, with the command that fixes it."""
    cluster.operator()
    cluster.cilium(NEWEST, SMALL)
    port = json.dumps([{"op": "replace", "path": "/spec/ports/0/port", "value": 99}])
    cluster.run("kubectl", "patch", "service", "-n", "kube-system", "hubble-peer", "--type=json", "-p", port)
    completed = cluster.setup("up", *WITHOUT_STACK, "--take-over")
    assert (completed.returncode, "Service kube-system/hubble-peer: someone replaced" in completed.stderr) == (1, True)
    actual = re.search(r"`(kubectl delete [^`]+)`", completed.stderr)
    assert actual
    cluster.run(*actual[1].split())
    assert cluster.setup("up", *WITHOUT_STACK).returncode == 0


def converges(clients: Clients, *, down: bool) -> bool:
    """Whether after three runs, at most, nothing is left to do."""
    for _ in range(4):
        with suppress(DashboardsError):
            steps = planned(clients, OPTIONS, down=down)
            if not any(step.changes for step in steps):
                return True
            list(run_steps(steps, clients))
    return False


@pytest.mark.fault("kills, races and edits at each step of up and down lose work of others")
@pytest.mark.parametrize("seed", range(2))
def test_in_random_orders(cluster: Cluster, seed: int) -> None:
    """Like tests/cluster/test_disorder.py, but on a real cluster: no one's work is lost, and the runs converge."""
    rng = random.Random(seed)
    cluster.operator()
    cluster.cilium(NEWEST, SMALL)
    user_values: dict[str, Any] = {}
    objects: list[str] = []
    for number, down in enumerate((False, False, True)):
        calls, act, die = 0, rng.randrange(30), rng.choice((-1, rng.randrange(60)))

        def interfere(_: str, act: int = act, die: int = die, number: int = number) -> None:
            nonlocal calls
            calls += 1
            if calls == die:
                raise Killed
            if calls == act and rng.random() < 0.5:
                upgrade_by_another_user(cluster, CILIUM[NEWEST], f"--set-string=podAnnotations.theirs-{number}=x")
                user_values[f"theirs-{number}"] = True
            elif calls == act:
                cluster.run("kubectl", "create", "configmap", f"theirs-{number}", "-n", "default")
                objects.append(f"theirs-{number}")

        with suppress(DashboardsError, Killed):
            clients = clients_of(cluster, interfere)
            list(run_steps(planned(clients, OPTIONS, down=down), clients))
    try:
        for down in (False, True):
            assert converges(clients_of(cluster), down=down)
            values = yaml.safe_dump(cluster.values())
            assert all(name in values for name in user_values), f"values of others are lost: {user_values}"
        assert {key: value for key, value in cluster.values().items() if key != "podAnnotations"} == SMALL
        assert (status_of(cluster), record_of(cluster)) == ("deployed", {})
        for name in objects:
            cluster.run("kubectl", "get", "configmap", name, "-n", "default")
        assert CRDS in cluster.revisions()
    finally:
        for name in objects:
            subprocess.run(
                ["kubectl", "delete", "configmap", name, "-n", "default"],
                env=cluster.env,
                check=False,
                capture_output=True,
            )
