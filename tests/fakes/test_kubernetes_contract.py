"""The stand-ins for kubectl, helm and the API server answer as the real ones do: each scenario runs on both."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.kubernetes import Completed, Kubectl, Moved, Runner
from dashboards_py.kubernetes import run as real_run
from dashboards_py.kubernetes.helm import Helm
from tests.components import require
from tests.conftest import disposable
from tests.fakes.cluster import FakeCluster
from tests.fakes.kubectl import UnknownArguments

SPACE = "contract"
VALUES: dict[str, Any] = {
    "prometheus": {"enabled": True, "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}}},
    "hubble": {"relay": {"enabled": True}, "metrics": {"enabled": ["drop"], "serviceMonitor": {"enabled": True}}},
    "operator": {"replicas": 1},
    "ipam": {"mode": "kubernetes"},
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A fake or real cluster: how to run kubectl and helm on it, and the directory of its charts."""

    runner: Runner
    kubeconfig: str | None
    charts: Path

    def run(self, line: str, stdin: Any = None) -> Completed:
        """Run a command line; `stdin` is sent as JSON."""
        program, *argv = line.split()
        options = [f"--kubeconfig={self.kubeconfig}"] if self.kubeconfig else []
        return self.runner([program, *argv, *options], stdin=json.dumps(stdin) if stdin is not None else "")

    def output(self, line: str, stdin: Any = None) -> str:
        """The output of a command line, which must succeed."""
        completed = self.run(line, stdin)
        assert completed.code == 0, f"{line}: {completed.stderr}"
        return completed.stdout

    def json(self, line: str) -> Any:
        """The JSON output of a command line."""
        return json.loads(self.output(line))

    def chart(self, name: str) -> str:
        """A packed chart."""
        return str(self.charts / f"{name}.tgz")

    @property
    def kubectl(self) -> Kubectl:
        """Our kubectl, for the namespace of the scenarios."""
        return Kubectl(SPACE, None, self.kubeconfig, self.runner)

    @property
    def helm(self) -> Helm:
        """Our helm."""
        return Helm("simulated", self.kubeconfig, None, self.runner)


def _fake() -> Cluster:
    return Cluster(FakeCluster(), None, Path("/charts"))


def _real(request: pytest.FixtureRequest) -> Cluster:
    require("kubernetes", "helm")
    return Cluster(real_run, disposable(request.node.nodeid), request.getfixturevalue("charts_of_tests"))


@pytest.fixture(params=["fake", "real"])
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A cluster with a new namespace for the test, without Helm releases in it."""
    cluster = _fake() if request.param == "fake" else _real(request)
    cluster.run(f"kubectl delete namespace {SPACE} --ignore-not-found")
    cluster.output(f"kubectl create namespace {SPACE}")
    yield cluster
    for release in cluster.json(f"helm list --namespace={SPACE} --deployed --failed --pending --output=json"):
        cluster.output(f"helm uninstall {release['name']} --namespace={SPACE}")
    cluster.output(f"kubectl delete namespace {SPACE} --ignore-not-found --wait=false")


def config_map(name: str, **data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": SPACE}, "data": data}


APPLY = f"kubectl --namespace={SPACE} apply --server-side --filename=-"
UPGRADE = "helm upgrade --install cilium {} --namespace=contract --reset-values --values=- --wait --timeout=60s"


def _wait_until_unlisted(cluster: Cluster, group: str) -> None:
    """Wait until the API server no longer lists the kinds of a group: it goes on for a moment after they are gone."""
    deadline = time.monotonic() + 60
    while cluster.output(f"kubectl api-resources --api-group={group} -o name").strip():
        assert time.monotonic() < deadline, f"{group} is still listed"
        time.sleep(0.2)


def test_charts_without_crds_and_foreign_objects(cluster: Cluster) -> None:
    """A ServiceMonitor without its CRD, and a foreign object, are refused before anything is created.

    First of all: the API server goes on for a minute after CRDs have been removed, and they take long to install.
    """
    if cluster.helm.release("default", "crds"):
        cluster.output("helm uninstall crds -n default")
    if cluster.kubeconfig:
        _wait_until_unlisted(cluster, "monitoring.coreos.com")
    refused = cluster.run(f"helm install cilium {cluster.chart('cilium-1.20.0')} -n {SPACE} -f -", VALUES)
    text = "Service Monitor requires monitoring.coreos.com/v1 CRDs"
    assert (refused.code, text in refused.stderr) == (1, True), refused.stderr
    cluster.output(APPLY, config_map("cilium-config", x="1"))
    refused = cluster.run(UPGRADE.format(cluster.chart("cilium-1.20.0")), {"ipam": {"mode": "kubernetes"}})
    text = (
        f'unable to continue with install: ConfigMap "cilium-config" in namespace "{SPACE}" exists and cannot be '
        "imported into the current release: invalid ownership metadata"
    )
    assert (refused.code, text in refused.stderr) == (1, True), refused.stderr
    assert cluster.helm.release(SPACE, "cilium") is None


def test_server_side_apply(cluster: Cluster) -> None:
    """Fields have owners: an edit by hand conflicts, can be forced, and unwanted fields are removed."""
    assert cluster.output(APPLY, config_map("a", x="1", y="2", z="3")) == "configmap/a serverside-applied\n"
    patch = json.dumps({"data": {"x": "9", "y": "8", "mine": "m"}}).replace(" ", "")
    assert cluster.output(f"kubectl -n {SPACE} patch configmap a --type=merge -p {patch}") == "configmap/a patched\n"
    refused = cluster.run(APPLY, config_map("a", x="1", y="2", z="3"))
    text = (
        'error: Apply failed with 2 conflicts: conflicts with "kubectl-patch" using v1:\n- .data.x\n- .data.y\nPlease'
    )
    assert (refused.code, refused.stderr[: len(text)]) == (1, text)
    refused = cluster.run(APPLY, config_map("a", x="1", y="8"))
    text = 'error: Apply failed with 1 conflict: conflict with "kubectl-patch" using v1: .data.x\nPlease'
    assert (refused.code, refused.stderr[: len(text)]) == (1, text)
    cluster.output(f"{APPLY} --force-conflicts", config_map("a", x="1"))
    live = cluster.json(f"kubectl -n {SPACE} get configmap a --show-managed-fields -o json")
    assert live["data"] == {"x": "1", "y": "8", "mine": "m"}
    owners = {entry["manager"]: set(entry["fieldsV1"]["f:data"]) for entry in live["metadata"]["managedFields"]}
    assert owners == {"kubectl": {"f:x"}, "kubectl-patch": {"f:y", "f:mine"}}
    assert "managedFields" not in cluster.json(f"kubectl -n {SPACE} get configmap a -o json")["metadata"]


def test_conflicts_with_several_managers(cluster: Cluster) -> None:
    """Each manager is named with its own fields."""
    cluster.output("kubectl create -f -", config_map("b", x="1", y="2"))
    cluster.output(f'kubectl -n {SPACE} patch configmap b --type=merge --field-manager=other -p {{"data":{{"z":"9"}}}}')
    text = (
        'error: Apply failed with 3 conflicts: conflicts with "kubectl-create" using v1:\n- .data.x\n- .data.y\n'
        'conflicts with "other" using v1:\n- .data.z\nPlease'
    )
    assert cluster.run(APPLY, config_map("b", x="5", y="5", z="5")).stderr[: len(text)] == text
    bodies = [config_map("a", x="1"), config_map("b", x="5"), config_map("c", x="1")]
    assert cluster.kubectl.apply_all(bodies, force=False) == {"a", "c"}
    assert cluster.kubectl.apply_all(bodies, force=True) == {"a", "b", "c"}
    listed = cluster.kubectl.objects_by_kind({"ConfigMap": "configmaps", "Namespace": "namespaces"})
    assert {"a", "b", "c"} <= {body["metadata"]["name"] for body in listed["ConfigMap"]}
    assert {"default", SPACE} <= {body["metadata"]["name"] for body in listed["Namespace"]}
    listed = cluster.kubectl.objects_by_kind({"ConfigMap": "configmaps", "Foo": "foos"})
    assert ({"a", "b", "c"} <= {body["metadata"]["name"] for body in listed["ConfigMap"]}, listed["Foo"]) == (True, [])


def test_output_of_get(cluster: Cluster) -> None:
    """One object, a list or nothing, and the error for a missing object."""
    for name in ("a", "b"):
        cluster.output(APPLY, config_map(name, x="1"))
    get = f"kubectl -n {SPACE} get configmap"
    assert cluster.json(f"{get} a -o json")["kind"] == "ConfigMap"
    names = [item["metadata"]["name"] for item in cluster.json(f"{get} a b -o json")["items"]]
    assert names == ["a", "b"]
    assert [item["data"] for item in cluster.json(f"{get} a nope --ignore-not-found -o json")["items"]] == [{"x": "1"}]
    assert cluster.output(f"{get} nope --ignore-not-found -o json") == ""
    assert cluster.output(f"{get} nope more --ignore-not-found -o json") == ""
    assert cluster.json(f"{get} --selector a=b -o json")["items"] == []
    assert cluster.output(f"{get} -o name") == "configmap/a\nconfigmap/b\nconfigmap/kube-root-ca.crt\n"
    missing = cluster.run(f"{get} a nope -o json")
    assert (missing.code, missing.stderr) == (1, 'Error from server (NotFound): configmaps "nope" not found\n')
    assert json.loads(missing.stdout)["items"][0]["metadata"]["name"] == "a"


@pytest.mark.parametrize(
    ("line", "stderr"),
    [
        ("get foo -o json", 'error: the server doesn\'t have a resource type "foo"\n'),
        ("get foos.example.org -o json", 'error: the server doesn\'t have a resource type "foos"\n'),
        ("get namespace nope -o json", 'Error from server (NotFound): namespaces "nope" not found\n'),
        ("delete configmap nope", 'Error from server (NotFound): configmaps "nope" not found\n'),
        ("rollout restart daemonset/nope", 'Error from server (NotFound): daemonsets.apps "nope" not found\n'),
        ("create namespace default", 'Error from server (AlreadyExists): namespaces "default" already exists\n'),
        ("get --raw /apis/nope", "Error from server (NotFound): the server could not find the requested resource\n"),
    ],
)
def test_errors_of_kubectl(cluster: Cluster, line: str, stderr: str) -> None:
    """The stand-in prints the same errors."""
    refused = cluster.run(f"kubectl --namespace={SPACE} {line}")
    assert (refused.code, refused.stdout, refused.stderr) == (1, "", stderr)


def test_apply_where_something_is_missing(cluster: Cluster) -> None:
    """A namespace or a kind that the cluster does not have is an error."""
    elsewhere = {**config_map("a", x="1"), "metadata": {"name": "a", "namespace": "nope"}}
    refused = cluster.run("kubectl --namespace=nope apply --server-side --filename=-", elsewhere)
    assert (refused.code, refused.stderr) == (1, 'Error from server (NotFound): namespaces "nope" not found\n')
    unknown = {"apiVersion": "example.org/v1", "kind": "Foo", "metadata": {"name": "a", "namespace": SPACE}}
    refused = cluster.run(APPLY, unknown)
    assert refused.code == 1
    end = 'no matches for kind "Foo" in version "example.org/v1"\nensure CRDs are installed first\n'
    assert refused.stderr.endswith(end), refused.stderr


def test_objects_of_an_unknown_kind(cluster: Cluster) -> None:
    """read_again leaves them out and returns the others; any other failure is raised."""
    cluster.output(APPLY, config_map("notes", x="1"))
    unknown = [{"apiVersion": "example.org/v1", "kind": kind, "metadata": {"name": "a"}} for kind in ("Foo", "Bar")]
    (read,) = cluster.kubectl.read_again([unknown[0], config_map("notes"), config_map("nope"), unknown[1]])
    assert (read["metadata"]["name"], read["data"]) == ("notes", {"x": "1"})
    assert cluster.kubectl.read_again(unknown) == []
    with pytest.raises(DashboardsError, match="context"):
        Kubectl("default", "nope", cluster.kubeconfig, cluster.runner).read_again(unknown)


def test_contents_of_a_namespace(cluster: Cluster) -> None:
    """Objects of any kind that someone created are listed; those that the cluster creates by itself are not."""
    assert cluster.kubectl.contents() == ()
    cluster.output(APPLY, config_map("notes", x="1"))
    pod = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "x", "image": "x"}]}}
    meta = {"name": "web", "namespace": SPACE}
    spec = {"selector": {"matchLabels": {"app": "x"}}, "template": pod}
    cluster.output(APPLY, {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": spec})
    cluster.output(f"kubectl -n {SPACE} rollout status deployment/web --timeout=60s")
    ports = [{"port": 80, "protocol": "TCP"}]
    service = {"selector": {"app": "x"}, "ports": ports}
    cluster.output(APPLY, {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": service})
    contents = sorted((item["kind"], item["metadata"]["name"]) for item in cluster.kubectl.contents())
    assert contents == [("ConfigMap", "notes"), ("Deployment", "web"), ("Service", "web")]


def test_a_namespace_is_deleted(cluster: Cluster) -> None:
    """While it waits for a finalizer it is Terminating and accepts no new objects."""
    cluster.output(
        f'kubectl patch namespace {SPACE} --type=merge -p {{"metadata":{{"finalizers":["example.org/slow"]}}}}'
    )
    cluster.output(f"kubectl delete namespace {SPACE} --wait=false")
    assert cluster.json(f"kubectl get namespace {SPACE} -o json")["status"]["phase"] == "Terminating"
    refused = cluster.run(APPLY, config_map("late", x="1"))
    text = (
        f'(Forbidden): configmaps "late" is forbidden: unable to create new content in namespace {SPACE} because it is'
    )
    assert (refused.code, text in refused.stderr) == (1, True), refused.stderr
    cluster.output(f'kubectl patch namespace {SPACE} --type=merge -p {{"metadata":{{"finalizers":null}}}}')


def _install(cluster: Cluster) -> None:
    rows = cluster.output("kubectl get customresourcedefinitions --no-headers").splitlines()
    if "servicemonitors.monitoring.coreos.com" not in {row.split()[0] for row in rows}:
        cluster.output(f"helm install crds {cluster.chart('prometheus-operator-crds-31.0.1')} -n default --wait")
    cluster.output(f"helm install cilium {cluster.chart('cilium-1.20.0')} -n {SPACE} --wait -f -", VALUES)


def test_revisions(cluster: Cluster) -> None:
    """list, history, values and manifest after an installation, an upgrade and a rollback."""
    _install(cluster)
    release = cluster.helm.release(SPACE, "cilium")
    assert release
    assert (release.revision, release.status, release.chart, release.version) == (1, "deployed", "cilium", "1.20.0")
    assert cluster.helm.release(SPACE, "cil") is None
    assert cluster.helm.release("default", "cilium") is None
    cluster.output(UPGRADE.format(cluster.chart("cilium-1.20.0")), {**VALUES, "debug": {"enabled": True}})
    assert [(revision.number, revision.status) for revision in cluster.helm.history(release)] == [
        (1, "superseded"),
        (2, "deployed"),
    ]
    assert cluster.helm.values(release) == {**VALUES, "debug": {"enabled": True}}
    assert cluster.helm.values(release, 1) == VALUES
    config = next(item for item in cluster.helm.manifest(release) if item["metadata"]["name"] == "cilium-config")
    assert (config["kind"], config["data"]["debug"], config["data"]["hubble-metrics"]) == ("ConfigMap", "true", "drop")
    cluster.output(f"helm rollback cilium --namespace={SPACE}")
    assert cluster.helm.values(release) == VALUES
    assert [revision.status for revision in cluster.helm.history(release)] == ["superseded", "superseded", "deployed"]
    missing = cluster.run(f"helm get values nope --namespace={SPACE} --output=json")
    assert (missing.code, missing.stderr) == (1, "Error: release: not found\n")


def test_an_upgrade_over_edits(cluster: Cluster) -> None:
    """Helm 4 names each object that conflicts, applies the others nevertheless, and leaves the release failed."""
    _install(cluster)
    edits = {
        "configmap cilium-config": {"data": {"debug": "true", "hubble-metrics": "x"}},
        "servicemonitor hubble": {"spec": {"selector": {"matchLabels": {"a": "b"}}}},
    }
    for target, changes in edits.items():
        text = json.dumps(changes).replace(" ", "")
        cluster.output(f"kubectl -n {SPACE} patch {target} --type=merge -p {text}")
    cluster.output(f"kubectl -n {SPACE} delete service hubble-metrics")
    cluster.output(f"kubectl -n {SPACE} scale deployment hubble-relay --replicas=0")
    refused = cluster.run(UPGRADE.format(cluster.chart("cilium-1.20.0")), VALUES)
    text = (
        f"Error: UPGRADE FAILED: conflict occurred while applying object {SPACE}/cilium-config /v1, Kind=ConfigMap: "
        'Apply failed with 2 conflicts: conflicts with "kubectl-patch" using v1:\n- .data.debug\n- .data.hubble-metrics'
        f" && conflict occurred while applying object {SPACE}/hubble monitoring.coreos.com/v1, Kind=ServiceMonitor: "
        'Apply failed with 1 conflict: conflict with "kubectl-patch" using monitoring.coreos.com/v1: .spec.selector\n'
    )
    assert (refused.code, refused.stderr[refused.stderr.index("Error") :]) == (1, text)
    release = cluster.helm.release(SPACE, "cilium")
    assert release
    assert (release.revision, release.status) == (2, "failed")
    assert cluster.json(f"kubectl -n {SPACE} get service hubble-metrics -o json")["spec"]["ports"][0]["port"] == 9965
    assert cluster.json(f"kubectl -n {SPACE} get deployment hubble-relay -o json")["spec"]["replicas"] == 1
    cluster.output(f"{UPGRADE.format(cluster.chart('cilium-1.20.0'))} --force-conflicts", VALUES)
    assert cluster.json(f"kubectl -n {SPACE} get configmap cilium-config -o json")["data"]["debug"] == "false"
    assert [(revision.number, revision.status) for revision in cluster.helm.history(release)] == [
        (1, "superseded"),
        (2, "failed"),
        (3, "deployed"),
    ]


def test_objects_and_fields_that_a_new_manifest_lacks(cluster: Cluster) -> None:
    """Objects and fields that are no longer rendered are removed; a field that someone else added is kept."""
    _install(cluster)
    cluster.output(f'kubectl -n {SPACE} patch configmap cilium-config --type=merge -p {{"data":{{"theirs":"x"}}}}')
    without = {**VALUES, "hubble": {"relay": {"enabled": False}}}
    cluster.output(UPGRADE.format(cluster.chart("cilium-1.20.0")), without)
    assert cluster.output(f"kubectl -n {SPACE} get deployment,servicemonitor -o name").split() == [
        "deployment.apps/cilium-operator",
        "servicemonitor.monitoring.coreos.com/cilium-agent",
    ]
    data = cluster.json(f"kubectl -n {SPACE} get configmap cilium-config -o json")["data"]
    assert ("hubble-metrics" in data, data["theirs"]) == (False, "x")


def test_unknown_arguments_are_an_error() -> None:
    """The stand-in rejects arguments that it does not know."""
    fake = FakeCluster()
    for line in (
        "kubectl frobnicate",
        "kubectl get pods -o json --watch",
        "kubectl get pods -o yaml",
        "helm frobnicate",
        "helm list --output=json --all-namespaces --date",
        "helm upgrade --install x cilium --reuse-values",
    ):
        with pytest.raises(AssertionError):
            fake(line.split())
    with pytest.raises(UnknownArguments):
        fake(["kubectl", "delete", "pods"])


def test_writes_with_preconditions(cluster: Cluster) -> None:
    """A create, a replace and a delete do nothing to an object that someone created or changed in between."""
    cluster.kubectl.create(config_map("r", x="1"))
    with pytest.raises(Moved, match="already exists"):
        cluster.kubectl.create(config_map("r", x="2"))
    (read,) = cluster.kubectl.objects("configmap", "r")
    cluster.output(f'kubectl -n {SPACE} patch configmap r --type=merge -p {{"data":{{"y":"9"}}}}')
    with pytest.raises(Moved, match="the object has been modified"):
        cluster.kubectl.replace({**read, "data": {"x": "3"}})
    with pytest.raises(Moved, match="Operation cannot be fulfilled"):
        cluster.kubectl.delete_as_read("configmaps", read)
    metadata = {"name": "r", "namespace": SPACE, "resourceVersion": read["metadata"]["resourceVersion"]}
    with pytest.raises(Moved, match="the object has been modified"):
        cluster.kubectl.apply({**config_map("r", x="3"), "metadata": metadata}, True)
    with pytest.raises(Moved, match="the object has been modified"):
        cluster.kubectl.apply({**config_map("r", x="3"), "metadata": {**metadata, "resourceVersion": "1"}}, True)
    new = {"name": "r-new", "namespace": SPACE, "resourceVersion": "1"}
    cluster.kubectl.apply({**config_map("r-new", x="3"), "metadata": new}, False)
    assert [body["data"] for body in cluster.kubectl.objects("configmap", "r-new")] == [{"x": "3"}]
    (read,) = cluster.kubectl.objects("configmap", "r")
    assert read["data"] == {"x": "1", "y": "9"}
    cluster.kubectl.replace({**read, "data": {"x": "3"}})
    (read,) = cluster.kubectl.objects("configmap", "r")
    assert read["data"] == {"x": "3"}
    cluster.kubectl.delete_as_read("configmaps", read)
    assert cluster.kubectl.objects("configmap", "r") == []


def test_objects_read_again(cluster: Cluster) -> None:
    """The objects that exist, in any namespace, with the owners of their fields."""
    cluster.output(APPLY, config_map("a", x="1"))
    root = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kube-root-ca.crt", "namespace": "default"}}
    without_namespace = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE}}
    live = cluster.kubectl.read_again([root, without_namespace, config_map("nope"), space])
    assert [(body["kind"], body["metadata"]["name"]) for body in live] == [
        ("ConfigMap", "kube-root-ca.crt"),
        ("ConfigMap", "a"),
        ("Namespace", SPACE),
    ]
    assert live[1]["metadata"]["managedFields"][0]["manager"] == "kubectl"
    assert [body["metadata"]["name"] for body in cluster.kubectl.read_again([without_namespace])] == ["a"]
    assert cluster.kubectl.read_again([config_map("nope")]) == []
    assert cluster.kubectl.read_again([]) == []


def test_a_kind_without_namespaces(cluster: Cluster) -> None:
    """An object of it names no namespace, whatever kubectl's is, and is deleted at its own path."""
    name = f"{SPACE}-created"
    cluster.kubectl.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    (read,) = cluster.kubectl.read_again([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}])
    assert "namespace" not in read["metadata"]
    cluster.kubectl.delete_as_read("namespaces", read)
    left = cluster.kubectl.read_again([read])
    assert all(body["status"]["phase"] == "Terminating" for body in left)


def test_installing_is_not_upgrading(cluster: Cluster) -> None:
    """Neither does what the other is for; the time of installation is kept until the release is installed anew."""
    _install(cluster)
    release = cluster.helm.release(SPACE, "cilium")
    assert release
    packed = _helm_with_charts(cluster)
    with pytest.raises(ProblemsFound, match="name that is still in use"):
        packed.install("cilium", "1.20.0", "cilium", SPACE, VALUES, timeout="60s")
    with pytest.raises(DashboardsError, match="has no deployed releases"):
        packed.upgrade("cilium", "1.20.0", "other", SPACE, VALUES, force=False, timeout="60s")
    first = packed.first_deployed(release)
    packed.upgrade("cilium", "1.20.0", "cilium", SPACE, {"ipam": {"mode": "kubernetes"}}, force=False, timeout="60s")
    packed.rollback(release, 1, timeout="60s")
    assert (packed.first_deployed(release), packed.values(release)) == (first, VALUES)
    assert [revision.number for revision in packed.history(release)] == [1, 2, 3]
    packed.uninstall(release, timeout="60s")
    packed.install("cilium", "1.20.0", "cilium", SPACE, VALUES, timeout="60s")
    assert packed.first_deployed(release) != first


def _helm_with_charts(cluster: Cluster) -> Helm:
    """Our helm, with charts from a directory on the real cluster."""
    return Helm("simulated", cluster.kubeconfig, None if cluster.kubeconfig is None else cluster.charts, cluster.runner)
