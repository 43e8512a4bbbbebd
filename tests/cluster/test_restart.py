"""Pods that are older than the configuration that they read when they start."""

from typing import Any

from dashboards_py.cluster.restart import Stale, older

POD = {"containers": [], "volumes": [{"name": "c", "configMap": {"name": "cilium-config"}}]}
AGENT = {
    "kind": "DaemonSet",
    "metadata": {"name": "cilium"},
    "spec": {"selector": {"matchLabels": {"k8s-app": "cilium"}}, "template": {"spec": POD}},
}


def config(*written: tuple[str, str]) -> dict[str, Any]:
    """The agents' ConfigMap, created at noon, with the times at which its fields were written."""
    fields = [{"time": time, "fieldsV1": {field: {}}} for field, time in written]
    created = "2026-01-01T12:00:00Z"
    return {"metadata": {"name": "cilium-config", "creationTimestamp": created, "managedFields": fields}}


def pod(created: str, phase: str = "Running", **labels: str) -> dict[str, Any]:
    """A pod of the agents, created at a time of that day."""
    pod_labels = labels or {"k8s-app": "cilium"}
    return {
        "metadata": {"creationTimestamp": f"2026-01-01T{created}:00Z", "labels": pod_labels},
        "status": {"phase": phase},
    }


def test_pods_older_than_what_they_read() -> None:
    """Only running pods of the workload count; a finished pod, such as an evicted one, reads nothing."""
    pods = [pod("12:30"), pod("14:00"), pod("12:30", "Failed"), pod("12:30", "Succeeded"), pod("12:30", app="other")]
    changed = config(("f:data", "2026-01-01T13:00:00Z"), ("f:metadata", "2026-01-01T15:00:00Z"))
    assert older([changed], [AGENT], pods) == (Stale("DaemonSet", "cilium", "cilium-config", 1),)
    assert older([changed], [AGENT], pods[1:]) == ()
    assert older([config()], [AGENT], pods) == ()


def test_a_pod_of_the_same_second_has_read_it() -> None:
    """Kubernetes records whole seconds: a pod created in the same second as the change is not restarted."""
    changed = config(("f:data", "2026-01-01T13:00:00Z"))
    assert older([changed], [AGENT], [pod("13:00")]) == ()
    assert older([changed], [AGENT], [pod("12:59")]) == (Stale("DaemonSet", "cilium", "cilium-config", 1),)
