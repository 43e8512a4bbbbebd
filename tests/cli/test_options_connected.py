"""Options of commands that use a cluster or Grafana, or keep running, on stand-ins: none is ignored either."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any, cast

import click
import pytest
import watchfiles
from click.testing import CliRunner

import dashboards_py.cluster
from dashboards_py.cli import _doctor, _kube, cli, doctor
from dashboards_py.cluster import Scraping, connect
from dashboards_py.kubernetes import Completed, Kubectl
from dashboards_py.kubernetes.kubectl import MANAGER
from dashboards_py.kubernetes.ownership import OWNER_LABEL
from dashboards_py.shapes import GrafanaBoard
from dashboards_py.targets import _api, configmaps
from dashboards_py.targets._mark import marked
from dashboards_py.targets._object_mark import with_mark
from tests.cli.test_options import CONNECTED
from tests.cli.test_run import commands
from tests.cluster.plans import SEED, up, with_cilium
from tests.fakes.cluster import FakeCluster
from tests.fakes.grafana import FakeGrafana, Fault, fake_grafana
from tests.fakes.prometheus import nothing
from tests.targets.small_boards import board

NAMESPACE = "kube-system"


def edited() -> FakeCluster:
    """A cluster after `up` in which Cilium's configuration and one of our ConfigMaps were edited."""
    cluster = set_up()
    cluster.api.patch("ConfigMap", NAMESPACE, "cilium-config", {"data": {"debug": "true"}}, "kubectl-edit")
    edit = {"data": {"hubble-dns.json": "{}"}}
    cluster.api.patch("ConfigMap", "prometheus", "cilium-dashboards-hubble-dns", edit, "kubectl-edit")
    return cluster


def set_up() -> FakeCluster:
    """A cluster after `up`, without restarts; the operator's CRDs are foreign."""
    cluster = with_cilium()
    up(cluster)
    return cluster


def rolled_out() -> FakeCluster:
    """The same after a rollout: everything is in place, and no Prometheus can be queried."""
    cluster = set_up()
    for name in ("daemonset/cilium", "deployment/cilium-operator", "deployment/hubble-relay"):
        cluster.run(f"kubectl -n {NAMESPACE} rollout restart {name}")
    return cluster


def with_leftover() -> FakeCluster:
    """A cluster with a board that an earlier version of ours deployed."""
    cluster = set_up()
    metadata = {"name": "cilium-dashboards-old", "namespace": "prometheus", "labels": dict([OWNER_LABEL])}
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"old.json": "{}"}}
    cluster.api.create(with_mark(body, "prometheus"), MANAGER)
    return cluster


def installed() -> FakeCluster:
    """A cluster on which `up` installed Cilium too; its Prometheus has claimed a volume."""
    cluster = FakeCluster()
    up(cluster, install_cilium="1.20.0")
    operator = {"managed-by": "prometheus-operator", "instance": "prometheus-kube-prometheus-prometheus"}
    metadata = {
        "name": "db-0",
        "namespace": "prometheus",
        "labels": {f"app.kubernetes.io/{key}": value for key, value in operator.items()},
    }
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": {}}
    cluster.api.create(claim, "prometheus-operator")
    return cluster


def with_envoy_inside() -> FakeCluster:
    """A cluster whose Envoy runs inside the agents, where nothing scrapes it."""
    return with_cilium({**SEED, "envoy": {"enabled": False}})


def with_another_chart() -> FakeCluster:
    """A cluster whose Cilium was rendered by another chart of the same version."""
    return from_a_mirror(with_cilium())


def set_up_with_another_chart() -> FakeCluster:
    """The same after `up` replaced that chart and someone restored it."""
    return from_a_mirror(set_up())


def from_a_mirror(cluster: FakeCluster) -> FakeCluster:
    """Give the agents of a cluster another image than the repository's chart does."""
    agent = next(
        body
        for body in cluster.releases.revisions[NAMESPACE, "cilium"][-1].manifest
        if (body["kind"], body["metadata"]["name"]) == ("DaemonSet", "cilium")
    )
    agent["spec"]["template"]["spec"]["containers"][0]["image"] = "mirror.example.org/cilium:1.20.0"
    return cluster


def with_foreign_prometheus() -> FakeCluster:
    """A cluster with two Prometheus objects and no stack of Helm."""
    cluster = with_cilium()
    cluster.install("crds", "default", "prometheus-operator-crds", "31.0.1")
    for name in ("k8s", "second"):
        metadata = {"name": name, "namespace": "default"}
        spec = {"serviceMonitorSelector": {"matchLabels": {"release": name}}, "serviceMonitorNamespaceSelector": {}}
        kind = {"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus"}
        cluster.api.create({**kind, "metadata": metadata, "spec": spec}, "somebody")
    return cluster


# By option, or command and option: a cluster on which the option has an effect, if one that runs only Cilium is not
# enough, and further arguments.
Situation = tuple[Callable[[], FakeCluster], str]
DEFAULT: Situation = (with_cilium, "")
SITUATIONS: Mapping[str, Situation] = {
    "cluster down": (set_up, ""),
    "cluster down --replace-chart": (set_up_with_another_chart, ""),
    "cluster verify --config": (set_up, ""),
    "cluster verify --peer-label": (set_up, ""),
    "cluster verify --strict": (rolled_out, ""),
    "deploy configmaps": (set_up, ""),
    "deploy configmaps --overwrite": (edited, ""),
    "deploy configmaps --prune": (with_leftover, ""),
    "drift configmaps": (set_up, ""),
    "--cilium-versions": (FakeCluster, "--install-cilium 1.20"),
    "--delete-volumes": (installed, ""),
    "--dry-run": (set_up, ""),
    "--embedded-envoy": (with_envoy_inside, ""),
    "--install-cilium": (FakeCluster, ""),
    "--no-stack": (with_foreign_prometheus, ""),
    "--prometheus": (with_foreign_prometheus, "--no-stack --namespace default"),
    "--replace-chart": (with_another_chart, ""),
    "--restart": (set_up, ""),
    "--take-over": (edited, ""),
    "--uninstall-cilium": (installed, ""),
}
TRIED: Mapping[str, str] = {
    "--ca-file": "nowhere.pem",
    "--charts": "charts",
    "--cilium": "1.16",
    "--cilium-versions": "1.19.9",
    "--config": "house.toml",
    "--context": "other",
    "--crds-version": "31.0.0",
    "--folder": "Hubble=theirs",
    "--install-cilium": "1.20",
    "--interval": "10s",
    "--kubeconfig": "kubeconfig",
    "--namespace": "other",
    "--out": "other",
    "--peer-label": "workload",
    "--prometheus": "default/second",
    "--prometheus-ca-file": "nowhere.pem",
    "--prometheus-url": "http://127.0.0.1:1",
    "--release": "other",
    "--stack-version": "88.5.2",
    "--timeout": "5m",
    "deploy grafana --timeout": "0.2",
    "drift grafana --timeout": "0.2",
    "doctor --board": "hubble-dns",
    "doctor --explain": "no-cilium",
    "doctor --format": "markdown",
    "--header": "X-Scope-OrgID:team",
    "doctor --max-size": "1",
    "doctor --prometheus": "http://127.0.0.1:1",
    "doctor --rules": "rules.yaml",
    "doctor --var": "cluster=east",
    "doctor --watch": "5s",
    "--boards": "charts",
    "--url": "http://127.0.0.1:1",
    "--user": "nobody",
    "--without": "hubble-http",
}
# Options whose effect this test cannot see, with the reason.
NOT_OBSERVABLE = {("cluster plan", "--timeout"): "how long `up`, which has the same options, waits"}


class Recorder:
    """A Runner on a cluster in memory that records command lines and standard input."""

    def __init__(self, cluster: FakeCluster) -> None:
        self.cluster, self.lines = cluster, list[str]()

    def __call__(self, argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:
        self.lines.append(f"{' '.join(argv)} {stdin}")
        return self.cluster(argv, stdin=stdin, seconds=seconds)


def cases() -> Iterator[object]:
    """Every option of every command that tests/cli/test_options.py leaves out."""
    for path, command in commands():
        name = " ".join(path)
        for param in command.params if name in CONNECTED else ():
            if (
                isinstance(param, click.Option)
                and param.name != "debug"
                and (name, param.opts[0]) not in NOT_OBSERVABLE
            ):
                yield pytest.param(name, param, id=f"{name}: {param.opts[-1] if param.hidden else param.opts[0]}")


def run(line: str) -> tuple[int, str]:
    """The exit code and output of a command."""
    result = CliRunner().invoke(cli, line.split())
    return result.exit_code, f"{result.stdout}{result.stderr}{result.exception}"


def on_cluster(monkeypatch: pytest.MonkeyPatch, cluster: FakeCluster, line: str) -> tuple[tuple[int, str], list[str]]:
    """The outcome of a command with a cluster, and its calls of kubectl and helm."""
    recorder = Recorder(cluster)
    monkeypatch.setattr(dashboards_py.cluster, "connect", partial(connect, runner=recorder))
    monkeypatch.setattr(configmaps, "Kubectl", partial(Kubectl, runner=recorder))
    return run(line), recorder.lines


@contextmanager
def grafana() -> Iterator[FakeGrafana]:
    """A Grafana that answers /user after half a second, with a foreign folder and an edited board."""
    with fake_grafana() as server:
        server.folders.update(theirs="Theirs", cilium="Cilium", hubble="Hubble")
        server.put(board("hubble-dns", title="Mine"), "theirs")
        server.put(marked(cast("GrafanaBoard", board("old")), ""), "theirs")
        server.faults.append(Fault("GET /user", 200, '{"login": "somebody"}', wait=0.5, times=9))
        yield server


def on_grafana(monkeypatch: pytest.MonkeyPatch, line: str) -> object:
    """The outcome of a deploy to Grafana, and the boards saved there."""
    monkeypatch.setattr(_api, "sleep", lambda _: None)
    with grafana() as server:
        ((user, password),) = server.passwords.items()
        for name, value in {"URL": server.url, "USER": user, "PASSWORD": password}.items():
            monkeypatch.setenv(f"GRAFANA_{name}", value)
        if line.startswith("drift"):
            server.boards.update(deepcopy(_deployed(server)))
        code, text = run(line)
        saved = {uid: (live["meta"]["folderUid"], str(live["dashboard"])) for uid, live in server.boards.items()}
        return code, text.replace(server.url, "URL"), saved


DEPLOYED: dict[str, Any] = {}


def _deployed(server: FakeGrafana) -> dict[str, Any]:
    """The boards of a Grafana after a deploy."""
    if not DEPLOYED:
        run("deploy grafana --overwrite")
        DEPLOYED.update(deepcopy(server.boards))
    return DEPLOYED


def on_terminal(monkeypatch: pytest.MonkeyPatch, line: str) -> object:
    """The output of `dev` until its first wait is over, and the files that it wrote."""
    monkeypatch.setattr(watchfiles, "watch", lambda *_, **__: iter([set()]))
    return run(line), sorted(str(path) for path in Path().rglob("*.json"))


def on_prometheus(monkeypatch: pytest.MonkeyPatch, line: str) -> object:
    """The output of `doctor` on a Prometheus without series, until its first pause, and all that it was asked."""
    requests: list[object] = []

    def ask(path: str, params: Mapping[str, str]) -> object:
        requests.append((path, params.get("query")))
        is_time = params.get("query") == "time()"
        return {"resultType": "scalar", "result": [0, "1e9"]} if is_time else nothing(path)

    def connected(*settings: object) -> object:
        requests.append(settings)
        return ask

    def stop(seconds: float) -> None:
        requests.append(seconds)
        raise KeyboardInterrupt

    def read_cluster(*settings: object) -> Scraping:
        requests.append(settings)
        return Scraping((), {}, None)

    monkeypatch.setattr(doctor, "prometheus_at", connected)
    monkeypatch.setattr(_kube, "read_cluster", read_cluster)
    monkeypatch.setattr(_doctor, "pause", stop)
    return run(f"{line} --prometheus http://127.0.0.1:2"), sorted(map(repr, requests))


def outcome(monkeypatch: pytest.MonkeyPatch, command: str, option: str, line: str) -> object:
    """The outcome of a command line: its output, and all that it can change."""
    if command == "doctor":
        return on_prometheus(monkeypatch, line)
    if command == "dev":
        return on_terminal(monkeypatch, line)
    if command in ("deploy grafana", "drift grafana"):
        return on_grafana(monkeypatch, line)
    create_cluster, further_arguments = situation(command, option)
    return on_cluster(monkeypatch, create_cluster(), f"{line} {further_arguments}")


def situation(command: str, option: str) -> Situation:
    """The cluster and the further arguments with which an option is tried."""
    keys = (f"{command} {option}", option, command)
    return next((SITUATIONS[key] for key in keys if key in SITUATIONS), DEFAULT)


PLAIN: dict[tuple[str, Situation], object] = {}  # the outcome of a command without the option, for each situation


@pytest.mark.fault("an option without effect is silently ignored")
@pytest.mark.parametrize(("command", "option"), list(cases()))
def test_an_option_changes_something_or_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, option: click.Option
) -> None:
    """With the option the outcome differs, or the calls of kubectl and helm do."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "charts").mkdir()
    (tmp_path / "kubeconfig").write_text("{}")
    rules = {"groups": [{"name": "g", "rules": [{"alert": "A", "expr": "cilium_drop_count_total > 0"}]}]}
    (tmp_path / "rules.yaml").write_text(json.dumps(rules))
    (tmp_path / "house.toml").write_text('[boards]\nwithout = ["hubble-http"]\n')
    name = option.opts[0]
    value = TRIED.get(f"{command} {name}") or TRIED.get(name)
    assert option.is_flag or value, f"add a value for {name} to TRIED"
    words = name if option.is_flag else f"{name} {value}"
    key = (command, situation(command, name))
    if key not in PLAIN:
        PLAIN[key] = outcome(monkeypatch, command, name, command)
    assert outcome(monkeypatch, command, name, f"{command} {words}") != PLAIN[key], f"{words} is ignored"


@pytest.mark.fault("what verify cannot determine counts as a failure")
@pytest.mark.parametrize(("option", "code"), [("", 0), (" --strict", 1)])
def test_what_cannot_be_determined_fails_with_strict_only(
    monkeypatch: pytest.MonkeyPatch, option: str, code: int
) -> None:
    """Everything is in place, and no Prometheus can be queried."""
    (exit_code, _), _ = on_cluster(monkeypatch, rolled_out(), f"cluster verify{option}")
    assert exit_code == code
