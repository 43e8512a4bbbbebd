"""Options of commands that need a cluster or Grafana, or keep running, on stand-ins: none is ignored either."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click
import pytest
import watchfiles
from click.testing import CliRunner

import dashboards_py.cluster
from dashboards_py.cli import cli
from dashboards_py.cluster import connect
from dashboards_py.kubernetes import Completed, Kubectl
from dashboards_py.targets import _api, configmaps
from tests.cli.test_options import ELSEWHERE
from tests.cli.test_run import commands
from tests.cluster.plans import SEED, up, with_cilium
from tests.fakes.cluster import FakeCluster
from tests.fakes.grafana import FakeGrafana, Fault, fake_grafana
from tests.targets.small_boards import board

DIRECTORY = "kube-system"


def edited() -> FakeCluster:
    """A cluster of ours in which somebody edited Cilium's configuration and one of our ConfigMaps."""
    cluster = set_up()
    cluster.api.patch("ConfigMap", DIRECTORY, "cilium-config", {"data": {"debug": "true"}}, "kubectl-edit")
    edit = {"data": {"hubble-dns.json": "{}"}}
    cluster.api.patch("ConfigMap", "prometheus", "cilium-dashboards-hubble-dns", edit, "kubectl-edit")
    return cluster


def set_up() -> FakeCluster:
    """A cluster on which `up` was run, and nothing was restarted; the operator's kinds are somebody else's."""
    cluster = with_cilium()
    up(cluster)
    return cluster


def rolled_out() -> FakeCluster:
    """The same after a rollout: everything is in place, and no Prometheus can be queried."""
    cluster = set_up()
    for name in ("daemonset/cilium", "deployment/cilium-operator", "deployment/hubble-relay"):
        cluster.run(f"kubectl -n {DIRECTORY} rollout restart {name}")
    return cluster


def installed() -> FakeCluster:
    """A cluster on which `up` installed Cilium as well; its Prometheus claimed a volume."""
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
    """A cluster whose Cilium another chart of the same version rendered."""
    return from_a_mirror(with_cilium())


def set_up_with_another_chart() -> FakeCluster:
    """The same, where `up` replaced that chart and somebody put it back."""
    return from_a_mirror(set_up())


def from_a_mirror(cluster: FakeCluster) -> FakeCluster:
    """The cluster, whose agents have another image than the repository's chart."""
    agent = next(
        body
        for body in cluster.releases.revisions[DIRECTORY, "cilium"][-1].manifest
        if (body["kind"], body["metadata"]["name"]) == ("DaemonSet", "cilium")
    )
    agent["spec"]["template"]["spec"]["containers"][0]["image"] = "mirror.example.org/cilium:1.20.0"
    return cluster


def with_others_prometheus() -> FakeCluster:
    """A cluster with two Prometheus objects and no stack of Helm."""
    cluster = with_cilium()
    cluster.install("crds", "default", "prometheus-operator-crds", "31.0.1")
    for name in ("k8s", "second"):
        metadata = {"name": name, "namespace": "default"}
        spec = {"serviceMonitorSelector": {"matchLabels": {"release": name}}, "serviceMonitorNamespaceSelector": {}}
        kind = {"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus"}
        cluster.api.create({**kind, "metadata": metadata, "spec": spec}, "somebody")
    return cluster


# Where an option has something to do, if a cluster that runs only Cilium gives it nothing: how that cluster came
# about, and what else is on the command line, by the option and perhaps the command.
Situation = tuple[Callable[[], FakeCluster], str]
DEFAULT: Situation = (with_cilium, "")
SITUATIONS: Mapping[str, Situation] = {
    "cluster down": (set_up, ""),
    "cluster down --replace-chart": (set_up_with_another_chart, ""),
    "cluster verify --peer-label": (set_up, ""),
    "cluster verify --strict": (rolled_out, ""),
    "deploy configmaps": (set_up, ""),
    "deploy configmaps --overwrite": (edited, ""),
    "--cilium-versions": (FakeCluster, "--install-cilium 1.20"),
    "--delete-volumes": (installed, ""),
    "--dry-run": (set_up, ""),
    "--embedded-envoy": (with_envoy_inside, ""),
    "--install-cilium": (FakeCluster, ""),
    "--no-stack": (with_others_prometheus, ""),
    "--prometheus": (with_others_prometheus, "--no-stack --namespace default"),
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
    "--boards": "charts",
    "--url": "http://127.0.0.1:1",
    "--user": "nobody",
}
# Where this test cannot see what an option does, and why.
UNSEEN = {("cluster plan", "--timeout"): "how long `up`, which has the same options, waits"}


class Recorder:
    """A Runner on a cluster in memory that remembers whole command lines."""

    def __init__(self, cluster: FakeCluster) -> None:
        self.cluster, self.lines = cluster, list[str]()

    def __call__(self, argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:
        self.lines.append(f"{' '.join(argv)} {stdin}")
        return self.cluster(argv, stdin=stdin, seconds=seconds)


def cases() -> Iterator[object]:
    """Every option of every command that tests/cli/test_options.py leaves out."""
    for path, command in commands():
        name = " ".join(path)
        for param in command.params if name in ELSEWHERE else ():
            if isinstance(param, click.Option) and param.name != "debug" and (name, param.opts[0]) not in UNSEEN:
                yield pytest.param(name, param, id=f"{name}: {param.opts[-1] if param.hidden else param.opts[0]}")


def run(line: str) -> tuple[int, str]:
    """Exit code, and what a command printed."""
    result = CliRunner().invoke(cli, line.split())
    return result.exit_code, f"{result.stdout}{result.stderr}{result.exception}"


def on_cluster(monkeypatch: pytest.MonkeyPatch, cluster: FakeCluster, line: str) -> object:
    """The outcome of a command with a cluster, and its calls of kubectl and helm."""
    recorder = Recorder(cluster)
    monkeypatch.setattr(dashboards_py.cluster, "connect", partial(connect, runner=recorder))
    monkeypatch.setattr(configmaps, "Kubectl", partial(Kubectl, runner=recorder))
    return run(line), recorder.lines


@contextmanager
def grafana() -> Iterator[FakeGrafana]:
    """A Grafana that takes half a second to say who we are, with a foreign folder and an edited board."""
    with fake_grafana() as server:
        server.folders["theirs"] = "Theirs"
        server.put(board("hubble-dns", title="Mine"), "theirs")
        server.faults.append(Fault("GET /user", 200, '{"login": "somebody"}', wait=0.5, times=9))
        yield server


def on_grafana(monkeypatch: pytest.MonkeyPatch, line: str) -> object:
    """What came of a deploy to Grafana, and what was saved there."""
    monkeypatch.setattr(_api, "sleep", lambda _: None)
    with grafana() as server:
        ((user, password),) = server.passwords.items()
        for name, value in {"URL": server.url, "USER": user, "PASSWORD": password}.items():
            monkeypatch.setenv(f"GRAFANA_{name}", value)
        code, text = run(line)
        saved = {uid: (live["meta"]["folderUid"], str(live["dashboard"])) for uid, live in server.boards.items()}
        return code, text.replace(server.url, "URL"), saved


def on_terminal(monkeypatch: pytest.MonkeyPatch, line: str) -> object:
    """What `dev` prints until its first wait is over, and the files that it wrote."""
    monkeypatch.setattr(watchfiles, "watch", lambda *_, **__: iter([set()]))
    return run(line), sorted(str(path) for path in Path().rglob("*.json"))


def outcome(monkeypatch: pytest.MonkeyPatch, command: str, option: str, line: str) -> object:
    """What comes of a command line, by all that it can change."""
    if command == "dev":
        return on_terminal(monkeypatch, line)
    if command == "deploy grafana":
        return on_grafana(monkeypatch, line)
    ways = (f"{command} {option}", option, command)
    make, more = next((SITUATIONS[way] for way in ways if way in SITUATIONS), DEFAULT)
    return on_cluster(monkeypatch, make(), f"{line} {more}")


@pytest.mark.fault("an option that means nothing is ignored without a word")
@pytest.mark.parametrize(("command", "option"), cases())
def test_an_option_changes_something_or_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, option: click.Option
) -> None:
    """The command without and with the option: another outcome, or other questions to kubectl and helm."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "charts").mkdir()
    (tmp_path / "kubeconfig").write_text("{}")
    name = option.opts[0]
    value = TRIED.get(f"{command} {name}") or TRIED.get(name)
    assert option.is_flag or value, f"say in TRIED what {name} is tried with"
    words = name if option.is_flag else f"{name} {value}"
    plain = outcome(monkeypatch, command, name, command)
    assert outcome(monkeypatch, command, name, f"{command} {words}") != plain, f"{words} is ignored"
