"""Deploys interrupted at a step: each target on its stand-in, with concurrent changes by others."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter

from dashboards_py.kubernetes import Completed, Kubectl
from dashboards_py.targets import Deployment, Payload, _api, configmaps, files, grafana
from dashboards_py.web import session
from tests.fakes.grafana import FakeGrafana
from tests.fakes.grafana.accounts import Account
from tests.fakes.grafana.api import answer
from tests.fakes.kubectl import FakeKubectl
from tests.fakes.kubernetes import FakeKubernetes
from tests.targets.small_boards import FOLDERS, board


class Killed(BaseException):
    """The process ends here: no `except Exception` catches it."""


class Instance(Protocol):
    """A target on its stand-in. `step` is called wherever the deploy could be interrupted; objects are named by uid."""

    step: Callable[[], None]

    def prepare(self, payload: Payload) -> Deployment:
        """The plan of a deploy."""

    def live(self) -> Mapping[str, str]:
        """The objects that are deployed now, as a text for each uid: our boards and others."""

    def edit(self, uid: str, text: str) -> None:
        """Another user changes an existing object."""

    def create(self, uid: str, text: str) -> None:
        """Another user creates an object with a uid that does not exist yet."""

    def delete(self, uid: str) -> None:
        """Another user deletes an object."""

    def can_race(self) -> bool:
        """Whether a second deploy would proceed now rather than wait for the first."""

    def wait(self) -> None:
        """Let half a minute pass, the time for which Grafana caches that something did not exist."""

    def uid_of(self, name: str) -> str:
        """The uid that a change is about, or its name."""


class Files:
    """A directory. Steps are before whatever reads or writes, the last one just before the comparison that decides."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.killed = directory / "out", False
        self.step: Callable[[], None] = lambda: None
        for name in ("_manifest", "_change", "_write_manifest", "_remove_temporary", "replace"):
            monkeypatch.setattr(files, name, self._with_step(getattr(files, name)))
        unlink = Path.unlink
        # A killed process does not tidy up.
        monkeypatch.setattr(Path, "unlink", lambda path, **more: None if self.killed else unlink(path, **more))

    def _with_step(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*args: Any) -> Any:
            self.step()
            return function(*args)

        return stepping

    def prepare(self, payload: Payload) -> Deployment:
        self.killed = False
        return files.prepare(payload, {"out": str(self.root), "path": "/boards", "overwrite": False})

    def _path(self, uid: str) -> Path:
        return self.root / "dashboards" / FOLDERS.get(uid, "Theirs") / f"{uid}.json"

    def live(self) -> Mapping[str, str]:
        return {path.stem: path.read_text() for path in (self.root / "dashboards").glob("*/[!.]*.json")}

    def edit(self, uid: str, text: str) -> None:
        self._path(uid).write_text(text)

    def create(self, uid: str, text: str) -> None:
        self._path(uid).parent.mkdir(parents=True, exist_ok=True)
        self._path(uid).write_text(text)

    def delete(self, uid: str) -> None:
        os.remove(self._path(uid))

    def can_race(self) -> bool:
        if not self.root.is_dir():
            return True
        descriptor = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)
        return True

    def wait(self) -> None:
        pass

    def uid_of(self, name: str) -> str:
        return Path(name).stem


class ConfigMaps:
    """A namespace. Steps are before and after each call of kubectl."""

    def __init__(self, _directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.api, self.killed = FakeKubernetes(), False
        self.api.create_namespace("prometheus")
        self.step: Callable[[], None] = lambda: None
        kubectl = FakeKubectl(self.api)

        def runner(argv: Any, *, stdin: str = "", seconds: int | None = 120) -> Completed:  # noqa: ARG001  # as Kubectl calls it
            self.step()
            completed = kubectl(list(argv[1:]), stdin)
            self.step()
            return completed

        monkeypatch.setattr(configmaps, "Kubectl", partial(Kubectl, runner=runner))

    def prepare(self, payload: Payload) -> Deployment:
        options = {"namespace": "prometheus", "context": None, "kubeconfig": None, "overwrite": False}
        return configmaps.prepare(payload, options)

    def live(self) -> Mapping[str, str]:
        config_maps = {key[2]: stored.body for key, stored in self.api.objects.items() if key[0] == "ConfigMap"}
        kept = {name: body for name, body in config_maps.items() if name != "kube-root-ca.crt"}
        return {self.uid_of(name): _text(body) for name, body in kept.items()}

    def edit(self, uid: str, text: str) -> None:
        changes = {"data": {f"{uid}.json": text}}
        self.api.patch("ConfigMap", "prometheus", self._name(uid), changes, "kubectl-edit")

    def create(self, uid: str, text: str) -> None:
        metadata = {"name": self._name(uid), "namespace": "prometheus"}
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"their.json": text}}
        self.api.create(body, "kubectl-create")

    def delete(self, uid: str) -> None:
        self.api.delete("ConfigMap", "prometheus", self._name(uid))

    def can_race(self) -> bool:
        return True

    def _name(self, uid: str) -> str:
        return f"cilium-dashboards-{uid}"

    def wait(self) -> None:
        pass

    def uid_of(self, name: str) -> str:
        return name.removeprefix("cilium-dashboards-")


def _text(body: Mapping[str, Any]) -> str:
    """Data, labels and annotations of a ConfigMap."""
    metadata = body["metadata"]
    return json.dumps([body.get("data"), metadata.get("labels"), metadata.get("annotations")], sort_keys=True)


class Grafana:
    """A Grafana, called without a socket. Steps are before and after each request."""

    def __init__(self, _directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self.killed = FakeGrafana(), False
        self.step: Callable[[], None] = lambda: None
        open_session = session.open_session

        def direct(server: session.Server) -> requests.Session:
            opened = open_session(server)
            opened.mount("http://", _Direct(self))
            return opened

        monkeypatch.setattr(session, "open_session", direct)
        monkeypatch.setattr(_api, "sleep", lambda _: None)

    def prepare(self, payload: Payload) -> Deployment:
        options: dict[str, Any] = {option.key: option.default for option in grafana.OPTIONS}
        own = {"url": "http://localhost:3000", "token": "editor-token", "overwrite": False, "folder": ()}
        return grafana.prepare(payload, {**options, **own})

    def live(self) -> Mapping[str, str]:
        return {uid: str(live["dashboard"]["title"]) for uid, live in self.server.boards.items()}

    def edit(self, uid: str, text: str) -> None:
        self.server.save_in_page(uid, text)

    def create(self, uid: str, text: str) -> None:
        self.server.put(board(uid, title=text), "")

    def delete(self, uid: str) -> None:
        self.server.remove(uid)

    def can_race(self) -> bool:
        return True

    def wait(self) -> None:
        self.server.pass_time(31)

    def uid_of(self, name: str) -> str:
        return name


class _Direct(BaseAdapter):
    """Responds to requests from the state of the stand-in."""

    def __init__(self, instance: Grafana) -> None:
        super().__init__()
        self.instance = instance

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        self.instance.step()
        parts = urlsplit(str(request.url))
        body = json.loads(request.body or b"{}")
        query, account = dict(parse_qsl(parts.query)), Account("sa-editor", "editor")
        path = parts.path.removeprefix("/api")
        status, content = answer(self.instance.server, str(request.method), path, query, account, body)
        self.instance.step()
        response = requests.Response()
        response.status_code, response._content = status, json.dumps(content).encode()
        response.headers["Content-Type"] = "application/json"
        response.request, response.url = request, str(request.url)
        return response

    def close(self) -> None:
        pass


INSTANCES: tuple[Callable[[Path, pytest.MonkeyPatch], Any], ...] = (Files, ConfigMaps, Grafana)


@contextmanager
def uninterrupted(instance: Instance) -> Iterator[None]:
    """Nothing happens at the steps inside this context."""
    step, instance.step = instance.step, lambda: None
    try:
        yield
    finally:
        instance.step = step
