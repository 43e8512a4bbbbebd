"""The disposable Kubernetes cluster, with setup.sh, kubectl and helm on it."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dashboards_py.catalog import Release

ROOT = Path(__file__).parents[2]
SETUP = ROOT / "cluster-setup" / "setup.sh"
PINNED = dict(line.split("=", 1) for line in (SETUP.parent / "versions.env").read_text().splitlines()[1:])
CILIUM = {Release.parse(version): version for version in PINNED["CILIUM_VERSIONS"].strip('"').split()}
WITHOUT_STACK = ("--no-stack", "--namespace", "default")
CRDS = "default/crds"  # the release of the operator's CRDs
MONITORS = {"cilium-agent", "cilium-envoy", "cilium-operator", "hubble", "hubble-relay"}

# Flags as in guides, and a user's own values.
SEED: dict[str, Any] = {
    "prometheus": {"enabled": True, "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}}},
    "operator": {"prometheus": {"enabled": True}, "replicas": 1},
    "hubble": {
        "relay": {"enabled": True},
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
    """The disposable cluster, kubectl and helm on it, and setup.sh."""

    kubeconfig: str
    charts: Path
    path: str

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

    def revisions(self) -> dict[str, str]:
        """The revision of each Helm release."""
        states = ("--deployed", "--failed", "--pending")
        releases = json.loads(self.run("helm", "list", "--all-namespaces", *states, "--output=json"))
        return {f"{release['namespace']}/{release['name']}": release["revision"] for release in releases}

    def values(self) -> dict[str, Any]:
        """The values of Cilium's release."""
        return json.loads(self.run("helm", "get", "values", "cilium", "-n", "kube-system", "-o", "json")) or {}

    def versions(self) -> dict[str, str]:
        """The resourceVersion of everything that setup.sh could change."""
        kinds = "configmaps,daemonsets,deployments,statefulsets,services,secrets,namespaces"
        objects = self.objects(kinds, "--all-namespaces")
        if "servicemonitors.monitoring.coreos.com" in self.kinds():
            objects += self.objects("servicemonitors,prometheuses", "--all-namespaces")
        return {
            f"{obj['kind']}/{obj['metadata'].get('namespace')}/{obj['metadata']['name']}": obj["metadata"][
                "resourceVersion"
            ]
            for obj in objects
            if obj["metadata"]["name"] != "kube-root-ca.crt"
        }

    def labels(self) -> dict[str, str | None]:
        """The label `release` of each of Cilium's ServiceMonitors."""
        monitors = self.objects("servicemonitors", "--namespace=kube-system")
        return {
            monitor["metadata"]["name"]: (monitor["metadata"].get("labels") or {}).get("release")
            for monitor in monitors
        }

    def install(self, name: str, namespace: str, chart: str, values: dict[str, Any] | None = None) -> None:
        """Install a chart without our setup."""
        packed = str(next(self.charts.glob(f"{chart}.tgz")))
        command = ["helm", "install", name, packed, "-n", namespace, "--create-namespace", "--wait", "-f", "-"]
        self.run(*command, stdin=yaml.safe_dump(values or {}))

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
        """The names of all CustomResourceDefinitions, from the table, which is small."""
        return [row.split()[0] for row in self.run("kubectl", "get", "crd", "--no-headers").splitlines()]

    def without_crds(self) -> None:
        """Remove the operator's CRDs, even if others installed them."""
        if CRDS in self.revisions():
            self.run("helm", "uninstall", "crds", "-n", "default")
        crds = [kind for kind in self.kinds() if "coreos" in kind]
        if crds:
            self.run("kubectl", "delete", "--ignore-not-found", "crd", *crds)

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
            },
        }
        self.run("kubectl", "apply", "-f", "-", stdin=json.dumps(prometheus))

    def cilium(self, release: Release, values: dict[str, Any]) -> None:
        """Install Cilium without our setup."""
        self.install("cilium", "kube-system", f"cilium-{CILIUM[release]}", values)

    def clean(self) -> None:
        """Remove every release and what setup.sh leaves; the operator's CRDs stay if they are a separate release."""
        for namespace, name in (revision.split("/") for revision in self.revisions() if revision != CRDS):
            self.run("helm", "uninstall", name, "-n", namespace)
        boards = "--selector=app.kubernetes.io/part-of=cilium-dashboards"
        self.run("kubectl", "delete", "configmap", "-n", "default", boards)
        spaces = [obj["metadata"]["name"] for obj in self.objects("namespaces")]
        for name in {"prometheus", "monitoring", "cilium-secrets"} & {*spaces}:
            self.run("kubectl", "delete", "namespace", name, "--timeout=60s", "--ignore-not-found")
        self.run("kubectl", "delete", "configmap", "-n", "kube-system", "cilium-dashboards-setup", "--ignore-not-found")
        if CRDS in self.revisions():
            self.run("kubectl", "delete", "prometheus.monitoring.coreos.com", "-n", "default", "--all")
        else:
            self.without_crds()


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
