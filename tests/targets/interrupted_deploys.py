"""Deploys of boards and alerts interrupted at a step: each target on its stand-in, while others change things."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter

from dashboards_py.kubernetes import Completed, Kubectl
from dashboards_py.kubernetes.ownership import OWNER_LABEL
from dashboards_py.targets import Deployment, Payload, _api, _directory, configmaps, files, grafana
from dashboards_py.targets._grafana_rules import EDITABLE
from dashboards_py.targets._grafana_rules import PATH as RULES_PATH
from dashboards_py.targets._prometheus_rule import GROUP
from dashboards_py.web import session
from tests.fakes.charts import crds
from tests.fakes.grafana import FakeGrafana
from tests.fakes.grafana.accounts import Account
from tests.fakes.grafana.api import answer
from tests.fakes.kubectl import FakeKubectl
from tests.fakes.kubernetes import FakeKubernetes
from tests.targets.small_boards import FOLDERS, board, payload

GRAFANA_ALERTS = ("alert-a", "alert-b")
FILE = configmaps.RULE_FILE
RULE_OBJECT = "cilium-dashboards-alerts"


def version(title: str, removed: frozenset[str] = frozenset()) -> Payload:
    """Our boards and alerts at some commit, without those that it no longer has; JSON is YAML."""
    uids = tuple(uid for uid in FOLDERS if uid not in removed)
    boards = payload({uid: f"{uid} {title}" for uid in uids}, uids)
    grafana_rules = [_alert(uid, f"{uid} {title}") for uid in GRAFANA_ALERTS if uid not in removed]
    groups = [{"name": "alerts", "folder": "Cilium alerts", "interval": "1m", "rules": grafana_rules}]
    rule_object = {
        "apiVersion": f"{GROUP}/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": RULE_OBJECT, "labels": dict([OWNER_LABEL])},
        "spec": {"groups": [{"name": title, "rules": [{"alert": "A", "expr": "up == 0"}]}]},
    }
    contents = {grafana.RULE_FILE: {"groups": groups}, FILE: rule_object}
    return replace(boards, rules={name: json.dumps(body).encode() for name, body in contents.items()})


def _alert(uid: str, title: str) -> dict[str, Any]:
    """A rule of Grafana's file of alerts."""
    model = {"refId": "A", "expr": "up == 0", "instant": True}
    query = {"refId": "A", "datasourceUid": "prometheus", "model": model, "relativeTimeRange": {"from": 60, "to": 0}}
    states = {"noDataState": "OK", "execErrState": "Error", "missing_series_evals_to_resolve": 1, "isPaused": False}
    content = {"condition": "A", "data": [query], "for": "5m", "labels": {"severity": "warning"}, "annotations": {}}
    return {"uid": uid, "title": title, **content, **states}


class Killed(BaseException):
    """The process ends here: no `except Exception` catches it."""


class Instance(Protocol):
    """A target on its stand-in. `step` is called wherever the deploy could be interrupted; objects are named by uid."""

    step: Callable[[], None]
    alerts: Sequence[str]  # names of the objects in which the target keeps the alerts

    removable: Sequence[str]  # uids of boards and alerts that the code may no longer have

    def prepare(self, payload: Payload, *, prune: bool = False) -> Deployment:
        """The plan of a deploy."""

    def live(self) -> Mapping[str, str]:
        """The objects that are deployed now, as a text for each uid: our boards and others."""

    def edit(self, uid: str, text: str) -> None:
        """Another user changes an existing object."""

    def create(self, uid: str, text: str) -> None:
        """Another user creates an object with a uid that does not exist yet."""

    def copy(self, uid: str, new: str) -> None:
        """Another user copies an object, all that belongs to it included."""

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

    alerts = (Path(FILE).stem,)
    removable = tuple(FOLDERS)

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.killed = directory / "out", False
        self.step: Callable[[], None] = lambda: None
        for name in ("_manifest", "_change", "_write_manifest", "_remove_temporary", "replace"):
            monkeypatch.setattr(_directory, name, self._with_step(getattr(_directory, name)))
        monkeypatch.setattr(os, "fsync", lambda _: None)  # a killed process loses nothing that it wrote
        unlink = Path.unlink
        # A killed process does not tidy up.
        monkeypatch.setattr(Path, "unlink", lambda path, **more: None if self.killed else unlink(path, **more))

    def _with_step(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*args: Any) -> Any:
            self.step()
            return function(*args)

        return stepping

    def prepare(self, payload: Payload, *, prune: bool = False) -> Deployment:
        self.killed = False
        payload = replace(payload, rules={FILE: payload.rules[FILE]})  # one file of the formats is enough
        return files.prepare(payload, {"out": str(self.root), "path": "/boards", "overwrite": False, "prune": prune})

    def _path(self, uid: str) -> Path:
        if uid in self.alerts:
            return self.root / FILE
        return self.root / "dashboards" / FOLDERS.get(uid, "Theirs") / f"{uid}.json"

    def live(self) -> Mapping[str, str]:
        files = *(self.root / "dashboards").glob("*/[!.]*.json"), *(self.root / "rules").glob("[!.]*.yaml")
        return {path.stem: path.read_text() for path in files}

    def edit(self, uid: str, text: str) -> None:
        self._path(uid).write_text(text)

    def create(self, uid: str, text: str) -> None:
        self._path(uid).parent.mkdir(parents=True, exist_ok=True)
        self._path(uid).write_text(text)

    def copy(self, uid: str, new: str) -> None:
        self._path(uid).with_stem(new).write_text(self._path(uid).read_text())

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

    alerts = (RULE_OBJECT,)
    removable = tuple(FOLDERS)

    def __init__(self, _directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.api, self.killed = FakeKubernetes(), False
        self.api.create_namespace("prometheus")
        for definition in crds():
            self.api.create(definition, "helm")
        self.step: Callable[[], None] = lambda: None
        kubectl = FakeKubectl(self.api)

        def runner(argv: Any, *, stdin: str = "", seconds: int | None = 120) -> Completed:  # noqa: ARG001  # as Kubectl calls it
            self.step()
            completed = kubectl(list(argv[1:]), stdin)
            self.step()
            return completed

        monkeypatch.setattr(configmaps, "Kubectl", partial(Kubectl, runner=runner))

    def prepare(self, payload: Payload, *, prune: bool = False) -> Deployment:
        options = {"namespace": "prometheus", "context": None, "kubeconfig": None, "overwrite": False, "prune": prune}
        return configmaps.prepare(payload, options)

    def live(self) -> Mapping[str, str]:
        kinds = ("ConfigMap", "PrometheusRule")
        objects = {key[2]: stored.body for key, stored in self.api.objects.items() if key[0] in kinds}
        kept = {name: body for name, body in objects.items() if name != "kube-root-ca.crt"}
        return {self.uid_of(name): _text(body) for name, body in kept.items()}

    def edit(self, uid: str, text: str) -> None:
        changes = self._content(uid, text)
        self.api.patch(self._kind(uid), "prometheus", self._name(uid), changes, "kubectl-edit")

    def create(self, uid: str, text: str) -> None:
        metadata = {"name": self._name(uid), "namespace": "prometheus"}
        kind = self._kind(uid)
        api = f"{GROUP}/v1" if kind == "PrometheusRule" else "v1"
        body = {"apiVersion": api, "kind": kind, "metadata": metadata, **self._content("their", text)}
        self.api.create(body, "kubectl-create")

    def copy(self, uid: str, new: str) -> None:
        body = next(stored.body for key, stored in self.api.objects.items() if key[2] == self._name(uid))
        kept = {key: body["metadata"][key] for key in ("namespace", "labels", "annotations") if key in body["metadata"]}
        name = f"{self._name(uid).removesuffix(uid)}{new}"
        self.api.create({**body, "metadata": {"name": name, **kept}}, "kubectl")

    def delete(self, uid: str) -> None:
        self.api.delete(self._kind(uid), "prometheus", self._name(uid))

    def can_race(self) -> bool:
        return True

    def _name(self, uid: str) -> str:
        return uid if uid in self.alerts else f"cilium-dashboards-{uid}"

    def _kind(self, uid: str) -> str:
        return "PrometheusRule" if uid in self.alerts else "ConfigMap"

    def _content(self, uid: str, text: str) -> dict[str, Any]:
        if uid in self.alerts:
            return {"spec": {"groups": [{"name": text, "rules": []}]}}
        return {"data": {f"{uid}.json": text}}

    def wait(self) -> None:
        pass

    def uid_of(self, name: str) -> str:
        name = name.removeprefix("PrometheusRule ")
        return name if name in self.alerts else name.removeprefix("cilium-dashboards-")


def _text(body: Mapping[str, Any]) -> str:
    """Content, labels and annotations of an object."""
    metadata = body["metadata"]
    return json.dumps(
        [body.get("data"), body.get("spec"), metadata.get("labels"), metadata.get("annotations")], sort_keys=True
    )


class Grafana:
    """A Grafana, called without a socket. Steps are before each request, and after each write.

    None is directly before a delete or an update of an alert: Grafana's API has no version to compare with there.
    """

    alerts = GRAFANA_ALERTS
    removable = (*FOLDERS, *GRAFANA_ALERTS)

    def __init__(self, _directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self.killed = FakeGrafana(), False
        self.server.sources.append({"name": "P", "type": "prometheus", "uid": "prometheus", "isDefault": True})
        self.step: Callable[[], None] = lambda: None
        open_session = session.open_session

        def direct(server: session.Server) -> requests.Session:
            opened = open_session(server)
            opened.mount("http://", _Direct(self))
            return opened

        monkeypatch.setattr(session, "open_session", direct)
        monkeypatch.setattr(_api, "sleep", lambda _: None)

    def prepare(self, payload: Payload, *, prune: bool = False) -> Deployment:
        options: dict[str, Any] = {option.key: option.default for option in grafana.OPTIONS}
        own = {"url": "http://localhost:3000", "token": "editor-token", "prune": prune, "folder": ()}
        return grafana.prepare(payload, {**options, **own})

    def live(self) -> Mapping[str, str]:
        boards = {uid: str(live["dashboard"]["title"]) for uid, live in self.server.boards.items()}
        return {**boards, **{uid: str(rule["title"]) for uid, rule in self.server.alert_rules.items()}}

    def edit(self, uid: str, text: str) -> None:
        if uid in self.alerts:
            self.server.alert_rules[uid] = {**self.server.alert_rules[uid], "title": text}
        else:
            self.server.save_in_page(uid, text)

    def create(self, uid: str, text: str) -> None:
        if uid in self.alerts:
            self.server.folders.setdefault("theirs", "Theirs")
            rule = {**_alert(uid, text), "folderUID": "theirs", "ruleGroup": "theirs"}
            status, content = answer(
                self.server, "POST", RULES_PATH, {}, Account("sa-editor", "editor"), rule, provenance=""
            )
            assert status == 201, content
        else:
            self.server.put(board(uid, title=text), "")

    def copy(self, uid: str, new: str) -> None:
        if uid in self.alerts:
            rule = self.server.alert_rules[uid]
            self.server.alert_rules[new] = {**rule, "uid": new, "title": new}
        else:
            self.server.put({**self.server.boards[uid]["dashboard"], "uid": new}, "cilium")

    def delete(self, uid: str) -> None:
        if uid in self.alerts:
            del self.server.alert_rules[uid]
        else:
            self.server.remove(uid)

    def can_race(self) -> bool:
        return True

    def wait(self) -> None:
        self.server.pass_time(31)

    def uid_of(self, name: str) -> str:
        return name.removeprefix("alert ")


class _Direct(BaseAdapter):
    """Responds to requests from the state of the stand-in."""

    def __init__(self, instance: Grafana) -> None:
        super().__init__()
        self.instance = instance

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        parts = urlsplit(str(request.url))
        if not (request.method == "DELETE" or (request.method == "PUT" and RULES_PATH in parts.path)):
            self.instance.step()
        body = json.loads(request.body or b"{}")
        query, account = dict(parse_qsl(parts.query)), Account("sa-editor", "editor")
        path = parts.path.removeprefix("/api")
        status, content = answer(
            *(self.instance.server, str(request.method), path, query, account, body),
            provenance="" if EDITABLE.keys() <= request.headers.keys() else "api",
        )
        if request.method != "GET":  # after a read comes the step before the next request
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
