"""Fixtures of live tests: a synthetic cluster in a real Prometheus behind a real Grafana, a disposable Kubernetes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboards_py.board import read
from dashboards_py.catalog import features
from dashboards_py.compile import compile_boards
from dashboards_py.demo.cluster.topology import CiliumCluster
from tests.components import require
from tests.conftest import disposable
from tests.grafana.servers import KINDS
from tests.live.cluster import full_cluster, history, metrics
from tests.live.disposable import Cluster, disposable_cluster
from tests.live.picture_grafana import provision
from tests.live.processes import grafana, prometheus, wait_until_ok


@dataclass(frozen=True, slots=True)
class Environment:
    """The addresses of Prometheus and Grafana, and the hour of history that they have."""

    prometheus: str
    grafana: str
    hour: tuple[float, float]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """Our boards, from files, in Grafana over a cluster with every feature on."""
    with _environment(full_cluster(), tmp_path_factory.mktemp("environment")) as started:
        yield started


@pytest.fixture(scope="session")
def default_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """The same over a cluster with Cilium's default features, and our values."""
    on = frozenset(name for name, feature in features().items() if feature.default)
    with _environment(full_cluster(nodes=3, features=on), tmp_path_factory.mktemp("plain")) as started:
        yield started


@contextmanager
def _environment(cluster: CiliumCluster, directory: Path) -> Iterator[Environment]:
    require("prometheus", "grafana-home")
    hour = history(cluster, metrics([read(board.json) for board in compile_boards()]), directory / "data")
    provision(directory / "grafana", directory / "boards")
    with prometheus(directory / "data") as source, grafana(directory / "grafana", source=source) as url:
        for board in compile_boards():
            wait_until_ok(f"{url}/api/dashboards/uid/{board.uid}")
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
def _clean_cluster(kubeconfig: str, charts_of_tests: Path) -> Iterator[Cluster]:
    """The disposable cluster, after removing what an earlier run left in it; the operator's CRDs may be there."""
    require("helm")
    with disposable_cluster(kubeconfig, charts_of_tests) as disposable:
        disposable.clean()
        yield disposable


@pytest.fixture
def cluster(_clean_cluster: Cluster) -> Iterator[Cluster]:
    """The disposable cluster, empty before and after the test apart from the operator's CRDs."""
    yield _clean_cluster
    _clean_cluster.clean()
