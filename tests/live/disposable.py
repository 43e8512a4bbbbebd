"""The disposable Kubernetes cluster, with setup.sh, kubectl and helm on it."""

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dashboards_py.catalog import Release

ROOT = Path(__file__).parents[2]
SETUP = ROOT / "cluster-setup" / "setup.sh"
PINNED = dict(line.split("=", 1) for line in (SETUP.parent / "versions.env").read_text().splitlines()[1:])
CILIUM = {Release.parse(version): version for version in PINNED["CILIUM_VERSIONS"].strip('"').split()}
WITHOUT_STACK = ("--no-stack", "--namespace", "default")
CRDS = "default/crds"  # the release of the operator's CRDs
RECORD = "cilium-dashboards-setup"
STACK = "kube-prometheus-stack"
PENDING = ("pending-install", "pending-upgrade", "pending-rollback")
LISTED = {"deployed", "failed", *PENDING}  # the statuses of a release that is there
CHANGEABLE = (
    *("api/v1/configmaps", "api/v1/services", "api/v1/secrets", "api/v1/namespaces"),
    *("apis/apps/v1/daemonsets", "apis/apps/v1/deployments", "apis/apps/v1/statefulsets"),
)
MONITORING = "apis/monitoring.coreos.com/v1"
OF_BOARDS = quote("app.kubernetes.io/part-of=cilium-dashboards")
METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
MONITORS = {"cilium-agent", "cilium-envoy", "cilium-operator", "hubble", "hubble-relay"}

# Flags as in guides, and a user's own values.
SEED: dict[str, Any] = {
    "prometheus": {"enabled": True, "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}}},
    "operator": {"prometheus": {"enabled": True}, "replicas": 1},
    "hubble": {
        "relay": {"enabled": True},
        "ui": {"enabled": True},
        "metrics": {
            "enabled": [
                "dns:query;ignoreAAAA;labelsContext=source_ip",
                "drop",
                "tcp",
                "icmp",
                "httpV2:exemplars=true;labelsContext=source_ip",
            ],
            "enableOpenMetrics": True,
        },
    },
    "bpf": {"mapDynamicSizeRatio": 0.003},
    "ipam": {"mode": "kubernetes"},
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """The disposable cluster, kubectl and helm on it, and setup.sh.

    What tests only look at is read from the API server itself (`proxy` is the address of a `kubectl proxy`), because a
    start of kubectl or helm takes a tenth of a second of processor time, and a test looks a dozen times.
    """

    kubeconfig: str
    charts: Path
    path: str
    proxy: str

    @property
    def env(self) -> dict[str, str]:
        own_env = {"KUBECONFIG": self.kubeconfig, "CHARTS": str(self.charts), "PATH": self.path}
        return {**os.environ, **own_env}

    def run(self, *command: str, stdin: str = "") -> str:
        """The output of a program; the test fails if it does."""
        completed = subprocess.run(
            command, env=self.env, input=stdin, capture_output=True, text=True, timeout=300, check=False
        )
        assert completed.returncode == 0, f"{command}: {completed.stdout}{completed.stderr}"
        return completed.stdout

    def setup(self, *words: str, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
        """setup.sh with a verb and options."""
        full_env = {**self.env, **(env or {})}
        return subprocess.run(
            [SETUP, *words], env=full_env, capture_output=True, text=True, timeout=300, cwd="/", check=False
        )

    def objects(self, kind: str, *args: str) -> list[dict[str, Any]]:
        """Objects of a kind."""
        listing = json.loads(self.run("kubectl", "get", kind, *args, "--output=json"))
        return list(listing["items"])

    def metadata(self, path: str) -> list[dict[str, Any]]:
        """The metadata of the objects below a path of the API; none if there is no such kind."""
        request = urllib.request.Request(f"{self.proxy}/{path}", headers={"Accept": METADATA})
        for last in (False,) * 30 + (True,):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return [item["metadata"] for item in json.load(answer)["items"] or ()]  # null if there are none
            except urllib.error.HTTPError as error:
                if error.code == 404:
                    return []
                if error.code != 429 or last:  # 429: the storage of a new CRD is not ready, which kubectl waits for
                    raise
            time.sleep(1)
        raise AssertionError

    def delete(self, path: str) -> None:
        """Delete what is at a path of the API, if there is something."""
        request = urllib.request.Request(f"{self.proxy}/{path}", method="DELETE")
        try:
            with urllib.request.urlopen(request, timeout=60):
                pass
        except urllib.error.HTTPError as error:
            if error.code not in (404, 409):  # 409: it is being deleted
                raise

    def releases(self) -> dict[str, tuple[str, str]]:
        """Revision and status of each Helm release, from the labels of Helm's Secrets, of which the newest counts."""
        newest: dict[str, tuple[int, str]] = {}
        for secret in self.metadata(f"api/v1/secrets?labelSelector={quote('owner=helm')}"):
            labels, name = secret["labels"], f"{secret['namespace']}/{secret['labels']['name']}"
            newest[name] = max(newest.get(name, (0, "")), (int(labels["version"]), labels["status"]))
        return {name: (str(revision), status) for name, (revision, status) in sorted(newest.items())}

    def revisions(self) -> dict[str, str]:
        """The revision of each Helm release that is there."""
        return {name: revision for name, (revision, status) in self.releases().items() if status in LISTED}

    def record(self) -> dict[str, Any]:
        """The record of setup.sh; empty if there is none."""
        listed = self.run(
            "kubectl", "get", "configmap", "-n", "kube-system", RECORD, "--ignore-not-found", "-o", "json"
        )
        return dict(json.loads(json.loads(listed)["data"]["record.json"])) if listed else {}

    def values(self) -> dict[str, Any]:
        """The values of Cilium's release."""
        return json.loads(self.run("helm", "get", "values", "cilium", "-n", "kube-system", "-o", "json")) or {}

    def versions(self) -> dict[str, str]:
        """The resourceVersion of everything that setup.sh could change."""
        paths = (*CHANGEABLE, f"{MONITORING}/servicemonitors", f"{MONITORING}/prometheuses")
        return {
            f"{path}/{metadata.get('namespace')}/{metadata['name']}": metadata["resourceVersion"]
            for path in paths
            for metadata in self.metadata(path)
            if metadata["name"] != "kube-root-ca.crt"
        }

    def labels(self) -> dict[str, str | None]:
        """The label `release` of each of Cilium's ServiceMonitors."""
        monitors = self.metadata(f"{MONITORING}/namespaces/kube-system/servicemonitors")
        return {monitor["name"]: monitor.get("labels", {}).get("release") for monitor in monitors}

    def install(self, name: str, namespace: str, chart: str, values: dict[str, Any] | None = None) -> None:
        """Install a chart without our setup; the API server validates it, and Helm does not read its schemas."""
        packed = str(next(self.charts.glob(f"{chart}.tgz")))
        command = ["helm", "install", name, packed, "-n", namespace, "--create-namespace", "--wait", "-f", "-"]
        command += ["--disable-openapi-validation"]
        self.run(*command, stdin=json.dumps(values or {}))

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
        """Install the operator's CRDs without our setup, if they are missing."""
        if CRDS not in self.revisions():
            self.install("crds", "default", "prometheus-operator-crds-*")

    def kinds(self) -> list[str]:
        """The names of all CustomResourceDefinitions."""
        return [kind["name"] for kind in self.metadata("apis/apiextensions.k8s.io/v1/customresourcedefinitions")]

    def without_crds(self) -> None:
        """Remove the operator's CRDs, even if others installed them."""
        if CRDS in self.revisions():
            self.run("helm", "uninstall", "crds", "-n", "default")
        crds = [kind for kind in self.kinds() if "coreos" in kind]
        if crds:
            self.run("kubectl", "delete", "--ignore-not-found", "crd", *crds)
        deadline = time.monotonic() + 60
        while self._has_group("monitoring.coreos.com"):  # the API server goes on for a moment after they are gone
            assert time.monotonic() < deadline, "monitoring.coreos.com is still listed"
            time.sleep(0.2)

    def _has_group(self, name: str) -> bool:
        """Whether the API server lists kinds of a group."""
        with urllib.request.urlopen(f"{self.proxy}/apis", timeout=60) as answer:
            return name in {group["name"] for group in json.load(answer)["groups"]}

    def operator(self, selector: dict[str, Any] | None = None) -> None:
        """The CRDs and a Prometheus object, as of another operator."""
        self.crds()
        prometheus = {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "Prometheus",
            "metadata": {"name": "k8s", "namespace": "default"},
            "spec": {
                "serviceMonitorSelector": selector or {"matchLabels": {"release": "prometheus"}},
                "serviceMonitorNamespaceSelector": {},
                "ruleSelector": {"matchLabels": {"release": "prometheus"}},
            },
        }
        self.run("kubectl", "apply", "-f", "-", stdin=json.dumps(prometheus))

    def cilium(self, release: Release, values: dict[str, Any]) -> None:
        """Install Cilium without our setup."""
        self.install("cilium", "kube-system", f"cilium-{CILIUM[release]}", values)

    def clean(self) -> None:
        """Remove every release and what setup.sh leaves; the operator's CRDs stay if they are a separate release."""
        revisions = self.revisions()
        for namespace, name in (revision.split("/") for revision in revisions if revision != CRDS):
            self.run("helm", "uninstall", name, "-n", namespace)
        self.delete(f"api/v1/namespaces/default/configmaps?labelSelector={OF_BOARDS}")
        for name in ("prometheus", "monitoring", "cilium-secrets"):
            self.delete(f"api/v1/namespaces/{name}")
        self.delete(f"api/v1/namespaces/kube-system/configmaps/{RECORD}")
        if CRDS in revisions:
            self.delete(f"{MONITORING}/namespaces/default/prometheuses")
            self.delete(f"{MONITORING}/namespaces/default/prometheusrules")
        else:
            self.without_crds()
        deadline = time.monotonic() + 60
        while any("deletionTimestamp" in space for space in self.metadata("api/v1/namespaces")):  # also of other tests
            assert time.monotonic() < deadline, "a namespace is not deleted"
            time.sleep(0.2)


@contextmanager
def disposable_cluster(kubeconfig: str, charts: Path) -> Iterator[Cluster]:
    """The cluster of a kubeconfig, with a `kubectl proxy` that runs as long as the block."""
    command = ["kubectl", f"--kubeconfig={kubeconfig}", "proxy", "--port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            address = process.stdout.readline().rpartition(" ")[2].strip()  # "Starting to serve on 127.0.0.1:40123"
            assert address, "kubectl proxy did not start"
            yield Cluster(kubeconfig, charts, os.environ["PATH"], f"http://{address}")
        finally:
            process.terminate()


def includes(values: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Whether the values that a user set are unchanged; their Hubble handlers may have gained options."""
    for key, value in expected.items():
        if isinstance(value, dict):
            if not includes(values.get(key, {}), value):
                return False
        elif isinstance(value, list):
            begins = [str(entry).partition(":")[0] for entry in value]
            options = [set(str(entry).partition(":")[2].split("=")[0].split(";")) for entry in value]
            handlers = {str(entry).partition(":")[0]: str(entry) for entry in values[key]}
            if not all(
                all(word in handlers[name] for word in words) for name, words in zip(begins, options, strict=True)
            ):
                return False
        elif values.get(key) != value:
            return False
    return True
