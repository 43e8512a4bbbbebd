"""Fetching from grafana.com, over a real connection to a small server that answers as grafana.com does."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from dashboards_py.catalog import upstream as catalog
from dashboards_py.catalog.upstream import PublishedBoard, dump, published
from dashboards_py.cli import cli
from dashboards_py.errors import DashboardsError
from dashboards_py.upstream.fetch import fetch

BOARD = {
    "__inputs": [
        {"name": "DS_PROMETHEUS", "type": "datasource", "pluginId": "prometheus"},
        {"name": "VAR_STEP", "type": "constant", "value": "5m"},
    ],
    "__requires": [{"type": "panel", "id": "graph"}],
    "id": 7,
    "uid": "abc",
    "title": "Cilium",
    "schemaVersion": 30,
    "templating": {"list": [{"name": "DS_PROMETHEUS", "type": "datasource", "query": "prometheus"}]},
    "panels": [
        {
            "id": 1,
            "type": "graph",
            "title": "P",
            "datasource": "${DS_PROMETHEUS}",
            "targets": [{"expr": "rate(up[${VAR_STEP}])"}],
        },
        {"id": 2, "type": "stat", "title": "Q", "datasource": {"type": "prometheus", "uid": "$DS_PROMETHEUS"}},
    ],
}


class GrafanaCom:
    """What the server answers: `answers` by path, a list of (status, body) of which the last stays."""

    def __init__(self) -> None:
        self.answers: dict[str, list[tuple[int, bytes]]] = {
            "/api/dashboards/21329": [(200, json.dumps({"id": 21329, "revision": 4}).encode())],
            "/api/dashboards/21329/revisions/4/download": [(200, json.dumps(BOARD).encode())],
            "/api/dashboards/16613/revisions/1/download": [(200, json.dumps(BOARD).encode())],
        }
        self.requested: list[str] = []

    def answer(self, path: str) -> tuple[int, bytes]:
        """The next answer for a path."""
        self.requested.append(path)
        left = self.answers.get(path, [(404, b'{"code": "NotFound"}')])
        return left.pop(0) if len(left) > 1 else left[0]


@pytest.fixture
def grafana_com() -> Iterator[tuple[GrafanaCom, str]]:
    """The server and its address."""
    site = GrafanaCom()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = site.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield site, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of pins, a copy that may be written."""
    path = tmp_path / "upstream.json"
    path.write_text(dump([PublishedBoard(16613, "Hubble", 1, None), PublishedBoard(21329, "Envoy", None, None)]))
    monkeypatch.setattr(catalog, "FILE", path)
    published.cache_clear()
    yield path
    published.cache_clear()


def run(*args: str) -> str:
    """The output of `upstream fetch`; errors are raised."""
    actual = CliRunner().invoke(cli, ["upstream", "fetch", *args], catch_exceptions=False)
    assert actual.exit_code == 0, actual.output
    return actual.output


def test_the_newest_is_fetched_and_pinned(grafana_com: tuple[GrafanaCom, str], pins: Path, tmp_path: Path) -> None:
    """Without a pin the newest revision is taken and pinned; with one, that revision, without asking for the newest."""
    site, address = grafana_com
    out = tmp_path / "out"
    assert run("--address", address, "--out", str(out)) == (
        "16613  Hubble: revision 1\n21329  Envoy: revision 4, now pinned\n"
    )
    assert {pin["id"]: pin["revision"] for pin in json.loads(pins.read_text())} == {16613: 1, 21329: 4}
    assert "/api/dashboards/16613" not in site.requested
    site.answers["/api/dashboards/21329"] = [(200, b'{"revision": 5}')]
    published.cache_clear()
    assert run("21329", "--address", address, "--out", str(out)) == "21329  Envoy: revision 4\n"
    assert site.requested.count("/api/dashboards/21329") == 1


@pytest.mark.usefixtures("pins")
def test_inputs_become_the_variable(grafana_com: tuple[GrafanaCom, str], tmp_path: Path) -> None:
    """What is written needs no inputs: `$datasource` for the data source, values for constants; the rest stays."""
    run("21329", "--address", grafana_com[1], "--out", str(tmp_path / "out"))
    board = json.loads((tmp_path / "out/21329.json").read_text())
    assert board.keys() == {"uid", "title", "schemaVersion", "templating", "panels"}
    (chooser,) = board["templating"]["list"]
    assert (chooser["name"], chooser["current"]) == ("datasource", {"text": "default", "value": "default"})
    first, second = board["panels"]
    assert first["datasource"] == "$datasource"
    assert first["targets"] == [{"expr": "rate(up[5m])"}]
    assert second["datasource"] == {"type": "prometheus", "uid": "$datasource"}


def test_temporary_failures(grafana_com: tuple[GrafanaCom, str]) -> None:
    """429 and 5xx are retried."""
    site, address = grafana_com
    path = "/api/dashboards/16613/revisions/1/download"
    site.answers[path] = [(503, b""), (429, b""), *site.answers[path]]
    assert fetch(PublishedBoard(16613, "Hubble", 1, None), address)[0] == 1
    assert site.requested == [path] * 3


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((500, b""), ": gave no answer: too many 500 error responses"),
        ((404, b""), "grafana.com has no board 16613 of revision 1"),
        ((403, b""), "returned 403"),
        ((200, b"<!doctype html>"), "is an HTML page"),
        ((200, b""), "is empty"),
        ((200, b'{"code": 1}'), "not a board: its keys are code"),
        ((200, b'{"panels": [], "title": "x"}'), "a board without panels"),
    ],
)
def test_permanent_failures(grafana_com: tuple[GrafanaCom, str], answer: tuple[int, bytes], why: str) -> None:
    """Each has a message that names the board and the cause."""
    site, address = grafana_com
    site.answers["/api/dashboards/16613/revisions/1/download"] = [answer]
    with pytest.raises(DashboardsError, match=why) as raised:
        fetch(PublishedBoard(16613, "Hubble", 1, None), address)
    assert "16613" in str(raised.value)


def test_no_server_and_no_revision(grafana_com: tuple[GrafanaCom, str]) -> None:
    """A failed connection names the proxy variable; a response without a revision is not grafana.com's."""
    with pytest.raises(DashboardsError, match=r"Connection refused(.|\n)*HTTPS_PROXY"):
        fetch(PublishedBoard(16613, "Hubble", 1, None), "http://127.0.0.1:9")
    with pytest.raises(DashboardsError, match="Connection refused"):
        fetch(PublishedBoard(21329, "Envoy", None, None), "http://127.0.0.1:9")
    with pytest.raises(DashboardsError, match="the address: is not an http or https address"):
        fetch(PublishedBoard(21329, "Envoy", None, None), "ftp://grafana.com")
    site, address = grafana_com
    site.answers["/api/dashboards/21329"] = [(200, b"[]")]
    with pytest.raises(DashboardsError, match="does not contain the newest revision"):
        fetch(PublishedBoard(21329, "Envoy", None, None), address)


@pytest.mark.usefixtures("pins")
def test_an_unknown_id_sends_no_request(grafana_com: tuple[GrafanaCom, str]) -> None:
    """The error lists the known IDs."""
    with pytest.raises(DashboardsError, match=r"board 1860: is not one that ours replace\n  known: 16613, 21329"):
        run("1860", "--address", grafana_com[1])
    assert grafana_com[0].requested == []


def test_the_committed_pins_are_in_their_form() -> None:
    """upstream.json equals its own dump, so that pinning changes one line."""
    assert catalog.FILE.read_text(encoding="utf-8") == dump(published())
