"""Certificates and servers of several kinds, and two clients that must report the same errors."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme

from dashboards_py.errors import DashboardsError
from dashboards_py.prometheus import over_http
from dashboards_py.targets import _api
from dashboards_py.targets._address import Login
from dashboards_py.web.address import parse_address

Client = Callable[[str, str | None], DashboardsError | None]


def grafana_error(url: str, ca_file: str | None = None) -> DashboardsError | None:
    """The error of a request to Grafana, or None."""
    try:
        login = Login(parse_address(url, "GRAFANA_URL", ""), "editor-token")
        _api.Api(login, ca_file=ca_file, timeout=5).get("/health", dict)
    except DashboardsError as error:
        return error
    return None


def prometheus_error(url: str, ca_file: str | None = None) -> DashboardsError | None:
    """The error of a request to Prometheus; None for any answer, a 404 included."""
    try:
        over_http(url, "editor-token", ca_file=ca_file, ca_setting="--prometheus-ca-file", seconds=5)(
            "query", {"query": "up"}
        )
    except DashboardsError as error:
        return None if "answers 404" in str(error) else error
    return None


@pytest.fixture(params=[grafana_error, prometheus_error], ids=["grafana", "prometheus"])
def request_error(request: pytest.FixtureRequest) -> Client:
    """The error of a request to Grafana, then to Prometheus."""
    client: Client = request.param
    return client


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause between attempts, and no proxies or CAs from the environment."""
    monkeypatch.setattr(_api, "sleep", lambda _: None)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@dataclass
class Certificates:
    """A CA, its file, and contexts for servers with certificates that it signed."""

    directory: Path
    authority: trustme.CA = field(default_factory=trustme.CA)

    @property
    def ca_file(self) -> str:
        """The CA's certificate as PEM."""
        return self.write("ca.pem", self.authority.cert_pem.bytes())

    def write(self, name: str, content: bytes) -> str:
        """A file with some content."""
        (self.directory / name).write_bytes(content)
        return str(self.directory / name)

    def context(self, certificate: trustme.LeafCert) -> ssl.SSLContext:
        """A server's context with a certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        return context


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    """A CA of its own for each test."""
    return Certificates(tmp_path)
