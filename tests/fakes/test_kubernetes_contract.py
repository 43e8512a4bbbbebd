"""The stand-ins for kubectl, helm and the API server answer as the real ones do: each scenario runs on both."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.kubernetes import Completed, Helm, Kubectl, Moved, Runner
from dashboards_py.kubernetes import run as real_run
from tests.components import path_of, require
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
class World:
    """A cluster of either kind: how to run kubectl and helm there, and where its charts are."""

    runner: Runner
    kubeconfig: str | None
    charts: Path

    def ask(self, line: str, stdin: Any = None) -> Completed:
        """Run a command line; `stdin` goes along as JSON."""
        program, *argv = line.split()
        where = [f"--kubeconfig={self.kubeconfig}"] if self.kubeconfig else []
        return self.runner([program, *argv, *where], stdin=json.dumps(stdin) if stdin is not None else "")

    def must(self, line: str, stdin: Any = None) -> str:
        """What a command line prints that must succeed."""
        completed = self.ask(line, stdin)
        assert completed.code == 0, f"{line}: {completed.stderr}"
        return completed.stdout

    def json(self, line: str) -> Any:
        """The JSON that a command line prints."""
        return json.loads(self.must(line))

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


def _fake() -> World:
    return World(FakeCluster(), None, Path("/charts"))


def _real(nodeid: str) -> World:
    require("kubernetes", "helm")
    return World(real_run, disposable(nodeid), path_of("charts"))


@pytest.fixture(params=["fake", "real"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A namespace of its own in a cluster, and nothing of Helm's in it."""
    world = _fake() if request.param == "fake" else _real(request.node.nodeid)
    world.ask(f"kubectl delete namespace {SPACE} --ignore-not-found")
    world.must(f"kubectl create namespace {SPACE}")
    yield world
    for release in world.json(f"helm list --namespace={SPACE} --deployed --failed --pending --output=json"):
        world.must(f"helm uninstall {release['name']} --namespace={SPACE}")
    world.must(f"kubectl delete namespace {SPACE} --ignore-not-found --wait=false")


def config_map(name: str, **data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": SPACE}, "data": data}


APPLY = f"kubectl --namespace={SPACE} apply --server-side --filename=-"


def test_server_side_apply(world: World) -> None:
    """Fields have owners: an edit by hand conflicts, can be forced, and unwanted fields are removed."""
    assert world.must(APPLY, config_map("a", x="1", y="2", z="3")) == "configmap/a serverside-applied\n"
    patch = json.dumps({"data": {"x": "9", "y": "8", "mine": "m"}}).replace(" ", "")
    assert world.must(f"kubectl -n {SPACE} patch configmap a --type=merge -p {patch}") == "configmap/a patched\n"
    refused = world.ask(APPLY, config_map("a", x="1", y="2", z="3"))
    text = (
        'error: Apply failed with 2 conflicts: conflicts with "kubectl-patch" using v1:\n- .data.x\n- .data.y\nPlease'
    )
    assert (refused.code, refused.stderr[: len(text)]) == (1, text)
    refused = world.ask(APPLY, config_map("a", x="1", y="8"))
    text = 'error: Apply failed with 1 conflict: conflict with "kubectl-patch" using v1: .data.x\nPlease'
    assert (refused.code, refused.stderr[: len(text)]) == (1, text)
    world.must(f"{APPLY} --force-conflicts", config_map("a", x="1"))
    live = world.json(f"kubectl -n {SPACE} get configmap a --show-managed-fields -o json")
    assert live["data"] == {"x": "1", "y": "8", "mine": "m"}
    owners = {entry["manager"]: set(entry["fieldsV1"]["f:data"]) for entry in live["metadata"]["managedFields"]}
    assert owners == {"kubectl": {"f:x"}, "kubectl-patch": {"f:y", "f:mine"}}
    assert "managedFields" not in world.json(f"kubectl -n {SPACE} get configmap a -o json")["metadata"]


def test_conflicts_with_several_managers(world: World) -> None:
    """Each manager is named with its own fields."""
    world.must("kubectl create -f -", config_map("b", x="1", y="2"))
    world.must(f'kubectl -n {SPACE} patch configmap b --type=merge --field-manager=other -p {{"data":{{"z":"9"}}}}')
    text = (
        'error: Apply failed with 3 conflicts: conflicts with "kubectl-create" using v1:\n- .data.x\n- .data.y\n'
        'conflicts with "other" using v1:\n- .data.z\nPlease'
    )
    assert world.ask(APPLY, config_map("b", x="5", y="5", z="5")).stderr[: len(text)] == text


def test_what_get_prints(world: World) -> None:
    """One object, a list, or nothing; and what is missing."""
    for name in ("a", "b"):
        world.must(APPLY, config_map(name, x="1"))
    get = f"kubectl -n {SPACE} get configmap"
    assert world.json(f"{get} a -o json")["kind"] == "ConfigMap"
    names = [item["metadata"]["name"] for item in world.json(f"{get} a b -o json")["items"]]
    assert names == ["a", "b"]
    assert [item["data"] for item in world.json(f"{get} a nope --ignore-not-found -o json")["items"]] == [{"x": "1"}]
    assert world.must(f"{get} nope --ignore-not-found -o json") == ""
    assert world.must(f"{get} nope more --ignore-not-found -o json") == ""
    assert world.json(f"{get} --selector a=b -o json")["items"] == []
    assert world.must(f"{get} -o name") == "configmap/a\nconfigmap/b\nconfigmap/kube-root-ca.crt\n"
    missing = world.ask(f"{get} a nope -o json")
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
def test_what_kubectl_refuses(world: World, line: str, stderr: str) -> None:
    """In the same words."""
    refused = world.ask(f"kubectl --namespace={SPACE} {line}")
    assert (refused.code, refused.stdout, refused.stderr) == (1, "", stderr)


def test_apply_creates_missing_objects(world: World) -> None:
    """A namespace or a kind that the cluster does not have."""
    elsewhere = {**config_map("a", x="1"), "metadata": {"name": "a", "namespace": "nope"}}
    refused = world.ask("kubectl --namespace=nope apply --server-side --filename=-", elsewhere)
    assert (refused.code, refused.stderr) == (1, 'Error from server (NotFound): namespaces "nope" not found\n')
    unknown = {"apiVersion": "example.org/v1", "kind": "Foo", "metadata": {"name": "a", "namespace": SPACE}}
    refused = world.ask(APPLY, unknown)
    assert refused.code == 1
    end = 'no matches for kind "Foo" in version "example.org/v1"\nensure CRDs are installed first\n'
    assert refused.stderr.endswith(end), refused.stderr


def test_objects_of_an_unknown_kind(world: World) -> None:
    """Read again they are missing, and hide none of the others; any other failure is one."""
    world.must(APPLY, config_map("notes", x="1"))
    unknown = [{"apiVersion": "example.org/v1", "kind": kind, "metadata": {"name": "a"}} for kind in ("Foo", "Bar")]
    (read,) = world.kubectl.read_again([unknown[0], config_map("notes"), config_map("nope"), unknown[1]])
    assert (read["metadata"]["name"], read["data"]) == ("notes", {"x": "1"})
    assert world.kubectl.read_again(unknown) == []
    with pytest.raises(DashboardsError, match="context"):
        Kubectl("default", "nope", world.kubeconfig, world.runner).read_again(unknown)


def test_what_is_in_a_namespace(world: World) -> None:
    """All that somebody made is seen, whatever its kind; what the cluster makes by itself is not."""
    assert world.kubectl.contents() == ()
    world.must(APPLY, config_map("notes", x="1"))
    pod = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "x", "image": "x"}]}}
    meta = {"name": "web", "namespace": SPACE}
    spec = {"selector": {"matchLabels": {"app": "x"}}, "template": pod}
    world.must(APPLY, {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": spec})
    world.must(f"kubectl -n {SPACE} rollout status deployment/web --timeout=60s")
    ports = [{"port": 80, "protocol": "TCP"}]
    service = {"selector": {"app": "x"}, "ports": ports}
    world.must(APPLY, {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": service})
    contents = sorted((item["kind"], item["metadata"]["name"]) for item in world.kubectl.contents())
    assert contents == [("ConfigMap", "notes"), ("Deployment", "web"), ("Service", "web")]


def test_a_namespace_is_deleted(world: World) -> None:
    """With all that is in it; one that waits for a finalizer takes nothing new."""
    world.must(f'kubectl patch namespace {SPACE} --type=merge -p {{"metadata":{{"finalizers":["example.org/slow"]}}}}')
    world.must(f"kubectl delete namespace {SPACE} --wait=false")
    assert world.json(f"kubectl get namespace {SPACE} -o json")["status"]["phase"] == "Terminating"
    refused = world.ask(APPLY, config_map("late", x="1"))
    text = (
        f'(Forbidden): configmaps "late" is forbidden: unable to create new content in namespace {SPACE} because it is'
    )
    assert (refused.code, text in refused.stderr) == (1, True), refused.stderr
    world.must(f'kubectl patch namespace {SPACE} --type=merge -p {{"metadata":{{"finalizers":null}}}}')


def _install(world: World) -> None:
    if "servicemonitors" not in world.must("kubectl get customresourcedefinitions --output=name"):
        world.must(f"helm install crds {world.chart('prometheus-operator-crds-31.0.1')} -n default --wait")
    world.must(f"helm install cilium {world.chart('cilium-1.20.0')} -n {SPACE} --wait -f -", VALUES)


UPGRADE = "helm upgrade --install cilium {} --namespace=contract --reset-values --values=- --wait --timeout=60s"


def test_revisions(world: World) -> None:
    """What list, history, values and manifest say after an installation, an upgrade and a rollback."""
    _install(world)
    release = world.helm.release(SPACE, "cilium")
    assert release
    assert (release.revision, release.status, release.chart, release.version) == (1, "deployed", "cilium", "1.20.0")
    assert world.helm.release(SPACE, "cil") is None
    assert world.helm.release("default", "cilium") is None
    world.must(UPGRADE.format(world.chart("cilium-1.20.0")), {**VALUES, "debug": {"enabled": True}})
    assert [(revision.number, revision.status) for revision in world.helm.history(release)] == [
        (1, "superseded"),
        (2, "deployed"),
    ]
    assert world.helm.values(release) == {**VALUES, "debug": {"enabled": True}}
    assert world.helm.values(release, 1) == VALUES
    config = next(item for item in world.helm.manifest(release) if item["metadata"]["name"] == "cilium-config")
    assert (config["kind"], config["data"]["debug"], config["data"]["hubble-metrics"]) == ("ConfigMap", "true", "drop")
    world.must(f"helm rollback cilium --namespace={SPACE}")
    assert world.helm.values(release) == VALUES
    assert [revision.status for revision in world.helm.history(release)] == ["superseded", "superseded", "deployed"]
    missing = world.ask(f"helm get values nope --namespace={SPACE} --output=json")
    assert (missing.code, missing.stderr) == (1, "Error: release: not found\n")


def test_an_upgrade_over_edits(world: World) -> None:
    """Helm 4 names each object that conflicts, applies the others all the same, and leaves the release failed."""
    _install(world)
    edits = {
        "configmap cilium-config": {"data": {"debug": "true", "hubble-metrics": "x"}},
        "servicemonitor hubble": {"spec": {"selector": {"matchLabels": {"a": "b"}}}},
    }
    for what, changes in edits.items():
        text = json.dumps(changes).replace(" ", "")
        world.must(f"kubectl -n {SPACE} patch {what} --type=merge -p {text}")
    world.must(f"kubectl -n {SPACE} delete service hubble-metrics")
    world.must(f"kubectl -n {SPACE} scale deployment hubble-relay --replicas=0")
    refused = world.ask(UPGRADE.format(world.chart("cilium-1.20.0")), VALUES)
    text = (
        f"Error: UPGRADE FAILED: conflict occurred while applying object {SPACE}/cilium-config /v1, Kind=ConfigMap: "
        'Apply failed with 2 conflicts: conflicts with "kubectl-patch" using v1:\n- .data.debug\n- .data.hubble-metrics'
        f" && conflict occurred while applying object {SPACE}/hubble monitoring.coreos.com/v1, Kind=ServiceMonitor: "
        'Apply failed with 1 conflict: conflict with "kubectl-patch" using monitoring.coreos.com/v1: .spec.selector\n'
    )
    assert (refused.code, refused.stderr[refused.stderr.index("Error") :]) == (1, text)
    release = world.helm.release(SPACE, "cilium")
    assert release
    assert (release.revision, release.status) == (2, "failed")
    assert world.json(f"kubectl -n {SPACE} get service hubble-metrics -o json")["spec"]["ports"][0]["port"] == 9965
    assert world.json(f"kubectl -n {SPACE} get deployment hubble-relay -o json")["spec"]["replicas"] == 1
    world.must(f"{UPGRADE.format(world.chart('cilium-1.20.0'))} --force-conflicts", VALUES)
    assert world.json(f"kubectl -n {SPACE} get configmap cilium-config -o json")["data"]["debug"] == "false"
    assert [(revision.number, revision.status) for revision in world.helm.history(release)] == [
        (1, "superseded"),
        (2, "failed"),
        (3, "deployed"),
    ]


def test_what_a_new_manifest_lacks(world: World) -> None:
    """Objects and fields that are rendered no more go; a field that somebody else added stays."""
    _install(world)
    world.must(f'kubectl -n {SPACE} patch configmap cilium-config --type=merge -p {{"data":{{"theirs":"x"}}}}')
    without = {**VALUES, "hubble": {"relay": {"enabled": False}}}
    world.must(UPGRADE.format(world.chart("cilium-1.20.0")), without)
    assert world.must(f"kubectl -n {SPACE} get deployment,servicemonitor -o name").split() == [
        "deployment.apps/cilium-operator",
        "servicemonitor.monitoring.coreos.com/cilium-agent",
    ]
    data = world.json(f"kubectl -n {SPACE} get configmap cilium-config -o json")["data"]
    assert ("hubble-metrics" in data, data["theirs"]) == (False, "x")


def test_charts_without_crds_and_foreign_objects(world: World) -> None:
    """A ServiceMonitor without its kind, and an object of somebody else's, are refused before anything is made."""
    if world.helm.release("default", "crds"):
        world.must("helm uninstall crds -n default")
    refused = world.ask(f"helm install cilium {world.chart('cilium-1.20.0')} -n {SPACE} -f -", VALUES)
    # The chart's own words, or Helm's where the API server still names the kind that has just been removed.
    texts = ("Service Monitor requires monitoring.coreos.com/v1 CRDs", "ensure CRDs are installed first")
    assert (refused.code, any(text in refused.stderr for text in texts)) == (1, True), refused.stderr
    world.must(APPLY, config_map("cilium-config", x="1"))
    refused = world.ask(UPGRADE.format(world.chart("cilium-1.20.0")), {"ipam": {"mode": "kubernetes"}})
    text = (
        f'unable to continue with install: ConfigMap "cilium-config" in namespace "{SPACE}" exists and cannot be '
        "imported into the current release: invalid ownership metadata"
    )
    assert (refused.code, text in refused.stderr) == (1, True), refused.stderr
    assert world.helm.release(SPACE, "cilium") is None


def test_unknown_arguments_are_an_error() -> None:
    """What the stand-in was not taught it does not accept."""
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


def test_writes_that_name_what_was_read(world: World) -> None:
    """A create, a replace and a delete do nothing to an object that somebody made or changed in between."""
    world.kubectl.create(config_map("r", x="1"))
    with pytest.raises(Moved, match="already exists"):
        world.kubectl.create(config_map("r", x="2"))
    (read,) = world.kubectl.objects("configmap", "r")
    world.must(f'kubectl -n {SPACE} patch configmap r --type=merge -p {{"data":{{"y":"9"}}}}')
    with pytest.raises(Moved, match="the object has been modified"):
        world.kubectl.replace({**read, "data": {"x": "3"}})
    with pytest.raises(Moved, match="Operation cannot be fulfilled"):
        world.kubectl.delete_as_read("configmaps", read)
    metadata = {"name": "r", "namespace": SPACE, "resourceVersion": read["metadata"]["resourceVersion"]}
    with pytest.raises(Moved, match="the object has been modified"):
        world.kubectl.apply({**config_map("r", x="3"), "metadata": metadata}, True)
    with pytest.raises(Moved, match="the object has been modified"):
        world.kubectl.apply({**config_map("r", x="3"), "metadata": {**metadata, "resourceVersion": "1"}}, True)
    new = {"name": "r-new", "namespace": SPACE, "resourceVersion": "1"}
    world.kubectl.apply({**config_map("r-new", x="3"), "metadata": new}, False)
    assert [body["data"] for body in world.kubectl.objects("configmap", "r-new")] == [{"x": "3"}]
    (read,) = world.kubectl.objects("configmap", "r")
    assert read["data"] == {"x": "1", "y": "9"}
    world.kubectl.replace({**read, "data": {"x": "3"}})
    (read,) = world.kubectl.objects("configmap", "r")
    assert read["data"] == {"x": "3"}
    world.kubectl.delete_as_read("configmaps", read)
    assert world.kubectl.objects("configmap", "r") == []


def test_objects_read_again(world: World) -> None:
    """Those that are there, wherever they are, with the owners of their fields."""
    world.must(APPLY, config_map("a", x="1"))
    root = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kube-root-ca.crt", "namespace": "default"}}
    without_namespace = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE}}
    live = world.kubectl.read_again([root, without_namespace, config_map("nope"), space])
    assert [(body["kind"], body["metadata"]["name"]) for body in live] == [
        ("ConfigMap", "kube-root-ca.crt"),
        ("ConfigMap", "a"),
        ("Namespace", SPACE),
    ]
    assert live[1]["metadata"]["managedFields"][0]["manager"] == "kubectl"
    assert [body["metadata"]["name"] for body in world.kubectl.read_again([without_namespace])] == ["a"]
    assert world.kubectl.read_again([config_map("nope")]) == []
    assert world.kubectl.read_again([]) == []


def test_installing_is_not_upgrading(world: World) -> None:
    """Neither takes what the other is for; when a release was installed stays known, until it is installed anew."""
    _install(world)
    release = world.helm.release(SPACE, "cilium")
    assert release
    packed = _helm_with_charts(world)
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


def _helm_with_charts(world: World) -> Helm:
    """Our helm, with charts from a directory on the real cluster."""
    return Helm("simulated", world.kubeconfig, None if world.kubeconfig is None else world.charts, world.runner)
