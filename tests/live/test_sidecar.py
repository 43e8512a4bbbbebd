"""The chain that users of kube-prometheus-stack have: ConfigMaps, the real k8s-sidecar, files, the real Grafana."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.provisioning import tree
from dashboards_py.targets import configmaps
from dashboards_py.targets.plan import Payload
from tests.components import require
from tests.live.chain import FOLDERS, Chain, standing
from tests.live.kubernetes import Namespace, namespace


@pytest.fixture(scope="module")
def chain(kubeconfig: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    require("grafana-home", "sidecar")
    with standing(tmp_path_factory.mktemp("chain"), kubeconfig) as found:
        yield found


@pytest.fixture
def place(chain: Chain, kubeconfig: str) -> Iterator[Namespace]:
    """A new namespace, when the boards of the one before are gone from Grafana."""
    becomes(chain.folders, {})
    with namespace(kubeconfig) as found:
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
