"""A Grafana for tests: one interface for the stand-in and a real one."""

import os
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import pytest
import requests

from tests.components import require
from tests.fakes.grafana import FakeGrafana, fake_grafana
from tests.live.processes import grafana

KINDS = ("stand-in", "real")
NUMBERS = count()
TIMEOUT = 30  # seconds


@dataclass(frozen=True)
class Server:
    """An organisation of a running Grafana, its administrator, and the token of an editor."""

    url: str
    admin: tuple[str, str] = ("admin", "admin")
    editor: str = ""
    organisation: int = 1
    fake: FakeGrafana | None = None

    def request(
        self,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        method: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Status and body (JSON, or a page) of a request with a token, without one (""), or as administrator."""
        login = "Basic " + b64encode(":".join(self.admin).encode()).decode()
        own = {"Authorization": login if token is None else f"Bearer {token}"} if token != "" else {}
        answer = requests.request(
            method or ("GET" if body is None else "POST"),
            self.url + path,
            json=body,
            headers={**own, **(headers or {}), "X-Grafana-Org-Id": str(self.organisation)},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        is_json = answer.text and answer.headers.get("Content-Type", "").startswith("application/json")
        return answer.status_code, answer.json() if is_json else answer.text

    def api(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """Grafana's answer to a request of the administrator below /api."""
        status, answer = self.request(f"/api{path}", body, method=method)
        assert status < 300, (status, answer)
        return answer

    def save(self, board: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Save a board as the administrator, and read it back."""
        self.api("/dashboards/db", {"dashboard": board, **options})
        return self.board(board["uid"])

    def board(self, uid: str) -> dict[str, Any]:
        """A board as Grafana stores it, without its metadata."""
        board: dict[str, Any] = self.api(f"/dashboards/uid/{uid}")["dashboard"]
        return board

    def token(self, role: str) -> str:
        """A token of a new service account."""
        name = f"{role}-{next(NUMBERS)}"
        account = self.api("/serviceaccounts", {"name": name, "role": role})
        return str(self.api(f"/serviceaccounts/{account['id']}/tokens", {"name": name})["key"])

    def versions(self) -> dict[str, int]:
        """The version of each board; one that is removed meanwhile has none."""
        uids = [entry["uid"] for entry in self.api("/search?type=dash-db&limit=5000")]
        answers = {uid: self.request(f"/api/dashboards/uid/{uid}") for uid in uids}
        return {uid: answer["meta"]["version"] for uid, (status, answer) in answers.items() if status != 404}

    def folders(self) -> dict[str, str]:
        """The title of the folder of each board that is in one."""
        entries = self.api("/search?type=dash-db&limit=5000")
        return {entry["uid"]: entry["folderTitle"] for entry in entries if entry.get("folderTitle")}

    def reload(self) -> None:
        """Read the boards from files now."""
        self.api("/admin/provisioning/dashboards/reload", method="POST")

    @property
    def version(self) -> tuple[int, ...]:
        """The first two numbers of its version."""
        return tuple(int(number) for number in str(self.api("/health")["version"]).split(".")[:2])

    def pass_time(self, seconds: float) -> None:
        """Let time pass: the stand-in's clock is stepped; with a real Grafana the test waits."""
        if self.fake:
            self.fake.pass_time(seconds)
        else:
            time.sleep(seconds + 1)


def wait_until(read_value: Callable[[], Any], expected: Any, seconds: float = 60) -> None:
    """Wait until a value is the expected one."""
    deadline = time.monotonic() + seconds
    while (seen := read_value()) != expected and time.monotonic() < deadline:
        time.sleep(0.2)
    assert seen == expected


def resource_of(server: Server, uid: str) -> dict[str, Any]:
    """A board from the newer API, which Grafana has since 12."""
    if server.version < (12, 0):
        pytest.skip("Grafana 11 has no API dashboard.grafana.app/v1beta1")
    namespace = "default" if server.organisation == 1 else f"org-{server.organisation}"
    status, resource = server.request(f"/apis/dashboard.grafana.app/v1beta1/namespaces/{namespace}/dashboards/{uid}")
    assert status == 200, resource
    return dict(resource)


class Start(Protocol):
    """Starts a separate Grafana."""

    def __call__(self, directory: Path, *, visitors: bool = False, path: str = "") -> AbstractContextManager[Server]:
        """With its state and `provisioning` in a directory; `visitors`: with anonymous access; served below `path`."""


@contextmanager
def start_stand_in(directory: Path, *, visitors: bool = False, path: str = "", **state: Any) -> Iterator[Server]:
    """The stand-in; `state` are fields of FakeGrafana."""
    with fake_grafana(path, anonymous=visitors, provisioning=directory / "provisioning", **state) as fake:
        yield server_of(fake)


@contextmanager
def start_real(directory: Path, *, visitors: bool = False, path: str = "") -> Iterator[Server]:
    """The Grafana in GRAFANA_HOME."""
    require("grafana-home")
    settings = {"GF_AUTH_ANONYMOUS_ENABLED": str(visitors).lower()}
    if path:
        settings |= {"GF_SERVER_SERVE_FROM_SUB_PATH": "true", "GF_SERVER_ROOT_URL": f"http://localhost{path}/"}
    with grafana(directory, settings=settings) as url:
        yield Server(f"{url}{path}")


STARTS: dict[str, Start] = {"stand-in": start_stand_in, "real": start_real}


def server_of(fake: FakeGrafana) -> Server:
    """A running stand-in as a Server."""
    server = Server(fake.url, next(iter(fake.passwords.items())), fake=fake)
    return replace(server, editor=server.token("Editor"))


def from_environment() -> Server | None:
    """The Grafana that GRAFANA_TEST_URL names, with its administrator's name and password."""
    address = urlsplit(os.environ.get("GRAFANA_TEST_URL", ""))
    if not address.hostname:
        return None
    admin = (unquote(address.username or "admin"), unquote(address.password or "admin"))
    return Server(address._replace(netloc=address.netloc.rpartition("@")[2]).geturl().rstrip("/"), admin)


@contextmanager
def organisation(server: Server) -> Iterator[Server]:
    """A new organisation, without the boards of other tests and without Grafana's caches of them."""
    number = server.api("/orgs", {"name": f"test-{os.getpid()}-{next(NUMBERS)}"})["orgId"]
    new = replace(server, organisation=number)
    try:
        yield replace(new, editor=new.token("Editor"))
    finally:
        server.api(f"/orgs/{number}", method="DELETE")
