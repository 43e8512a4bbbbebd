"""The chain that users of kube-prometheus-stack have: ConfigMaps, the real k8s-sidecar, files, the real Grafana."""

import json
import os
import signal
import subprocess
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from dashboards_py.provisioning import file_provider, tree
from dashboards_py.targets import configmaps
from dashboards_py.targets.plan import Payload
from tests.conftest import require
from tests.live.kubernetes import Namespace, namespace
from tests.live.processes import free_port, grafana

ADMIN = "Basic " + b64encode(b"admin:admin").decode()
FOLDERS = {uid: folder for folder, uid, _ in Payload(tree()).boards()}


@dataclass(frozen=True, slots=True)
class Chain:
    """A Grafana that reads the directory which the sidecar writes."""

    grafana: str
    written: Path

    def board(self, uid: str) -> dict[str, Any] | None:
        """The board as Grafana has it now."""
        asked = Request(f"{self.grafana}/api/dashboards/uid/{uid}", headers={"Authorization": ADMIN})
        try:
            with urlopen(asked, timeout=20) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except HTTPError as error:
            if error.code != 404:
                raise
            return None

    def folders(self) -> dict[str, str]:
        """The folder of each board of ours that Grafana has."""
        found = {uid: self.board(uid) for uid in FOLDERS}
        return {uid: board["meta"]["folderTitle"] for uid, board in found.items() if board}

    def titles(self) -> dict[str, str]:
        """The title of each board of ours that Grafana has."""
        found = {uid: self.board(uid) for uid in FOLDERS}
        return {uid: board["dashboard"]["title"] for uid, board in found.items() if board}


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    require("grafana", "kubernetes", "sidecar")
    directory = tmp_path_factory.mktemp("chain")
    written = directory / "sidecar" / "dashboards"
    written.mkdir(parents=True)
    provider = directory / "grafana" / "provisioning" / "dashboards" / "sidecar.yaml"
    provider.parent.mkdir(parents=True)
    provider.write_text(json.dumps(file_provider(str(written))))
    with grafana(directory / "grafana") as url:
        command = [os.environ["K8S_SIDECAR"], str(written.parent), os.environ["TEST_KUBECONFIG"], url]
        env = {**os.environ, "HEALTH_PORT": str(free_port())}
        subprocess.run(command, env=env, check=True, capture_output=True, timeout=180)
        try:
            yield Chain(url, written)
        finally:
            for process in (written.parent / "pids").read_text().split():
                with suppress(ProcessLookupError):
                    os.kill(int(process), signal.SIGTERM)


@pytest.fixture
def place(chain: Chain) -> Iterator[Namespace]:
    """A new namespace, when the boards of the one before are gone from Grafana."""
    becomes(chain.folders, {})
    with namespace() as found:
        yield found


def becomes(look: Callable[[], Any], wanted: Any, seconds: float = 60) -> None:
    """Wait until what is looked at is what is wanted."""
    deadline = time.monotonic() + seconds
    while (found := look()) != wanted and time.monotonic() < deadline:
        time.sleep(0.3)
    assert found == wanted


def apply(*how: str) -> Callable[[Namespace, Path], None]:
    def applied(place: Namespace, directory: Path) -> None:
        place.kubectl("apply", *how, f"--kustomize={directory}")

    return applied


def deploy(place: Namespace, directory: Path) -> None:
    files = {path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*.*")}
    options = {"namespace": place.name, "context": None, "kubeconfig": place.kubeconfig, "overwrite": False}
    for _ in configmaps.prepare(Payload(files), options).apply():
        pass


WAYS = {"kubectl apply --server-side": apply("--server-side"), "kubectl apply": apply(), "deploy configmaps": deploy}


@pytest.mark.parametrize("way", WAYS)
def test_from_configmaps_to_grafana(chain: Chain, place: Namespace, tmp_path: Path, way: str) -> None:
    """Every board stands in its folder; a second time changes nothing; a change follows; a removed one goes."""
    for name, content in tree().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    WAYS[way](place, tmp_path)
    becomes(chain.folders, FOLDERS)
    for folder, uid, content in Payload(tree()).boards():
        assert (chain.written / folder / f"{uid}.json").read_bytes() == content
    before = place.versions()
    WAYS[way](place, tmp_path)
    assert place.versions() == before

    titles = chain.titles()
    changed = tmp_path / "dashboards" / "Cilium" / "cilium-agent.json"
    changed.write_text(json.dumps({**json.loads(changed.read_text()), "title": "Another title"}))
    WAYS[way](place, tmp_path)
    becomes(chain.titles, {**titles, "cilium-agent": "Another title"})

    place.kubectl("delete", "configmap", "cilium-dashboards-cilium-agent")
    becomes(chain.folders, {uid: folder for uid, folder in FOLDERS.items() if uid != "cilium-agent"})
