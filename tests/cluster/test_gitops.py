"""What a GitOps controller set is changed in its source, wherever an error, a notice or a check says how to go on."""

from collections.abc import Callable, Iterator

import pytest

from dashboards_py.cli._remedies import fix_text
from dashboards_py.cluster import Notice, execute, verify
from dashboards_py.cluster.checks.fixes import edited_fix
from dashboards_py.cluster.steps.apply_boards import ApplyBoards
from dashboards_py.cluster.steps.apply_rules import ApplyRules
from dashboards_py.errors import Fix, ProblemsFound
from dashboards_py.kubernetes.gitops import TOOLS, gitops_tools, overwrite_remedy
from dashboards_py.kubernetes.helm_errors import error_from_stderr
from dashboards_py.targets import Payload
from dashboards_py.targets.configmaps import NAME_PREFIX, compare
from tests.cluster.plans import OPTIONS, clients_of, planned_down, planned_up, up, with_cilium
from tests.fakes.cluster import FakeCluster
from tests.targets.small_boards import payload

BOARD = f"{NAME_PREFIX}hubble-http"
CONFLICT = """\
Error: UPGRADE FAILED: conflict occurred while applying object kube-system/cilium-config /v1, Kind=ConfigMap: Apply \
failed with 1 conflict: conflict with "{}" using v1: .data.debug
"""
Advice = Callable[[FakeCluster, str], Iterator[Fix]]


def _edit(cluster: FakeCluster, manager: str) -> None:
    """Change a board, the alerts and Cilium's configuration."""
    cluster.api.patch("ConfigMap", "prometheus", BOARD, {"data": {"hubble-http.json": "{}"}}, manager)
    cluster.api.patch("PrometheusRule", "prometheus", "cilium-dashboards", {"spec": {"groups": []}}, manager)
    cluster.api.patch("ConfigMap", "kube-system", "cilium-config", {"data": {"debug": "maybe"}}, manager)


def from_plan_up(cluster: FakeCluster, manager: str) -> Iterator[Fix]:
    """Of `up` that has nothing else to do with Cilium, and of its steps."""
    _edit(cluster, manager)
    steps = planned_up(cluster, rules=True)
    (notice,) = (step for step in steps if isinstance(step, Notice) and step.problem)
    yield from notice.remedies
    for kind in (ApplyBoards, ApplyRules):
        (step,) = (step for step in steps if isinstance(step, kind))
        with pytest.raises(ProblemsFound) as refused:
            execute(step, clients_of(cluster))
        yield refused.value.suggestion


def from_an_upgrade(cluster: FakeCluster, manager: str) -> Iterator[Fix]:
    """Of `up` that would upgrade Cilium, and of Helm."""
    _edit(cluster, manager)
    cluster.api.delete("Service", "kube-system", "hubble-metrics")
    with pytest.raises(ProblemsFound) as refused:
        planned_up(cluster)
    yield refused.value.suggestion
    yield error_from_stderr(CONFLICT.format(manager)).suggestion


def from_plan_down(cluster: FakeCluster, manager: str) -> Iterator[Fix]:
    """Of `down`, about boards and alerts."""
    for kind, name, changes in (
        ("ConfigMap", BOARD, {"data": {"hubble-http.json": "{}"}}),
        ("PrometheusRule", "cilium-dashboards", {"spec": {"groups": []}}),
    ):
        cluster.api.patch(kind, "prometheus", name, changes, manager)
    for step in planned_down(cluster):
        if isinstance(step, Notice) and "edited" in step.text:
            yield from step.remedies


def from_verify(cluster: FakeCluster, manager: str) -> Iterator[Fix]:
    """Of `verify`, about boards, alerts and a live object."""
    _edit(cluster, manager)
    checks = {check.name: check for check in verify(clients_of(cluster), OPTIONS, None)}
    for name in ("ConfigMaps", "PrometheusRule cilium-dashboards", "live ConfigMap kube-system/cilium-config"):
        yield checks[name].fix


def from_deploy(cluster: FakeCluster, manager: str) -> Iterator[Fix]:
    """Of `deploy configmaps`."""
    kubectl = clients_of(cluster).at("default")
    boards: Payload = payload({})
    assert len(list(compare(boards, kubectl, "the cluster", overwrite=False).apply())) > 1
    name = next(key[2] for key in cluster.api.objects if key[:2] == ("ConfigMap", "default") and "cilium-" in key[2])
    (key,) = cluster.api.get("ConfigMap", "default", name)["data"]  # type: ignore[index]
    cluster.api.patch("ConfigMap", "default", name, {"data": {key: "{}"}}, manager)
    yield from (change.why for change in compare(boards, kubectl, "the cluster", overwrite=False).changes if change.why)


ADVICE: dict[Advice, int] = {from_plan_up: 3, from_an_upgrade: 2, from_plan_down: 2, from_verify: 3, from_deploy: 1}


@pytest.mark.fault("over Flux or Argo CD the advice is an overwrite, which they undo")
@pytest.mark.parametrize("manager", ["helm-controller", "argocd-controller", "kubectl-edit"])
@pytest.mark.parametrize("advice", ADVICE, ids=lambda advice: advice.__name__)
def test_the_source_is_what_to_change(advice: Advice, manager: str) -> None:
    """Only what a person set may be overwritten."""
    cluster = with_cilium()
    up(cluster, rules=True, restart=True)
    fixes = [fix_text(fix, "up") for fix in advice(cluster, manager)]
    assert len(fixes) == ADVICE[advice]
    tool = TOOLS.get(manager)
    for fix in fixes:
        assert (f"change it in the source that {tool} applies" in fix) == bool(tool), fix
        assert ("save" in fix or "copy" in fix or "put what" in fix) == (not tool), fix


@pytest.mark.fault("what a person edited cannot be overwritten where Flux or Argo CD set something else")
def test_of_several_managers_each_has_its_advice() -> None:
    """What a controller set is changed in its source, what a person set may be overwritten, the rest is deployed."""
    for managers, is_overwritten in (
        (["kubectl-edit"], True),
        (["helm-controller", "kubectl-edit"], True),
        (["helm-controller", "argocd-controller"], False),
    ):
        fix = fix_text(overwrite_remedy(managers), "cilium-dashboards cluster up")
        checked = fix_text(edited_fix(managers, "overwrite all", "deploy the rest"), "")
        assert ("--take-over" in fix, "overwrite all" in checked) == (is_overwritten, is_overwritten), managers
        assert ("deploy the rest" in checked) == (not is_overwritten)
        assert all(("in the source that" in text) == (len(managers) > 1) for text in (fix, checked))


def test_the_tools_of_several_managers() -> None:
    """Each is named once; others are none of them."""
    assert gitops_tools(["kubectl-edit", "kustomize-controller", "argocd-controller", "helm-controller"]) == (
        "Argo CD and Flux"
    )
    assert gitops_tools(["kubectl-edit", "helm"]) == ""
