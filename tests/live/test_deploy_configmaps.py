"""`deploy configmaps` on a real Kubernetes API server."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards_py.errors import DashboardsError, Refused
from dashboards_py.kubernetes import Kubectl
from dashboards_py.provisioning import tree
from dashboards_py.targets import Action, Change, Deployment, Payload, configmaps
from tests.live.kubernetes import Namespace, namespace
from tests.targets.small import UIDS, bloated, payload

NAMES = tuple(f"cilium-dashboards-{uid}" for uid in UIDS)
A, B, C = NAMES


@pytest.fixture
def place(kubeconfig: str) -> Iterator[Namespace]:
    with namespace(kubeconfig) as found:
        yield found


def plan(place: Namespace, given: Payload | None = None, **changes: Any) -> Deployment:
    options = {"namespace": place.name, "context": None, "kubeconfig": place.kubeconfig, "overwrite": False}
    return configmaps.prepare(given or payload(), {**options, **changes})


def deploy(place: Namespace, given: Payload | None = None, **changes: Any) -> list[str]:
    """What was done, as `action name`."""
    return [f"{change.action} {change.name}" for change in plan(place, given, **changes).apply()]


def refused(deployment: Deployment) -> list[Change]:
    return [change for change in deployment.changes if change.action in ("conflict", "foreign")]


def write(directory: Path, given: Payload) -> Path:
    """The payload as a directory for `kubectl apply -k`."""
    for name, content in given.files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(content)
    return directory


def test_every_board_is_created_once_and_then_left_alone(place: Namespace) -> None:
    """All our boards come whole; the second deploy moves no resourceVersion."""
    whole = Payload(tree())
    wanted = {each["metadata"]["name"]: each for each in configmaps.config_maps(whole.files)}
    assert deploy(place, whole) == [f"create {name}" for name in wanted]
    live = place.config_maps()
    assert {name: each["data"] for name, each in live.items()} == {name: each["data"] for name, each in wanted.items()}
    before = place.versions()
    assert deploy(place, whole) == []
    assert place.versions() == before


SERVER_SIDE, CLIENT_SIDE = ("--server-side",), ()


@pytest.mark.parametrize("how", [SERVER_SIDE, CLIENT_SIDE], ids=["server-side", "client-side"])
def test_kubectl_apply_and_deploy_make_the_same(place: Namespace, tmp_path: Path, how: tuple[str, ...]) -> None:
    """After `kubectl apply -k` there is nothing to deploy; each of the two may go on where the other was."""
    one, two = (write(tmp_path / title, payload(dict.fromkeys(UIDS, title))) for title in ("one", "two"))
    place.kubectl("apply", *how, f"--kustomize={one}")
    before = place.versions()
    place.kubectl("apply", *how, f"--kustomize={one}")
    assert place.versions() == before
    assert deploy(place, payload(dict.fromkeys(UIDS, "one"))) == []
    assert place.versions() == before
    assert deploy(place, payload(dict.fromkeys(UIDS, "two"))) == [f"update {name}" for name in NAMES]
    place.kubectl("apply", *how, f"--kustomize={two}")
    place.kubectl("apply", *how, f"--kustomize={one}")
    assert deploy(place, payload(dict.fromkeys(UIDS, "one"))) == []
    assert deploy(place, payload({"cilium-b": "three", "cilium-a": "one", "hubble-c": "one"})) == [f"update {B}"]


def edit(place: Namespace, name: str, title: str, manager: str = "kubectl-edit") -> None:
    """Change a board in the cluster as `kubectl edit` does."""
    (key,) = place.config_maps()[name]["data"]
    change = json.dumps({"data": {key: json.dumps({"title": title})}})
    place.kubectl("patch", "configmap", name, "--type=merge", f"--patch={change}", f"--field-manager={manager}")


def test_an_edit_is_a_conflict(place: Namespace) -> None:
    """Who edited is named; the others are deployed; --overwrite takes it."""
    deploy(place)
    edit(place, A, "Mine")
    why = f"ConfigMap {A} was edited by kubectl-edit: keep a copy of it, then --overwrite"
    new = payload(dict.fromkeys(UIDS, "New"))
    assert refused(plan(place, new)) == [Change(A, Action.CONFLICT, why)]
    assert deploy(place, new) == [f"update {B}", f"update {C}"]
    assert "Mine" in place.config_maps()[A]["data"]["cilium-a.json"]
    assert deploy(place, new, overwrite=True) == [f"update {A}"]
    assert deploy(place, new) == []


def test_edited_after_the_plan(place: Namespace) -> None:
    """What somebody takes between plan and apply is that ConfigMap's conflict, with the owner from the API."""
    deploy(place)
    deployment = plan(place, payload(dict.fromkeys(UIDS, "New")))
    edit(place, A, "Mine", manager="argocd-controller")
    events = list(deployment.apply())
    assert [str(event.action) for event in events] == ["conflict", "update", "update"]
    assert events[0].why == f"ConfigMap {A} was edited by argocd-controller: keep a copy of it, then --overwrite"


def test_a_foreign_configmap_is_not_taken(place: Namespace) -> None:
    """One with our name that is not labelled as ours stays as it is."""
    place.kubectl("create", "configmap", A, "--from-literal=theirs=1")
    (found,) = refused(plan(place))
    assert str(found.action) == "foreign"
    assert deploy(place) == [f"create {B}", f"create {C}"]
    assert A not in place.config_maps()


def test_a_removed_board_is_named(place: Namespace) -> None:
    """It stays until somebody runs the command that the plan says."""
    deploy(place)
    change = plan(place, payload(uids=UIDS[:2])).changes[-1]
    assert (change.name, str(change.action)) == (C, "left over")
    place.kubectl(*change.why.partition("kubectl ")[2].split())
    assert sorted(place.config_maps()) == [A, B]


def test_a_board_of_a_megabyte(place: Namespace) -> None:
    """What we let through, the API takes: the limit is the same."""
    assert deploy(place, bloated(1024 * 1024 - 1000)) == [f"create {name}" for name in NAMES]


def user(place: Namespace, tmp_path: Path, token: str | None, server: str = "") -> str:
    """A kubeconfig for somebody else in the same cluster."""
    config = yaml.safe_load(Path(place.kubeconfig).read_text())
    config["users"] = [{"name": each["name"], "user": {"token": token} if token else {}} for each in config["users"]]
    for each in config["clusters"] if server else ():
        each["cluster"]["server"] = server
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    return str(path)


def test_rights_in_one_namespace_are_enough(place: Namespace, tmp_path: Path) -> None:
    """Who may only see ConfigMaps is refused with the right that is missing; with it, that is enough."""
    place.kubectl("create", "serviceaccount", "deployer")
    place.kubectl("create", "role", "deployer", "--verb=get,list", "--resource=configmaps")
    place.kubectl("create", "rolebinding", "deployer", "--role=deployer", f"--serviceaccount={place.name}:deployer")
    config = user(place, tmp_path, place.kubectl("create", "token", "deployer").strip())
    with pytest.raises(Refused, match=r'configmaps "cilium-dashboards-cilium-a" is forbidden.*cannot patch'):
        deploy(place, kubeconfig=config)
    role = '{"rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "patch", "create"]}]}'
    place.kubectl("patch", "role", "deployer", "--type=merge", f"--patch={role}")
    assert deploy(place, kubeconfig=config) == [f"create {name}" for name in NAMES]


def test_who_and_where_is_wrong(place: Namespace, tmp_path: Path) -> None:
    """A wrong token, none, no such context, no such file, nobody there, no such namespace: each as what it is."""
    with pytest.raises(Refused, match="must be logged in"):
        plan(place, kubeconfig=user(place, tmp_path, "wrong-token"))
    with pytest.raises(Refused, match="log in, or choose another --context"):
        plan(place, kubeconfig=user(place, tmp_path, None))
    with pytest.raises(DashboardsError, match=r"the kubectl context: .*nowhere"):
        plan(place, context="nowhere")
    with pytest.raises(DashboardsError, match="the kubeconfig: error: stat /nonexistent"):
        plan(place, kubeconfig="/nonexistent")
    with pytest.raises(DashboardsError, match=r"the cluster: .*127.0.0.1:1 was refused"):
        plan(place, kubeconfig=user(place, tmp_path, "x", "https://127.0.0.1:1"))
    with pytest.raises(
        DashboardsError, match="namespace nowhere: does not exist\n  `kubectl create namespace nowhere`"
    ):
        plan(place, namespace="nowhere")


def test_a_namespace_that_goes_away(place: Namespace) -> None:
    """A namespace that is being removed takes no ConfigMaps, and it is said so before anything is tried."""
    hold = {"metadata": {"name": "held", "finalizers": ["example.org/hold"]}, "kind": "ConfigMap", "apiVersion": "v1"}
    place.kubectl("apply", "--filename=-", stdin=json.dumps(hold))
    place.kubectl("delete", "namespace", place.name, "--wait=false")
    try:
        with pytest.raises(DashboardsError, match=rf"namespace {place.name}: is being terminated"):
            plan(place)
    finally:
        place.kubectl("patch", "configmap", "held", "--type=merge", '--patch={"metadata":{"finalizers":null}}')


@pytest.mark.fault("a deploy that is killed, raced or edited under its hands loses what others wrote")
@pytest.mark.parametrize("overwrite", [False, True])
def test_changed_between_reading_and_applying(
    place: Namespace, monkeypatch: pytest.MonkeyPatch, overwrite: bool
) -> None:
    """What somebody edits, or creates under our name, just before our apply stays: the API server refuses the apply."""
    deploy(place, payload(uids=(UIDS[0],)))
    deployment = plan(place, payload(dict.fromkeys(UIDS, "New"), uids=UIDS[:2]), overwrite=overwrite)
    apply = Kubectl.apply

    def disturbed(kubectl: Kubectl, config_map: dict[str, Any], force: bool) -> None:
        if config_map["metadata"]["name"] == A:
            place.kubectl("annotate", "configmap", A, "note=mine")
        else:
            place.kubectl("create", "configmap", B, "--from-literal=their.json={}")
        apply(kubectl, config_map, force)

    monkeypatch.setattr(Kubectl, "apply", disturbed)
    assert [str(change.action) for change in deployment.apply()] == ["conflict", "conflict"]
    ours, theirs = (json.loads(place.kubectl("get", "configmap", name, "--output=json")) for name in (A, B))
    assert ours["metadata"]["annotations"]["note"] == "mine"
    assert "New" not in ours["data"][f"{UIDS[0]}.json"]
    assert theirs["data"] == {"their.json": "{}"}
    assert "labels" not in theirs["metadata"]
