"""A Kubernetes for tests, with new namespaces: one interface for the stand-in and a real API server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from dashboards_py.kubernetes import Kubectl, Runner, run
from tests.fakes.cluster import FakeCluster


@dataclass(frozen=True, slots=True)
class Kubernetes:
    """What runs kubectl, and the kubeconfig of a real cluster; `fake` is the stand-in if there is none."""

    runner: Runner
    kubeconfig: str = ""
    fake: FakeCluster | None = None

    @classmethod
    def real(cls, kubeconfig: str) -> "Kubernetes":
        """A disposable cluster."""
        return cls(run, kubeconfig)

    @classmethod
    def stand_in(cls) -> "Kubernetes":
        """A cluster in memory."""
        fake = FakeCluster()
        return cls(fake, "", fake)


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace of a cluster."""

    name: str
    kubernetes: Kubernetes

    @property
    def kubeconfig(self) -> str:
        """The kubeconfig of its cluster, "" for the stand-in."""
        return self.kubernetes.kubeconfig

    @property
    def client(self) -> Kubectl:
        """The project's own kubectl for it."""
        return Kubectl(self.name, None, self.kubeconfig or None, self.kubernetes.runner)

    def kubectl(self, *args: str, stdin: str = "") -> str:
        """The standard output of kubectl; a failure raises an error with its message."""
        where = [f"--kubeconfig={self.kubeconfig}"] if self.kubeconfig else []
        command = ["kubectl", *where, f"--namespace={self.name}", *args]
        completed = self.kubernetes.runner(command, stdin=stdin, seconds=60)
        assert completed.code == 0, f"{command}: {completed.stderr}"
        return completed.stdout

    def config_maps(self) -> dict[str, dict[str, Any]]:
        """The ConfigMaps of ours by name."""
        selector = "--selector=app.kubernetes.io/part-of=cilium-dashboards"
        listing = json.loads(self.kubectl("get", "configmap", selector, "--output=json"))
        return {config_map["metadata"]["name"]: config_map for config_map in listing["items"]}

    def versions(self) -> dict[str, str]:
        """The resourceVersion of each ConfigMap of ours."""
        return {name: config_map["metadata"]["resourceVersion"] for name, config_map in self.config_maps().items()}


@contextmanager
def namespace(kubernetes: Kubernetes) -> Iterator[Namespace]:
    """A new namespace, which is deleted afterwards without waiting for that."""
    created = Namespace(f"dashboards-{uuid4().hex[:8]}", kubernetes)
    created.kubectl("create", "namespace", created.name)
    try:
        yield created
    finally:
        created.kubectl("delete", "namespace", created.name, "--wait=false", "--ignore-not-found")
