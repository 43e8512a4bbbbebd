"""The plans of `up`: complete plans as values, on a cluster in memory."""

import copy
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards_py import board_cache
from dashboards_py.cluster import our_boards, verify
from dashboards_py.cluster.changes import ObjectChange
from dashboards_py.cluster.drift import Drift, ObjectKey
from dashboards_py.cluster.steps.apply_boards import ApplyBoards
from dashboards_py.cluster.steps.create_namespace import CreateNamespace
from dashboards_py.cluster.steps.helm_install import HelmInstall
from dashboards_py.cluster.steps.helm_upgrade import HelmUpgrade
from dashboards_py.cluster.steps.notice import Notice
from dashboards_py.cluster.steps.restart import Restart
from dashboards_py.cluster.steps.step import Step
from dashboards_py.errors import DashboardsError, ProblemsFound, Remedy
from dashboards_py.kubernetes.helm import HelmRelease
from dashboards_py.values.keys import get_value
from tests.cluster.plans import (
    INSTALLED,
    OPTIONS,
    SEED,
    clients_of,
    down,
    planned_up,
    state_of,
    titles,
    up,
    with_cilium,
)
from tests.fakes.cluster import FakeCluster

RELEASE = HelmRelease("cilium", "kube-system", "cilium", "1.20.0", 1, "deployed")
STACK_VALUES = {
    "grafana.sidecar.dashboards.folderAnnotation": "grafana_folder",
    "grafana.sidecar.dashboards.provider.foldersFromFilesStructure": True,
    "prometheus.prometheusSpec.scrapeInterval": "30s",
    "prometheus.prometheusSpec.serviceMonitorSelector.matchLabels.release": "prometheus",
}


def bare(step: Step) -> Step:
    """A step without the fields that are only printed."""
    return replace(step, details=(), remedies=())


def patch(cluster: FakeCluster, kind: str, name: str, changes: Any, namespace: str = "kube-system") -> None:
    """An edit by hand."""
    cluster.api.patch(kind, namespace, name, changes, "kubectl-edit")


def test_the_whole_plan() -> None:
    """On a cluster that runs only Cilium: each step with the revision and values it is planned on."""
    namespace, crds, cilium, stack, boards = map(bare, planned_up(with_cilium()))
    assert namespace == CreateNamespace(name="prometheus")
    assert crds == HelmInstall(
        name="prometheus-operator-crds",
        namespace="prometheus",
        chart="prometheus-operator-crds",
        version="31.0.1",
        values={},
        required_values={},
        timeout="10m",
    )
    assert isinstance(cilium, HelmUpgrade)
    assert (cilium.release, cilium.expected_values, cilium.force, cilium.edits) == (RELEASE, SEED, False, ())
    assert all(get_value(cilium.values, key) == value for key, value in cilium.required_values.items())
    assert cilium.required_values["prometheus.serviceMonitor.labels.release"] == "prometheus"
    handlers = [entry.partition(":")[0] for entry in cilium.required_values["hubble.metrics.enabled"]]
    assert handlers[:2] == ["dns", "drop"]
    assert cilium.values["ipam"] == SEED["ipam"]
    assert stack == HelmInstall(
        name="prometheus",
        namespace="prometheus",
        chart="kube-prometheus-stack",
        version="88.5.3",
        values=stack.values if isinstance(stack, HelmInstall) else {},
        required_values=STACK_VALUES,
        timeout="10m",
        skip_crds=True,
    )
    assert isinstance(boards, ApplyBoards)
    assert (boards.namespace, boards.cilium, boards.expected, boards.overwrite) == ("prometheus", INSTALLED, {}, False)
    assert all(body["kind"] == "ConfigMap" for body in boards.config_maps)


def test_a_plan_reads_and_renders_no_more_than_it_needs() -> None:
    """Nothing is changed; the chart is rendered twice with current values, to find random ones, and once with new."""
    cluster = with_cilium()
    before = len(cluster.log)
    planned_up(cluster)
    assert cluster.changes() == []
    assert sum("helm template" in line for line in cluster.log[before:]) == 3
    up(cluster, restart=True)
    before = len(cluster.log)
    assert planned_up(cluster) == ()
    assert not any("helm template" in line for line in cluster.log[before:])


def test_up_converges() -> None:
    """After `up` nothing is left to do, and other values are unchanged."""
    cluster = with_cilium()
    assert up(cluster, restart=True) == []
    assert planned_up(cluster) == ()
    values = state_of(cluster).values["kube-system/cilium"]
    assert values["ipam"] == SEED["ipam"]


def test_a_stack_that_selects_everything() -> None:
    """It still does after `up`, since others need it, and one `up` is enough; `down` leaves its values.

    That the real chart renders the same selector is in tests/live/test_charts.py.
    """
    cluster = with_cilium()
    spec = {"prometheus": {"prometheusSpec": {"serviceMonitorSelectorNilUsesHelmValues": False}}}
    cluster.install("prometheus", "prometheus", "kube-prometheus-stack", "88.5.3", spec)
    assert up(cluster, restart=True) == []
    (prometheus,) = state_of(cluster).prometheuses
    assert prometheus.selector == {}
    assert planned_up(cluster) == ()
    assert down(cluster) == []
    assert state_of(cluster).values["prometheus/prometheus"] == spec


def test_a_feature_that_someone_disabled() -> None:
    """It stays disabled, and the plan names it."""
    disabled = {"hubble": {"relay": {"enabled": False}}}
    cluster = with_cilium(disabled)
    details = [line for step in planned_up(cluster) for line in step.details]
    assert "your value is kept: hubble.relay.enabled false" in " ".join(details)
    assert up(cluster) == []
    assert get_value(state_of(cluster).values["kube-system/cilium"], "hubble.relay.enabled") is False


def test_envoy_inside_the_agents_is_refused() -> None:
    """Nothing can scrape it there, before `up` as after: an option accepts that, and then nothing is left to do."""
    cluster = with_cilium({**SEED, "envoy": {"enabled": False}})
    for _ in range(2):
        with pytest.raises(ProblemsFound, match="runs inside the agent") as refused:
            planned_up(cluster)
        assert refused.value.remedy == Remedy("accept-embedded-envoy")
        up(cluster, embedded_envoy=True, restart=True)
    assert planned_up(cluster, embedded_envoy=True) == ()


def test_cilium_twice() -> None:
    """Which of two releases is meant is not guessed: both are named."""
    state = state_of(FakeCluster())
    assert state.cilium is None
    assert replace(state, helm=(RELEASE,)).cilium == RELEASE
    with pytest.raises(DashboardsError, match="more than once: kube-system/cilium, other/cilium"):
        assert replace(state, helm=(RELEASE, replace(RELEASE, namespace="other"))).cilium


def test_cilium_from_nothing() -> None:
    """Without Cilium `up` refuses unless a version is given, and then installs it."""
    cluster = FakeCluster()
    with pytest.raises(DashboardsError, match="is not in this cluster") as refused:
        planned_up(cluster)
    assert refused.value.remedy == Remedy("install-cilium")
    steps = planned_up(cluster, install_cilium="1.20.0")
    (cilium,) = (step for step in steps if isinstance(step, HelmInstall) and step.chart == "cilium")
    assert (cilium.namespace, cilium.version) == ("kube-system", "1.20.0")
    assert cilium.details[-1].endswith("objects are new: Cilium becomes the network of this cluster")
    up(cluster, install_cilium="1.20.0")
    assert [step for step in planned_up(cluster, restart=True) if step.changes and not isinstance(step, Restart)] == []


def test_workloads_that_must_be_restarted() -> None:
    """Workloads that mount what changes and do not restart themselves are reported, or rolled out with --restart."""
    cluster = with_cilium()
    (upgrade,) = (step for step in planned_up(cluster) if isinstance(step, HelmUpgrade))
    assert upgrade.remedies == (Remedy("restart"),)
    assert any("reads its configuration only when it starts" in line for line in upgrade.details)
    restarts = [step for step in planned_up(cluster, restart=True) if isinstance(step, Restart)]
    assert [step.namespace for step in restarts] == ["kube-system"]
    assert ("DaemonSet", "cilium-envoy") not in restarts[0].workloads
    assert ("Deployment", "cilium-operator") in restarts[0].workloads


@pytest.mark.fault("an edit by hand is not found until Helm fails on it and leaves Cilium's release failed")
def test_the_plan_refuses_an_edit_by_hand() -> None:
    """The error names the object, the field and the editor; with take_over the plan lists what it overwrites."""
    cluster = with_cilium()
    patch(cluster, "ConfigMap", "cilium-config", {"data": {"hubble-metrics": "mine"}})
    with pytest.raises(ProblemsFound) as refused:
        planned_up(cluster)
    assert refused.value.what == "ConfigMap kube-system/cilium-config"
    assert refused.value.cause == "kubectl-edit changed data.hubble-metrics by hand"
    assert refused.value.remedy == Remedy("take-over")
    assert cluster.changes() == []
    (upgrade,) = (step for step in planned_up(cluster, take_over=True) if isinstance(step, HelmUpgrade))
    edit = Drift(ObjectKey("ConfigMap", "kube-system", "cilium-config"), "data.hubble-metrics", "kubectl-edit")
    assert (upgrade.force, upgrade.edits) == (True, (edit,))
    text = "ConfigMap kube-system/cilium-config: overwrites what kubectl-edit set: data.hubble-metrics"
    assert text in upgrade.details


@pytest.mark.fault("plan reports that no pod restarts though an edit of a pod template is overwritten")
def test_pods_that_restart_because_an_edit_is_undone() -> None:
    """The chart renders the DaemonSet as before, but undoing the edit restarts its pods, with the new configuration."""
    cluster = with_cilium()
    up(cluster, restart=True)
    template = {"metadata": {"labels": {"k8s-app": "x"}}}
    patch(cluster, "DaemonSet", "cilium", {"spec": {"template": template}})
    patch(cluster, "ConfigMap", "cilium-config", {"data": {"debug": "true"}})
    (step,) = (step for step in planned_up(cluster, take_over=True) if isinstance(step, HelmUpgrade))
    assert "DaemonSet cilium: its pods restart" in step.details
    assert "no pod restarts" not in step.details
    (waiting,) = (line for line in step.details if "reads its configuration only when it starts" in line)
    assert "DaemonSet cilium" not in waiting
    cluster.api.patch(
        "DaemonSet", "kube-system", "cilium", {"spec": {"template": {"metadata": {"labels": {"k8s-app": "cilium"}}}}}
    )
    (step,) = (step for step in planned_up(cluster, take_over=True) if isinstance(step, HelmUpgrade))
    assert "no pod restarts" in step.details


def test_a_field_that_only_the_new_values_have() -> None:
    """A field set by hand that the upgrade is about to add: Helm would fail on it too."""
    cluster = with_cilium()
    patch(cluster, "ConfigMap", "cilium-config", {"data": {"metrics": "+mine"}})
    with pytest.raises(ProblemsFound, match=r"kubectl-edit changed data\.metrics by hand"):
        planned_up(cluster)


def test_an_edit_without_an_upgrade() -> None:
    """If nothing else is to be done, an edit is reported and left alone; with take_over it is overwritten."""
    cluster = with_cilium()
    up(cluster, restart=True)
    patch(cluster, "ConfigMap", "cilium-config", {"data": {"debug": "true"}})
    (notice,) = (step for step in planned_up(cluster) if isinstance(step, Notice) and step.problem)
    assert notice.text == "Helm release kube-system/cilium: edited, and left alone"
    assert notice.details == ("ConfigMap kube-system/cilium-config: kubectl-edit set data.debug by hand",)
    assert notice.remedies == (Remedy("take-over"),)
    assert [step for step in planned_up(cluster) if isinstance(step, HelmUpgrade)] == []
    cluster.api.patch("ConfigMap", "kube-system", "cilium-config", {"data": {"debug": "maybe"}}, "argocd-controller")
    (notice,) = (step for step in planned_up(cluster) if isinstance(step, Notice) and step.problem)
    assert notice.details == ("ConfigMap kube-system/cilium-config: argocd-controller set data.debug",)
    up(cluster, take_over=True, restart=True)
    assert planned_up(cluster) == ()


def _delete(kind: str, namespace: str, name: str) -> Any:
    return lambda cluster: cluster.api.delete(kind, namespace, name)


LOST = [
    pytest.param(
        _delete("Service", "kube-system", "hubble-metrics"),
        "Service kube-system/hubble-metrics is missing",
        id="a Service",
    ),
    pytest.param(
        _delete("ServiceMonitor", "kube-system", "hubble"),
        "ServiceMonitor kube-system/hubble is missing",
        id="a ServiceMonitor",
    ),
    pytest.param(
        lambda cluster: patch(cluster, "ConfigMap", "cilium-config", {"data": {"prometheus-serve-addr": None}}),
        "ConfigMap kube-system/cilium-config: data.prometheus-serve-addr is removed, Helm has :9962",
        id="a removed key",
    ),
    pytest.param(
        lambda cluster: cluster.api.scale("Deployment", "kube-system", "cilium-operator", 0),
        "Deployment kube-system/cilium-operator: spec.replicas is 0, Helm has 2",
        id="no replicas",
    ),
    pytest.param(
        _delete("Prometheus", "prometheus", "prometheus-kube-prometheus-prometheus"),
        "Prometheus prometheus/prometheus-kube-prometheus-prometheus is missing",
        id="the Prometheus",
        marks=pytest.mark.fault("a deleted Prometheus object: up finds nothing to do"),
    ),
    pytest.param(
        lambda cluster: cluster.api.scale("Deployment", "prometheus", "prometheus-grafana", 0),
        "Deployment prometheus/prometheus-grafana: spec.replicas is 0, Helm has 1",
        id="no Grafana",
    ),
]


@pytest.mark.fault("plan and up do not see live drift: nothing to do")
@pytest.mark.parametrize(("lose", "line"), LOST)
def test_lost_objects_are_restored(lose: Any, line: str) -> None:
    """The plan lists the loss, an upgrade with the same values restores it, and a second run has nothing to do."""
    cluster = with_cilium()
    up(cluster, restart=True)
    lose(cluster)
    (step,) = (step for step in planned_up(cluster) if isinstance(step, HelmUpgrade))
    assert line in step.details
    assert (step.required_values, step.values) == ({}, step.expected_values)
    up(cluster, restart=True)
    assert planned_up(cluster) == ()


def test_replicas_of_an_autoscaler_are_not_a_loss() -> None:
    """The autoscaler decides the replicas: an upgrade would only undo them again and again."""
    cluster = with_cilium()
    up(cluster, restart=True)
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cilium-operator"}
    meta = {"name": "operator", "namespace": "kube-system"}
    spec = {"scaleTargetRef": target, "maxReplicas": 5}
    body = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": meta, "spec": spec}
    cluster.api.create(body, "somebody")
    cluster.api.scale("Deployment", "kube-system", "cilium-operator", 4)
    assert planned_up(cluster) == ()


def test_a_failed_release_is_upgraded_again() -> None:
    """The upgrade uses the values of the failed revision."""
    cluster = with_cilium()
    cluster.api.unready.add("cilium-operator")
    with pytest.raises(DashboardsError, match="not ready"):
        up(cluster)
    cluster.api.unready.clear()
    (step,) = (step for step in planned_up(cluster) if isinstance(step, HelmUpgrade))
    assert (step.release.status, step.release.revision, step.required_values) == ("failed", 2, {})
    assert "its last upgrade is failed: it is repeated, and pods may restart" in step.details
    up(cluster)
    assert state_of(cluster).cilium == replace(RELEASE, revision=3)


@pytest.mark.fault("a Helm release whose chart version has no dot crashes plan, up, verify and down")
def test_other_charts() -> None:
    """Whatever the names and versions of other charts, each command works, and leaves their releases alone."""
    cluster = with_cilium()
    revisions = cluster.releases.revisions
    (own,) = revisions["kube-system", "cilium"]
    charts = (("foo", "2"), ("foo-2", "1.0.0"), ("weird", ""))
    others = {
        ("default", f"other-{index}"): [replace(own, chart=name, version=version, values={"mine": 1}, manifest=())]
        for index, (name, version) in enumerate(charts)
    }
    revisions.update(copy.deepcopy(others))
    up(cluster, restart=True)
    assert planned_up(cluster) == ()
    assert [check for check in verify(clients_of(cluster), OPTIONS, None) if check.ok is False] == []
    down(cluster)
    assert {key: revisions[key] for key in others} == others


@pytest.mark.fault("a chart of a mirror or fork with the same version is replaced by the repository's")
def test_a_chart_from_elsewhere() -> None:
    """If the repository's chart renders other objects, the error names them, the source and the option to go on."""
    cluster = with_cilium()
    revisions = cluster.releases.revisions["kube-system", "cilium"]
    manifest = list(revisions[0].manifest)
    agent = next(body for body in manifest if body["kind"] == "DaemonSet" and body["metadata"]["name"] == "cilium")
    agent["spec"]["template"]["spec"]["containers"][0]["image"] = "mirror.example.org/cilium:1.20.0"
    with pytest.raises(ProblemsFound) as refused:
        planned_up(cluster)
    assert refused.value.what == "chart cilium 1.20.0 of kube-system/cilium"
    assert "https://helm.cilium.io" in refused.value.cause
    assert (
        "renders differently with the same values: DaemonSet kube-system/cilium; the release came"
        in refused.value.cause
    )
    assert "--reuse-values" in refused.value.cause
    assert refused.value.remedy == Remedy("replace-chart", {"chart": "cilium", "version": "1.20.0"})
    assert any(isinstance(step, HelmUpgrade) for step in planned_up(cluster, replace_chart=True))
    up(cluster, replace_chart=True)
    revisions[-1].manifest[-1]["metadata"]["labels"]["fork"] = "yes"
    with pytest.raises(ProblemsFound, match="chart cilium"):
        down(cluster)


REFUSED = [
    pytest.param(
        {"namespace": "other"}, "is already installed as prometheus/prometheus", "use-existing-stack", id="stack"
    ),
    pytest.param(
        {"prometheus": "a/b"}, "there is no Prometheus a/b here", "choose-prometheus", id="no such Prometheus"
    ),
    pytest.param({"stack": False, "namespace": "nope"}, "does not exist", "choose-namespace", id="namespace"),
]


@pytest.mark.parametrize(("options", "cause", "remedy"), REFUSED)
def test_refusals(options: dict[str, Any], cause: str, remedy: str) -> None:
    """Each error has the cause, and as data the option that overrides it."""
    cluster = with_cilium()
    up(cluster)
    before = cluster.changes()
    with pytest.raises(DashboardsError) as refused:
        planned_up(cluster, **options)
    assert cause in refused.value.cause
    assert refused.value.remedy
    assert refused.value.remedy.kind == remedy
    assert cluster.changes() == before


@pytest.mark.fault("without prometheus-operator the advice is to install a second stack")
def test_no_prometheus_operator() -> None:
    """The remedy is not to install a stack."""
    cluster = with_cilium()
    with pytest.raises(DashboardsError) as refused:
        planned_up(cluster, stack=False)
    assert refused.value.remedy == Remedy("no-prometheus")


@pytest.mark.fault("without prometheus-operator the advice is to install a second stack")
def test_a_prometheus_that_no_stack_of_ours_created() -> None:
    """A Prometheus object without a Helm release of the stack is used, and no second one is installed."""
    cluster = with_cilium()
    cluster.install("crds", "default", "prometheus-operator-crds", "31.0.1")
    meta = {"name": "k8s", "namespace": "default"}
    body = {"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus", "metadata": meta, "spec": {}}
    cluster.api.create(body, "somebody")
    with pytest.raises(ProblemsFound, match=r"runs Prometheus default/k8s, and no Helm release") as refused:
        planned_up(cluster)
    assert refused.value.remedy == Remedy("leave-stack-alone")


def test_an_edited_board_is_planned_as_refused() -> None:
    """The plan lists a board that was edited; `up` leaves it unless take_over is set."""
    cluster = with_cilium()
    up(cluster, restart=True)
    name = "cilium-dashboards-cilium-agent"
    patch(cluster, "ConfigMap", name, {"data": {"cilium-agent.json": "{}"}}, "prometheus")
    (step,) = planned_up(cluster)
    assert isinstance(step, ApplyBoards)
    assert step.details[1:] == (f"ConfigMap {name} was edited by kubectl-edit",)
    with pytest.raises(ProblemsFound, match="1 not deployed: ConfigMap"):
        up(cluster)
    config_map = cluster.api.get("ConfigMap", "prometheus", name)
    assert config_map
    assert config_map["data"]["cilium-agent.json"] == "{}"
    up(cluster, take_over=True)
    assert planned_up(cluster) == ()


def test_titles_are_commands() -> None:
    """The printed titles read like the commands that are run."""
    assert titles(planned_up(with_cilium()))[:3] == [
        "kubectl create namespace prometheus",
        "helm install prometheus-operator-crds -n prometheus (chart prometheus-operator-crds 31.0.1)",
        "helm upgrade cilium -n kube-system (chart cilium 1.20.0)",
    ]


def test_a_release_that_is_pending() -> None:
    """Another operation runs or was interrupted: the error names Helm's command for it."""
    cluster = with_cilium()
    key = ("kube-system", "cilium")
    cluster.releases.revisions[key][-1] = replace(cluster.releases.revisions[key][-1], status="pending-upgrade")
    with pytest.raises(ProblemsFound, match="is pending-upgrade") as refused:
        planned_up(cluster)
    assert "helm rollback cilium -n kube-system" in refused.value.fix


def test_changes_of_the_chart_are_listed() -> None:
    """New and changed objects are listed, without random certificates."""
    cluster = with_cilium()
    (upgrade,) = (step for step in planned_up(cluster) if isinstance(step, HelmUpgrade))
    assert str(ObjectChange("ServiceMonitor", "hubble", "new")) in upgrade.details
    assert not any(line.startswith("Secret cilium-ca") for line in upgrade.details)
    assert clients_of(cluster).context == "simulated"


def test_a_cluster_with_another_network() -> None:
    """Without Cilium the error names the existing network plugin, and no other DaemonSet."""
    cluster = FakeCluster()
    for name in ("calico-node", "node-exporter"):
        container = {"name": name, "image": name}
        spec = {
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}},
        }
        metadata = {"name": name, "namespace": "kube-system"}
        body = {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": metadata, "spec": spec}
        cluster.api.create(body, "somebody")
    with pytest.raises(DashboardsError) as refused:
        planned_up(cluster)
    assert refused.value.cause == "is not in this cluster; pods are networked by calico-node"
    assert refused.value.remedy == Remedy("install-cilium")


def test_series_that_nobody_reads_are_dropped_with_keep() -> None:
    """The rules come behind a rule of the user's, a second run changes nothing, and `down` restores the user's."""
    own = {"sourceLabels": ["__name__"], "action": "drop", "regex": "go_.*"}
    cluster = with_cilium({"prometheus": {"serviceMonitor": {"metricRelabelings": [own]}}})
    up(cluster, restart=True)
    plan = planned_up(cluster, keep=True)
    assert len(plan) == 1
    assert max(map(len, plan[0].details)) < 400
    up(cluster, keep=True, restart=True)
    values = state_of(cluster).values["kube-system/cilium"]
    first, second = values["prometheus"]["serviceMonitor"]["metricRelabelings"]
    assert first == own
    assert second["action"] == "keep"
    assert re.fullmatch(second["regex"], "cilium_drop_count_total")
    assert not re.fullmatch(second["regex"], "go_gc_heap_objects_objects")
    assert values["hubble"]["relay"]["prometheus"]["serviceMonitor"]["metricRelabelings"][0]["action"] == "keep"
    assert planned_up(cluster, keep=True) == ()
    assert planned_up(cluster) == ()
    down(cluster)
    after = state_of(cluster).values["kube-system/cilium"]
    assert after == {"prometheus": {"serviceMonitor": {"metricRelabelings": [own]}}}


def test_a_plan_has_the_boards_that_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second plan compiles no board and no alert, and is the same; compiling would take most of its time."""
    options = {"cache": tmp_path, "rules": True, "keep": True}
    first = planned_up(with_cilium(), **options)
    kept = sorted(path.name.partition("-")[0] for path in tmp_path.iterdir())
    assert set(kept) == {"alerts", "boards"}
    for cached in (our_boards.compiled_boards, our_boards.compiled_rules, our_boards.boards_read):
        cached.cache_clear()
    for name in ("_compile", "_compile_rules"):
        monkeypatch.setattr(board_cache, name, None)
    assert planned_up(with_cilium(), **options) == first
