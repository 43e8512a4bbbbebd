"""Comments of GitHub and notes of GitLab as their REST APIs have them: lists with pages, a token, JSON errors.

Paths and fields: docs.github.com/en/rest/issues/comments, docs.gitlab.com/api/notes.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

LISTS = ("/repos/o/r/issues/7/comments", "/projects/12/merge_requests/7/notes")
TOKEN = "secret-token"


@dataclass
class SmallService:
    """The comments by id, and the requests that changed them."""

    texts: dict[int, str] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    read_only: bool = False
    crlf: bool = False  # GitHub's editor sends the ends of lines so
    address: str = ""
    limits: list[tuple[int, dict[str, str]]] = field(default_factory=list)  # answers before any other: status, headers

    def answer(self, method: str, path: str, parameters: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        if method == "GET" and path in LISTS:
            start, size = int(parameters["page"][0]) - 1, int(parameters["per_page"][0])
            listed = [{"id": id_, "body": self._sent(text)} for id_, text in self.texts.items()]
            return 200, listed[start * size : (start + 1) * size]
        if self.read_only:
            return 403, {"message": "Resource not accessible by integration"}
        if method == "POST" and path in LISTS:
            id_ = max(self.texts, default=0) + 1
        elif method in ("PATCH", "PUT") and path.rpartition("/")[2].isdigit():
            id_ = int(path.rpartition("/")[2])
        else:
            return 404, {"message": "Not Found"}
        self.texts[id_] = body["body"]
        self.writes.append(f"{method} {id_}")
        return 201, {"id": id_, "body": body["body"]}

    def _sent(self, text: str) -> str:
        return text.replace("\n", "\r\n") if self.crlf else text


@contextmanager
def serving(service: SmallService) -> Iterator[SmallService]:
    """The service at an address on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            token = self.headers.get("Authorization", "").removeprefix("Bearer ") or self.headers.get("PRIVATE-TOKEN")
            status, answer = 401, {"message": "Bad credentials"}
            if token == TOKEN:
                status, answer = service.answer(
                    self.command, parts.path, parse_qs(parts.query), json.loads(body) if body else None
                )
            headers = dict[str, str]()
            if service.limits:
                (status, headers), answer = service.limits.pop(0), {"message": "API rate limit exceeded"}
            content = json.dumps(answer).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PATCH = do_PUT = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    service.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
