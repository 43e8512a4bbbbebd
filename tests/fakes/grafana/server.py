"""The stand-in's HTTP address: on a free loopback port, in a thread."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.grafana.accounts import account_of
from tests.fakes.grafana.api import answer
from tests.fakes.grafana.state import FakeGrafana

LOGIN_PAGE = "<!DOCTYPE html><title>Grafana</title>"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    grafana: FakeGrafana


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def do_PUT(self) -> None:
        self._do()

    def do_DELETE(self) -> None:
        self._do()

    def _do(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        grafana = self.server.grafana
        address = urlsplit(self.path)
        path = _api_path(address.path, grafana.prefix)
        if path is None:
            self._send_page(address.path)
            return
        with grafana.lock:
            request = f"{self.command} {path}"
            number = self.headers.get("X-Grafana-Org-Id")
            grafana.log.append(f"{request} in {number}" if number else request)
            fault = next(
                (candidate for candidate in grafana.faults if request.startswith(candidate.at) and candidate.times),
                None,
            )
            if fault and fault.after:
                fault.after, fault = fault.after - 1, None
            if not fault or fault.late:
                grafana.read_files()
                account = account_of(self.headers.get("Authorization", ""), grafana.tokens, grafana.passwords)
                is_form = self.headers.get("Content-Type") == "application/x-www-form-urlencoded"
                query = dict(parse_qsl(content.decode() if is_form else address.query))
                organization = int(number) if number else None
                request_body = {} if is_form else json.loads(content or b"{}")
                provenance = "" if "X-Disable-Provenance" in self.headers else "api"
                status, body = answer(
                    grafana, self.command, path, query, account, request_body, organization, provenance
                )
        if not fault:
            text = "" if body is None else json.dumps(body)
            self._send(status, text, "application/json; charset=UTF-8", {})
            return
        fault.times -= 1
        time.sleep(fault.wait)
        if fault.drop:
            self.close_connection = True
        else:
            self._send(fault.status, fault.body, fault.kind, fault.headers)

    def _send_page(self, path: str) -> None:
        """Outside the API: the login page, and redirects to it."""
        prefix = self.server.grafana.prefix
        if not path.startswith(f"{prefix}/") or path == f"{prefix}/login":
            self._send(404 if path != f"{prefix}/login" else 200, LOGIN_PAGE, "text/html; charset=UTF-8", {})
        else:
            self._send(302, "", "text/html; charset=UTF-8", {"Location": f"{prefix}/login"})

    def _send(self, status: int, text: str, kind: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Type": kind, "Content-Length": str(len(text.encode()))}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(ConnectionError):  # the client did not wait
            self.wfile.write(text.encode())


def _api_path(path: str, prefix: str) -> str | None:
    """The path below /api, or the full path if it begins with /apis; None outside the API."""
    path = path.removeprefix(prefix) if path.startswith(f"{prefix}/") else ""
    if path.startswith("/apis/"):
        return path
    return path.removeprefix("/api") if path.startswith("/api/") else None


@contextmanager
def fake_grafana(prefix: str = "", tls: SSLContext | None = None, port: int = 0, **state: Any) -> Iterator[FakeGrafana]:
    """A running stand-in on a loopback port, a free one by default; `state` are fields of FakeGrafana."""
    grafana = FakeGrafana(prefix=prefix, **state)
    server = _Server(("127.0.0.1", port), _Handler)
    server.grafana = grafana
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    grafana.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}{prefix}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield grafana
    finally:
        server.shutdown()
        server.server_close()
