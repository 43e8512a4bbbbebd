"""Somebody upgrades Cilium in the moment in which `up` does, and `up` is killed before it can undo its own upgrade."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboards_py.cluster import execute, verify
from dashboards_py.errors import ProblemsFound, Remedy
from dashboards_py.values.keys import merge_values
from tests.cluster.plans import OPTIONS, SEED, clients_of, down, planned_down, planned_up, up, with_cilium
from tests.cluster.test_execute import (
    USER_VALUES,
    cilium_values,
    record_of,
    the_upgrade,
    upgrade_by_others,
    with_crds,
)
from tests.fakes.cluster import FakeCluster, Killed, kill

REMEDY = Remedy("accept-overwritten", {"release": "cilium", "namespace": "kube-system", "revision": "2"})
LOST = r"someone else's revision 2 was overwritten .* later ones up to 4 .* not in effect any more: "


@pytest.fixture
def cluster() -> FakeCluster:
    """A cluster where `up` has not run yet."""
    return with_crds(with_cilium())


def overwrite_and_kill(cluster: FakeCluster, values: dict[str, Any] | None = None, version: str = "1.20.0") -> None:
    """Our upgrade overwrites one by others, and is killed before it could roll back."""
    step = the_upgrade(cluster)
    cluster.before("helm upgrade cilium", lambda: upgrade_by_others(cluster, values, version))
    cluster.before("helm rollback cilium", kill)
    with pytest.raises(Killed):
        execute(step, clients_of(cluster))


def upgrade_on_top(cluster: FakeCluster, values: dict[str, Any], version: str = "1.20.0") -> None:
    """Another user adds values to those that the release has."""
    upgrade_by_others(cluster, merge_values(cilium_values(cluster), values), version)


def overwritten_checks(cluster: FakeCluster) -> list[Any]:
    """The fixes of what `verify` says of a Helm release."""
    checks = verify(clients_of(cluster), OPTIONS, None)
    return [check.fix for check in checks if check.name.startswith("Helm release")]


@pytest.mark.fault("what a killed run overwrote is not named once somebody has upgraded on top")
@pytest.mark.parametrize("command", [up, down])
def test_upgraded_on_top(cluster: FakeCluster, command: Callable[..., list[str]]) -> None:
    """Each run refuses and names the lost values, and so does verify, until they are set again."""
    overwrite_and_kill(cluster)
    upgrade_on_top(cluster, {"other": 1})
    for attempt in (planned_up, planned_down, up, down):
        with pytest.raises(ProblemsFound, match=rf"{LOST}debug\.enabled") as refused:
            attempt(cluster)
        assert refused.value.remedy == REMEDY
    assert overwritten_checks(cluster) == [REMEDY]
    user_values = merge_values(USER_VALUES, {"other": 1})
    upgrade_on_top(cluster, user_values)
    command(cluster)
    down(cluster)
    assert (cilium_values(cluster), record_of(cluster)) == (user_values, {})


@pytest.mark.fault("down leaves our values if somebody upgraded on top of a killed run")
@pytest.mark.parametrize("user_values", [{}, {"prometheus": {"enabled": True}}], ids=["other values", "one of ours"])
def test_accepted(cluster: FakeCluster, user_values: dict[str, Any]) -> None:
    """With take_over the run goes on; down restores what our keys had in the revision that was overwritten."""
    user_values = merge_values(user_values, {"operator": {"prometheus": {"serviceMonitor": {"interval": "7s"}}}})
    overwrite_and_kill(cluster, merge_values(USER_VALUES, user_values))
    upgrade_on_top(cluster, {"other": 1})
    up(cluster, take_over=True)
    assert "pending" not in record_of(cluster)
    down(cluster)
    assert (cilium_values(cluster), record_of(cluster)) == (merge_values(SEED, {"other": 1, **user_values}), {})


@pytest.mark.parametrize("decided", [{"enabled": False}, {"enabled": True}])
def test_decided_by_later_upgrades(cluster: FakeCluster, decided: dict[str, bool]) -> None:
    """A value that a later upgrade set is as it is wanted: nothing is lost."""
    overwrite_and_kill(cluster)
    upgrade_on_top(cluster, {"debug": decided})
    assert overwritten_checks(cluster) == []
    up(cluster)
    assert cilium_values(cluster)["debug"] == decided


def test_a_chart(cluster: FakeCluster) -> None:
    """An upgrade of the chart can be lost as well as a value."""
    overwrite_and_kill(cluster, SEED, "1.20.1")
    upgrade_on_top(cluster, {"other": 1})
    with pytest.raises(ProblemsFound, match=rf"{LOST}chart cilium-1\.20\.1"):
        up(cluster)
    upgrade_on_top(cluster, {}, "1.20.1")
    assert not any(step.title.startswith("helm upgrade cilium") for step in planned_up(cluster))


def test_on_top_before_our_rollback(cluster: FakeCluster) -> None:
    """An upgrade that comes before the rollback is not rolled back, and the next run names the loss."""
    step = the_upgrade(cluster)
    cluster.before("helm upgrade cilium", lambda: upgrade_by_others(cluster))
    cluster.after("helm upgrade cilium", lambda: upgrade_on_top(cluster, {"other": 1}))
    with pytest.raises(ProblemsFound, match="and again before that could be undone"):
        execute(step, clients_of(cluster))
    with pytest.raises(ProblemsFound, match=rf"{LOST}debug\.enabled"):
        planned_up(cluster)


def test_a_revert(cluster: FakeCluster) -> None:
    """The same of `down`: what it removes is not lost, what others set is."""
    up(cluster)
    added = {"other": {"a.b": 1}}
    cluster.before("helm upgrade cilium", lambda: upgrade_on_top(cluster, added))
    cluster.before("helm rollback cilium", kill)
    with pytest.raises(Killed):
        down(cluster)
    with pytest.raises(ProblemsFound, match=r"not in effect any more: other\.a\\\.b\n"):
        planned_down(cluster)


def test_keys_with_dots(cluster: FakeCluster) -> None:
    """Annotations have names with dots, which are escaped as Helm does, so that their values are found."""
    overwrite_and_kill(cluster, merge_values(USER_VALUES, {"podAnnotations": {"example.org/team": "net"}}))
    upgrade_on_top(cluster, {"other": 1})
    with pytest.raises(ProblemsFound, match=rf"{LOST}debug\.enabled, podAnnotations\.example\\\.org/team"):
        planned_up(cluster)
