"""A Prometheus that cannot answer now."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError
from dashboards_py.prometheus import FIX, FIX_BUSY, PARTIAL, answer_data, over_http
from dashboards_py.prometheus.long_selectors import with_long_selectors


@contextmanager
def server(status: int, body: bytes, content_type: str) -> Iterator[str]:
    """The address of a server with one answer to everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with served(Handler) as url:
        yield url


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server while it answers."""
    httpd = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}"
    finally:
        httpd.shutdown()
        httpd.server_close()


@pytest.mark.fault("a Prometheus that is busy is said to have another address")
@pytest.mark.parametrize("status", [404, 429, 502, 503, 504])
@pytest.mark.parametrize(
    "body", [b"too many", b'{"message": "busy"}', json.dumps({"status": "error", "error": "not ready"}).encode()]
)
def test_what_to_do_depends_on_the_status(status: int, body: bytes) -> None:
    """Waiting, where it is busy or not ready; whether a page, a proxy or Prometheus itself says it."""
    kind = "application/json" if body.startswith(b"{") else "text/plain"
    with server(status, body, kind) as url, pytest.raises(DashboardsError) as error:
        over_http(url)("query", {"query": "up"})
    assert error.value.fix == (FIX if status == 404 else FIX_BUSY)


@pytest.mark.fault("the reason for which a front end refuses a query, in plain text, is lost")
@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [
        (413, "query result too large\n", "answers 413: query result too large"),
        (422, "the query exceeds a limit", "answers 422: the query exceeds a limit"),
        (400, "invalid parameter", "answers 400: invalid parameter"),
        (500, "no querier", "answers 500: no querier"),
        (413, "<html><h1>413 Request Entity Too Large</h1></html>", "answers 413, no JSON"),
        (404, "404 page not found", "answers 404, no JSON"),
        (200, "welcome", "answers 200, no JSON"),
    ],
)
def test_a_sentence_instead_of_json(status: int, body: str, cause: str) -> None:
    """Query front ends answer with a text; a page, or the text of what is no Prometheus, says nothing."""
    with pytest.raises(DashboardsError) as error:
        answer_data("query", status, body.encode(), "Prometheus")
    assert error.value.cause == cause


ANSWERS = {"query=down": (413, b"too large"), "query=mine": (405, b"GET alone")}


@pytest.mark.fault("a long query is refused by a proxy that limits the length of an address")
@pytest.mark.parametrize(("status", "length"), [(414, 2), (431, 2), (400, 5000)])
def test_a_long_query_is_sent_as_a_form(status: int, length: int) -> None:
    """As Grafana sends it; what is no query is not sent that way.

    What is refused as well has the status of the form, or that of the first request if only GET is allowed.
    """
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(f"GET {self.path}")
            self._answer(status, b"<html>too long</html>")

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            requests.append(f"POST {self.path} {form}")
            success = json.dumps({"status": "success", "data": {"resultType": "vector", "result": []}}).encode()
            self._answer(*ANSWERS.get(form, (200, success)))

        def _answer(self, code: int, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    path_before = "x" * length
    with served(Handler) as url:
        ask = over_http(f"{url}/{path_before}")
        assert ask("query", {"query": "up"}) == {"resultType": "vector", "result": []}
        for path, query, refused in (
            ("query", "down", 413),
            ("query", "mine", status),
            ("label/job/values", "down", status),
        ):
            with pytest.raises(DashboardsError) as error:
                ask(path, {"query": query})
            assert error.value.status == refused
    requests = [request.replace(f"/{path_before}", "") for request in requests]
    assert requests == [
        "GET /api/v1/query?query=up",
        "POST /api/v1/query query=up",
        "GET /api/v1/query?query=down",
        "POST /api/v1/query query=down",
        "GET /api/v1/query?query=mine",
        "POST /api/v1/query query=mine",
        "GET /api/v1/label/job/values?query=down",
    ]


@pytest.mark.fault("values of a label by a long selector are refused by a proxy, and doctor does not know them")
@pytest.mark.parametrize(
    ("status", "length", "is_sent"),
    [(414, 2, True), (431, 2, True), (400, 5000, True), (400, 2, False), (503, 5000, False)],
)
def test_values_of_a_label_by_a_long_selector(status: int, length: int, *, is_sent: bool) -> None:
    """They are those of the series, which can be had with a form; without a selector there is no form."""
    params = {"match[]": "x" * length}

    def ask(path: str, _: Mapping[str, str]) -> Any:
        if path == "series":
            return [{"pod": "b"}, {"pod": "a", "node": "one"}, {"node": "two"}, {"pod": "b"}]
        raise DashboardsError("Prometheus", cause="refused", status=status)

    ask_values = with_long_selectors(ask)
    if is_sent:
        assert ask_values("label/pod/values", params) == ["a", "b"]
    for path, other in (
        ("label/pod/values", {}),
        ("targets", params),
        *([] if is_sent else [("label/pod/values", params)]),
    ):
        with pytest.raises(DashboardsError):
            ask_values(path, other)


@pytest.mark.fault("a query that is wrong is sent twice")
def test_a_short_query_is_sent_once() -> None:
    """What a proxy says of a short one has another reason than its length."""
    with server(400, b"<h1>Bad request</h1>", "text/html") as url, pytest.raises(DashboardsError) as error:
        over_http(url)("query", {"query": "up"})
    assert error.value.cause == "answers 400, no JSON"


@pytest.mark.fault("a cluster of VictoriaMetrics answers in part, and no warning says it")
@pytest.mark.parametrize(
    ("body", "warnings"),
    [
        ('"isPartial": true', [PARTIAL]),
        ('"isPartial": true, "warnings": ["late"]', ["late", PARTIAL]),
        ('"isPartial": false', None),
        ('"isPartial": "true"', None),
    ],
)
def test_a_partial_answer(body: str, warnings: list[str] | None) -> None:
    """Its flag is a warning, as Thanos and Mimir have."""
    content = f'{{"status": "success", {body}, "data": {{"resultType": "vector", "result": []}}}}'
    assert answer_data("query", 200, content.encode(), "x").get("warnings") == warnings
