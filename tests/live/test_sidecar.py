"""ConfigMaps, the sidecar, files and Grafana: the same tests on stand-ins and, where there are any, on real ones."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.provisioning import provisioning_files
from dashboards_py.targets import Payload, configmaps
from tests.components import require
from tests.conftest import disposable
from tests.grafana.servers import wait_until
from tests.live.chain import FOLDERS, Chain, chain
from tests.live.kubernetes import Kubernetes, Namespace, namespace
from tests.targets.small_boards import board

PARTS = ("stand-ins", "a real API server", "all real")


@pytest.fixture(scope="module", params=PARTS)
def parts(request: pytest.FixtureRequest) -> tuple[str, Kubernetes]:
    """The kind of Grafana and sidecar, and the API server: stand-ins always, real ones where there are any."""
    if request.param == "stand-ins":
        return "stand-in", Kubernetes.stand_in()
    is_real = request.param == "all real"
    require("kubernetes", *(("grafana-home", "sidecar") if is_real else ()))
    return "real" if is_real else "stand-in", Kubernetes.real(disposable(request.node.nodeid))


@pytest.fixture(scope="module")
def running(parts: tuple[str, Kubernetes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    kind, kubernetes = parts
    with chain(kind, tmp_path_factory.mktemp("chain"), kubernetes) as started:
        yield started


@pytest.fixture
def own_namespace(running: Chain, parts: tuple[str, Kubernetes]) -> Iterator[Namespace]:
    """A new namespace, after the previous one's boards have been removed from Grafana."""
    wait_until(running.grafana.versions, {})
    with namespace(parts[1]) as new:
        yield new
        new.kubectl("delete", "configmap", "--selector=grafana_dashboard")  # deleting a namespace takes seconds


def apply(*flags: str) -> Callable[[Namespace, Path], None]:
    def applied(own_namespace: Namespace, directory: Path) -> None:
        own_namespace.kubectl("apply", *flags, f"--kustomize={directory}")

    return applied


def deploy(own_namespace: Namespace, directory: Path) -> None:
    files = {path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*.*")}
    for _ in configmaps.compare(Payload(files), own_namespace.client, "the cluster", overwrite=False).apply():
        pass


WAYS = {"kubectl apply --server-side": apply("--server-side"), "kubectl apply": apply(), "deploy configmaps": deploy}


@pytest.mark.parametrize("way", WAYS)
def test_from_configmaps_to_grafana(running: Chain, own_namespace: Namespace, tmp_path: Path, way: str) -> None:
    """Every board is in its folder; a second run changes nothing; changes are applied; a removed board is deleted."""
    for name, content in provisioning_files().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    WAYS[way](own_namespace, tmp_path)
    wait_until(running.folders, FOLDERS)
    for folder, uid, content in Payload(provisioning_files()).boards():
        assert (running.written / folder / f"{uid}.json").read_bytes() == content
    before = own_namespace.versions()
    WAYS[way](own_namespace, tmp_path)
    assert own_namespace.versions() == before

    titles = running.titles()
    changed = tmp_path / "dashboards" / "Cilium" / "cilium-agent.json"
    changed.write_text(json.dumps({**json.loads(changed.read_text()), "title": "Another title"}))
    WAYS[way](own_namespace, tmp_path)
    wait_until(running.titles, {**titles, "cilium-agent": "Another title"})

    own_namespace.kubectl("delete", "configmap", "cilium-dashboards-cilium-agent")
    wait_until(running.folders, {uid: folder for uid, folder in FOLDERS.items() if uid != "cilium-agent"})


def put(own_namespace: Namespace, name: str, data: dict[str, Any], folder: str = "", label: str = "1") -> None:
    """A foreign ConfigMap with boards."""
    metadata: dict[str, Any] = {"name": name, "labels": {"grafana_dashboard": label}}
    if folder:
        metadata["annotations"] = {"grafana_folder": folder}
    texts = {key: json.dumps(content) for key, content in data.items()}
    config_map = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": texts}
    own_namespace.kubectl("apply", "--filename=-", stdin=json.dumps(config_map))


def files(running: Chain) -> list[str]:
    """The files that the sidecar has written."""
    return sorted(path.relative_to(running.written).as_posix() for path in running.written.rglob("*") if path.is_file())


def test_keys_are_files_and_the_annotation_is_their_folder(running: Chain, own_namespace: Namespace) -> None:
    """Each data key is a file; removing a key removes its file; changing the annotation moves all of them."""
    put(own_namespace, "a", {"a.json": board("a"), "b.json": board("b")}, folder="Team")
    wait_until(lambda: files(running), ["Team/a.json", "Team/b.json"])
    wait_until(running.grafana.folders, {"a": "Team", "b": "Team"})
    put(own_namespace, "a", {"a.json": board("a")}, folder="Team")
    wait_until(lambda: files(running), ["Team/a.json"])
    put(own_namespace, "a", {"a.json": board("a")}, folder="Other")
    wait_until(lambda: files(running), ["Other/a.json"])
    wait_until(running.grafana.folders, {"a": "Other"})


def test_only_labelled_configmaps_are_read(running: Chain, own_namespace: Namespace) -> None:
    """A ConfigMap with another value of the label is ignored; removing the label removes the files."""
    put(own_namespace, "other", {"other.json": board("other")}, label="2")
    put(own_namespace, "a", {"a.json": board("a")})
    wait_until(lambda: files(running), ["a.json"])
    own_namespace.kubectl("label", "configmap", "a", "grafana_dashboard-")
    wait_until(lambda: files(running), [])


def test_two_configmaps_with_one_key_share_a_file(running: Chain, own_namespace: Namespace) -> None:
    """Grafana shows the last one; removing either removes the file: data keys must be unique."""
    put(own_namespace, "a", {"x.json": board("x", title="first")})
    wait_until(lambda: files(running), ["x.json"])
    put(own_namespace, "b", {"x.json": board("x", title="second")})
    wait_until(lambda: running.grafana.request("/api/dashboards/uid/x")[1].get("dashboard", {}).get("title"), "second")
    own_namespace.kubectl("delete", "configmap", "a")
    wait_until(lambda: files(running), [])
    wait_until(running.grafana.versions, {})


def test_only_classic_boards_reach_grafana(running: Chain, own_namespace: Namespace) -> None:
    """A board in schema v2 becomes a file that Grafana does not load."""
    resource = {"apiVersion": "dashboard.grafana.app/v2beta1", "kind": "Dashboard", "metadata": {"name": "v2"}}
    put(own_namespace, "a", {"v2.json": {**resource, "spec": {"title": "V2", "elements": {}}}})
    put(own_namespace, "b", {"classic.json": board("classic")})
    wait_until(lambda: files(running), ["classic.json", "v2.json"])
    wait_until(lambda: running.grafana.versions().keys(), {"classic"})
