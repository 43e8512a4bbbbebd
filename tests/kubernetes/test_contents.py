"""What of a namespace somebody created, who edited a field, and which pods are refused."""

from typing import Any

import pytest

from dashboards_py.kubernetes.conflict import by_hand
from dashboards_py.kubernetes.contents import not_derived
from dashboards_py.kubernetes.not_ready import refused_pods

Json = dict[str, Any]


def named(kind: str, name: str, owner: str = "") -> Json:
    references = [{"uid": owner, "kind": "X", "name": "x"}] if owner else None
    return {"kind": kind, "metadata": {"name": name, "uid": f"{kind}-{name}", "ownerReferences": references}}


def test_only_an_owner_in_the_namespace_explains_an_object() -> None:
    """One that is elsewhere, or no longer there, does not say that nobody needs the object."""
    objects = [named("ConfigMap", "a"), named("Secret", "b", "ConfigMap-a"), named("Secret", "c", "Node-n")]
    assert [item["metadata"]["name"] for item in not_derived(objects)] == ["a", "c"]


@pytest.mark.parametrize(
    ("managers", "text"),
    [("kubectl-edit", " by hand"), ("argocd-controller, kubectl-patch", " by hand"), ("helm-controller", ""), ("", "")],
)
def test_a_person_among_the_managers(managers: str, text: str) -> None:
    """One of them is enough."""
    assert by_hand(managers) == text


@pytest.mark.parametrize(("replicas", "lacks"), [(0, True), (1, True), (2, False)])
def test_events_count_while_pods_are_lacking(replicas: int, *, lacks: bool) -> None:
    """A workload that has them all was refused before, and is not any more."""
    body = {**named("ReplicaSet", "web"), "spec": {"replicas": 2}, "status": {"replicas": replicas}}
    event = {
        **named("Event", "e"),
        "reason": "FailedCreate",
        "message": "no",
        "involvedObject": {"kind": "ReplicaSet", "name": "web", "uid": "ReplicaSet-web"},
    }
    assert (refused_pods([body, event], "default") is not None) is lacks
