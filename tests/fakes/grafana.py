"""A small HTTP server that answers as Grafana 12.2 was seen to answer, and fails where a test says so."""

import json
import threading
import time
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

TOKENS = {"editor-token": "editor", "viewer-token": "viewer", "reader-token": "reader"}
PASSWORDS = {"admin": "s3cret/@:%"}
MAY = {
    "admin": ("dashboards:create", "dashboards:write", "folders:create", "folders:read"),
    "editor": ("dashboards:create", "folders:create", "folders:read"),
    "viewer": ("folders:read",),
    "reader": ("folders:read",),
}
MISMATCH = {"message": "The dashboard has been changed by someone else", "status": "version-mismatch"}
DENIED = {"message": "You'll need additional permissions to perform this action.", "title": "Access denied"}
Json = dict[str, Any]


@dataclass
class Fault:
    """What goes wrong with requests whose `METHOD path` begins with `at`, for the next `times` of them."""

    at: str
    status: int = 500
    body: str = '{"message": "it went wrong"}'
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0
    drop: bool = False  # close the connection instead of an answer
    late: bool = False  # carry the request out first
    times: int = 1


@dataclass
class FakeGrafana:
    """Its state, which tests may look at and change; `log` is what was asked."""

    url: str = ""
    prefix: str = ""
    anonymous: bool = False
    boards: dict[str, Json] = field(default_factory=dict)
    history: dict[str, list[Json]] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    secretive: bool = False  # whether editors are told 403, as viewers are, of a board that is not there
    room: int = 1000  # boards that it takes before it says 403
    log: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def writes(self) -> list[str]:
        """The requests that were no reads."""
        return [line for line in self.log if not line.startswith("GET ")]

    def versions(self) -> dict[str, int]:
        """The version of each board."""
        return {uid: found["dashboard"]["version"] for uid, found in self.boards.items()}

    def answer(self, method: str, path: str, role: str | None, body: Json) -> tuple[int, Any]:
        """Status and JSON for a request to a path below /api."""
        if path == "/health":
            return 200, {"database": "ok", "version": "12.2.0", "commit": "x"}
        if path == "/user" and role:
            return 200, {"id": 0, "login": f"sa-{role}"}
        if path == "/user" or (not role and (not self.anonymous or method == "POST")):
            return 401, {"message": "Unauthorized"}
        if method == "GET":
            return self._read(path, role or "viewer")
        return self._write(path, body) if role in ("admin", "editor") else (403, DENIED)

    def _read(self, path: str, role: str) -> tuple[int, Any]:
        match path.strip("/").split("/"):
            case ["access-control", "user", "actions"]:
                return 200, dict.fromkeys(MAY[role], True)
            case ["folders"]:
                return 200, [{"uid": uid, "title": title} for uid, title in self.folders.items()]
            case ["folders", uid] if uid in self.folders:
                return 200, {"uid": uid, "title": self.folders[uid]}
            case ["folders", _] if role != "admin":
                return 403, DENIED
            case ["dashboards", "uid", uid] if uid in self.boards:
                return 200, self.boards[uid]
            case ["dashboards", "uid", _] if role == "viewer" or (role == "editor" and self.secretive):
                return 403, DENIED
            case ["dashboards", "uid", uid, "versions"] if uid in self.boards:
                return 200, {"versions": [{"data": each} for each in reversed(self.history[uid])]}
        return 404, {"message": "Not found"}

    def _write(self, path: str, body: Json) -> tuple[int, Any]:
        if path == "/dashboards/db":
            return self._save(body)
        if body["uid"] in self.folders:
            return 412, {"message": "the folder has been changed by someone else"}
        self.folders[body["uid"]] = body["title"]
        return 200, body

    def _save(self, body: Json) -> tuple[int, Any]:
        board, folder = dict(body["dashboard"]), body.get("folderUid", "")
        live = self.boards.get(board["uid"])
        if not live and len(self.boards) >= self.room:
            return 403, {"message": "Quota reached"}
        if folder and folder not in self.folders:
            return 400, {"message": "folder not found"}
        if live and (live["meta"]["provisioned"] or board.get("version") != live["dashboard"]["version"]):
            return 412, MISMATCH
        self.put(board, folder)
        return 200, {"uid": board["uid"], "status": "success", "folderUid": folder}

    def put(self, board: Json, folder: str, **meta: Any) -> None:
        """Save a board as somebody at Grafana, whatever version it has."""
        uid = board["uid"]
        version = len(self.history.get(uid, ())) + 1
        kept = {**board, "id": 4, "version": version}
        about = {"folderUid": folder, "updatedBy": "ann", "updated": "2026-01-02T03:04:05Z", "provisioned": False}
        self.boards[uid] = {"dashboard": kept, "meta": {**about, "provisionedExternalId": "", **meta}}
        self.history.setdefault(uid, []).append(kept)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    grafana: FakeGrafana


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def log_message(self, *_: Any) -> None:
        pass

    def _do(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        grafana = self.server.grafana
        path = urlsplit(self.path).path.removeprefix(grafana.prefix).removeprefix("/api")
        with grafana.lock:
            asked = f"{self.command} {path}"
            grafana.log.append(asked)
            fault = next((each for each in grafana.faults if asked.startswith(each.at) and each.times), None)
            if not fault or fault.late:
                status, body = grafana.answer(self.command, path, self._role(), json.loads(sent or b"{}"))
        if not fault:
            self._send(status, json.dumps(body), "application/json; charset=UTF-8", {})
            return
        fault.times -= 1
        time.sleep(fault.wait)
        if fault.drop:
            self.close_connection = True
        else:
            self._send(fault.status, fault.body, fault.kind, fault.headers)

    def _send(self, status: int, text: str, kind: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Type": kind, "Content-Length": str(len(text.encode()))}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(ConnectionError):  # who asked did not wait
            self.wfile.write(text.encode())

    def _role(self) -> str | None:
        how, _, what = self.headers.get("Authorization", "").partition(" ")
        if how == "Bearer":
            return TOKENS.get(what)
        user, _, password = b64decode(what).decode().partition(":") if how == "Basic" else ("", "", "")
        return user if user and PASSWORDS.get(user) == password else None


@contextmanager
def fake_grafana(prefix: str = "", tls: SSLContext | None = None) -> Iterator[FakeGrafana]:
    """A running one on a free loopback port."""
    grafana = FakeGrafana(prefix=prefix)
    server = _Server(("127.0.0.1", 0), _Handler)
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
