"""Kinds of prometheus-operator that somebody deleted, with all their objects."""

import pytest

from dashboards_py.cluster import verify
from dashboards_py.cluster.state import KINDS
from dashboards_py.cluster.steps.helm_upgrade import HelmUpgrade
from dashboards_py.errors import ProblemsFound, Remedy
from tests.cluster.plans import OPTIONS, clients_of, down, planned_down, planned_up, run, up, with_cilium
from tests.cluster.test_execute import cilium_values, record_of, with_crds
from tests.fakes.cluster import FakeCluster

GROUP = "monitoring.coreos.com"
MONITORS = f"servicemonitors.{GROUP}"


def kinds(cluster: FakeCluster) -> set[str]:
    """The definitions of the operator's kinds."""
    return {key[2] for key in cluster.api.objects if key[0] == "CustomResourceDefinition"}


def checks_of(cluster: FakeCluster) -> dict[str, str]:
    """What `verify` reports as failed."""
    return {check.name: check.observed for check in verify(clients_of(cluster), OPTIONS, None) if check.ok is False}


@pytest.mark.fault("if somebody deletes a kind of prometheus-operator, up fails and advises up")
@pytest.mark.parametrize("deleted", [{MONITORS}, {f"prometheuses.{GROUP}"}, set()], ids=["monitors", "one", "all"])
def test_deleted_kinds_are_restored(deleted: set[str]) -> None:
    """The release of the kinds is upgraded first, then what had objects of them; a second run changes nothing."""
    cluster = with_cilium()
    up(cluster)
    before = kinds(cluster)
    assert before == KINDS
    for name in deleted or before:
        cluster.api.delete("CustomResourceDefinition", "", name)
    assert "CRDs" in checks_of(cluster)
    with pytest.raises(ProblemsFound, match="and Helm can remove no object of a kind") as refused:
        planned_down(cluster)
    assert refused.value.remedy == Remedy("install-kinds")
    steps = planned_up(cluster)
    assert isinstance(steps[0], HelmUpgrade)
    assert steps[0].release.name == "prometheus-operator-crds"
    run(steps, cluster)
    assert kinds(cluster) == before
    assert not any(step.changes for step in planned_up(cluster))
    down(cluster)
    assert record_of(cluster) == {}
    assert "prometheus" not in cilium_values(cluster)


def test_objects_of_a_missing_kind_are_one_check() -> None:
    """verify names the kind, not each of its objects."""
    cluster = with_cilium()
    up(cluster)
    cluster.api.delete("CustomResourceDefinition", "", MONITORS)
    failed = checks_of(cluster)
    assert failed["kind ServiceMonitor"].startswith("is not defined, and so ")
    assert not any(name.startswith("live ServiceMonitor") for name in failed)


def test_kinds_that_no_chart_of_them_installed() -> None:
    """The command that defines them is named, since the chart could not be installed beside the others."""
    cluster = with_crds(with_cilium())
    up(cluster)
    for revisions in list(cluster.releases.revisions):
        if revisions[1] == "crds":
            del cluster.releases.revisions[revisions]
    cluster.api.delete("CustomResourceDefinition", "", MONITORS)
    with pytest.raises(ProblemsFound, match=f"missing: {MONITORS}, though others are defined") as refused:
        planned_up(cluster)
    assert "helm show crds kube-prometheus-stack --repo " in refused.value.fix
