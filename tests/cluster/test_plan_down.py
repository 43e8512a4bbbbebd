"""The plans and runs of `down`: complete plans as values, and what is kept because it belongs to others."""

import json
from dataclasses import replace
from typing import Any

import pytest

from dashboards_py.cluster import execute
from dashboards_py.cluster.leftovers import HELM_NAME, HELM_NAMESPACE
from dashboards_py.cluster.steps.delete_config_maps import DeleteConfigMaps
from dashboards_py.cluster.steps.delete_namespace import DeleteNamespace
from dashboards_py.cluster.steps.delete_volumes import DeleteVolumes
from dashboards_py.cluster.steps.helm_uninstall import HelmUninstall
from dashboards_py.cluster.steps.helm_upgrade import RevertValues
from dashboards_py.cluster.steps.notice import Notice
from dashboards_py.cluster.steps.settle_record import SettleRecord
from dashboards_py.cluster.steps.step import Step
from dashboards_py.errors import DashboardsError, ProblemsFound, Remedy
from dashboards_py.kubernetes.helm import HelmRelease
from tests.cluster.plans import SEED, clients_of, down, planned_down, planned_up, run, titles, up, with_cilium
from tests.fakes.cluster import FakeCluster

Json = dict[str, Any]


def foreign_object(cluster: FakeCluster, name: str, namespace: str = "prometheus", kind: str = "ConfigMap") -> None:
    """An object of another user."""
    meta = {"name": name, "namespace": namespace}
    cluster.api.create({"apiVersion": "v1", "kind": kind, "metadata": meta, "data": {"mine": "x"}}, "somebody")


def values_of(cluster: FakeCluster) -> Json:
    return dict(cluster.releases.revisions["kube-system", "cilium"][-1].values)


def status_of(cluster: FakeCluster) -> str:
    return cluster.releases.revisions["kube-system", "cilium"][-1].status


def record_of(cluster: FakeCluster) -> Json:
    body = cluster.api.get("ConfigMap", "kube-system", "cilium-dashboards-setup")
    return dict(json.loads(body["data"]["record.json"])) if body else {}


def bare(step: Step) -> Step:
    return replace(step, details=(), remedies=())


def test_the_whole_plan() -> None:
    """Boards, the stack, our values in Cilium, the CRDs and the namespace are removed; Cilium is kept."""
    cluster = with_cilium()
    up(cluster)
    boards, stack, cilium, crds, namespace = map(bare, planned_down(cluster))
    assert isinstance(boards, DeleteConfigMaps)
    assert boards.namespace == "prometheus"
    release = HelmRelease("prometheus", "prometheus", "kube-prometheus-stack", "88.5.3", 1, "deployed")
    assert isinstance(stack, HelmUninstall)
    secret = cluster.api.objects["Secret", "prometheus", ADMISSION].body["metadata"]["uid"]
    assert stack == HelmUninstall(
        release=release, expected_values=stack.expected_values, timeout="10m", chart_secrets={SECRET: secret}
    )
    assert isinstance(cilium, RevertValues)
    assert cilium.release == HelmRelease("cilium", "kube-system", "cilium", "1.20.0", 2, "deployed")
    assert (cilium.values, cilium.force) == (SEED, False)
    assert "prometheus.serviceMonitor.enabled" in cilium.keys
    assert isinstance(crds, HelmUninstall)
    assert (crds.release.name, crds.unless_used) == ("prometheus-operator-crds", "monitoring.coreos.com")
    uid = cluster.api.objects["Namespace", "", "prometheus"].body["metadata"]["uid"]
    assert namespace == DeleteNamespace(name="prometheus", uid=uid, chart_secrets=(secret,))


def test_down_removes_everything_and_converges() -> None:
    """The cluster is as before `up`, without the record, and a second run has nothing to do."""
    cluster = with_cilium()
    before = set(cluster.api.objects)
    up(cluster)
    assert down(cluster) == []
    revisions = {key for key in cluster.api.objects if key[0] == "Secret" and "helm.release" in key[2]}
    pods = {key for key in {*before, *cluster.api.objects} if key[0] == "Pod"}
    assert set(cluster.api.objects) - revisions - pods == before - revisions - pods
    assert (values_of(cluster), record_of(cluster), planned_down(cluster)) == (SEED, {}, ())


ADMISSION = "prometheus-kube-prometheus-admission"  # the Secret that a job of kube-prometheus-stack creates
SECRET = f"secret prometheus/{ADMISSION}"
KINDS = ["ConfigMap", "Secret", "ServiceAccount", "NetworkPolicy", "PersistentVolumeClaim"]


@pytest.mark.fault("down deletes the namespace with other people's ConfigMaps and Secrets in it")
@pytest.mark.parametrize("kind", KINDS)
def test_a_namespace_with_foreign_objects(kind: str) -> None:
    """Any foreign object keeps the namespace; the plan lists it, and a second run resumes once it is removed."""
    cluster = with_cilium()
    up(cluster)
    api = {"NetworkPolicy": "networking.k8s.io/v1"}.get(kind, "v1")
    meta = {"name": "notes", "namespace": "prometheus"}
    cluster.api.create({"apiVersion": api, "kind": kind, "metadata": meta}, "somebody")
    (notice,) = (step for step in planned_down(cluster) if isinstance(step, Notice))
    assert (notice.title, notice.details) == (
        "namespace prometheus is kept",
        (f"{kind.lower()}/notes is still there",),
    )
    down(cluster)
    assert cluster.api.get(kind, "prometheus", "notes")
    assert record_of(cluster)["created"].keys() == {"namespace prometheus", SECRET}
    assert [step.title for step in planned_down(cluster)] == ["namespace prometheus is kept"]
    cluster.api.delete(kind, "prometheus", "notes")
    down(cluster)
    assert cluster.api.get("Namespace", "", "prometheus") is None
    assert record_of(cluster) == {}


@pytest.mark.fault("down deletes the namespace with other people's ConfigMaps and Secrets in it")
def test_something_appears_after_the_plan() -> None:
    """The namespace is listed again directly before its deletion."""
    cluster = with_cilium()
    up(cluster)
    cluster.before("helm uninstall prometheus-operator-crds", lambda: foreign_object(cluster, "late"))
    assert down(cluster) == ["kept: configmap/late is still there"]
    assert cluster.api.get("ConfigMap", "prometheus", "late")
    assert record_of(cluster)["created"].keys() == {"namespace prometheus", SECRET}


def test_what_nobody_keeps_does_not_keep_the_namespace() -> None:
    """Events and the Leases of leader election outlive the pods that wrote them."""
    cluster = with_cilium()
    up(cluster)
    for api, kind in (("v1", "Event"), ("coordination.k8s.io/v1", "Lease")):
        meta = {"name": "left", "namespace": "prometheus"}
        cluster.api.create({"apiVersion": api, "kind": kind, "metadata": meta}, "somebody")
    assert down(cluster) == []
    assert cluster.api.get("Namespace", "", "prometheus") is None


def test_a_secret_created_by_a_job_of_the_chart() -> None:
    """Uninstalling leaves it behind, and it does not keep the namespace, neither in the first `down` nor in a later."""
    cluster = with_cilium()
    up(cluster)
    secret = cluster.api.get("Secret", "prometheus", ADMISSION)
    assert secret
    foreign_object(cluster, "notes")
    assert down(cluster) == []
    entry = {SECRET: secret["metadata"]["uid"]}
    assert entry.items() <= record_of(cluster)["created"].items()
    (notice,) = planned_down(cluster)
    assert (notice.title, notice.details) == ("namespace prometheus is kept", ("configmap/notes is still there",))
    cluster.api.delete("ConfigMap", "prometheus", "notes")
    down(cluster)
    assert (cluster.api.get("Namespace", "", "prometheus"), record_of(cluster)) == (None, {})


@pytest.mark.parametrize("when", ["before the first down", "after the first down"])
def test_a_secret_of_that_name_that_someone_else_created(when: str) -> None:
    """A Secret that the chart is not to create, or that was created anew since, keeps the namespace."""
    cluster = with_cilium()
    up(cluster)
    if when == "before the first down":
        release = cluster.releases.revisions["prometheus", "prometheus"]
        release[-1].values["prometheusOperator"] = {"admissionWebhooks": {"patch": {"enabled": False}}}
    else:
        foreign_object(cluster, "notes")
        down(cluster)
        cluster.api.delete("ConfigMap", "prometheus", "notes")
        cluster.api.delete("Secret", "prometheus", ADMISSION)
        foreign_object(cluster, ADMISSION, kind="Secret")
    down(cluster)
    assert cluster.api.get("Secret", "prometheus", ADMISSION)
    assert record_of(cluster)["created"].keys() == {"namespace prometheus"}
    assert [step.details for step in planned_down(cluster)] == [(f"secret/{ADMISSION} is still there",)]


@pytest.mark.fault("two runs of down at once: one fails on what the other has removed")
def test_a_release_that_another_run_uninstalls_at_the_same_time() -> None:
    """Helm reports an error, but the release is gone: the run goes on to the end."""
    cluster = with_cilium()
    up(cluster)
    cluster.before("uninstall prometheus --namespace", lambda: cluster.releases.uninstall("prometheus", "prometheus"))
    down(cluster)
    assert (record_of(cluster), planned_down(cluster)) == ({}, ())


@pytest.mark.fault("two runs of down at once: one fails on what the other has removed")
@pytest.mark.parametrize(
    ("before", "kind", "namespace", "name"),
    [
        ("kubectl --namespace=prometheus delete", "ConfigMap", "prometheus", "cilium-dashboards-cilium-agent"),
        ("delete --raw=/api/v1/namespaces/prometheus", "Namespace", "", "prometheus"),
        ("delete --raw=/api/v1/namespaces/kube-system", "ConfigMap", "kube-system", "cilium-dashboards-setup"),
    ],
    ids=["a board", "the namespace", "the record"],
)
def test_what_another_run_removes_first(before: str, kind: str, namespace: str, name: str) -> None:
    """What is gone when it is to be deleted is as it should be: the run goes on to the end."""
    cluster = with_cilium()
    up(cluster)
    deleted: list[str] = []

    def delete() -> None:
        cluster.api.delete(kind, namespace, name)
        deleted.append(name)

    cluster.before(before, delete)
    down(cluster)
    assert (deleted, planned_down(cluster)) == ([name], ())
    assert cluster.api.get("Namespace", "", "prometheus") is None


@pytest.mark.fault(
    "down forgets its record though it kept things: the second down reports that there is nothing to remove"
)
@pytest.mark.parametrize("annotations", [{}, {HELM_NAME: "app", HELM_NAMESPACE: "default"}], ids=["by hand", "by Helm"])
def test_crds_are_kept_while_others_use_them(annotations: dict[str, str]) -> None:
    """While another user has a ServiceMonitor the CRDs are kept, and the record still lists them."""
    cluster = with_cilium()
    up(cluster)
    meta = {"name": "app", "namespace": "default", "annotations": annotations}
    body = {"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": meta, "spec": {}}
    cluster.api.create(body, "somebody")
    notices = {step.title: step.details for step in planned_down(cluster) if isinstance(step, Notice)}
    assert notices == {
        "Helm release prometheus/prometheus-operator-crds with the kinds of monitoring.coreos.com is kept": (
            "servicemonitor/app is still there",
        ),
        "namespace prometheus is kept": ("Helm release prometheus-operator-crds is still there",),
    }
    down(cluster)
    assert cluster.api.get("ServiceMonitor", "default", "app")
    kept = {"namespace prometheus", SECRET, "release prometheus/prometheus-operator-crds"}
    assert record_of(cluster)["created"].keys() == kept
    cluster.api.delete("ServiceMonitor", "default", "app")
    down(cluster)
    assert (record_of(cluster), planned_down(cluster)) == ({}, ())


def test_a_service_monitor_appears_after_the_plan() -> None:
    """Objects of the CRDs are listed again directly before these are deleted."""
    cluster = with_cilium()
    up(cluster)
    meta = {"name": "app", "namespace": "default"}
    body = {"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": meta, "spec": {}}

    def create() -> None:
        cluster.api.create(body, "somebody")

    cluster.before("helm upgrade cilium", create)
    assert down(cluster) == [
        "kept: servicemonitor/app is still there",
        "kept: Helm release prometheus-operator-crds is still there",
    ]
    assert cluster.api.get("ServiceMonitor", "default", "app")
    assert "release prometheus/prometheus-operator-crds" in record_of(cluster)["created"]


@pytest.mark.fault("a down that failed once forgets its record, and Cilium stays failed with our flags on")
def test_a_down_that_failed_once() -> None:
    """If Cilium's upgrade fails, the record is kept, and the next run repeats the upgrade."""
    cluster = with_cilium()
    up(cluster)
    recorded_values = record_of(cluster)["values"]
    cluster.api.unready.add("cilium-operator")
    with pytest.raises(DashboardsError):
        down(cluster)
    assert (status_of(cluster), values_of(cluster)) == ("failed", SEED)
    assert record_of(cluster)["values"] == {"kube-system/cilium": recorded_values["kube-system/cilium"]}
    cluster.api.unready.clear()
    step, *others = (step for step in planned_down(cluster) if not isinstance(step, HelmUninstall | DeleteNamespace))
    assert (type(step), others) == (RevertValues, [])  # the record keeps our values until they are reverted
    assert "its last upgrade (revision 3) failed: it is repeated" in step.details
    down(cluster)
    assert (status_of(cluster), values_of(cluster), record_of(cluster)) == ("deployed", SEED, {})
    assert not any(key[0] == "ServiceMonitor" for key in cluster.api.objects)


@pytest.mark.fault("a down that failed once forgets its record, and Cilium stays failed with our flags on")
def test_a_down_over_an_edit_by_hand() -> None:
    """The plan refuses, so that Helm does not leave the release failed; with take_over it continues."""
    cluster = with_cilium()
    up(cluster)
    cluster.api.patch("ConfigMap", "kube-system", "cilium-config", {"data": {"debug": "true"}}, "kubectl-edit")
    before = cluster.changes()
    with pytest.raises(ProblemsFound, match=r"kubectl-edit changed data\.debug by hand") as refused:
        planned_down(cluster)
    assert (refused.value.remedy, cluster.changes()) == (Remedy("take-over"), before)
    down(cluster, take_over=True)
    assert (status_of(cluster), values_of(cluster), record_of(cluster)) == ("deployed", SEED, {})


def test_a_release_that_others_left_failed() -> None:
    """It is reported, even if it has no values of ours."""
    cluster = with_cilium()
    key = ("kube-system", "cilium")
    cluster.releases.revisions[key][-1] = replace(cluster.releases.revisions[key][-1], status="failed")
    (notice,) = planned_down(cluster)
    assert isinstance(notice, Notice)
    assert (notice.problem, notice.title[:47]) == (True, "Helm release kube-system/cilium is failed, but ")


def test_later_changes_by_others_are_kept() -> None:
    """A value that was changed after `up` set it is kept; otherwise the previous value is restored."""
    cluster = with_cilium()
    up(cluster)
    values = values_of(cluster)
    values["prometheus"]["serviceMonitor"]["interval"] = "5s"
    values["debug"] = {"enabled": True}
    cluster.upgrade("cilium", "kube-system", "cilium", "1.20.0", values)
    (step,) = (step for step in planned_down(cluster) if isinstance(step, RevertValues))
    assert "left as it is now: prometheus.serviceMonitor.interval" in step.details
    down(cluster)
    assert values_of(cluster) == {
        **SEED,
        "prometheus": {"serviceMonitor": {"interval": "5s"}},
        "debug": {"enabled": True},
    }
    assert record_of(cluster) == {}


def test_removed_values_of_others_are_listed() -> None:
    """Before our stack is removed, the plan lists values that others set."""
    cluster = with_cilium()
    up(cluster)
    values = dict(cluster.releases.revisions["prometheus", "prometheus"][-1].values)
    cluster.upgrade("prometheus", "prometheus", "kube-prometheus-stack", "88.5.3", {**values, "mine": {"a": 1}})
    (step, *_) = (step for step in planned_down(cluster) if isinstance(step, HelmUninstall))
    assert step.details[0] == "values that others set are lost as well: mine.a"


def test_terminating_objects_do_not_keep_a_namespace() -> None:
    """An object that only waits for its finalizer does not count: the namespace is deleted in the same run."""
    cluster = with_cilium()
    up(cluster)
    foreign_object(cluster, "going")
    body = cluster.api.objects["ConfigMap", "prometheus", "going"].body
    body["metadata"] |= {"deletionTimestamp": "2026-01-01T00:00:00Z", "finalizers": ["example.org/slow"]}
    assert not any(isinstance(step, Notice) for step in planned_down(cluster))
    down(cluster)
    assert cluster.api.get("Namespace", "", "prometheus") is None


@pytest.mark.fault("the record was deleted: down reports that there is nothing to remove, and up reports nothing")
def test_a_record_that_was_deleted() -> None:
    """Who installed the releases is unknown: nothing is removed, and both report the missing record with a fix."""
    cluster = with_cilium()
    up(cluster)
    record = cluster.api.objects["ConfigMap", "kube-system", "cilium-dashboards-setup"].body
    cluster.api.delete("ConfigMap", "kube-system", "cilium-dashboards-setup")
    before = len(cluster.changes())
    missing, stays = planned_down(cluster)
    assert isinstance(missing, Notice)
    assert missing.problem
    assert missing.text.startswith("ConfigMap kube-system/cilium-dashboards-setup, the record of setup.sh, is missing")
    assert "helm list -n prometheus" in missing.details[1]
    assert stays.title == "namespace prometheus is kept"
    down(cluster)
    assert len(cluster.changes()) == before
    (warning,) = (step for step in planned_up(cluster) if "the record of setup.sh, is missing" in step.title)
    assert (warning.changes, isinstance(warning, Notice) and warning.problem) == (False, False)
    meta = {"name": "cilium-dashboards-setup", "namespace": "kube-system"}
    cluster.api.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": record["data"]}, "somebody")
    down(cluster)
    assert (values_of(cluster), record_of(cluster), planned_down(cluster)) == (SEED, {}, ())


def test_foreign_objects_with_our_names() -> None:
    """A stack and a namespace that another user created anew with our names are left alone."""
    cluster = with_cilium()
    up(cluster)
    cluster.run("helm uninstall prometheus -n prometheus")
    cluster.run("helm uninstall prometheus-operator-crds -n prometheus")
    cluster.api.delete("Namespace", "", "prometheus")
    cluster.install("prometheus", "prometheus", "kube-prometheus-stack", "88.5.3", {"mine": True})
    down(cluster)
    assert cluster.releases.revisions["prometheus", "prometheus"][-1].values == {"mine": True}
    assert cluster.api.get("Namespace", "", "prometheus")
    assert record_of(cluster) == {}


def test_volumes() -> None:
    """They are kept unless an option removes them; those of another Prometheus are always kept."""
    cluster = with_cilium()
    up(cluster)
    name = next(key[2] for key in cluster.api.objects if key[0] == "Prometheus")
    for claim, instance in (("db-0", name), ("other-0", "other")):
        labels = {"app.kubernetes.io/managed-by": "prometheus-operator", "app.kubernetes.io/instance": instance}
        meta = {"name": claim, "namespace": "prometheus", "labels": labels}
        cluster.api.create({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": meta}, "operator")
    (stack, *_) = (step for step in planned_down(cluster) if isinstance(step, HelmUninstall))
    assert (stack.details, stack.remedies) == (("its volumes are kept",), (Remedy("delete-volumes"),))
    steps = planned_down(cluster, delete_volumes=True)
    (volumes,) = (step for step in steps if isinstance(step, DeleteVolumes))
    assert [claim.name for claim in volumes.claims] == ["db-0"]
    stale = replace(volumes, claims=(replace(volumes.claims[0], uid="of another"),))
    with pytest.raises(ProblemsFound, match="PersistentVolumeClaim prometheus/db-0: changed after"):
        stale.execute(clients_of(cluster))
    note = {"metadata": {"annotations": {"volume": "unbound"}}}  # as controllers write while pods go
    cluster.api.patch("PersistentVolumeClaim", "prometheus", "db-0", note, "kube-controller-manager")
    run(steps, cluster)
    assert cluster.api.get("PersistentVolumeClaim", "prometheus", "db-0") is None
    assert cluster.api.get("PersistentVolumeClaim", "prometheus", "other-0")


def test_cilium_that_up_installed() -> None:
    """Cilium is kept unless an option removes it; our values are removed."""
    cluster = FakeCluster()
    up(cluster, install_cilium="1.20.0")
    (notice,) = (step for step in planned_down(cluster) if isinstance(step, Notice))
    assert notice.title == "Cilium is kept: it is the network of this cluster (kube-system/cilium)"
    assert notice.remedies == (Remedy("uninstall-cilium", {"release": "kube-system/cilium"}),)
    down(cluster)
    assert values_of(cluster) == {}
    assert record_of(cluster)["created"].keys() == {"release kube-system/cilium"}
    down(cluster, uninstall_cilium=True)
    assert (record_of(cluster), planned_down(cluster)) == ({}, ())


def test_edited_boards_are_kept() -> None:
    """They are listed with their editors; the others are deleted."""
    cluster = with_cilium()
    up(cluster)
    name = "cilium-dashboards-cilium-agent"
    cluster.api.patch("ConfigMap", "prometheus", name, {"data": {"cilium-agent.json": "{}"}}, "kubectl-edit")
    (notice, *_) = (step for step in planned_down(cluster) if isinstance(step, Notice))
    assert notice.details == (f"{name}: edited by kubectl-edit",)
    down(cluster)
    assert cluster.api.get("ConfigMap", "prometheus", name)
    assert record_of(cluster)["created"].keys() == {"boards prometheus", "namespace prometheus", SECRET}
    down(cluster, take_over=True)
    assert record_of(cluster) == {}


def test_a_stack_that_was_upgraded() -> None:
    """An uninstallation is refused if the release is no longer at the revision that it was planned on."""
    cluster = with_cilium()
    up(cluster)
    (step, *_) = (step for step in planned_down(cluster) if isinstance(step, HelmUninstall))
    values = dict(cluster.releases.revisions["prometheus", "prometheus"][-1].values)
    cluster.upgrade("prometheus", "prometheus", "kube-prometheus-stack", "88.5.3", {**values, "mine": True})
    with pytest.raises(ProblemsFound, match="was planned on revision 1"):
        execute(step, clients_of(cluster))
    assert titles(planned_down(cluster))[1] == "helm uninstall prometheus -n prometheus"


@pytest.mark.fault("a value that is null is read as the chart's default, which Helm deletes")
def test_a_feature_disabled_by_null_is_disabled_again() -> None:
    """A null that disabled a default is restored as false: without the key it would be enabled."""
    cluster = with_cilium({"envoy": {"prometheus": {"enabled": None}}})
    up(cluster)
    assert values_of(cluster)["envoy"]["prometheus"]["enabled"] is True
    down(cluster)
    assert (values_of(cluster), record_of(cluster)) == ({"envoy": {"prometheus": {"enabled": False}}}, {})


def test_a_namespace_that_was_created_anew() -> None:
    """Somebody's own of the same name is kept, empty as it is, also where it comes after the plan."""
    cluster = with_cilium()
    up(cluster)
    (step,) = (step for step in planned_down(cluster) if isinstance(step, DeleteNamespace))
    cluster.api.delete("Namespace", "", "prometheus")
    cluster.api.create_namespace("prometheus")
    assert list(execute(step, clients_of(cluster))) == ["kept: someone else created it anew"]
    assert cluster.api.get("Namespace", "", "prometheus")
    assert not [step for step in planned_down(cluster) if isinstance(step, DeleteNamespace)]


def test_a_namespace_that_is_being_deleted() -> None:
    """Nobody needs to delete it again."""
    cluster = with_cilium()
    up(cluster)
    cluster.api.objects["Namespace", "", "prometheus"].body["status"]["phase"] = "Terminating"
    assert not [step for step in planned_down(cluster) if isinstance(step, DeleteNamespace)]


@pytest.mark.fault("down forgets boards and values that another up put back while it ran")
def test_boards_that_another_up_puts_back() -> None:
    """Somebody deletes our boards, `down` is planned, and they are back when it brings the record up to date."""
    cluster = with_cilium()
    up(cluster)
    for key in [
        key for key in cluster.api.objects if key[1] == "prometheus" and key[2].startswith("cilium-dashboards-")
    ]:
        cluster.api.delete(*key)
    settle = _settle_step(planned_down(cluster))
    assert "boards prometheus" in settle.obsolete
    up(cluster)
    execute(settle, clients_of(cluster))
    assert "boards prometheus" in record_of(cluster)["created"]
    down(cluster)
    assert (record_of(cluster), cluster.api.get("Namespace", "", "prometheus")) == ({}, None)


@pytest.mark.fault("down forgets boards and values that another up put back while it ran")
def test_values_that_another_up_sets_again() -> None:
    """Somebody sets the values of before, `down` is planned, and ours are back when it brings the record up to date."""
    cluster = with_cilium()
    up(cluster)
    cluster.upgrade(
        "cilium", "kube-system", "cilium", cluster.releases.revisions["kube-system", "cilium"][-1].version, SEED
    )
    settle = _settle_step(planned_down(cluster))
    assert settle.obsolete == ("values kube-system/cilium",)
    up(cluster)
    execute(settle, clients_of(cluster))
    assert "kube-system/cilium" in record_of(cluster)["values"]
    down(cluster)
    assert (values_of(cluster), record_of(cluster)) == (SEED, {})


def _settle_step(steps: tuple[Step, ...]) -> SettleRecord:
    (step,) = (step for step in steps if isinstance(step, SettleRecord))
    return step
