"""A new namespace in a disposable cluster, used through the real kubectl."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace and the kubeconfig of its cluster."""

    name: str
    kubeconfig: str

    def kubectl(self, *args: str, stdin: str = "") -> str:
        """The standard output of kubectl; a failure raises an error with its message."""
        command = ["kubectl", f"--kubeconfig={self.kubeconfig}", f"--namespace={self.name}", *args]
        completed = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, check=False)
        assert completed.returncode == 0, f"{command}: {completed.stderr}"
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
def namespace(kubeconfig: str) -> Iterator[Namespace]:
    """A new namespace, which is deleted afterwards without waiting for that."""
    created = Namespace(f"dashboards-{uuid4().hex[:8]}", kubeconfig)
    created.kubectl("create", "namespace", created.name)
    try:
        yield created
    finally:
        created.kubectl("delete", "namespace", created.name, "--wait=false", "--ignore-not-found")
