"""cluster-setup/setup.sh on a real Kubernetes API server with real Helm; pods become ready by simulation."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile import compile_boards
from dashboards_py.values.keys import given
from tests.conftest import miss, require, required_path
from tests.live.chain import FOLDERS, standing

ROOT = Path(__file__).parents[2]
SETUP = ROOT / "cluster-setup" / "setup.sh"
PINNED = dict(line.split("=", 1) for line in (SETUP.parent / "versions.env").read_text().splitlines()[1:])
CILIUM = {Release.parse(version): version for version in PINNED["CILIUM_VERSIONS"].strip('"').split()}
WITHOUT_STACK = ("--no-stack", "--namespace", "default")
MONITORS = {"cilium-agent", "cilium-envoy", "cilium-operator", "hubble", "hubble-relay"}
OLDEST_AND_NEWEST = [RELEASES[0], NEWEST]

# Flags as pages give them, and values of somebody's own.
SEED: dict[str, Any] = {
    "prometheus": {"enabled": True, "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}}},
    "operator": {"prometheus": {"enabled": True}, "replicas": 1},
    "hubble": {
        "relay": {"enabled": True},
        "metrics": {
            "enabled": ["dns:query;ignoreAAAA", "drop", "tcp", "icmp", "httpV2:exemplars=true;labelsContext=source_ip"],
            "enableOpenMetrics": True,
        },
    },
    "bpf": {"mapDynamicSizeRatio": 0.003},
    "ipam": {"mode": "kubernetes"},
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """The disposable cluster, kubectl and helm on it, and setup.sh."""

    kubeconfig: str
    charts: Path
    path: str

    @property
    def env(self) -> dict[str, str]:
        mine = {"KUBECONFIG": self.kubeconfig, "CHARTS": str(self.charts), "PATH": self.path}
        return {**os.environ, **mine}

    def run(self, *command: str, stdin: str = "") -> str:
        """What a program prints; its failure fails the test."""
        found = subprocess.run(
            command, env=self.env, input=stdin, capture_output=True, text=True, timeout=300, check=False
        )
        assert found.returncode == 0, f"{command}: {found.stdout}{found.stderr}"
        return found.stdout

    def setup(self, *words: str, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
        """setup.sh with a verb and options."""
        given = {**self.env, **(env or {})}
        return subprocess.run(
            [SETUP, *words], env=given, capture_output=True, text=True, timeout=300, cwd="/", check=False
        )

    def objects(self, kind: str, *given: str) -> list[dict[str, Any]]:
        """Objects of a kind."""
        found = json.loads(self.run("kubectl", "get", kind, *given, "--output=json"))
        return list(found["items"])

    def revisions(self) -> dict[str, str]:
        """The revision of each Helm release."""
        found = json.loads(self.run("helm", "list", "--all-namespaces", "--output=json"))
        return {f"{each['namespace']}/{each['name']}": each["revision"] for each in found}

    def values(self) -> dict[str, Any]:
        """The values that Cilium's release was given."""
        return json.loads(self.run("helm", "get", "values", "cilium", "-n", "kube-system", "-o", "json")) or {}

    def versions(self) -> dict[str, str]:
        """The resourceVersion of everything that setup.sh could change."""
        kinds = "configmaps,daemonsets,deployments,statefulsets,services,secrets,namespaces"
        found = self.objects(kinds, "--all-namespaces")
        if "servicemonitors.monitoring.coreos.com" in self.run("kubectl", "get", "crd", "-o", "name"):
            found += self.objects("servicemonitors,prometheuses", "--all-namespaces")
        return {
            f"{each['kind']}/{each['metadata'].get('namespace')}/{each['metadata']['name']}": each["metadata"][
                "resourceVersion"
            ]
            for each in found
            if each["metadata"]["name"] != "kube-root-ca.crt"
        }

    def labels(self) -> dict[str, str | None]:
        """The label `release` of each of Cilium's ServiceMonitors."""
        found = self.objects("servicemonitors", "--namespace=kube-system")
        return {each["metadata"]["name"]: (each["metadata"].get("labels") or {}).get("release") for each in found}

    def install(self, name: str, namespace: str, chart: str, values: dict[str, Any] | None = None) -> None:
        """Install a chart as somebody else would."""
        packed = str(next(self.charts.glob(f"{chart}.tgz")))
        given = ["helm", "install", name, packed, "-n", namespace, "--create-namespace", "--wait", "-f", "-"]
        self.run(*given, stdin=yaml.safe_dump(values or {}))

    def claim(self, name: str, prometheus: str) -> None:
        """Claim a volume as prometheus-operator does for a Prometheus."""
        operator = {"managed-by": "prometheus-operator", "instance": prometheus}
        labels = {f"app.kubernetes.io/{key}": value for key, value in operator.items()}
        claim = {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": name, "labels": labels},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
        }
        self.run("kubectl", "apply", "-n", "prometheus", "-f", "-", stdin=json.dumps(claim))

    def crds(self) -> None:
        """Install the operator's CRDs as somebody else would."""
        self.install("crds", "default", "prometheus-operator-crds-*")

    def operator(self, selector: dict[str, Any] | None = None) -> None:
        """The CRDs and a Prometheus object, as an operator of somebody else would have them."""
        self.crds()
        prometheus = {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "Prometheus",
            "metadata": {"name": "k8s", "namespace": "default"},
            "spec": {
                "serviceMonitorSelector": selector or {"matchLabels": {"release": "prometheus"}},
                "serviceMonitorNamespaceSelector": {},
            },
        }
        self.run("kubectl", "apply", "-f", "-", stdin=json.dumps(prometheus))

    def cilium(self, release: Release, values: dict[str, Any]) -> None:
        """Install Cilium as somebody else would."""
        self.install("cilium", "kube-system", f"cilium-{CILIUM[release]}", values)

    def clean(self) -> None:
        """Remove every release, and what setup.sh keeps."""
        found = json.loads(
            self.run("helm", "list", "--all-namespaces", "--pending", "--failed", "--deployed", "--output=json")
        )
        for each in sorted(found, key=lambda one: "crds" in one["name"]):
            self.run("helm", "uninstall", each["name"], "-n", each["namespace"])
        boards = "--selector=app.kubernetes.io/part-of=cilium-dashboards"
        self.run("kubectl", "delete", "configmap", "-n", "default", boards)
        spaces = [each["metadata"]["name"] for each in self.objects("namespaces")]
        for name in {"prometheus", "monitoring", "cilium-secrets"} & {*spaces}:
            self.run("kubectl", "delete", "namespace", name, "--timeout=60s", "--ignore-not-found")
        self.run("kubectl", "delete", "configmap", "-n", "kube-system", "cilium-dashboards-setup", "--ignore-not-found")
        crds = [each for each in self.run("kubectl", "get", "crd", "-o", "name").split() if "coreos" in each]
        if crds:
            self.run("kubectl", "delete", "--ignore-not-found", *crds)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    require("kubernetes", "helm")
    charts = Path(required_path("CILIUM_CHARTS", "Cilium's charts"))
    found = Cluster(os.environ["TEST_KUBECONFIG"], charts, os.environ["PATH"])
    found.clean()
    yield found
    found.clean()


def holds(values: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Whether all that somebody said is still so; their Hubble handlers may have got more options."""
    for key, value in theirs.items():
        if isinstance(value, dict):
            if not holds(values.get(key, {}), value):
                return False
        elif isinstance(value, list):
            begins = [str(entry).partition(":")[0] for entry in value]
            options = [set(str(entry).partition(":")[2].split("=")[0].split(";")) for entry in value]
            found = {str(entry).partition(":")[0]: str(entry) for entry in values[key]}
            if not all(all(word in found[name] for word in words) for name, words in zip(begins, options, strict=True)):
                return False
        elif values.get(key) != value:
            return False
    return True


@pytest.mark.parametrize("release", OLDEST_AND_NEWEST, ids=str)
def test_the_whole_way(cluster: Cluster, release: Release, tmp_path: Path) -> None:
    """Cilium with flags from a page: plan, up, up again, verify, boards in Grafana, down; theirs stays theirs."""
    require("grafana", "sidecar")
    cluster.crds()
    cluster.cilium(release, SEED)
    before = cluster.versions()

    planned = cluster.setup("plan")
    assert planned.returncode == 0, planned.stderr
    assert "set operator.prometheus.serviceMonitor.enabled = true  # cilium-" in planned.stdout
    assert "ServiceMonitor hubble: new" in planned.stdout
    assert "      - drop\n" in planned.stdout
    assert "      + drop:labelsContext=" in planned.stdout
    assert "Deployment hubble-relay: changed, its pods restart" in planned.stdout
    assert "DaemonSet cilium: reads its configuration only when it starts" in planned.stdout
    assert planned.stdout.endswith("nothing was changed\n")
    assert cluster.versions() == before

    done = cluster.setup("up")
    assert done.returncode == 0, done.stderr
    assert cluster.revisions() == {"default/crds": "1", "kube-system/cilium": "2", "prometheus/prometheus": "1"}
    assert holds(cluster.values(), SEED)
    assert cluster.labels() == dict.fromkeys(MONITORS, "prometheus")
    after, values = cluster.versions(), cluster.values()
    assert "s3cr" not in done.stdout
    assert "base64 -d" in done.stdout

    again = cluster.setup("up")
    assert (again.returncode, "nothing to do" in again.stdout) == (0, True)
    assert cluster.versions() == after

    told = cluster.setup("verify", "--json")
    rows = json.loads(told.stdout)
    wrong = [row for row in rows if row["ok"] is not True]
    assert (told.returncode, {row["name"] for row in wrong} - {"configuration"}) == (1, {"targets"})
    assert next(row["ok"] for row in rows if row["name"] == "targets") is None
    assert {f"ServiceMonitor {name}" for name in MONITORS} <= {row["name"] for row in rows}

    cluster.setup("up", "--restart")
    told = cluster.setup("verify")
    assert "ok   configuration" in told.stdout
    assert cluster.values() == values

    with standing(tmp_path) as chain:
        deadline = time.monotonic() + 60
        while chain.folders().keys() != FOLDERS.keys() and time.monotonic() < deadline:
            time.sleep(1)
        assert chain.folders().keys() == {board.uid for board in compile_boards(release)}

    gone = cluster.setup("down")
    assert gone.returncode == 0, gone.stderr
    assert cluster.values() == SEED
    assert cluster.revisions().keys() == {"default/crds", "kube-system/cilium"}
    assert cluster.labels() == {"cilium-agent": "prometheus"}
    assert "nothing of ours is here" in cluster.setup("down").stdout


def test_from_nothing_and_back(cluster: Cluster) -> None:
    """No Cilium, no CRDs: refused unless told; then all is made, and undone but for the network and others' volumes."""
    said = cluster.setup("up")
    assert (said.returncode, "--install-cilium" in said.stderr) == (2, True)
    assert cluster.revisions() == {}
    assert cluster.setup("up", "--install-cilium", "1.18").returncode == 0
    made = cluster.revisions()
    assert made.keys() == {"kube-system/cilium", "prometheus/prometheus", "prometheus/prometheus-operator-crds"}
    assert cluster.labels() == dict.fromkeys(MONITORS, "prometheus")
    cluster.claim("db-0", "prometheus-kube-prometheus-prometheus")
    cluster.claim("other-0", "other")
    before = cluster.versions()
    dry = cluster.setup("down", "--uninstall-cilium", "--dry-run").stdout
    assert "helm uninstall cilium -n kube-system" in dry
    assert "its volumes stay: --delete-volumes removes them" in dry
    assert "kubectl delete persistentvolumeclaim" not in dry
    assert cluster.versions() == before
    gone = cluster.setup("down", "--delete-volumes")
    assert gone.returncode == 0, gone.stderr
    assert "Cilium stays: it is the network" in gone.stdout
    assert "kept: persistentvolumeclaim/other-0 is still there" in gone.stdout
    assert (cluster.revisions().keys(), cluster.values()) == ({"kube-system/cilium"}, {})
    assert "coreos" not in cluster.run("kubectl", "get", "crd", "-o", "name"), gone.stdout


def half_way(cluster: Cluster) -> None:
    """Start `up` and kill it, with all its children, while Helm upgrades Cilium."""
    process = subprocess.Popen(
        [SETUP, "up", *WITHOUT_STACK],
        env=cluster.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while "pending" not in cluster.run("helm", "list", "-n", "kube-system", "--pending") and process.poll() is None:
        assert time.monotonic() < deadline
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_killed_in_the_middle(cluster: Cluster) -> None:
    """A release that is left pending is named with its way out; that way, and `up` again, end well."""
    cluster.operator()
    cluster.cilium(NEWEST, SEED)
    half_way(cluster)
    said = cluster.setup("up", *WITHOUT_STACK)
    assert said.returncode == 1
    assert "Helm release kube-system/cilium: is pending-upgrade" in said.stderr
    assert "helm rollback cilium -n kube-system" in said.stderr
    told = {row["name"]: row for row in json.loads(cluster.setup("verify", *WITHOUT_STACK, "--json").stdout)}
    assert "helm rollback cilium -n kube-system" in told["Cilium"]["fix"]
    assert (told["Cilium"]["ok"], told["Helm values"]["ok"]) == (False, None)
    cluster.run("helm", "rollback", "cilium", "-n", "kube-system")
    assert cluster.values() == SEED
    assert cluster.setup("up", *WITHOUT_STACK).returncode == 0
    assert holds(cluster.values(), SEED)
    assert cluster.setup("down", *WITHOUT_STACK).returncode == 0
    assert cluster.values() == SEED


def test_an_other_release_name(cluster: Cluster) -> None:
    """A stack that was installed as `kps`: verify finds labels that it does not select, up labels to fit."""
    cluster.install("kps", "monitoring", "kube-prometheus-stack-*")
    cluster.cilium(NEWEST, SEED)
    place = ("--namespace", "monitoring", "--release", "kps")
    said = cluster.setup("up")
    assert (said.returncode, "--namespace monitoring --release kps" in said.stderr) == (1, True)
    told = cluster.setup("verify", *place)
    prometheus = "monitoring/kps-kube-prometheus-stack-prometheus"
    assert f"FAIL ServiceMonitor cilium-agent: release=prometheus, but {prometheus} selects release=kps" in told.stdout
    assert cluster.setup("up", *place).returncode == 0
    assert cluster.labels() == dict.fromkeys(MONITORS, "kps")
    assert "ok   ServiceMonitor cilium-agent" in cluster.setup("verify", *place).stdout
    revisions = cluster.revisions()
    assert cluster.setup("up", *place).returncode == 0
    assert cluster.revisions() == revisions
    gone = cluster.setup("down")
    assert gone.returncode == 0
    assert "remove 13 ConfigMaps of the boards from monitoring" in gone.stdout
    assert cluster.values() == SEED
    assert "monitoring/kps" in cluster.revisions()


def test_a_stack_that_selects_everything(cluster: Cluster) -> None:
    """A stack that takes every ServiceMonitor goes on doing so: the others' would vanish; one `up` is enough."""
    spec = {"prometheus": {"prometheusSpec": {"serviceMonitorSelectorNilUsesHelmValues": False}}}
    cluster.install("prometheus", "prometheus", "kube-prometheus-stack-*", spec)
    cluster.cilium(NEWEST, SEED)
    assert cluster.setup("up").returncode == 0
    (prometheus,) = cluster.objects("prometheuses", "--namespace=prometheus")
    assert prometheus["spec"]["serviceMonitorSelector"] == {}
    assert "nothing to do" in cluster.setup("up").stdout
    assert cluster.setup("down").returncode == 0
    values = cluster.run("helm", "get", "values", "prometheus", "-n", "prometheus", "-o", "json")
    assert json.loads(values) == spec


def test_an_operator_of_somebody_else(cluster: Cluster) -> None:
    """--no-stack reads the selector of the Prometheus that is there, whatever it asks for, and installs nothing."""
    cluster.cilium(NEWEST, SEED | {"prometheus": {"enabled": True}})
    selector = {"matchLabels": {"team.io/owner": "net"}, "matchExpressions": [{"key": "scrape", "operator": "Exists"}]}
    cluster.operator(selector)
    refused = cluster.setup("up")
    assert (refused.returncode, "use it: --no-stack" in refused.stderr) == (1, True)
    done = cluster.setup("up", "--no-stack", "--namespace", "default")
    assert done.returncode == 0, done.stderr
    for each in cluster.objects("servicemonitors", "--namespace=kube-system"):
        assert {"team.io/owner": "net", "scrape": "true"}.items() <= each["metadata"]["labels"].items()
    assert cluster.revisions().keys() == {"default/crds", "kube-system/cilium"}
    told = cluster.setup("verify", "--no-stack", "--namespace", "default")
    assert "ok   ServiceMonitor hubble-relay: selected by default/k8s" in told.stdout
    assert "FAIL sidecar: none looks for ConfigMaps" in told.stdout
    again = cluster.setup("up", "--no-stack", "--namespace", "default")
    assert "nothing to do" in again.stdout
    assert cluster.setup("down", "--no-stack", "--namespace", "default").returncode == 0
    assert cluster.values() == SEED | {"prometheus": {"enabled": True}}


def test_what_was_edited_by_hand(cluster: Cluster) -> None:
    """Helm 4 refuses an object that somebody edited: who and which field is said, and nothing is forced unasked."""
    cluster.operator()
    cluster.cilium(NEWEST, SEED)
    edit = json.dumps({"data": {"metrics": "+cilium_x"}})
    cluster.run("kubectl", "patch", "configmap", "-n", "kube-system", "cilium-config", "--type=merge", "-p", edit)
    said = cluster.setup("up", *WITHOUT_STACK)
    assert said.returncode in (1, 4)
    assert "ConfigMap kube-system/cilium-config: kubectl-patch changed .data.metrics by hand" in said.stderr
    assert "up --take-over" in said.stderr
    (config,) = (each for each in cluster.objects("configmaps", "-n", "kube-system") if "metrics" in each["data"])
    assert config["data"]["metrics"] == "+cilium_x"
    assert cluster.setup("up", *WITHOUT_STACK, "--take-over").returncode == 0
    assert cluster.labels() == dict.fromkeys(MONITORS, "prometheus")
    cluster.run("kubectl", "delete", "servicemonitor", "-n", "kube-system", "hubble")
    told = cluster.setup("verify", *WITHOUT_STACK)
    assert "FAIL ServiceMonitor hubble: is not in kube-system\n       setup.sh up" in told.stdout
    planned = cluster.setup("plan", *WITHOUT_STACK)
    assert "ServiceMonitor kube-system/hubble: is not there with the labels of the release" in planned.stdout
    assert cluster.setup("up", *WITHOUT_STACK).returncode == 0
    assert cluster.labels() == dict.fromkeys(MONITORS, "prometheus")


def test_what_somebody_changed_since_stays(cluster: Cluster) -> None:
    """Down leaves a value that is no longer the one that up gave, and an explicit no to a feature is kept and said."""
    cluster.operator()
    cluster.cilium(NEWEST, {"hubble": {"relay": {"enabled": False}}})
    planned = cluster.setup("plan", *WITHOUT_STACK)
    assert "kept as you have it: hubble.relay.enabled false" in planned.stdout
    assert cluster.setup("up", *WITHOUT_STACK).returncode == 0
    packed = str(cluster.charts / f"cilium-{CILIUM[NEWEST]}.tgz")
    more = ("--reuse-values", "--set", "prometheus.serviceMonitor.interval=5s", "--set", "debug.enabled=true")
    cluster.run("helm", "upgrade", "cilium", packed, "-n", "kube-system", *more, "--wait")
    gone = cluster.setup("down", *WITHOUT_STACK)
    assert "left as it is now: prometheus.serviceMonitor.interval" in gone.stdout
    assert cluster.values() == {
        "hubble": {"relay": {"enabled": False}},
        "prometheus": {"serviceMonitor": {"interval": "5s"}},
        "debug": {"enabled": True},
    }


@pytest.mark.parametrize("release", [Release(1, 16), Release(1, 17)], ids=str)
def test_an_envoy_inside_the_agent(cluster: Cluster, release: Release) -> None:
    """Since 1.17 nothing scrapes an embedded Envoy: refused, with the way on; 1.16 has a second endpoint for it."""
    cluster.crds()
    cluster.cilium(release, {"envoy": {"enabled": False}})
    said = cluster.setup("plan")
    if release == (1, 16):
        assert said.returncode == 0
        assert "FAIL ServiceMonitor cilium-envoy" not in cluster.setup("verify").stdout
        return
    assert said.returncode == 1
    assert "Envoy: runs inside the agent" in said.stderr
    planned = cluster.setup("plan", "--embedded-envoy")
    assert planned.returncode == 0
    assert "envoy.prometheus" not in planned.stdout


def test_charts_that_look_into_the_cluster(cluster: Cluster) -> None:
    """Values that the chart looks up in the cluster, and ServiceMonitors beside the Prometheus: planned, done, seen."""
    cluster.operator()
    server = "kubeconfig=clusters: [{cluster: {server: 'https://10.1.2.3:6443'}}]"
    cluster.run("kubectl", "create", "configmap", "-n", "kube-public", "cluster-info", f"--from-literal={server}")
    try:
        beside = {"serviceMonitor": {"namespace": "default"}}
        cluster.cilium(
            NEWEST, {"k8sServiceHost": "auto", "prometheus": beside, "hubble": {"relay": {"enabled": False}}}
        )
        done = cluster.setup("up", *WITHOUT_STACK)
        assert done.returncode == 0, done.stderr
        places = {
            each["metadata"]["name"]: each["metadata"]["namespace"] for each in cluster.objects("servicemonitors", "-A")
        }
        assert (places["cilium-agent"], places["hubble"], places["cilium-operator"]) == (
            "default",
            "default",
            "kube-system",
        )
        told = cluster.setup("verify", *WITHOUT_STACK).stdout
        assert "ok   ServiceMonitor cilium-agent: selected by default/k8s, port 9962" in told
        assert "ok   ServiceMonitor hubble: selected by default/k8s, port 9965" in told
        assert "FAIL ServiceMonitor hubble-relay: is not in kube-system\n       hubble.relay.enabled is false" in told
        assert "nothing to do" in cluster.setup("up", *WITHOUT_STACK).stdout
    finally:
        cluster.run("kubectl", "delete", "configmap", "-n", "kube-public", "cluster-info")


def test_with_helm_3(cluster: Cluster) -> None:
    """What most people have: plan, up, up again without a new revision, down."""
    old = os.environ.get("HELM3", "")
    if not Path(old).is_file():
        miss("Helm 3", "set HELM3 to the path of a Helm 3 binary")
    cluster.operator()
    cluster.cilium(NEWEST, SEED)
    mine = Cluster(cluster.kubeconfig, cluster.charts, f"{Path(old).parent}:{cluster.path}")
    assert mine.run("helm", "version", "--short").startswith("v3.")
    assert mine.setup("plan", *WITHOUT_STACK).returncode == 0
    done = mine.setup("up", *WITHOUT_STACK)
    assert done.returncode == 0, done.stderr
    revisions = mine.revisions()
    assert "nothing to do" in mine.setup("up", *WITHOUT_STACK).stdout
    assert mine.revisions() == revisions
    gone = mine.setup("down", *WITHOUT_STACK)
    assert gone.returncode == 0, gone.stderr
    assert mine.values() == SEED


def _kubeconfig(cluster: Cluster, path: Path, **changes: Any) -> str:
    """The cluster's kubeconfig with changes to its only user."""
    found = yaml.safe_load(Path(cluster.kubeconfig).read_text())
    found["users"][0]["user"] |= changes
    path.write_text(yaml.safe_dump(found))
    return str(path)


def _program(directory: Path, name: str, text: str) -> str:
    directory.mkdir(exist_ok=True)
    (directory / name).write_text(f"#!/bin/sh\n{text}\n")
    (directory / name).chmod(0o755)
    return str(directory)


def test_failures_are_named(cluster: Cluster, tmp_path: Path) -> None:
    """Each thing that can be wrong is said, with the next command, before anything is changed."""
    cluster.cilium(NEWEST, {})
    before = cluster.versions()
    bare = f"{Path(shutil.which('make') or '').parent}:/bin"
    kubectl = _program(tmp_path / "kubectl-only", "kubectl", "exit 1")
    old = _program(tmp_path / "old", "helm", 'echo "v3.10.0+g0"')
    nobody = _kubeconfig(cluster, tmp_path / "nobody", **{"as": "nobody"})
    stranger = _kubeconfig(cluster, tmp_path / "stranger", token="wrong")
    empty = tmp_path / "empty"
    empty.mkdir()
    table: list[tuple[Sequence[str], dict[str, str], int, str, str]] = [
        ((), {"PATH": f"{kubectl}:{bare}"}, 2, "helm is not on PATH", "install it"),
        ((), {"PATH": f"{old}:{cluster.path}"}, 2, "v3.10.0+g0 is too old", "helm.sh"),
        (("--charts", str(empty)), {}, 2, f"chart cilium {CILIUM[NEWEST]}: {empty}", "helm pull cilium --repo"),
        (("--context", "nope"), {}, 2, "nope", "kubectl config get-contexts"),
        ((), {"HELM_KUBECONTEXT": "other"}, 2, "kubectl would go to simulated", "--context other"),
        (("--kubeconfig", nobody), {}, 3, "forbidden", "kubectl auth can-i"),
        (("--kubeconfig", stranger), {}, 3, "", "kubectl auth whoami"),
        (("--no-stack",), {}, 2, "there is no Prometheus of prometheus-operator", "without --no-stack"),
        (("--install-cilium", "1.15"), {}, 2, "Cilium release '1.15'", "1.16, 1.17"),
    ]
    for words, env, code, cause, fix in table:
        said = cluster.setup("up", *words, env=env)
        assert (said.returncode, said.stdout) == (code, ""), (words, env, said.stderr)
        assert cause in said.stderr, said.stderr
        assert fix in said.stderr, said.stderr
        assert "Traceback" not in said.stderr
    online = {name: value for name, value in cluster.env.items() if name != "CHARTS"}
    online |= {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    said = subprocess.run([SETUP, "up"], env=online, capture_output=True, text=True, timeout=120, check=False)
    assert (said.returncode, "--charts" in said.stderr) == (2, True), said.stderr
    assert cluster.versions() == before
    assert subprocess.run([SETUP], capture_output=True, check=False).returncode == 2


def test_a_namespace_that_goes_away(cluster: Cluster) -> None:
    """A namespace that is being terminated is named, and waited for by people."""
    cluster.cilium(NEWEST, {})
    cluster.run("kubectl", "create", "namespace", "prometheus")
    finalizer = json.dumps({"metadata": {"finalizers": ["example.org/slow"]}})
    cluster.run("kubectl", "patch", "namespace", "prometheus", "--type=merge", "-p", finalizer)
    cluster.run("kubectl", "delete", "namespace", "prometheus", "--wait=false")
    try:
        said = cluster.setup("up")
        assert (said.returncode, "namespace prometheus: is being terminated" in said.stderr) == (2, True)
    finally:
        none = json.dumps({"metadata": {"finalizers": []}})
        cluster.run("kubectl", "patch", "namespace", "prometheus", "--type=merge", "-p", none)


def test_a_release_that_the_boards_do_not_know(cluster: Cluster, tmp_path: Path) -> None:
    """A chart of Cilium that is too old or too new is left alone."""
    chart = tmp_path / "cilium"
    chart.mkdir()
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: cilium\nversion: 1.15.19\n")
    cluster.run("helm", "install", "cilium", str(chart), "-n", "kube-system")
    for verb in ("plan", "up"):
        said = cluster.setup(verb)
        assert said.returncode == 2
        assert "Cilium 1.15.19 in kube-system/cilium: the boards are for 1.16 to 1.20" in said.stderr


def test_a_cilium_that_helm_does_not_know(cluster: Cluster) -> None:
    """Where Argo CD or a cloud runs Cilium, the values are to be given there."""
    daemonset = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": "cilium", "namespace": "kube-system", "labels": {"k8s-app": "cilium"}},
        "spec": {
            "selector": {"matchLabels": {"k8s-app": "cilium"}},
            "template": {
                "metadata": {"labels": {"k8s-app": "cilium"}},
                "spec": {"containers": [{"name": "agent", "image": "x"}]},
            },
        },
    }
    cluster.run("kubectl", "apply", "-f", "-", stdin=json.dumps(daemonset))
    try:
        said = cluster.setup("up", "--install-cilium", "1.20")
        assert said.returncode == 2
        assert "DaemonSet cilium in kube-system runs, but no Helm release" in said.stderr
        assert cluster.revisions() == {}
    finally:
        cluster.run("kubectl", "delete", "daemonset", "-n", "kube-system", "cilium")


def test_make_calls_it(cluster: Cluster) -> None:
    """`make cluster-plan`, `cluster-up`, `cluster-verify`, `cluster-down`."""
    cluster.operator()
    cluster.cilium(NEWEST, {})
    make = ["make", "--silent", "--directory", str(ROOT), f"ARGS={' '.join(WITHOUT_STACK)}"]
    cluster.run(*make, "cluster-plan")
    cluster.run(*make, "cluster-up")
    assert given(cluster.values(), "prometheus.serviceMonitor.labels.release") == "prometheus"
    told = subprocess.run([*make, "cluster-verify"], env=cluster.env, capture_output=True, text=True, check=False)
    assert "ok   ConfigMaps: 13 unchanged" in told.stdout
    cluster.run(*make, "cluster-down")
    assert cluster.values() == {}
