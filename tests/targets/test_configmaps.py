"""Deploying ConfigMaps: compared field by field, applied one at a time, with kubectl's errors explained.

kubectl is small_kubectl; its error messages are those of kubectl 1.36.
"""

import json
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError, PartlyDone, Refused
from dashboards_py.kubernetes import FieldConflict, error_from_stderr
from dashboards_py.kubernetes.kubectl_errors import NotFound
from dashboards_py.kubernetes.not_ready import NotReady
from dashboards_py.targets import WRITES, Action, Change, Deployment, Payload, configmaps
from tests.targets.small_boards import FOLDERS, UIDS, bloated, payload

NAMES = tuple(f"cilium-dashboards-{uid}" for uid in UIDS)
A, B, C = NAMES


class Cluster:
    """The state of the small kubectl."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.set(maps={}, answer=[], log=[], phase="Active")

    def __getitem__(self, key: str) -> Any:
        return json.loads(self.file.read_text())[key]

    def set(self, **changes: Any) -> None:
        before = json.loads(self.file.read_text()) if self.file.exists() else {}
        self.file.write_text(json.dumps({**before, **changes}))

    def answer(self, when: str, text: str, times: int = 99) -> None:
        """Let kubectl fail with a text if a word occurs in its command line."""
        self.set(answer=[[when, text, times]])

    def change(self, name: str, edit: Callable[[dict[str, Any]], None]) -> None:
        maps = self["maps"]
        edit(maps[name])
        self.set(maps=maps)

    def versions(self) -> dict[str, int]:
        return {name: config_map["metadata"]["version"] for name, config_map in self["maps"].items()}


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    program = tmp_path / "bin" / "kubectl"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {Path(__file__).parent / "small_kubectl.py"} "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("STATE", str(tmp_path / "state.json"))
    return Cluster(tmp_path / "state.json")


def plan(boards: Payload | None = None, **changes: Any) -> Deployment:
    options = {"namespace": "prometheus", "context": None, "kubeconfig": None, "overwrite": False, **changes}
    return configmaps.prepare(boards or payload(), options)


def deploy(boards: Payload | None = None, **changes: Any) -> list[Change]:
    return list(plan(boards, **changes).apply())


def actions(deployment: Deployment) -> dict[str, str]:
    return {change.name: str(change.action) for change in deployment.changes}


def test_the_configmaps_are_those_of_the_kustomization() -> None:
    """One for each board: sidecar label, our label, folder annotation, one unique key, no namespace."""
    config_maps = configmaps.config_maps(payload().files)
    assert [config_map["metadata"] for config_map in config_maps] == [
        {
            "name": f"cilium-dashboards-{uid}",
            "labels": {"app.kubernetes.io/part-of": "cilium-dashboards", "grafana_dashboard": "1"},
            "annotations": {"grafana_folder": FOLDERS[uid]},
        }
        for uid in UIDS
    ]
    assert [list(config_map["data"]) for config_map in config_maps] == [[f"{uid}.json"] for uid in UIDS]


def test_create_then_nothing_then_update(cluster: Cluster) -> None:
    """Everything once; then nothing is applied; then only what changed."""
    assert deploy() == [Change(name, Action.CREATE) for name in NAMES]
    assert deploy() == []
    assert cluster.versions() == dict.fromkeys(NAMES, 1)
    assert deploy(payload({"cilium-b": "New"})) == [Change(B, Action.UPDATE)]
    assert cluster.versions() == {A: 1, B: 2, C: 1}
    applied = [argv for argv in cluster["log"] if "apply" in argv]
    assert set(map(tuple, applied)) == {
        (
            "--namespace=prometheus",
            "--request-timeout=15s",
            "apply",
            "--server-side",
            "--field-manager=kubectl",
            "--filename=-",
        )
    }


def test_a_plan_writes_nothing(cluster: Cluster) -> None:
    """Planning only reads, in the context and namespace of the options."""
    deployment = plan(context="prod", namespace="grafana", kubeconfig="/k")
    assert deployment.destination == "namespace grafana of context prod"
    assert actions(deployment) == dict.fromkeys(NAMES, "create")
    where = ["--request-timeout=15s", "--context=prod", "--kubeconfig=/k", "get"]
    inside = ["--namespace=grafana", *where]
    # Objects that are named on standard input have their namespace there.
    assert [argv[: argv.index("get") + 1] for argv in cluster["log"]] == [inside, where, inside]


def test_additional_fields_do_not_matter(cluster: Cluster) -> None:
    """Labels, annotations and keys that others add are kept, and cause no update."""
    deploy()

    def add(config_map: dict[str, Any]) -> None:
        config_map["metadata"]["labels"]["team"] = "net"
        config_map["metadata"]["annotations"]["note"] = "x"
        config_map["data"]["other.json"] = "{}"

    cluster.change(A, add)
    assert deploy() == []


def edited_by(manager: str) -> Callable[[dict[str, Any]], None]:
    def edit(config_map: dict[str, Any]) -> None:
        config_map["data"] = {"cilium-a.json": "{}"}
        fields: Any = {"time": "2026-01-02T03:04:05Z", "fieldsV1": {"f:data": {"f:cilium-a.json": {}}}}
        deployed = {**fields, "manager": "kubectl", "time": "2026-09-09T09:09:09Z"}
        config_map["metadata"]["managedFields"] = [{**fields, "manager": manager}, deployed]

    return edit


def test_an_edited_configmap_is_a_conflict(cluster: Cluster) -> None:
    """The editor is named; the others are deployed; --overwrite replaces it with force."""
    deploy()
    cluster.change(A, edited_by("kubectl-edit"))
    deployment = plan(payload({"cilium-b": "New"}))
    why = f"ConfigMap {A} was edited by kubectl-edit: keep a copy of it, then --overwrite"
    assert deployment.changes == (
        Change(A, Action.CONFLICT, why),
        Change(B, Action.UPDATE),
        Change(C, Action.UNCHANGED),
    )
    assert deployment.changes[0].details == "by kubectl-edit on 2026-01-02 03:04"
    assert list(deployment.apply()) == [Change(B, Action.UPDATE)]
    assert cluster["maps"][A]["data"] == {"cilium-a.json": "{}"}
    assert deploy(payload({"cilium-b": "New"}), overwrite=True) == [Change(A, Action.UPDATE)]
    assert actions(plan(payload({"cilium-b": "New"}))) == dict.fromkeys(NAMES, "unchanged")


@pytest.mark.parametrize("manager", ["kubectl", "kubectl-client-side-apply"])
def test_another_release_applied_by_hand_is_not_an_edit(cluster: Cluster, manager: str) -> None:
    """Changes by `kubectl apply -k`, server-side or client-side, are updated without a conflict."""
    deploy()
    cluster.change(A, edited_by(manager))
    deployment = plan()
    assert actions(deployment) == {A: "update", B: "unchanged", C: "unchanged"}
    assert [change.details for change in deployment.changes] == ["applied with kubectl since our last deploy", "", ""]


def test_edited_between_plan_and_apply(cluster: Cluster) -> None:
    """An edit after the plan is a conflict for that ConfigMap only, and the editor is named."""
    deploy()
    deployment = plan(payload(dict.fromkeys(UIDS, "New")))
    cluster.change(A, edited_by("argocd"))
    events = list(deployment.apply())
    assert events[1:] == [Change(B, Action.UPDATE), Change(C, Action.UPDATE)]
    assert events[0] == Change(
        A,
        Action.CONFLICT,
        f"ConfigMap {A} was edited by argocd: keep a copy of it, then --overwrite",
    )


def test_a_foreign_configmap_is_not_overwritten(cluster: Cluster) -> None:
    """A ConfigMap with our name and without our label belongs to someone else."""
    deploy()
    cluster.change(A, lambda config_map: config_map["metadata"].update(labels={}))
    assert actions(plan()) == {A: "foreign", B: "unchanged", C: "unchanged"}
    assert deploy(overwrite=True) == [Change(A, Action.UPDATE)]


def test_leftovers_are_listed(cluster: Cluster) -> None:
    """A ConfigMap of ours for a deleted board is kept, and reported with the command that removes it."""
    deploy()
    deployment = plan(payload(uids=UIDS[:2]))
    why = f"no board of ours now: kubectl delete configmap -n prometheus {C}"
    assert deployment.changes[-1] == Change(C, Action.LEFT, why)
    assert list(deployment.apply()) == []
    assert sorted(cluster["maps"]) == sorted(NAMES)
    left_out = plan(payload(uids=UIDS[:2], left_out=frozenset(UIDS[2:])))
    why = f"left out now, and still deployed: kubectl delete configmap -n prometheus {C}"
    assert left_out.changes[-1] == Change(C, Action.LEFT, why)


def test_a_configmap_over_the_limit(cluster: Cluster) -> None:
    """It is refused before kubectl is called."""
    with pytest.raises(DashboardsError, match=rf"ConfigMap {B}: holds \d+ bytes, Kubernetes allows 1048576"):
        plan(bloated(1024 * 1024))
    assert cluster["log"] == []
    plan(bloated(1024 * 1024 - 1000))


def test_deploying_without_the_right_to_see_namespaces(cluster: Cluster) -> None:
    """Permissions in one namespace are enough."""
    cluster.answer("get namespace", FORBIDDEN.replace("configmaps", "namespaces"))
    assert len(deploy()) == 3


def test_forbidden_in_the_middle(cluster: Cluster) -> None:
    """A failure after the first apply exits 4 and lists what was applied; the next run does the rest."""
    cluster.answer(f'"name": "{B}", "labels"', FORBIDDEN)
    with pytest.raises(PartlyDone, match=rf"forbidden.*\(written: {A}; not written: {B}, {C}\)"):
        deploy()
    cluster.set(answer=[])
    assert [change.name for change in deploy()] == [B, C]


QUOTA = 'Error from server (Forbidden): configmaps "x" is forbidden: exceeded quota: team, requested: a=1, used: a=2\n'


@pytest.mark.fault('any "forbidden" is reported as missing rights')
def test_a_refusal_is_no_conflict(cluster: Cluster) -> None:
    """What a quota refuses belongs to nobody else, and --overwrite would not help; the other boards are deployed."""
    cluster.answer(f'"name": "{B}", "labels"', QUOTA)
    (refused,) = (change for change in deploy() if change.action not in WRITES)
    assert (refused.name, refused.action) == (B, "refused")
    assert refused.why.startswith(f"ResourceQuota team: {QUOTA.strip()}: `kubectl describe resourcequota -n prometheus")
    assert "overwrite" not in refused.why
    assert sorted(cluster["maps"]) == [A, C]


def test_a_namespace_that_is_being_deleted(cluster: Cluster) -> None:
    """It is refused before anything is planned."""
    cluster.set(phase="Terminating")
    with pytest.raises(DashboardsError, match="namespace prometheus: is being terminated"):
        plan()


def test_no_kubectl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without kubectl on PATH the other targets are named; so is one that cannot be started."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DashboardsError, match="kubectl: is not on PATH\n  install it, or deploy files or grafana"):
        plan()
    (tmp_path / "kubectl").write_text("#!/nonexistent/sh\n")
    (tmp_path / "kubectl").chmod(0o755)
    with pytest.raises(DashboardsError, match=r"kubectl: (is not on PATH|cannot be started)"):
        plan()


FORBIDDEN = (
    'Error from server (Forbidden): configmaps is forbidden: User "nobody" cannot list resource "configmaps" in API '
    'group "" in the namespace "default"\n'
)
NOISE = 'E1123 20:31:11.5 1 memcache.go:265] "Unhandled Error" err="couldn\'t get current server API group list: x"\n'
REFUSED = "The connection to the server 127.0.0.1:31999 was refused - did you specify the right host or port?\n"
MESSAGES: tuple[tuple[str, type[DashboardsError], str], ...] = (
    (FORBIDDEN, Refused, 'the cluster: Error from server (Forbidden): configmaps is forbidden: User "nobody"'),
    (
        "error: You must be logged in to the server (Unauthorized)\n",
        Refused,
        "the cluster: error: You must be logged in",
    ),
    ("error: EOF\n", Refused, "the cluster: error: EOF\n  log in"),
    (
        "Unable to connect to the server: getting credentials: exec: executable aws not found\n",
        Refused,
        "the cluster: Unable to connect to the server: getting credentials",
    ),
    (
        'Error from server (NotFound): namespaces "prometheus" not found\n',
        NotFound,
        "namespace prometheus: does not",
    ),
    (
        "Error in configuration: context was not found for specified context: nope\n",
        DashboardsError,
        "the kubectl context: Error in configuration: context was not found",
    ),
    ('error: context "nope" does not exist\n', DashboardsError, 'the kubectl context: error: context "nope"'),
    ("error: stat /nonexist: no such file or directory\n", DashboardsError, "the kubeconfig: error: stat /nonexist"),
    (
        NOISE * 5 + REFUSED.replace("127.0.0.1:31999", "localhost:8080"),
        DashboardsError,
        "the kubeconfig: The connection to the server localhost:8080 was refused",
    ),
    (NOISE * 5 + REFUSED, DashboardsError, "the cluster: The connection to the server 127.0.0.1:31999 was refused"),
    (
        "Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout\n",
        DashboardsError,
        "the cluster: Unable to connect to the server: dial tcp",
    ),
    (
        "Unable to connect to the server: tls: failed to verify certificate: x509: unknown authority\n",
        DashboardsError,
        "the cluster: Unable to connect to the server: tls",
    ),
    (
        'Error from server (Forbidden): configmaps "x" is forbidden: unable to create new content in namespace p as '
        "it is being terminated\n",
        DashboardsError,
        "namespace prometheus: is being terminated",
    ),
    (
        'error: Apply failed with 2 conflicts: conflicts with "kubectl-edit" using v1:\n- .data.a\n- .data.b\n'
        "Please review the fields above--they currently have other managers.\n",
        FieldConflict,
        'a ConfigMap: error: Apply failed with 2 conflicts: conflicts with "kubectl-edit" using v1: - .data.a',
    ),
    (
        'Warning: x\nThe ConfigMap "x" is invalid: []: Too long: may not be more than 1048576 bytes\n',
        DashboardsError,
        'a ConfigMap: The ConfigMap "x" is invalid',
    ),
    (
        "error: current-context is not set\n",
        DashboardsError,
        "the kubectl context: error: current-context is not set\n  choose a cluster: --context NAME",
    ),
    (
        FORBIDDEN * 13,
        Refused,
        f"the cluster: {FORBIDDEN.strip()} (and 12 more)\n  ask for that right",
    ),
    (
        NOISE.replace("list: x", 'list: Get \\"https://h:1/api\\": proxyconnect tcp: dial tcp 127.0.0.1:1: refused') * 5
        + REFUSED,
        DashboardsError,
        "the proxy: cannot be used: dial tcp 127.0.0.1:1: refused",
    ),
    ("Unable to connect to the server: Forbidden\n", DashboardsError, "the proxy: Unable to connect"),
    ("Unable to connect to the server: EOF\n", DashboardsError, "the cluster: Unable to connect to the server: EOF"),
    (
        'error: error loading config file "kc": yaml: line 3: did not find expected\n',
        DashboardsError,
        "the kubeconfig: error: error loading config file",
    ),
    ("error: timed out waiting for the condition\n", NotReady, "the cluster: error: timed out"),
    ("", DashboardsError, "kubectl: exited with status 1 and no output"),
    ("error: something new\n", DashboardsError, "kubectl: error: something new"),
)


@pytest.mark.parametrize(("message", "kind", "begins"), MESSAGES)
def test_errors_of_kubectl(message: str, kind: type[DashboardsError], begins: str) -> None:
    """Each message becomes the right kind of error, with kubectl's own words and a remedy."""
    error = error_from_stderr(message, "prometheus")
    assert type(error) is kind
    assert str(error).startswith(begins)
    assert error.fix


@pytest.mark.parametrize("message", [text for text, _, _ in MESSAGES if text and "namespaces" not in text])
def test_errors_of_kubectl_are_printed(cluster: Cluster, message: str) -> None:
    """An error of kubectl while planning ends the deploy with that error and nothing applied."""
    cluster.answer("get --filename=-", message)
    with pytest.raises(DashboardsError, match=re.escape(str(error_from_stderr(message, "prometheus")))):
        deploy()
    assert cluster["maps"] == {}
