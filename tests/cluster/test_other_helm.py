"""Releases that another version of Helm installed, or another program with Helm in it."""

from typing import Any

import pytest

from dashboards_py.cluster import execute
from dashboards_py.cluster.provenance import foreign_objects
from dashboards_py.cluster.steps.helm_upgrade import HelmUpgrade
from dashboards_py.errors import ProblemsFound, Remedy
from dashboards_py.kubernetes.conflict import by_hand
from tests.cluster.plans import SEED, clients_of, down, planned_up, up, with_cilium
from tests.fakes.cluster import FakeCluster

HELM_3: list[dict[str, Any]] = [
    {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"debug-verbose": "", "mtu": "1500"}},
    {"kind": "DaemonSet", "metadata": {"name": "d"}, "spec": {"command": ["build-config", "--urls="], "x": None}},
]
HELM_4: list[dict[str, Any]] = [
    {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"mtu": "1500"}},
    {"kind": "DaemonSet", "metadata": {"name": "d"}, "spec": {"command": ["build-config"]}},
]


@pytest.mark.fault("a release that another major version of Helm installed is taken for one of another chart")
@pytest.mark.parametrize(("manifest", "rendered"), [(HELM_3, HELM_4), (HELM_4, HELM_3)], ids=["3 to 4", "4 to 3"])
def test_blank_values_are_equal(manifest: list[Any], rendered: list[Any]) -> None:
    """Helm 3 renders an empty value for a null default, Helm 4 none; other values are still differences."""
    assert foreign_objects(manifest, rendered, lambda _: rendered, "v1.36.0") == ()
    other = [{**rendered[0], "data": {"mtu": "9000"}}, rendered[1]]
    assert foreign_objects(manifest, other, lambda _: other, "v1.36.0") == ("ConfigMap c",)


def installed_by_helm_3(version: str, values: dict[str, Any] | None = None) -> FakeCluster:
    """A cluster where Helm 3 installed Cilium, and `version` of Helm runs now."""
    cluster = FakeCluster()
    cluster.helm.version = "v3.17.2"
    cluster.install("cilium", "kube-system", "cilium", "1.20.0", values)
    cluster.install("crds", "default", "prometheus-operator-crds", "31.0.1")
    cluster.helm.version = version
    return cluster


def config_of(cluster: FakeCluster) -> dict[str, str]:
    body = cluster.api.get("ConfigMap", "kube-system", "cilium-config")
    return dict(body["data"]) if body else {}


def edit(cluster: FakeCluster, data: dict[str, str], manager: str = "kubectl-edit") -> None:
    cluster.api.patch("ConfigMap", "kube-system", "cilium-config", {"data": data}, manager)


@pytest.mark.fault("Helm 4 overwrites an edit in a release that Helm 3 installed, made while up runs")
@pytest.mark.parametrize("version", ["v3.17.2", "v4.3"])
@pytest.mark.parametrize("key", ["enable-hubble", "hubble-metrics"])  # only the upgrade renders the second
def test_an_edit_while_up_runs(version: str, key: str) -> None:
    """Helm 4.3 patches a release of Helm 3 as Helm 3 does, without a conflict: up looks for edits itself."""
    cluster = installed_by_helm_3(version)
    (step,) = (step for step in planned_up(cluster) if isinstance(step, HelmUpgrade))
    edit(cluster, {key: "mine"})
    with pytest.raises(ProblemsFound, match=rf"kubectl-edit changed data\.{key} by hand"):
        execute(step, clients_of(cluster))
    assert config_of(cluster)[key] == "mine"


def test_what_is_no_edit_while_up_runs() -> None:
    """Replicas that an autoscaler sets, and a value that was set by hand to what the upgrade sets, are no obstacle."""
    after, cluster = (installed_by_helm_3("v4.3", SEED) for _ in range(2))
    up(after)
    edit(cluster, {"hubble-metrics": config_of(after)["hubble-metrics"]})
    (step,) = (step for step in planned_up(cluster) if isinstance(step, HelmUpgrade))
    autoscale(cluster)
    execute(step, clients_of(cluster))
    assert config_of(cluster) == config_of(after)


def autoscale(cluster: FakeCluster) -> None:
    scaler = {"kind": "HorizontalPodAutoscaler", "metadata": {"name": "x", "namespace": "kube-system"}}
    target = {"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "cilium-operator"}}}
    cluster.api.create({"apiVersion": "autoscaling/v2", **scaler, **target}, "kubectl-create")
    replicas = {"spec": {"replicas": 5}}
    cluster.api.patch("Deployment", "kube-system", "cilium-operator", replicas, "kube-controller-manager")


@pytest.mark.fault("an edit by hand is not found until Helm fails on it and leaves Cilium's release failed")
def test_replicas_over_which_helm_and_an_autoscaler_differ() -> None:
    """Helm 4 would refuse to set the replicas that it renders, half-way: the plan does, and so does the step."""
    cluster = with_cilium()
    cluster.install("crds", "default", "prometheus-operator-crds", "31.0.1")
    (step,) = (step for step in planned_up(cluster) if isinstance(step, HelmUpgrade))
    autoscale(cluster)
    text = r"Deployment kube-system/cilium-operator: kube-controller-manager changed spec\.replicas$"
    with pytest.raises(ProblemsFound, match=text):
        execute(step, clients_of(cluster))
    with pytest.raises(ProblemsFound, match=text) as refused:
        planned_up(cluster)
    assert refused.value.remedy == Remedy("take-over")
    (step,) = (step for step in planned_up(cluster, take_over=True) if isinstance(step, HelmUpgrade))
    cluster.api.patch(
        "Deployment", "kube-system", "cilium-operator", {"spec": {"replicas": 4}}, "kube-controller-manager"
    )
    execute(step, clients_of(cluster))


PROGRAMS = ["terraform-provider-helm_v2.17.0_x5", "cilium"]


def rename_helm(cluster: FakeCluster, program: str, operation: str = "Update") -> None:
    """As if a program with Helm 3 (`Apply`: Helm 4) in it had installed everything: it writes under its own name."""
    for stored in cluster.api.objects.values():
        for manager in [manager for manager in stored.owners if manager[0] == "helm"]:
            stored.owners[program, operation] = stored.owners.pop(manager)
            stored.times[program, operation] = stored.times.pop(manager)


@pytest.mark.fault("on a Cilium that Terraform or `cilium install` has installed, up calls each change an edit by hand")
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_with_helm_in_it(program: str) -> None:
    """What it installed is as Helm would have: up and down change it, and leave what is not theirs."""
    cluster = installed_by_helm_3("v4.3")
    rename_helm(cluster, program)
    before = config_of(cluster)
    up(cluster)
    assert config_of(cluster) != before
    assert not any(step.changes for step in planned_up(cluster))
    down(cluster)
    assert config_of(cluster) == before


@pytest.mark.parametrize("manager", ["cilium", "kubectl-edit", "kubectl"])
@pytest.mark.parametrize("key", ["debug", "hubble-metrics"])  # only the upgrade renders the second
def test_an_edit_by_the_same_program(manager: str, key: str) -> None:
    """`cilium config set` writes under the name of `cilium install`: what the chart did not render is still an edit."""
    cluster = installed_by_helm_3("v4.3")
    rename_helm(cluster, "cilium")
    assert "hubble-metrics" not in config_of(cluster)
    edit(cluster, {key: "true"}, manager)
    with pytest.raises(ProblemsFound, match=rf"{manager} changed data\.{key}{by_hand(manager)}$"):
        planned_up(cluster)


def test_an_object_that_kubectl_made_part_of_a_release() -> None:
    """Helm's annotation, set with kubectl to adopt an object, makes kubectl no program of Helm's."""
    cluster = with_cilium()
    rename_helm(cluster, "kubectl-edit")
    with pytest.raises(ProblemsFound, match="kubectl-edit changed "):
        planned_up(cluster)


def test_who_applies_on_the_server() -> None:
    """Helm 4 conflicts with Flux, which has Helm 4 in it, and with a controller that set what the chart has as well."""
    cluster = with_cilium()
    rename_helm(cluster, "helm-controller", "Apply")
    with pytest.raises(ProblemsFound, match="helm-controller changed "):
        planned_up(cluster)
    cluster = with_cilium()
    rendered = config_of(cluster)["hubble-metrics"]
    for value in ("other", rendered):
        edit(cluster, {"hubble-metrics": value}, "controller")
    with pytest.raises(ProblemsFound, match=r" controller changed data\.hubble-metrics$"):
        planned_up(cluster)


def test_an_edit_that_is_taken_over_with_helm_3() -> None:
    """It knows no --force-conflicts, and overwrites without."""
    cluster = installed_by_helm_3("v3.17.2")
    edit(cluster, {"enable-hubble": "mine"})
    with pytest.raises(ProblemsFound, match="kubectl-edit changed"):
        planned_up(cluster)
    up(cluster, take_over=True)
    assert config_of(cluster)["enable-hubble"] == "true"
