"""`deploy configmaps` on a stand-in of the API server, and on a real one where there is one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards_py.errors import DashboardsError, Refused
from dashboards_py.kubernetes import Kubectl
from dashboards_py.provisioning import provisioning_files
from dashboards_py.targets import Action, Change, Deployment, Payload, configmaps
from tests.live.kubernetes import Kubernetes, Namespace, namespace
from tests.targets.small_boards import UIDS, bloated, payload

NAMES = tuple(f"cilium-dashboards-{uid}" for uid in UIDS)
A, B, C = NAMES


@pytest.fixture(params=["stand-in", "real"])
def live_namespace(request: pytest.FixtureRequest) -> Iterator[Namespace]:
    """A new namespace, of a cluster in memory or of a real one."""
    is_real = request.param == "real"
    with namespace(Kubernetes.real(request.getfixturevalue("kubeconfig")) if is_real else Kubernetes.stand_in()) as new:
        yield new


@pytest.fixture
def real_namespace(kubeconfig: str) -> Iterator[Namespace]:
    """A new namespace of a real cluster, for what only one has: users, certificates, addresses."""
    with namespace(Kubernetes.real(kubeconfig)) as created:
        yield created


def plan(live_namespace: Namespace, boards: Payload | None = None, **changes: Any) -> Deployment:
    if not live_namespace.kubeconfig:
        return configmaps.compare(
            boards or payload(), live_namespace.client, "the cluster", **{"overwrite": False, **changes}
        )
    options = {
        "namespace": live_namespace.name,
        "context": None,
        "kubeconfig": live_namespace.kubeconfig,
        "overwrite": False,
    }
    return configmaps.prepare(boards or payload(), {**options, **changes})


def deploy(live_namespace: Namespace, boards: Payload | None = None, **changes: Any) -> list[str]:
    """Deploy, and return the changes as `action name`."""
    return [f"{change.action} {change.name}" for change in plan(live_namespace, boards, **changes).apply()]


def refused(deployment: Deployment) -> list[Change]:
    return [change for change in deployment.changes if change.action in ("conflict", "foreign")]


def write(directory: Path, boards: Payload) -> Path:
    """The payload as a directory for `kubectl apply -k`."""
    for name, content in boards.files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(content)
    return directory


def test_every_board_is_created_once_and_then_left_alone(live_namespace: Namespace) -> None:
    """All our boards are created; the second deploy changes no resourceVersion."""
    every_board = Payload(provisioning_files())
    expected = {config_map["metadata"]["name"]: config_map for config_map in configmaps.config_maps(every_board.files)}
    assert deploy(live_namespace, every_board) == [f"create {name}" for name in expected]
    live = live_namespace.config_maps()
    assert {name: config_map["data"] for name, config_map in live.items()} == {
        name: config_map["data"] for name, config_map in expected.items()
    }
    before = live_namespace.versions()
    assert deploy(live_namespace, every_board) == []
    assert live_namespace.versions() == before


SERVER_SIDE, CLIENT_SIDE = ("--server-side",), ()


@pytest.mark.parametrize("flags", [SERVER_SIDE, CLIENT_SIDE], ids=["server-side", "client-side"])
def test_kubectl_apply_and_deploy_agree(live_namespace: Namespace, tmp_path: Path, flags: tuple[str, ...]) -> None:
    """After `kubectl apply -k` there is nothing to deploy; each may follow the other."""
    one, two = (write(tmp_path / title, payload(dict.fromkeys(UIDS, title))) for title in ("one", "two"))
    live_namespace.kubectl("apply", *flags, f"--kustomize={one}")
    before = live_namespace.versions()
    live_namespace.kubectl("apply", *flags, f"--kustomize={one}")
    assert live_namespace.versions() == before
    assert deploy(live_namespace, payload(dict.fromkeys(UIDS, "one"))) == []
    assert live_namespace.versions() == before
    assert deploy(live_namespace, payload(dict.fromkeys(UIDS, "two"))) == [f"update {name}" for name in NAMES]
    live_namespace.kubectl("apply", *flags, f"--kustomize={two}")
    live_namespace.kubectl("apply", *flags, f"--kustomize={one}")
    assert deploy(live_namespace, payload(dict.fromkeys(UIDS, "one"))) == []
    assert deploy(live_namespace, payload({"cilium-b": "three", "cilium-a": "one", "hubble-c": "one"})) == [
        f"update {B}"
    ]


def edit(live_namespace: Namespace, name: str, title: str, manager: str = "kubectl-edit") -> None:
    """Change a board in the cluster as `kubectl edit` does."""
    (key,) = live_namespace.config_maps()[name]["data"]
    change = json.dumps({"data": {key: json.dumps({"title": title})}})
    live_namespace.kubectl(
        "patch", "configmap", name, "--type=merge", f"--patch={change}", f"--field-manager={manager}"
    )


def test_an_edit_is_a_conflict(live_namespace: Namespace) -> None:
    """The editor is named; the other ConfigMaps are deployed; --overwrite replaces the edited one."""
    deploy(live_namespace)
    edit(live_namespace, A, "Mine")
    why = f"ConfigMap {A} was edited by kubectl-edit: keep a copy of it, then --overwrite"
    new = payload(dict.fromkeys(UIDS, "New"))
    assert refused(plan(live_namespace, new)) == [Change(A, Action.CONFLICT, why)]
    assert deploy(live_namespace, new) == [f"update {B}", f"update {C}"]
    assert "Mine" in live_namespace.config_maps()[A]["data"]["cilium-a.json"]
    assert deploy(live_namespace, new, overwrite=True) == [f"update {A}"]
    assert deploy(live_namespace, new) == []


def test_edited_after_the_plan(live_namespace: Namespace) -> None:
    """An edit between plan and apply is a conflict of that ConfigMap, with the owner from the API."""
    deploy(live_namespace)
    deployment = plan(live_namespace, payload(dict.fromkeys(UIDS, "New")))
    edit(live_namespace, A, "Mine", manager="argocd-controller")
    events = list(deployment.apply())
    assert [str(event.action) for event in events] == ["conflict", "update", "update"]
    way = "change it in the source that Argo CD applies, which would undo an overwrite"
    assert events[0].why == f"ConfigMap {A} was edited by argocd-controller: {way}"


def test_a_foreign_configmap_is_not_overwritten(live_namespace: Namespace) -> None:
    """A ConfigMap with our name but without our label is left as it is."""
    live_namespace.kubectl("create", "configmap", A, "--from-literal=theirs=1")
    (change,) = refused(plan(live_namespace))
    assert str(change.action) == "foreign"
    assert deploy(live_namespace) == [f"create {B}", f"create {C}"]
    assert A not in live_namespace.config_maps()


def test_a_removed_board_is_named(live_namespace: Namespace) -> None:
    """It is kept until a user runs the command that the plan prints."""
    deploy(live_namespace)
    change = plan(live_namespace, payload(uids=UIDS[:2])).changes[-1]
    assert (change.name, str(change.action)) == (C, "left over")
    live_namespace.kubectl(*change.why.partition("kubectl ")[2].split())
    assert sorted(live_namespace.config_maps()) == [A, B]


def test_a_board_of_a_megabyte(live_namespace: Namespace) -> None:
    """The API accepts the largest board that we accept: the limit is the same."""
    assert deploy(live_namespace, bloated(1024 * 1024 - 1000)) == [f"create {name}" for name in NAMES]


def user(real_namespace: Namespace, tmp_path: Path, token: str | None, server: str = "") -> str:
    """A kubeconfig for another user in the same cluster."""
    config = yaml.safe_load(Path(real_namespace.kubeconfig).read_text())
    config["users"] = [
        {"name": user_entry["name"], "user": {"token": token} if token else {}} for user_entry in config["users"]
    ]
    for cluster_entry in config["clusters"] if server else ():
        cluster_entry["cluster"]["server"] = server
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    return str(path)


def test_rights_in_one_namespace_are_enough(real_namespace: Namespace, tmp_path: Path) -> None:
    """With read access only, the error names the missing right; with it, that is enough."""
    real_namespace.kubectl("create", "serviceaccount", "deployer")
    real_namespace.kubectl("create", "role", "deployer", "--verb=get,list", "--resource=configmaps")
    real_namespace.kubectl(
        "create", "rolebinding", "deployer", "--role=deployer", f"--serviceaccount={real_namespace.name}:deployer"
    )
    config = user(real_namespace, tmp_path, real_namespace.kubectl("create", "token", "deployer").strip())
    with pytest.raises(Refused, match=r'configmaps "cilium-dashboards-cilium-a" is forbidden.*cannot patch'):
        deploy(real_namespace, kubeconfig=config)
    role = '{"rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "patch", "create"]}]}'
    real_namespace.kubectl("patch", "role", "deployer", "--type=merge", f"--patch={role}")
    assert deploy(real_namespace, kubeconfig=config) == [f"create {name}" for name in NAMES]


def test_a_wrong_user_or_cluster(real_namespace: Namespace, tmp_path: Path) -> None:
    """A wrong token, none, an unknown context, a missing file, no server, no namespace: each has its own error."""
    with pytest.raises(Refused, match="must be logged in"):
        plan(real_namespace, kubeconfig=user(real_namespace, tmp_path, "wrong-token"))
    with pytest.raises(Refused, match="log in, or choose another --context"):
        plan(real_namespace, kubeconfig=user(real_namespace, tmp_path, None))
    with pytest.raises(DashboardsError, match=r"the kubectl context: .*nowhere"):
        plan(real_namespace, context="nowhere")
    with pytest.raises(DashboardsError, match="the kubeconfig: error: stat /nonexistent"):
        plan(real_namespace, kubeconfig="/nonexistent")
    with pytest.raises(DashboardsError, match=r"the cluster: .*127.0.0.1:1 was refused"):
        plan(real_namespace, kubeconfig=user(real_namespace, tmp_path, "x", "https://127.0.0.1:1"))
    with pytest.raises(
        DashboardsError, match="namespace nowhere: does not exist\n  `kubectl create namespace nowhere`"
    ):
        plan(real_namespace, namespace="nowhere")


def test_a_namespace_that_is_being_deleted(real_namespace: Namespace) -> None:
    """A terminating namespace accepts no ConfigMaps, which is reported before anything is tried."""
    hold = {"metadata": {"name": "held", "finalizers": ["example.org/hold"]}, "kind": "ConfigMap", "apiVersion": "v1"}
    real_namespace.kubectl("apply", "--filename=-", stdin=json.dumps(hold))
    real_namespace.kubectl("delete", "namespace", real_namespace.name, "--wait=false")
    try:
        with pytest.raises(DashboardsError, match=rf"namespace {real_namespace.name}: is being terminated"):
            plan(real_namespace)
    finally:
        real_namespace.kubectl("patch", "configmap", "held", "--type=merge", '--patch={"metadata":{"finalizers":null}}')


@pytest.mark.fault("a deploy during which it is killed or others write loses their work")
@pytest.mark.parametrize("overwrite", [False, True])
def test_changed_between_reading_and_applying(
    live_namespace: Namespace, monkeypatch: pytest.MonkeyPatch, overwrite: bool
) -> None:
    """An edit, or an object created under our name, just before our apply is kept: the API server refuses the apply."""
    deploy(live_namespace, payload(uids=(UIDS[0],)))
    deployment = plan(live_namespace, payload(dict.fromkeys(UIDS, "New"), uids=UIDS[:2]), overwrite=overwrite)
    apply = Kubectl.apply

    def disturbed(kubectl: Kubectl, config_map: dict[str, Any], force: bool) -> None:
        if config_map["metadata"]["name"] == A:
            live_namespace.kubectl("annotate", "configmap", A, "note=mine")
        else:
            live_namespace.kubectl("create", "configmap", B, "--from-literal=their.json={}")
        apply(kubectl, config_map, force)

    monkeypatch.setattr(Kubectl, "apply", disturbed)
    assert [str(change.action) for change in deployment.apply()] == ["conflict", "conflict"]
    own_map, other_map = (
        json.loads(live_namespace.kubectl("get", "configmap", name, "--output=json")) for name in (A, B)
    )
    assert own_map["metadata"]["annotations"]["note"] == "mine"
    assert "New" not in own_map["data"][f"{UIDS[0]}.json"]
    assert other_map["data"] == {"their.json": "{}"}
    assert "labels" not in other_map["metadata"]


def test_prune_removes_no_copy(live_namespace: Namespace) -> None:
    """A board that the code no longer has is removed; copies of it, by kubectl with our manager too, and edits stay."""
    deploy(live_namespace)
    for flags, name in ((("--server-side",), "copy"), ((), "cilium-dashboards-copy")):
        body = live_namespace.config_maps()[B]
        kept = {key: body["metadata"][key] for key in ("labels", "annotations")}
        copy = {**body, "metadata": {"name": name, **kept}}
        live_namespace.kubectl("apply", *flags, "--filename=-", stdin=json.dumps(copy))
    patch = json.dumps({"data": {f"{UIDS[2]}.json": "{}"}})
    live_namespace.kubectl("patch", "configmap", C, "--field-manager=kubectl-edit", f"--patch={patch}")
    assert deploy(live_namespace, payload(uids=UIDS[:1]), prune=True) == [f"remove {B}"]
    assert live_namespace.config_maps().keys() == {A, C, "copy", "cilium-dashboards-copy"}
    assert deploy(live_namespace, payload(uids=UIDS[:1]), prune=True) == []
