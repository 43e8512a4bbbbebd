"""Proxies: used if the environment names one, named in errors, never used for this machine."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError, Refused
from tests.fakes.grafana import Fault, fake_grafana
from tests.web.conftest import Certificates, Client

NAME = "grafana.invalid"  # RFC 6761: no name server knows it


class _Tunnel(BaseHTTPRequestHandler):
    """CONNECT to any name: a status, or a tunnel to the port that the server was made for."""

    server: "_Proxy"

    def do_CONNECT(self) -> None:
        if self.server.status != 200:
            self.send_error(self.server.status)
            return
        with socket.create_connection(("127.0.0.1", self.server.port)) as target:
            self.send_response(200)
            self.end_headers()
            self.server.log.append(f"{self.path} {self.headers.get('Proxy-Authorization')}")
            pairs = {self.connection: target, target: self.connection}
            while True:
                for ready in select.select(list(pairs), [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    pairs[ready].sendall(data)

    def log_message(self, *_: Any) -> None:
        pass


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    status = 200
    port = 0
    log: list[str]


@contextmanager
def proxy(status: int = 200, port: int = 0) -> Iterator[_Proxy]:
    """A proxy for https on a free port of this machine."""
    server = _Proxy(("127.0.0.1", 0), _Tunnel)
    server.status, server.port, server.log = status, port, []
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def test_through_a_proxy(monkeypatch: pytest.MonkeyPatch, request_error: Client, certificates: Certificates) -> None:
    """http is sent to the proxy, https through a tunnel to a server whose certificate is checked."""
    with fake_grafana() as server:
        monkeypatch.setenv("http_proxy", server.url)
        assert request_error(f"http://{NAME}", None) is None
        assert len(server.log) == 1
    with fake_grafana(tls=certificates.context(certificates.authority.issue_cert(NAME))) as server:
        port = int(server.url.rpartition(":")[2])
        with proxy(port=port) as between:
            monkeypatch.setenv("https_proxy", f"http://ann:s3cret@127.0.0.1:{between.server_port}")
            assert request_error(f"https://{NAME}", certificates.ca_file) is None
            assert between.log == [f"{NAME}:443 Basic YW5uOnMzY3JldA=="]
            error = request_error(f"https://{NAME}", None)
    assert error is not None
    assert (
        f"its certificate is refused through the proxy http://127.0.0.1:{between.server_port} (https_proxy): "
        in str(error)
    )
    assert "s3cret" not in str(error)


@pytest.mark.fault("a dead proxy of http_proxy is not mentioned")
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("variable", ["scheme", "all"])
def test_a_dead_proxy(monkeypatch: pytest.MonkeyPatch, request_error: Client, scheme: str, variable: str) -> None:
    """The error names it with its variable and without its password, and how to bypass it."""
    name = f"{scheme if variable == 'scheme' else 'all'}_proxy"
    monkeypatch.setenv(name, "http://ann:s3cret@127.0.0.1:1")
    error = request_error(f"{scheme}://{NAME}:3000", None)
    assert error is not None
    assert error.cause.startswith(f"the proxy http://127.0.0.1:1 ({name}) cannot be reached (Connection refused)")
    assert error.fix.endswith(f"or add {NAME} to no_proxy")
    assert "s3cret" not in str(error)


def test_no_proxy(monkeypatch: pytest.MonkeyPatch, request_error: Client) -> None:
    """Hosts in no_proxy are contacted directly, and their failures are not blamed on a proxy."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", f"x.example,{NAME}")
    error = request_error(f"http://{NAME}", None)
    assert error is not None
    assert error.cause.startswith("cannot be reached (")
    assert "proxy" not in str(error)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_reached_directly(monkeypatch: pytest.MonkeyPatch, request_error: Client, host: str) -> None:
    """A port-forward works whatever http_proxy is: a proxy would look on its own machine."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with fake_grafana() as server:
        assert request_error(server.url.replace("127.0.0.1", host), None) is None


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("status", "kind", "cause"),
    [
        (407, Refused, "demands credentials (407)"),
        (403, DashboardsError, f"does not connect to {NAME} (403)"),
    ],
)
def test_a_proxy_that_refuses(
    monkeypatch: pytest.MonkeyPatch,
    request_error: Client,
    scheme: str,
    status: int,
    kind: type[DashboardsError],
    cause: str,
) -> None:
    """A proxy's own refusal is not taken for Grafana's or Prometheus'."""
    with fake_grafana() as server, proxy(status) as tunnel:
        server.faults.append(Fault("GET ", status, "<html>squid</html>", "text/html", times=9))
        address = server.url if scheme == "http" else f"http://127.0.0.1:{tunnel.server_port}"
        monkeypatch.setenv(f"{scheme}_proxy", address)
        error = request_error(f"{scheme}://{NAME}", None)
    assert type(error) is kind
    assert error.cause == f"the proxy {address} ({scheme}_proxy) {cause}"
    assert error.fix.endswith(f"or add {NAME} to no_proxy")


def test_grafanas_own_403_is_not_the_proxys(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer in JSON comes from the server, not from the proxy."""
    from tests.web.conftest import grafana_error

    with fake_grafana() as server:
        server.faults.append(Fault("GET ", 403, times=9))
        monkeypatch.setenv("http_proxy", server.url)
        error = grafana_error(f"http://{NAME}")
    assert error is not None
    assert error.cause == "does not allow this (403 it went wrong)"


@pytest.mark.parametrize("value", ["socks5://127.0.0.1:1", "ftp://x", "http://", "127.0.0.1:1"])
def test_an_unusable_proxy(monkeypatch: pytest.MonkeyPatch, request_error: Client, value: str) -> None:
    """One that cannot be used is named, too."""
    monkeypatch.setenv("http_proxy", value)
    error = request_error(f"http://{NAME}", None)
    assert error is not None
    assert "(http_proxy)" in str(error)
