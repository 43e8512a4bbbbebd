"""The effect of new values on a chart's objects."""

from typing import Any

from dashboards_py.cluster.changes import ObjectChange, changes, readers
from dashboards_py.cluster.plan_up.cilium import stale_after


def config_object(kind: str, name: str, **rest: Any) -> dict[str, Any]:
    return {"kind": kind, "metadata": {"name": name}, **rest}


def workload(kind: str, name: str, pod: dict[str, Any], **spec: Any) -> dict[str, Any]:
    return config_object(kind, name, spec={"template": {"spec": {"containers": [], **pod}}, **spec})


CONFIG = {"volumes": [{"name": "c", "configMap": {"name": "config"}}]}


def test_added_changed_and_removed_objects() -> None:
    """Pods restart if their template changes, not if only the rest of the workload does; random values do not count."""
    before = [
        config_object("ConfigMap", "config", data={"a": "1"}),
        config_object("ConfigMap", "same", data={}),
        config_object("Secret", "ca", data={"key": "x"}),
        config_object("Service", "old"),
        workload("DaemonSet", "agent", {"hostNetwork": True}),
        workload("Deployment", "operator", {}, replicas=1),
    ]
    again = [*before[:2], config_object("Secret", "ca", data={"key": "y"}), *before[3:]]
    after = [
        config_object("ConfigMap", "config", data={"a": "2"}),
        before[1],
        config_object("Secret", "ca", data={"key": "z"}),
        workload("DaemonSet", "agent", {"hostNetwork": False}),
        workload("Deployment", "operator", {}, replicas=2),
        config_object("ServiceMonitor", "agent"),
    ]
    difference = changes(before, again, after)
    assert difference == (
        ObjectChange("ConfigMap", "config", "changed"),
        ObjectChange("DaemonSet", "agent", "changed", restarts=True),
        ObjectChange("Deployment", "operator", "changed"),
        ObjectChange("Service", "old", "removed"),
        ObjectChange("ServiceMonitor", "agent", "new"),
    )
    assert str(difference[1]) == "DaemonSet agent: changed, its pods restart"
    assert changes(before, again, again) == ()


def test_readers_of_a_config_map() -> None:
    """A workload reads it if it is mounted, projected, or in the environment of any container."""
    reference = {"env": [{"name": "x", "valueFrom": {"configMapKeyRef": {"name": "config", "key": "k"}}}]}
    objects = [
        workload("DaemonSet", "mounts", CONFIG),
        workload("DaemonSet", "projects", {"volumes": [{"projected": {"sources": CONFIG["volumes"]}}]}),
        workload("Deployment", "env", {"initContainers": [reference]}),
        workload("Deployment", "env-from", {"containers": [{"envFrom": [{"configMapRef": {"name": "config"}}]}]}),
        workload("Deployment", "other", {"volumes": [{"secret": {"secretName": "config"}}]}),
        config_object("ConfigMap", "config"),
    ]
    assert [name for _, name in readers(objects, "config")] == ["mounts", "projects", "env", "env-from"]


def test_workloads_that_have_not_read_a_change() -> None:
    """Workloads that read a changed ConfigMap, unless they restart anyway or are new."""
    after = [workload("DaemonSet", name, CONFIG) for name in ("unchanged", "restarts", "new")]
    differ = (
        ObjectChange("ConfigMap", "config", "changed"),
        ObjectChange("DaemonSet", "new", "new"),
        ObjectChange("DaemonSet", "restarts", "changed", restarts=True),
    )
    assert stale_after(differ, after) == (("DaemonSet", "unchanged"),)
    assert stale_after(differ[1:], after) == ()
