"""What live tests share: a synthetic cluster in a real Prometheus behind a real Grafana, a disposable Kubernetes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboards_py.board import read
from dashboards_py.catalog import features
from dashboards_py.compile import compile_boards
from dashboards_py.demo.cluster.topology import CiliumCluster
from tests.components import path_of, require
from tests.conftest import disposable
from tests.grafana.servers import KINDS
from tests.live.cluster import history, metrics, world
from tests.live.disposable import Cluster
from tests.live.pictures import provision
from tests.live.processes import grafana, prometheus, wait_until_there


@dataclass(frozen=True, slots=True)
class Environment:
    """Where Prometheus and Grafana are, and the hour of history that they hold."""

    prometheus: str
    grafana: str
    hour: tuple[float, float]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """Our boards, from files, in Grafana over a cluster with every feature on."""
    with _environment(world(), tmp_path_factory.mktemp("environment")) as environment_of_world:
        yield environment_of_world


@pytest.fixture(scope="session")
def default_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """The same over a cluster with Cilium's default features, and our values."""
    on = frozenset(name for name, feature in features().items() if feature.default)
    with _environment(world(nodes=3, features=on), tmp_path_factory.mktemp("plain")) as plain_environment:
        yield plain_environment


@contextmanager
def _environment(of: CiliumCluster, directory: Path) -> Iterator[Environment]:
    require("prometheus", "promtool", "grafana-home")
    hour = history(of, metrics([read(board.json) for board in compile_boards()]), directory / "data")
    provision(directory / "grafana", directory / "boards")
    with prometheus(directory / "data") as source, grafana(directory / "grafana", source=source) as url:
        for board in compile_boards():
            wait_until_there(f"{url}/api/dashboards/uid/{board.uid}")
        yield Environment(source, url, hour)


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Whether Grafana and its sidecar are stand-ins or real ones; used before slow fixtures."""
    if request.param == "real":
        require("grafana-home", "sidecar")
    return str(request.param)


@pytest.fixture(scope="module")
def kubeconfig(request: pytest.FixtureRequest) -> str:
    """The disposable cluster that no other file's tests use at the same time."""
    require("kubernetes")
    return disposable(request.node.nodeid)


@pytest.fixture(scope="module")
def _swept(kubeconfig: str) -> Cluster:
    """That cluster, whatever an earlier run left there removed."""
    require("helm")
    disposable = Cluster(kubeconfig, path_of("charts"), os.environ["PATH"])
    disposable.clean()
    disposable.without_crds()
    return disposable


@pytest.fixture
def cluster(_swept: Cluster) -> Iterator[Cluster]:
    """That cluster with nothing in it but perhaps the operator's CRDs, before and after."""
    yield _swept
    _swept.clean()
