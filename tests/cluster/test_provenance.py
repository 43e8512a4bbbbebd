"""Was a release rendered from the chart that an upgrade would use?"""

from typing import Any

from dashboards_py.cluster.provenance import foreign_objects

Json = dict[str, Any]


def rendered(kubernetes: str) -> list[Json]:
    """A chart that asks for the version of Kubernetes, as Cilium's does."""
    field = "annotation" if int(kubernetes.split(".")[1]) < 30 else "securityContext"
    meta = {"name": "cilium", "namespace": "kube-system"}
    return [{"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": meta, "spec": {"appArmor": field}}]


def test_a_release_that_is_older_than_the_last_upgrade_of_its_cluster() -> None:
    """It was rendered for the Kubernetes of then by the same chart; what no version gives is of another."""
    now = rendered("v1.36.3")
    assert foreign_objects(now, now, rendered, "v1.36.3") == ()
    assert foreign_objects(rendered("v1.29.0"), now, rendered, "v1.36.3") == ()
    other = [{**now[0], "spec": {"appArmor": "mine"}}]
    assert foreign_objects(other, now, rendered, "v1.36.3") == ("DaemonSet kube-system/cilium",)
