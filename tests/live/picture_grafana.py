"""The real Grafana in which `make pictures` opens the boards: the one that GRAFANA_TEST_URL names, or GRAFANA_HOME's.

In the former, boards and data source are in an organization of their own, which is removed afterwards. That Grafana has
to reach the Prometheus on this machine's loopback address.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dashboards_py.provisioning import provisioning_files
from dashboards_py.targets import Payload
from dashboards_py.targets.files import prepare
from dashboards_py.targets.grafana import prepare as prepare_api
from tests.components import missing_of
from tests.grafana.servers import Server, from_environment, organisation
from tests.live.processes import grafana

INTERVAL = "30s"  # of the scrapes of the synthetic cluster


@dataclass(frozen=True, slots=True)
class PictureGrafana:
    """Its address, and what a browser has to send to see the boards there."""

    url: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def missing_components() -> list[str]:
    """A sentence for each component without which `preview` draws the pictures."""
    return missing_of("prometheus", "grafana", "chromium")


@contextmanager
def grafana_with_boards(directory: Path, source: str) -> Iterator[PictureGrafana]:
    """A Grafana that shows all boards, with their data from the Prometheus at `source`."""
    if server := from_environment():
        with organisation(server) as own:
            add_source(own, source)
            deploy(own)
            yield seen_as_administrator(own)
        return
    provision(directory / "grafana", directory / "boards")
    with grafana(directory / "grafana", source=source) as url:
        yield PictureGrafana(url)


def add_source(server: Server, source: str) -> None:
    """Add the data source of the boards; SystemExit if Grafana does not reach it."""
    settings = {"timeInterval": INTERVAL, "httpMethod": "POST"}
    named = {"name": "Prometheus", "uid": "prometheus", "type": "prometheus", "access": "proxy", "isDefault": True}
    server.api("/datasources", {**named, "url": source, "jsonData": settings})
    status, answer = server.request("/api/datasources/uid/prometheus/health")
    if status != 200:
        raise SystemExit(f"The Grafana of GRAFANA_TEST_URL does not reach the Prometheus at {source}: {answer}")


def deploy(server: Server) -> None:
    """Deploy the boards through the API."""
    login = {"url": f"{server.url}?orgId={server.organisation}", "token": server.editor}
    options = {"user": None, "password": None, "ca_file": None, "timeout": "30", "folder": (), "rules": False}
    list(prepare_api(Payload(provisioning_files()), {**login, **options, "prune": False, "overwrite": False}).apply())


def seen_as_administrator(server: Server) -> PictureGrafana:
    """The pages of its organization, for a browser that sends the administrator's name and password."""
    login = b64encode(":".join(server.admin).encode()).decode()
    headers = {"Authorization": f"Basic {login}", "X-Grafana-Org-Id": str(server.organisation)}
    return PictureGrafana(server.url, f"&orgId={server.organisation}", headers)


def provision(directory: Path, boards: Path) -> None:
    """Deploy the boards as files that a Grafana with its state in `directory` reads from `boards`."""
    options = {"out": str(boards), "path": str(boards / "dashboards"), "overwrite": False}
    list(prepare(Payload(provisioning_files()), options).apply())
    target = directory / "provisioning" / "dashboards"
    target.mkdir(parents=True, exist_ok=True)
    (target / "cilium.yaml").write_bytes((boards / "provisioning/dashboards/cilium-dashboards.yaml").read_bytes())
