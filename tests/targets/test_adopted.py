"""An object of ours that somebody else has taken over stays, whatever its content is."""

from collections.abc import Callable

import pytest

from dashboards_py.kubernetes.ownership import OWNER_LABEL
from dashboards_py.targets import Action, Deployment
from dashboards_py.targets.configmaps import compare
from tests.cluster.plans import clients_of
from tests.fakes.cluster import FakeCluster
from tests.targets.small_boards import UIDS, payload

NAME = f"cilium-dashboards-{UIDS[0]}"


def plan(cluster: FakeCluster, uids: tuple[str, ...] = UIDS) -> Deployment:
    kubectl = clients_of(cluster).at("default")
    return compare(payload({}, uids), kubectl, "the cluster", overwrite=False, prune=True)


@pytest.fixture
def cluster() -> FakeCluster:
    """A cluster with our boards."""
    cluster = FakeCluster()
    assert list(plan(cluster).apply())
    return cluster


def without_label(cluster: FakeCluster) -> None:
    """Our label is removed."""
    cluster.api.patch("ConfigMap", "default", NAME, {"metadata": {"labels": {OWNER_LABEL[0]: None}}})


def written_anew(cluster: FakeCluster) -> None:
    """The content is changed and changed back: another manager owns it then."""
    body = cluster.api.get("ConfigMap", "default", NAME)
    assert body
    ((key, text),) = body["data"].items()
    for value in ("{}", text):
        cluster.api.patch("ConfigMap", "default", NAME, {"data": {key: value}}, "someone")


@pytest.mark.parametrize("take", [without_label, written_anew])
def test_it_is_not_pruned(cluster: FakeCluster, take: Callable[[FakeCluster], None]) -> None:
    """Neither if that happens after the plan, nor before it."""
    planned = plan(cluster, UIDS[1:])
    assert [change.name for change in planned.changes if change.action == Action.REMOVE] == [NAME]
    take(cluster)
    assert [change.action for change in planned.apply()] == [Action.CONFLICT]
    assert [change.name for change in plan(cluster, UIDS[1:]).changes if change.action == Action.REMOVE] == []
    assert cluster.api.get("ConfigMap", "default", NAME)
