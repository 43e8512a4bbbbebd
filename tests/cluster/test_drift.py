"""Drift from what Helm rendered, on a cluster in memory; tests/live/test_cluster_drift.py uses a real one."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from dashboards_py.cluster.checks.rendered import drift_of
from dashboards_py.cluster.clients import Clients, connect
from dashboards_py.cluster.compare import MISSING, differences
from dashboards_py.cluster.drift import drift, edited
from dashboards_py.cluster.managed_fields import Ownership
from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes.helm import HelmRelease
from tests.fakes.cluster import FakeCluster

BLIND = "plan, up and verify do not see what was edited, scaled or deleted by hand"
ON: dict[str, Any] = {"enabled": True, "serviceMonitor": {"enabled": True}}
VALUES: dict[str, Any] = {
    "prometheus": ON,
    "operator": {"prometheus": ON},
    "hubble": {"relay": {"enabled": True, "prometheus": ON}, "metrics": {**ON, "enabled": ["dns:query", "drop"]}},
}
NAMESPACE = "kube-system"


@pytest.fixture
def cluster() -> FakeCluster:
    """A cluster with Cilium and all its metrics, and the stack."""
    cluster = FakeCluster()
    cluster.install("crds", "default", "prometheus-operator-crds", "31.0.1")
    cluster.install("cilium", NAMESPACE, "cilium", "1.20.0", VALUES)
    cluster.install("prometheus", "monitoring", "kube-prometheus-stack", "88.5.3")
    return cluster


def release_of(clients: Clients, chart: str) -> HelmRelease:
    (release,) = (candidate for candidate in clients.helm.releases() if candidate.chart == chart)
    return release


def drift_in(cluster: FakeCluster, chart: str = "cilium") -> list[str]:
    """The drift of a chart's release, as text."""
    clients = connect(None, None, None, runner=cluster)
    drifts, undetermined = drift_of(clients, [release_of(clients, chart)])
    assert undetermined == []
    return [str(item) for item in drifts]


def config(cluster: FakeCluster, key: str, value: str | None) -> None:
    cluster.api.patch("ConfigMap", NAMESPACE, "cilium-config", {"data": {key: value}})


def monitor(cluster: FakeCluster, name: str, changes: dict[str, Any]) -> None:
    cluster.api.patch("ServiceMonitor", NAMESPACE, name, changes)


def test_nothing_has_drifted(cluster: FakeCluster) -> None:
    """Rendered objects are not drift, whatever the cluster added to them; neither are the changes of an upgrade."""
    assert (
        drift_in(cluster)
        == drift_in(cluster, "kube-prometheus-stack")
        == drift_in(cluster, "prometheus-operator-crds")
        == []
    )
    cluster.upgrade("cilium", NAMESPACE, "cilium", "1.20.0", {**VALUES, "debug": {"enabled": True}})
    assert drift_in(cluster) == []


Edit = Callable[[FakeCluster], None]
CONFIG = "ConfigMap kube-system/cilium-config: data."
EDITS: tuple[tuple[str, Edit, str], ...] = (
    (
        "a key removed",
        lambda cluster: cluster.api.patch(
            "ConfigMap", NAMESPACE, "cilium-config", {"data": {"prometheus-serve-addr": None}}
        ),
        f"{CONFIG}prometheus-serve-addr is removed, Helm has :9962",
    ),
    (
        "a key edited",
        lambda cluster: config(cluster, "hubble-metrics", "drop"),
        f"{CONFIG}hubble-metrics is drop, Helm has dns:query drop, by kubectl-patch",
    ),
    (
        "a Service deleted",
        lambda cluster: cluster.api.delete("Service", NAMESPACE, "hubble-metrics"),
        "Service kube-system/hubble-metrics is missing",
    ),
    (
        "a Service's selector",
        lambda cluster: cluster.api.patch("Service", NAMESPACE, "cilium-agent", {"spec": {"selector": {"x": "y"}}}),
        "Service kube-system/cilium-agent: spec.selector is {'k8s-app': 'cilium', 'x': 'y'}, Helm has "
        "{'k8s-app': 'cilium'}, by kubectl-patch",
    ),
    (
        "a monitor's port",
        lambda cluster: monitor(cluster, "hubble", {"spec": {"endpoints": [{"port": "x", "path": "/metrics"}]}}),
        "ServiceMonitor kube-system/hubble: spec.endpoints[0].port is x, Helm has hubble-metrics, by kubectl-patch",
    ),
    (
        "a monitor's selector",
        lambda cluster: monitor(cluster, "hubble", {"spec": {"selector": {"matchLabels": {"a": "b"}}}}),
        "ServiceMonitor kube-system/hubble: spec.selector.matchLabels is {'k8s-app': 'hubble', 'a': 'b'}, Helm has "
        "{'k8s-app': 'hubble'}, by kubectl-patch",
    ),
    (
        "replicas",
        lambda cluster: cluster.api.scale("Deployment", NAMESPACE, "cilium-operator", 0),
        "Deployment kube-system/cilium-operator: spec.replicas is 0, Helm has 2",
    ),
    (
        "an account deleted",
        lambda cluster: cluster.api.delete("ServiceAccount", NAMESPACE, "cilium"),
        "ServiceAccount kube-system/cilium is missing",
    ),
    (
        "the rights of an agent",
        lambda cluster: cluster.api.patch(
            "ClusterRole", "", "cilium", {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}]}
        ),
        "ClusterRole cilium: rules[0].verbs[0] is list, Helm has get, by kubectl-patch",
    ),
    (
        "an object without namespace deleted",
        lambda cluster: cluster.api.delete("ClusterRole", "", "cilium"),
        "ClusterRole cilium is missing",
    ),
    (
        "nodes that agents run on",
        lambda cluster: cluster.api.patch(
            "DaemonSet", NAMESPACE, "cilium", {"spec": {"template": {"metadata": {"labels": {"k8s-app": "x"}}}}}
        ),
        "DaemonSet kube-system/cilium: spec.template.metadata.labels.k8s-app is x, Helm has cilium, by kubectl-patch",
    ),
)


@pytest.mark.fault(BLIND)
@pytest.mark.parametrize(("edit", "text"), [pytest.param(*case[1:], id=case[0]) for case in EDITS])
def test_one_edit(cluster: FakeCluster, edit: Edit, text: str) -> None:
    """Each edit is one drift, with the object, the field, both values and the editor."""
    edit(cluster)
    assert text in drift_in(cluster)
    for other in drift_in(cluster):
        assert other.split(":")[0] == text.split(":")[0]


def test_a_secret_is_not_printed(cluster: FakeCluster) -> None:
    """It must exist; its contents are not compared."""
    cluster.api.patch("Secret", NAMESPACE, "cilium-ca", {"data": {"ca.key": "edited"}})
    assert drift_in(cluster) == []
    cluster.api.delete("Secret", NAMESPACE, "cilium-ca")
    assert drift_in(cluster) == ["Secret kube-system/cilium-ca is missing"]


@pytest.mark.fault(BLIND)
def test_the_stack(cluster: FakeCluster) -> None:
    """Grafana scaled to 0 and a deleted Prometheus object are drift of the stack."""
    cluster.api.scale("Deployment", "monitoring", "prometheus-grafana", 0)
    cluster.api.delete("Prometheus", "monitoring", "prometheus-kube-prometheus-prometheus")
    assert drift_in(cluster, "kube-prometheus-stack") == [
        "Deployment monitoring/prometheus-grafana: spec.replicas is 0, Helm has 1",
        "Prometheus monitoring/prometheus-kube-prometheus-prometheus is missing",
    ]


def test_replicas_of_an_autoscaler(cluster: FakeCluster) -> None:
    """Replicas that a HorizontalPodAutoscaler sets are not an edit."""
    autoscaler = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "x", "namespace": NAMESPACE},
        "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "cilium-operator"}},
    }
    cluster.api.create(autoscaler, "kubectl-create")
    cluster.api.scale("Deployment", NAMESPACE, "cilium-operator", 5)
    assert drift_in(cluster) == []


def test_additional_fields_in_a_list(cluster: FakeCluster) -> None:
    """An additional field in an entry of a ServiceMonitor is an edit if a manager owns it, and a default otherwise."""
    relabeled = {
        "port": "hubble-metrics",
        "interval": "10s",
        "path": "/metrics",
        "metricRelabelings": [{"action": "drop"}],
    }
    stored = cluster.api.objects["ServiceMonitor", NAMESPACE, "hubble"]
    stored.body["spec"]["endpoints"] = [relabeled]
    assert drift_in(cluster) == []
    monitor(cluster, "hubble", {"spec": {"endpoints": [{**relabeled, "scheme": "http"}]}})
    (text,) = drift_in(cluster)
    assert text.startswith("ServiceMonitor kube-system/hubble: spec.endpoints is [{")
    assert text.endswith("by kubectl-patch")


@pytest.mark.fault(BLIND)
def test_conflicts_are_predicted(cluster: FakeCluster) -> None:
    """The edits over which Helm would refuse an upgrade, and no others, are known before a release fails."""
    for _, edit, _ in EDITS:
        edit(cluster)
    clients = connect(None, None, None, runner=cluster)
    release = release_of(clients, "cilium")
    rendered = clients.helm.manifest(release)
    predicted = edited(drift(rendered, clients.kubectl.at(NAMESPACE).read_again(rendered)))
    with pytest.raises(ProblemsFound):
        clients.helm.upgrade("cilium", "1.20.0", "cilium", NAMESPACE, VALUES, force=False, timeout="1m")
    failed = cluster.releases.last(NAMESPACE, "cilium")
    assert failed
    refused = {part.split(" /")[0].split(" monitoring")[0] for part in failed.description.split("applying object ")[1:]}
    assert {f"{edit.key.namespace}/{edit.key.name}" for edit in predicted} == {name.split(" ")[0] for name in refused}
    clients.helm.upgrade("cilium", "1.20.0", "cilium", NAMESPACE, VALUES, force=True, timeout="1m")
    assert drift_in(cluster) == []


def owned(manager: str, tree: str, subresource: str = "") -> dict[str, Any]:
    entry = {"manager": manager, "fieldsV1": json.loads(tree)}
    return {**entry, "subresource": subresource} if subresource else entry


def body(kind: str, content: dict[str, Any], *owners: dict[str, Any]) -> dict[str, Any]:
    api = "apps/v1" if kind == "Deployment" else "v1"
    return {
        "apiVersion": api,
        "kind": kind,
        "metadata": {"name": "x", "namespace": "y", "managedFields": [*owners]},
    } | (content)


def deployment(*containers: dict[str, Any]) -> dict[str, Any]:
    return {"spec": {"template": {"spec": {"containers": [*containers]}}}}


def below_containers(tree: str) -> str:
    return f'{{"f:spec": {{"f:template": {{"f:spec": {{"f:containers": {tree}}}}}}}}}'


# managedFields of a real API server (1.36) after edits with kubectl patch of objects that a manager `helm` applied.
RECORDED = [
    pytest.param(
        body("Service", {"spec": {"ports": [{"name": "metrics", "port": 9965}]}}),
        body(
            "Service",
            {"spec": {"ports": [{"name": "metrics", "port": 99, "protocol": "TCP"}]}},
            owned("helm", '{"f:spec": {"f:selector": {}}}'),
            owned(
                "kubectl-patch",
                r"""{"f:spec": {"f:ports": {"k:{\"port\":99,\"protocol\":\"TCP\"}":
                {".": {}, "f:name": {}, "f:port": {}, "f:protocol": {}}}}}""",
            ),
        ),
        [("Service y/x: spec.ports[metrics] is removed, Helm has {'name': 'metrics', 'port': 9965}", True)],
        id="a port under the same name",
    ),
    pytest.param(
        body("Deployment", deployment({"name": "c", "image": "a", "env": [{"name": "A", "value": "1"}]})),
        body(
            "Deployment",
            deployment({"name": "c", "image": "b", "env": [{"name": "A", "valueFrom": {"fieldRef": {}}}]}),
            owned(
                "helm",
                below_containers(
                    r"""{"k:{\"name\":\"c\"}": {".": {}, "f:env": {"k:{\"name\":\"A\"}": {".": {}, "f:name": {}}},
                    "f:name": {}}}"""
                ),
            ),
            owned(
                "kubectl-patch",
                below_containers(
                    r"""{"k:{\"name\":\"c\"}": {"f:image": {}, "f:env":
                    {"k:{\"name\":\"A\"}": {"f:valueFrom": {".": {}, "f:fieldRef": {}}}}}}"""
                ),
            ),
        ),
        [
            ("Deployment y/x: spec.template.spec.containers[c].env[A].value is removed, Helm has 1", True),
            ("Deployment y/x: spec.template.spec.containers[c].image is b, Helm has a, by kubectl-patch", False),
        ],
        id="a variable from elsewhere",
    ),
    pytest.param(
        body("Deployment", {"spec": {"replicas": 2}}),
        body(
            "Deployment",
            {"spec": {"replicas": 0}},
            owned("helm", '{"f:spec": {"f:selector": {}}}'),
            owned("kube-controller-manager", '{"f:status": {"f:replicas": {}}}', "status"),
        ),
        [("Deployment y/x: spec.replicas is 0, Helm has 2", False)],
        id="kubectl scale, which takes the field from Helm and owns nothing",
    ),
]


@pytest.mark.parametrize(("rendered", "live", "expected"), RECORDED)
def test_what_a_real_api_server_recorded(
    rendered: dict[str, Any], live: dict[str, Any], expected: list[tuple[str, bool]]
) -> None:
    """Edited and lost fields, and whether an entry was replaced by another."""
    assert [(str(item), item.replaced) for item in drift([rendered], [live])] == expected


def test_fields_that_helm_owns_do_not_drift() -> None:
    """An image rewritten by an admission webhook in Helm's request is not an edit: it would be rewritten again."""
    rendered = body("Deployment", deployment({"name": "c", "image": "quay.io/a"}))
    rewritten = deployment({"name": "c", "image": "mirror/a"})
    tree = below_containers(r"""{"k:{\"name\":\"c\"}": {".": {}, "f:image": {}, "f:name": {}}}""")
    assert drift([rendered], [body("Deployment", rewritten, owned("helm", tree))]) == ()
    (edit,) = drift([rendered], [body("Deployment", rewritten, owned("x", tree))])
    assert edit.manager == "x"


def test_without_managed_fields() -> None:
    """An object without managedFields is compared by its values, in whatever form the API server writes them."""
    rendered = body("Deployment", deployment({"name": "c", "resources": {"limits": {"cpu": 0.1}}, "image": "a"}))
    live = body("Deployment", deployment({"name": "c", "resources": {"limits": {"cpu": "100m"}}, "image": "b"}))
    texts = [str(item) for item in drift([rendered], [live])]
    assert texts == ["Deployment y/x: spec.template.spec.containers[0].image is b, Helm has a"]


def test_no_value_of_a_secret() -> None:
    """The key that was changed is named, and neither value is printed."""
    rendered, live = body("Secret", {"data": {"ca.key": "b25l"}}), body("Secret", {"data": {"ca.key": "dHdv"}})
    (item,) = drift([rendered], [live])
    assert str(item) == "Secret y/x: data.ca.key is a secret, Helm has a secret"


@pytest.mark.parametrize(
    ("rendered", "live"),
    [
        ({"cpu": "0.1"}, {"cpu": "100m"}),
        ({"memory": "1024Mi"}, {"memory": "1Gi"}),
        ({"cpu": 1}, {"cpu": "1"}),
        ({"port": 80}, {"port": "80"}),
        ({"annotations": None, "env": [], "hostIPC": False, "x": {}, "n": 0, "t": ""}, {}),
        ({"a": 1}, {"a": 1, "added": 2}),
        (
            {"containers": [{"name": "a"}, {"name": "b"}]},
            {"containers": [{"name": "sidecar"}, {"name": "b", "tty": True}, {"name": "a"}]},
        ),
    ],
)
def test_equal_objects(rendered: dict[str, Any], live: dict[str, Any]) -> None:
    """Other forms of quantities, empty values, defaults and fields added by others are not differences."""
    assert list(differences(rendered, live)) == []


@pytest.mark.parametrize(
    ("rendered", "live", "path", "value"),
    [
        ({"a": True}, {"a": "true"}, ("a",), "true"),
        ({"a": 1}, {"a": True}, ("a",), True),
        ({"a": 1}, {}, ("a",), MISSING),
        ({"a": False}, {"a": True}, ("a",), True),
        ({"a": [1, 2]}, {"a": [1]}, ("a",), [1]),
        ({"c": [{"name": "a"}]}, {"c": [{"name": "b"}]}, ("c", 0), MISSING),
        ({"c": [{"name": "a", "x": 1}]}, {"c": [{"name": "b"}, {"name": "a", "x": 2}]}, ("c", 0, "x"), 2),
        ({"nodeSelector": {}}, {"nodeSelector": {"a": "b"}}, ("nodeSelector",), {"a": "b"}),
        ({"cpu": "1"}, {"cpu": "1m"}, ("cpu",), "1m"),
    ],
)
def test_different_objects(rendered: Any, live: Any, path: tuple[str | int, ...], value: Any) -> None:
    """The path of the difference, and the live value."""
    assert [(location, live_value) for location, _, live_value in differences(rendered, live)] == [(path, value)]


def test_who_owns_a_field() -> None:
    """Helm, under either of its names, is none of the others; what a controller reports as status does not count."""
    fields: dict[str, Any] = {"f:spec": {"f:replicas": {}}}
    managers: list[tuple[str, dict[str, Any]]] = [
        ("helm", {}),
        ("Helm", {}),
        ("kubectl-scale", {"subresource": "scale"}),
        ("kube-controller-manager", {"subresource": "status"}),
    ]
    entries = [{"manager": manager, "fieldsV1": fields, **more} for manager, more in managers]
    owned = Ownership.of({"metadata": {"managedFields": [*entries, {"manager": "nobody"}]}})
    assert [manager for manager, _ in owned.others] == ["kubectl-scale"]
    replicas = owned.field("spec").field("replicas")
    assert (replicas.by_helm, replicas.managers, owned.by_helm) == (True, ("kubectl-scale",), False)
    assert owned.field("metadata").by_nobody
