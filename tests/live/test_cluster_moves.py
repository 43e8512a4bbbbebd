"""cluster-setup/setup.sh with concurrent and earlier changes by others, on a real API server with real Helm."""

import json
import subprocess
import tarfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
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
from dashboards_py.values.keys import merge_values
from tests.live.disposable import CILIUM, CRDS, PINNED, WITHOUT_STACK, Cluster

VERSIONS = Versions(PINNED["KUBE_PROMETHEUS_STACK_VERSION"], PINNED["PROMETHEUS_OPERATOR_CRDS_VERSION"], CILIUM)
OPTIONS = Options(VERSIONS, namespace="default", stack=False)
SMALL: dict[str, Any] = {"ipam": {"mode": "kubernetes"}, "hubble": {"metrics": {"enabled": ["drop"]}}}


@dataclass(frozen=True, slots=True)
class Run:
    """A run of `up` or `down`: before which command others act, and how, and before which it is killed after that."""

    act_before: str
    others: str
    kill_before: str
    down: bool = False


RUNS = (
    Run("get namespaces", "create", "apply --server-side"),  # Cilium is upgraded, and there is no board yet
    Run("get daemonsets,deployments,pods", "upgrade", ""),
    Run("delete --raw", "upgrade", "delete --raw", down=True),  # at the second board that is removed
)


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


@pytest.mark.fault("up applies a chart version and values that are minutes old over someone else's upgrade")
@pytest.mark.fault("two runs of up at once: the record of one is lost")
def test_an_upgrade_by_others_while_up_runs(cluster: Cluster) -> None:
    """If someone upgrades Cilium after the plan, or at the same moment, their upgrade is kept.

    Of two runs of `up` with one plan the second refuses: the record and the values are those of the first.
    """
    cluster.operator()
    older = CILIUM[sorted(CILIUM)[-2]]
    cluster.install("cilium", "kube-system", f"cilium-{older}", SMALL)
    (step,) = (step for step in planned(clients_of(cluster), OPTIONS) if isinstance(step, HelmUpgrade))
    upgrade_by_another_user(cluster, CILIUM[NEWEST], "--set=debug.enabled=true")
    with pytest.raises(ProblemsFound) as refused:
        execute(step, clients_of(cluster))
    assert f"planned on revision 1 (chart cilium {older})" in refused.value.cause
    assert f"is at revision 2 (chart cilium {CILIUM[NEWEST]}) now: Upgrade complete" in refused.value.cause
    assert (cluster.values(), cluster.record()) == (merge_values(SMALL, {"debug": {"enabled": True}}), {})

    def interfere(line: str) -> None:
        if line.startswith("helm upgrade"):
            upgrade_by_another_user(cluster, CILIUM[NEWEST], "--set=debug.enabled=false")

    (step,) = (step for step in planned(clients_of(cluster), OPTIONS) if isinstance(step, HelmUpgrade))
    with pytest.raises(ProblemsFound, match=r"was upgraded by someone else at the same moment \(revision 3\)"):
        execute(step, clients_of(cluster, interfere))
    assert (cluster.values(), cluster.record()) == (merge_values(SMALL, {"debug": {"enabled": False}}), {})

    first, second = (planned(clients_of(cluster), OPTIONS) for _ in range(2))
    revision = cluster.revisions()["kube-system/cilium"]
    list(run_steps(first, clients_of(cluster)))
    record, values = cluster.record(), cluster.values()
    assert record["values"].keys() == {"kube-system/cilium"}
    with pytest.raises(ProblemsFound, match=f"was planned on revision {revision}"):
        list(run_steps(second, clients_of(cluster)))
    assert (cluster.record(), cluster.values()) == (record, values)


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
    mirrored = replace(cluster, charts=tmp_path)
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


@pytest.mark.parametrize("release", sorted(CILIUM)[1:-1], ids=str)
def test_the_original_chart_is_recognized(cluster: Cluster, release: Any) -> None:
    """Certificates, looked-up objects and generated values do not make it a different chart.

    tests/live/test_cluster.py sees the same of the oldest and of the newest release, with which the others install.
    """
    cluster.operator()
    cluster.cilium(release, merge_values(SMALL, {"hubble": {"relay": {"enabled": True}, "ui": {"enabled": True}}}))
    options = Options(VERSIONS, namespace="default", stack=False, embedded_envoy=True)
    assert any(isinstance(step, HelmUpgrade) for step in planned(clients_of(cluster), options))


@pytest.mark.fault("a down that failed once forgets its record, and Cilium stays failed with our flags on")
def test_a_down_that_failed_once(cluster: Cluster) -> None:
    """After an edit while Helm runs, Helm fails; the record is kept, and the suggested commands finish the job."""
    cluster.operator()
    cluster.cilium(NEWEST, SMALL)
    assert cluster.setup("up", *WITHOUT_STACK).returncode == 0
    (step,) = (step for step in planned(clients_of(cluster), OPTIONS, down=True) if isinstance(step, RevertValues))
    edited = json.dumps({"data": {"debug": "true"}})

    def edit(line: str) -> None:
        if line.startswith("helm upgrade"):
            cluster.run(
                "kubectl", "patch", "configmap", "-n", "kube-system", "cilium-config", "--type=merge", "-p", edited
            )

    with pytest.raises(ProblemsFound, match="kubectl-patch changed"):
        execute(step, clients_of(cluster, edit))
    assert (cluster.releases()["kube-system/cilium"][1], cluster.values()) == ("failed", SMALL)
    assert cluster.record()["values"].keys() == {"kube-system/cilium"}
    completed = cluster.setup("down", *WITHOUT_STACK)
    assert (completed.returncode, "down --take-over" in completed.stderr) == (1, True)
    done = cluster.setup("down", *WITHOUT_STACK, "--take-over")
    assert done.returncode == 0, done.stderr
    assert (cluster.releases()["kube-system/cilium"][1], cluster.values(), cluster.record()) == ("deployed", SMALL, {})
    assert cluster.objects("servicemonitors", "-n", "kube-system") == []


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
def test_kills_and_changes_by_others(cluster: Cluster) -> None:
    """One order of them on a real cluster, the random ones in tests/cluster/test_disorder.py.

    Nothing is lost, and the runs converge.
    """
    cluster.operator()
    cluster.cilium(NEWEST, SMALL)
    user_values: dict[str, Any] = {}
    objects: list[str] = []
    acted: list[Run] = []
    killed: list[Run] = []
    for run in RUNS:

        def interfere(line: str, run: Run = run) -> None:
            if run in acted and run.kill_before and run.kill_before in line:
                killed.append(run)
                raise Killed
            if run in acted or run.act_before not in line:
                return
            acted.append(run)
            name = f"theirs-{len(acted)}"
            if run.others == "upgrade":
                upgrade_by_another_user(cluster, CILIUM[NEWEST], f"--set-string=podAnnotations.{name}=x")
                user_values[name] = True
            else:
                cluster.run("kubectl", "create", "configmap", name, "-n", "default")
                objects.append(name)

        with suppress(DashboardsError, Killed):
            clients = clients_of(cluster, interfere)
            list(run_steps(planned(clients, OPTIONS, down=run.down), clients))
    try:
        assert (acted, killed) == ([*RUNS], [RUNS[0], RUNS[2]])
        for down in (False, True):
            assert converges(clients_of(cluster), down=down)
            values = yaml.safe_dump(cluster.values())
            assert all(name in values for name in user_values), f"values of others are lost: {user_values}"
        assert {key: value for key, value in cluster.values().items() if key != "podAnnotations"} == SMALL
        assert (cluster.releases()["kube-system/cilium"][1], cluster.record()) == ("deployed", {})
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
