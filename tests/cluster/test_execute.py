"""Executing a plan while others change the cluster: no one's work is lost, and a second run resumes."""

import json
from dataclasses import replace
from typing import Any

import pytest

from dashboards_py.cluster import execute
from dashboards_py.cluster.record import Pending, Record, digest, dump
from dashboards_py.cluster.record_store import update_record
from dashboards_py.cluster.steps.create_namespace import CreateNamespace
from dashboards_py.cluster.steps.delete_config_maps import DeleteConfigMaps
from dashboards_py.cluster.steps.helm_operation import ensure_unmoved
from dashboards_py.cluster.steps.helm_uninstall import HelmUninstall
from dashboards_py.cluster.steps.helm_upgrade import HelmUpgrade, RevertValues
from dashboards_py.cluster.steps.objects import ObjectId
from dashboards_py.errors import DashboardsError, PartlyDone, ProblemsFound, Remedy
from dashboards_py.kubernetes import Completed
from dashboards_py.values.keys import merge_values
from tests.cluster.plans import SEED, clients_of, down, planned_down, planned_up, run, titles, up, with_cilium
from tests.fakes.cluster import FakeCluster, Killed, kill

USER_VALUES = merge_values(SEED, {"debug": {"enabled": True}})


def upgrade_by_others(cluster: FakeCluster, values: dict[str, Any] | None = None, version: str = "1.20.0") -> None:
    """Another user upgrades Cilium."""
    cluster.upgrade("cilium", "kube-system", "cilium", version, USER_VALUES if values is None else values)


def cilium_values(cluster: FakeCluster) -> Any:
    return cluster.releases.revisions["kube-system", "cilium"][-1].values


def record_of(cluster: FakeCluster) -> dict[str, Any]:
    """The record in the cluster."""
    body = cluster.api.get("ConfigMap", "kube-system", "cilium-dashboards-setup")
    return dict(json.loads(body["data"]["record.json"])) if body else {}


def the_upgrade(cluster: FakeCluster, **options: Any) -> HelmUpgrade:
    (step,) = (step for step in planned_up(cluster, **options) if isinstance(step, HelmUpgrade))
    return step


MOVES = [
    pytest.param({"values": USER_VALUES}, "is at revision 2 (chart cilium 1.20.0) now: Upgrade complete", id="values"),
    pytest.param({"version": "1.20.1"}, "is at revision 2 (chart cilium 1.20.1) now: Upgrade complete", id="version"),
]


@pytest.mark.fault("up applies a chart version and values that are minutes old over someone else's upgrade")
@pytest.mark.parametrize(("moved", "cause"), MOVES)
def test_an_upgrade_that_was_planned_on_another_revision(moved: dict[str, Any], cause: str) -> None:
    """The error names the revision planned on and the current one; nothing is changed, not even the record."""
    cluster = with_cilium()
    up(cluster, install_cilium="1.20.0")
    revisions = cluster.releases.revisions["kube-system", "cilium"]
    cluster.api.delete("Service", "kube-system", "hubble-metrics")
    step = the_upgrade(cluster)
    upgrade_by_others(cluster, **moved)
    before, record = len(cluster.changes()), record_of(cluster)
    with pytest.raises(ProblemsFound) as refused:
        execute(step, clients_of(cluster))
    assert refused.value.what == "Helm release kube-system/cilium"
    assert cause.replace("revision 2", f"revision {len(revisions)}") in refused.value.cause
    assert "was planned on revision 2 (chart cilium 1.20.0)" in refused.value.cause
    assert "run the same command again" in refused.value.fix
    assert (len(cluster.changes()), record_of(cluster)) == (before, record)


def test_a_release_that_was_uninstalled_or_installed_anew() -> None:
    """An uninstalled release is refused, and so is a new one with the same revision and other values."""
    cluster = with_cilium()
    step = the_upgrade(with_crds(cluster))
    cluster.run("helm uninstall cilium -n kube-system")
    with pytest.raises(ProblemsFound, match="was uninstalled since"):
        execute(step, clients_of(cluster))
    cluster.install("cilium", "kube-system", "cilium", "1.20.0", USER_VALUES)
    with pytest.raises(ProblemsFound, match="was installed anew since"):
        execute(step, clients_of(cluster))


DIFFERENT = [
    pytest.param(
        {"version": "1.20.1"},
        r"\(chart cilium 1\.20\.1\), and is at revision 1 \(chart cilium 1\.20\.0\) now",
        id="version",
    ),
    pytest.param({"revision": 2}, r"on revision 2 .* is at revision 1", id="revision"),
    pytest.param({"updated": "2026-01-01 00:00:00 +0000 UTC"}, "was installed anew since, or rolled back", id="time"),
    pytest.param({"status": "failed"}, "as failed, and is deployed now", id="status"),
    pytest.param({}, "with other values than it has now", id="values"),
]


@pytest.mark.fault("up applies a chart version and values that are minutes old over someone else's upgrade")
@pytest.mark.parametrize(("planned", "cause"), DIFFERENT)
def test_each_difference_from_the_plan_is_refused(planned: dict[str, Any], cause: str) -> None:
    """Each of them alone: an uninstallation that runs changes the status only, an edit of Helm's Secret the values."""
    clients = clients_of(with_cilium())
    release = clients.helm.release("kube-system", "cilium")
    assert release
    ensure_unmoved(release, SEED, clients)
    with pytest.raises(ProblemsFound, match=cause):
        ensure_unmoved(replace(release, **planned), SEED if planned else {}, clients)


@pytest.mark.fault("down removes what someone installed anew under the same name while it ran")
def test_the_same_release_installed_anew() -> None:
    """Though name, chart, version, revision and values are the same, it is not the release planned on."""
    cluster = with_cilium()
    up(cluster)
    (step,) = (
        step for step in planned_down(cluster) if isinstance(step, HelmUninstall) and step.release.name == "prometheus"
    )
    cluster.run("helm uninstall prometheus -n prometheus")
    cluster.install("prometheus", "prometheus", "kube-prometheus-stack", "88.5.3", dict(step.expected_values))
    before = len(cluster.changes())
    with pytest.raises(ProblemsFound, match=r"on revision 1 \(chart .*\), and was installed anew since"):
        execute(step, clients_of(cluster))
    assert len(cluster.changes()) == before


def with_crds(cluster: FakeCluster) -> FakeCluster:
    """Install the operator's CRDs as another user."""
    cluster.install("crds", "default", "prometheus-operator-crds", "31.0.1")
    return cluster


@pytest.mark.fault("up applies a chart version and values that are minutes old over someone else's upgrade")
def test_an_upgrade_by_others_just_before_ours() -> None:
    """Helm has no precondition: the revision that it overwrote is restored and reported."""
    cluster = with_crds(with_cilium())
    step = the_upgrade(cluster)
    cluster.before("helm upgrade cilium", lambda: upgrade_by_others(cluster))
    with pytest.raises(ProblemsFound, match=r"was upgraded by someone else at the same moment \(revision 2\)"):
        execute(step, clients_of(cluster))
    assert cilium_values(cluster) == USER_VALUES
    assert record_of(cluster) == {}
    up(cluster)
    assert cilium_values(cluster)["debug"] == {"enabled": True}


def test_an_upgrade_by_others_just_before_our_rollback() -> None:
    """Helm has no precondition for a rollback either: the revision that it overwrote is named."""
    cluster = with_crds(with_cilium())
    step = the_upgrade(cluster)
    cluster.before("helm upgrade cilium", lambda: upgrade_by_others(cluster))
    cluster.before("helm rollback cilium", lambda: upgrade_by_others(cluster))
    with pytest.raises(ProblemsFound, match=r"revision 4, which someone made meanwhile, is not") as raised:
        execute(step, clients_of(cluster))
    assert "helm get values cilium -n kube-system --revision 4" in str(raised.value)


@pytest.mark.parametrize("moment", ["after the upgrade", "before the rollback"])
def test_killed_after_overwriting_an_upgrade_by_others(moment: str) -> None:
    """If the overwritten revision was not restored, the next run refuses and names the command for it."""
    cluster = with_crds(with_cilium())
    step = the_upgrade(cluster)
    cluster.before("helm upgrade cilium", lambda: upgrade_by_others(cluster))
    if moment == "after the upgrade":
        cluster.after("helm upgrade cilium", kill)
    else:
        cluster.before("helm rollback cilium", kill)
    with pytest.raises(Killed):
        execute(step, clients_of(cluster))
    for plan in (planned_up, planned_down):
        with pytest.raises(ProblemsFound, match="someone else's revision 2 was overwritten") as refused:
            plan(cluster)
        assert "helm rollback cilium 2 -n kube-system" in refused.value.fix
    cluster.run("helm rollback cilium 2 -n kube-system")
    down(cluster)
    assert (cilium_values(cluster), record_of(cluster)) == (USER_VALUES, {})


@pytest.mark.fault("two runs of up at once: the record of one is lost")
def test_two_at_once() -> None:
    """The second one refuses; the first one's changes and record are kept."""
    cluster = with_crds(with_cilium())
    first, second = planned_up(cluster), planned_up(cluster)
    run(first, cluster)
    record = record_of(cluster)
    with pytest.raises(ProblemsFound, match="namespace prometheus: was created by someone else since"):
        run(second, cluster)
    assert record_of(cluster) == record
    assert not any(step.changes for step in planned_up(cluster))


def test_another_run_on_the_same_release() -> None:
    """A step that another run has started is not started again."""
    cluster = with_crds(with_cilium())
    step = the_upgrade(cluster)
    pending = Pending("kube-system/cilium", 1, digest({}))
    body = {"name": "cilium-dashboards-setup", "namespace": "kube-system"}
    text = dump(Record().with_pending(pending))
    cluster.api.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": body, "data": {"record.json": text}}, "x")
    with pytest.raises(ProblemsFound, match="another run is working on kube-system/cilium"):
        execute(step, clients_of(cluster))
    assert cluster.changes() == []
    # If the other run was killed before Helm did anything, the next run resumes.
    assert titles(planned_up(cluster))[0] == "bring the record of setup.sh up to date"
    up(cluster)
    assert "pending" not in record_of(cluster)


@pytest.mark.fault("two runs of up at once: the record of one is lost")
def test_a_second_run_before_helm_wrote_its_revision() -> None:
    """It takes the first for a killed one and removes its entry; the first still records what it did."""
    cluster = with_crds(with_cilium())
    step = the_upgrade(cluster)

    def second() -> None:
        settle, *_ = planned_up(cluster)
        execute(settle, clients_of(cluster))
        assert record_of(cluster) == {}

    cluster.before("helm upgrade cilium", second)
    execute(step, clients_of(cluster))
    assert record_of(cluster)["values"]["kube-system/cilium"].keys() == step.required_values.keys()
    assert "pending" not in record_of(cluster)


def test_the_pending_step_of_a_second_run_is_kept() -> None:
    """The first run records its own operation, and leaves the pending one of the other run."""
    cluster = with_crds(with_cilium())
    step, others = the_upgrade(cluster), Pending("prometheus/prometheus", 0, digest({}))

    def second() -> None:
        body = cluster.api.objects["ConfigMap", "kube-system", "cilium-dashboards-setup"].body
        body["data"]["record.json"] = dump(Record().with_pending(others))

    cluster.before("helm upgrade cilium", second)
    execute(step, clients_of(cluster))
    assert record_of(cluster)["values"]["kube-system/cilium"].keys() == step.required_values.keys()
    assert record_of(cluster)["pending"]["release"] == "prometheus/prometheus"


def test_the_record_is_changed_between_read_and_write() -> None:
    """The change of the other run is kept, and ours is added to it."""
    cluster = with_cilium()
    clients = clients_of(cluster)
    execute(CreateNamespace(name="one"), clients)

    def other() -> None:
        execute(CreateNamespace(name="two"), clients)

    cluster.before("kubectl --namespace=kube-system replace", other)
    execute(CreateNamespace(name="three"), clients)
    assert record_of(cluster)["created"].keys() == {"namespace one", "namespace two", "namespace three"}


def test_a_record_without_a_change_is_not_written() -> None:
    """Another run that reads it in between need not begin again."""
    cluster = with_cilium()
    up(cluster)
    before = cluster.api.version
    update_record(clients_of(cluster).record_client, lambda record: record)
    assert (cluster.api.version, [line for line in cluster.log[-1:] if " replace " in line]) == (before, [])


@pytest.mark.fault("a record ConfigMap edited by hand ends in a traceback")
def test_a_record_that_was_edited_by_hand() -> None:
    """The error names the ConfigMap, and nothing is done."""
    cluster = with_cilium()
    up(cluster)
    name = "cilium-dashboards-setup"
    cluster.api.patch("ConfigMap", "kube-system", name, {"data": {"record.json": '{"created": 5}'}})
    for plan in (planned_up, planned_down):
        with pytest.raises(DashboardsError, match=f"ConfigMap kube-system/{name}: was edited by hand"):
            plan(cluster)


def test_a_namespace_of_someone_else() -> None:
    """A namespace created between the plan and its step is not ours, and `down` leaves it."""
    cluster = with_crds(with_cilium())
    steps = planned_up(cluster)
    cluster.before("kubectl --namespace=default create", lambda: cluster.api.create_namespace("prometheus"))
    with pytest.raises(ProblemsFound, match="was created by someone else since"):
        run(steps, cluster)
    up(cluster)
    assert "namespace prometheus" not in record_of(cluster)["created"]
    down(cluster)
    assert cluster.api.get("Namespace", "", "prometheus")


@pytest.mark.fault("up applies a chart version and values that are minutes old over someone else's upgrade")
def test_a_release_of_someone_else() -> None:
    """A stack installed between the plan and its step, before or after our check, is refused."""
    for text in ("helm list --namespace=prometheus --filter=^prometheus$", "helm install prometheus "):
        cluster = with_crds(with_cilium())
        steps = planned_up(cluster)

        def install(cluster: FakeCluster = cluster) -> None:
            cluster.install("prometheus", "prometheus", "kube-prometheus-stack", "88.5.3", {"mine": True})

        cluster.before(text, install)
        with pytest.raises(PartlyDone) as refused:
            run(steps, cluster)
        assert "someone else" in str(refused.value) or "still in use" in str(refused.value)
        assert "release prometheus/prometheus" not in record_of(cluster)["created"]
        assert cluster.releases.revisions["prometheus", "prometheus"][-1].values == {"mine": True}
        up(cluster)
        down(cluster)
        assert cluster.releases.revisions["prometheus", "prometheus"][-1].values == {"mine": True}


def test_a_failure_lists_what_was_done() -> None:
    """The error lists the steps that were done and those that were not."""
    cluster = with_cilium()
    steps = planned_up(cluster)
    cluster.before("helm upgrade cilium", lambda: Completed(1, "", "Error: connection refused"))
    with pytest.raises(PartlyDone) as failed:
        run(steps, cluster)
    assert "done: kubectl create namespace prometheus; helm install prometheus-operator-crds" in failed.value.cause
    assert "not done: helm upgrade cilium" in failed.value.cause
    assert "pending" not in record_of(cluster)
    assert record_of(cluster)["values"] == {}


REFUSED_POD = (
    'Error creating: pods "x" is forbidden: exceeded quota: team, requested: pods=1, used: pods=0, limited: pods=0'
)


def refuse_pods(cluster: FakeCluster, name: str, message: str, *, lacks: bool) -> None:
    """A DaemonSet of the stack of which no pod is created, as its controller reports it."""
    metadata = {"name": name, "namespace": "prometheus"}
    spec = {"selector": {"matchLabels": {"app": name}}, "template": {"metadata": {"labels": {"app": name}}}}
    cluster.api.create({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": metadata, "spec": spec}, "helm")
    stored = cluster.api.objects["DaemonSet", "prometheus", name].body
    stored["status"] = {"desiredNumberScheduled": 3, "currentNumberScheduled": 0 if lacks else 3}
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{name}.1", "namespace": "prometheus"},
        "involvedObject": {"kind": "DaemonSet", "name": name, "uid": stored["metadata"]["uid"]},
        "reason": "FailedCreate",
        "message": message,
        "lastTimestamp": "2026-01-01T12:00:00Z",
    }
    cluster.api.create(event, "kube-controller-manager")


WAITED = Completed(1, "", "Error: INSTALLATION FAILED: resource DaemonSet/p/e not ready. context deadline exceeded\n")
LACKING = [
    (REFUSED_POD, True, "ResourceQuota team", f"DaemonSet e: {REFUSED_POD}", "-n prometheus team"),
    ("Error creating: no such image", True, "DaemonSet e", "Error creating: no such image", "kubectl get events"),
    (REFUSED_POD, False, "the cluster", "INSTALLATION FAILED", "kubectl get pods"),
]


@pytest.mark.fault('any "forbidden" is reported as missing rights')
@pytest.mark.parametrize(("message", "lacks", "what", "cause", "fix"), LACKING, ids=["quota", "other", "an old event"])
def test_pods_that_are_refused(message: str, *, lacks: bool, what: str, cause: str, fix: str) -> None:
    """Helm only waits: what refuses the pods is in events, of which those of a workload without pods count."""
    cluster = with_crds(with_cilium())
    steps = planned_up(cluster)

    def wait() -> Completed:
        refuse_pods(cluster, "e", message, lacks=lacks)
        return WAITED

    cluster.before("helm install prometheus ", wait)
    with pytest.raises(PartlyDone) as failed:
        run(steps, cluster)
    assert failed.value.what == what
    assert failed.value.cause.startswith(cause)
    assert fix in failed.value.fix


@pytest.mark.fault('any "forbidden" is reported as missing rights')
def test_a_board_that_is_refused() -> None:
    """What a quota refuses is nobody's edit: the option that overwrites edits is not the way out."""
    cluster = with_crds(with_cilium())
    steps = planned_up(cluster)
    refusal = f'Error from server (Forbidden): configmaps "x" is forbidden: {REFUSED_POD}\n'
    cluster.before("kubectl --namespace=prometheus apply", lambda: Completed(1, "", refusal), always=True)
    with pytest.raises(PartlyDone) as failed:
        run(steps, cluster)
    assert (failed.value.what, failed.value.remedy) == ("ResourceQuota team", None)
    cluster.hooks.clear()
    assert up(cluster) == []


def test_edits_after_the_plan_are_not_overwritten() -> None:
    """take_over overwrites only the edits that the plan listed."""
    cluster = with_crds(with_cilium())
    cluster.api.patch("ConfigMap", "kube-system", "cilium-config", {"data": {"debug": "true"}}, "kubectl-edit")
    step = the_upgrade(cluster, take_over=True)
    assert step.edits
    cluster.api.patch("ConfigMap", "kube-system", "cilium-config", {"data": {"enable-hubble": "false"}}, "kubectl-edit")
    with pytest.raises(ProblemsFound, match=r"kubectl-edit changed data\.enable-hubble by hand") as refused:
        execute(step, clients_of(cluster))
    assert refused.value.remedy == Remedy("take-over")
    config = cluster.api.get("ConfigMap", "kube-system", "cilium-config")
    assert config
    assert config["data"]["debug"] == "true"


def test_edits_after_the_plan_with_helm_3() -> None:
    """Helm 3 would overwrite an edit made after the plan, so edits are checked again."""
    cluster = with_crds(with_cilium())
    cluster.helm.version = "v3.17.0"
    step = the_upgrade(cluster)
    cluster.api.patch("ConfigMap", "kube-system", "cilium-config", {"data": {"enable-hubble": "false"}}, "kubectl-edit")
    with pytest.raises(ProblemsFound, match=r"kubectl-edit changed data\.enable-hubble by hand"):
        execute(step, clients_of(cluster))


def test_only_unchanged_boards_are_deleted() -> None:
    """A board edited in between is kept and reported; the others are deleted."""
    cluster = with_cilium()
    up(cluster)
    (step,) = (step for step in planned_down(cluster) if isinstance(step, DeleteConfigMaps))
    edited = step.config_maps[0].name
    cluster.api.patch("ConfigMap", "prometheus", edited, {"data": {"x.json": "{}"}}, "kubectl-edit")
    with pytest.raises(ProblemsFound, match=f"ConfigMap prometheus/{edited}: changed after the deletion was planned"):
        execute(step, clients_of(cluster))
    left = [key[2] for key in cluster.api.objects if key[:2] == ("ConfigMap", "prometheus")]
    assert [name for name in left if name.startswith("cilium-dashboards")] == [edited]
    deletion = DeleteConfigMaps(namespace="prometheus", config_maps=(ObjectId("no-such", "u", "1"),))
    assert execute(deletion, clients_of(cluster)) == ()


@pytest.mark.fault("up applies a chart version and values that are minutes old over someone else's upgrade")
def test_a_revert_that_was_planned_on_another_revision() -> None:
    """`down` refuses it, as `up` does."""
    cluster = with_cilium()
    up(cluster)
    (step,) = (step for step in planned_down(cluster) if isinstance(step, RevertValues))
    upgrade_by_others(cluster, merge_values(cilium_values(cluster), {"debug": {"enabled": True}}))
    with pytest.raises(ProblemsFound, match=r"was planned on revision 2 .* is at revision 3"):
        execute(step, clients_of(cluster))
    down(cluster)
    assert cilium_values(cluster) == USER_VALUES
